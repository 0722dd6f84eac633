//! `$closure`: a table that is made, grows, and tells what is new.

use fhir::{Value, array, json, object};

use crate::faulty_store::Fault;
use crate::server::{Reply, TestServer};

const LIMBS: &str = r#"{"resourceType":"CodeSystem","id":"limbs","url":"http://example.org/limbs","version":"1","name":"Limbs","status":"active",
    "content":"complete","caseSensitive":true,"hierarchyMeaning":"is-a","concept":[
    {"code":"limb","concept":[{"code":"arm","concept":[{"code":"hand"}]},{"code":"leg"}]},{"code":"tail"}]}"#;

async fn server() -> TestServer {
    let server = TestServer::new();
    let reply = server.put("/fhir/CodeSystem/limbs", LIMBS).await;
    assert_eq!(reply.status.as_u16(), 201, "{}", reply.text());
    server
}

/// The parameters of a call: a name, codes to add, and the version that the client has.
fn asked(name: &str, codes: &[&str], version: Option<&str>) -> String {
    let mut parameters = vec![object! { "name": "name", "valueString": name }];
    let coding = |code: &&str| object! { "system": "http://example.org/limbs", "code": *code };
    parameters.extend(codes.iter().map(|code| object! { "name": "concept", "valueCoding": coding(code) }));
    parameters.extend(version.map(|version| object! { "name": "version", "valueString": version }));
    json::to_string(&object! { "resourceType": "Parameters", "parameter": parameters })
}

async fn call(server: &TestServer, name: &str, codes: &[&str], version: Option<&str>) -> Reply {
    server.post("/fhir/$closure", &asked(name, codes, version)).await
}

/// The version and the pairs in an answer: `hand<limb`.
#[track_caller]
fn told(reply: &Reply) -> (String, Vec<String>) {
    assert_eq!(reply.status.as_u16(), 200, "{}", reply.text());
    let map = reply.json();
    let elements = map.list("group").flat_map(|group| group.list("element"));
    let pair = |element: &Value, target: &Value| {
        assert_eq!(target.text("equivalence"), Some("subsumes"));
        format!("{}<{}", element.text("code").unwrap_or_default(), target.text("code").unwrap_or_default())
    };
    let pairs = elements.flat_map(|element| element.list("target").map(move |target| pair(element, target)));
    let mut pairs: Vec<String> = pairs.collect();
    pairs.sort();
    (map.text("version").unwrap_or_default().to_owned(), pairs)
}

fn pairs(version: &str, pairs: &[&str]) -> (String, Vec<String>) {
    (version.to_owned(), pairs.iter().map(|&pair| pair.to_owned()).collect())
}

#[tokio::test]
async fn tells_what_is_new_and_again_since_a_version() {
    let server = server().await;
    assert_eq!(told(&call(&server, "mine", &[], None).await), pairs("0", &[]));
    assert_eq!(told(&call(&server, "mine", &["limb", "hand"], None).await), pairs("1", &["hand<limb"]));
    assert_eq!(told(&call(&server, "mine", &["arm", "tail"], None).await), pairs("2", &["arm<limb", "hand<arm"]));
    assert_eq!(told(&call(&server, "mine", &["arm"], None).await), pairs("2", &[]), "what is there already is not new");
    assert_eq!(told(&call(&server, "mine", &[], Some("1")).await), pairs("2", &["arm<limb", "hand<arm"]));
    assert_eq!(told(&call(&server, "mine", &["leg"], Some("0")).await), pairs("3", &["arm<limb", "hand<arm", "hand<limb", "leg<limb"]));
    assert_eq!(told(&call(&server, "other", &[], None).await), pairs("0", &[]), "each name has a table of its own");
    assert_eq!(told(&call(&server, "mine", &[], None).await), pairs("0", &[]), "its name alone empties it");
    assert_eq!(told(&call(&server, "mine", &[], Some("0")).await), pairs("0", &[]));
}

#[tokio::test]
async fn is_a_concept_map_with_its_history() {
    let server = server().await;
    call(&server, "my patients", &[], None).await;
    call(&server, "my patients", &["limb", "arm"], None).await;
    let map = server.get("/fhir/ConceptMap/closure-my.20patients").await;
    assert_eq!(map.header("etag"), "W/\"2\"");
    assert_eq!(map.json().get("identifier").and_then(|identifier| identifier.text("value")), Some("my patients"));
    // No translation goes by it.
    let parameters = "system=http://example.org/limbs&code=arm&targetsystem=http://example.org/limbs";
    let translated = server.get(&format!("/fhir/ConceptMap/$translate?{parameters}")).await;
    assert!(translated.text().contains(r#""valueBoolean":false"#), "{}", translated.text());
    server.delete("/fhir/ConceptMap/closure-my.20patients").await;
    call(&server, "my patients", &["arm"], None).await.refused(404, "not-found", "WARD-0458");
    assert_eq!(told(&call(&server, "my patients", &[], None).await), pairs("0", &[]), "and it can be made again");
}

#[tokio::test]
async fn refuses_what_it_cannot_do() {
    let server = server().await;
    call(&server, "mine", &["arm"], None).await.refused(404, "not-found", "WARD-0458");
    call(&server, "mine", &[], None).await;
    call(&server, "mine", &[], Some("4")).await.refused(400, "value", "WARD-0458");
    call(&server, "mine", &[], Some("new")).await.refused(400, "value", "WARD-0458");
    call(&server, &"x".repeat(57), &[], None).await.refused(400, "value", "WARD-0458");
    let unknown = call(&server, "mine", &["arm", "wing"], None).await;
    assert_eq!(unknown.status.as_u16(), 404, "{}", unknown.text());
    assert!(unknown.text().contains("WARD-1107"), "{}", unknown.text());
    assert_eq!(told(&call(&server, "mine", &[], Some("0")).await), pairs("0", &[]), "nothing of it was added");
    assert_eq!(server.get("/fhir/$closure?name=mine").await.status.as_u16(), 405);
    let foreign = r#"{"resourceType":"ConceptMap","id":"closure-theirs","version":"1","status":"active"}"#;
    server.put("/fhir/ConceptMap/closure-theirs", foreign).await;
    call(&server, "theirs", &[], None).await.refused(422, "conflict", "WARD-0458");
}

#[tokio::test]
async fn clients_that_add_at_once_lose_nothing() {
    let server = server().await;
    call(&server, "mine", &["limb"], None).await;
    call(&server, "mine", &[], None).await;
    let codes = ["limb", "arm", "hand", "leg", "tail"];
    server.fail(Some(Fault::Dawdle));
    let replies = futures_util::future::join_all(codes.iter().map(|code| async { call(&server, "mine", &[code], None).await })).await;
    let mut all: Vec<String> = replies.iter().flat_map(|reply| told(reply).1).collect();
    all.sort();
    let expected = ["arm<limb", "hand<arm", "hand<limb", "leg<limb"];
    assert_eq!(all, expected, "each pair was told once");
    assert_eq!(told(&call(&server, "mine", &[], Some("0")).await), pairs("5", &expected));
}

#[tokio::test]
async fn stands_in_a_batch_and_in_no_transaction() {
    let server = server().await;
    let entry = |text: &str| {
        let request = object! { "method": "POST", "url": "$closure" };
        object! { "resource": json::parse(text.as_bytes()).expect("JSON"), "request": request }
    };
    let bundle = |kind: &str| {
        let entries = array![entry(&asked("mine", &[], None))];
        json::to_string(&object! { "resourceType": "Bundle", "type": kind, "entry": entries })
    };
    assert_eq!(server.post("/fhir", &bundle("batch")).await.responses()[0].0, "200 OK");
    assert_eq!(server.post("/fhir", &bundle("transaction")).await.status.as_u16(), 400);
}
