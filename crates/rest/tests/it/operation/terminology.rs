//! The operations on code systems, value sets and concept maps.

use fhir::{Value, json};

use crate::server::TestServer;

const SYSTEM: &str = r#"{"resourceType":"CodeSystem","url":"http://example.org/limbs","version":"1","name":"Limbs","status":"active",
    "content":"complete","caseSensitive":true,"hierarchyMeaning":"is-a","concept":[
    {"code":"limb","display":"Limb","concept":[{"code":"arm","display":"Arm"},{"code":"leg","display":"Leg"}]},
    {"code":"tail","display":"Tail"}]}"#;

const VALUE_SET: &str = r#"{"resourceType":"ValueSet","id":"limbs","url":"http://example.org/vs/limbs","name":"Limbs","status":"active",
    "compose":{"include":[{"system":"http://example.org/limbs","filter":[{"property":"concept","op":"is-a","value":"limb"}]}]}}"#;

const MAP: &str = r#"{"resourceType":"ConceptMap","id":"to-words","url":"http://example.org/map","name":"ToWords","status":"active","group":[
    {"source":"http://example.org/limbs","target":"http://example.org/words","element":[
    {"code":"arm","target":[{"code":"upper","equivalence":"equivalent"}]}]}]}"#;

/// A server with a code system, a value set and a concept map.
async fn server() -> TestServer {
    let server = TestServer::new();
    for (address, resource) in [
        ("CodeSystem/limbs", SYSTEM.replacen('{', r#"{"id":"limbs","#, 1)),
        ("ValueSet/limbs", VALUE_SET.to_owned()),
        ("ConceptMap/to-words", MAP.to_owned()),
    ] {
        let reply = server.put(&format!("/fhir/{address}"), &resource).await;
        assert_eq!(reply.status.as_u16(), 201, "{}", reply.text());
    }
    server
}

/// The answer of an address, which is 200.
async fn got(server: &TestServer, address: &str) -> Value {
    let reply = server.get(address).await;
    assert_eq!(reply.status.as_u16(), 200, "{}", reply.text());
    json::parse(reply.text().as_bytes()).expect("JSON")
}

/// The value of a parameter in an answer.
fn parameter<'a>(answer: &'a Value, name: &str) -> Option<&'a Value> {
    let found = answer.list("parameter").find(|parameter| parameter.text("name") == Some(name))?;
    found.as_object()?.iter().find(|(member, _)| member.starts_with("value")).map(|(_, value)| value)
}

fn codes(expanded: &Value) -> Vec<&str> {
    let contains = expanded.get("expansion").into_iter().flat_map(|expansion| expansion.list("contains"));
    contains.filter_map(|item| item.text("code")).collect()
}

#[tokio::test]
async fn expands_by_address_by_id_and_by_a_text() {
    let server = server().await;
    let address = "/fhir/ValueSet/$expand?url=http://example.org/vs/limbs&excludeNested=true";
    let expanded = got(&server, address).await;
    assert_eq!(codes(&expanded), ["limb", "arm", "leg"]);
    let expansion = expanded.get("expansion").expect("an expansion");
    assert_eq!(expansion.get("total").and_then(Value::as_number), Some("3"));
    assert!(expansion.text("identifier").is_some_and(|identifier| identifier.starts_with("urn:uuid:")));
    let same = got(&server, "/fhir/ValueSet/limbs/$expand?excludeNested=true").await;
    assert_eq!(codes(&same), ["limb", "arm", "leg"]);
    assert_eq!(codes(&got(&server, &format!("{address}&filter=le")).await), ["leg"]);
    assert_eq!(codes(&got(&server, &format!("{address}&offset=1&count=1")).await), ["arm"]);
}

#[tokio::test]
async fn expands_what_is_sent_without_parameters_around_it() {
    let server = server().await;
    let sent = VALUE_SET.replace("is-a", "descendent-of").replace("vs/limbs", "vs/parts");
    let reply = server.post("/fhir/ValueSet/$expand", &sent).await;
    assert_eq!(codes(&json::parse(reply.text().as_bytes()).expect("JSON")), ["arm", "leg"]);
}

#[tokio::test]
async fn sees_a_change_at_once() {
    let server = server().await;
    let address = "/fhir/ValueSet/$expand?url=http://example.org/vs/limbs&excludeNested=true";
    assert_eq!(codes(&got(&server, address).await).len(), 3);
    let more =
        SYSTEM.replacen('{', r#"{"id":"limbs","#, 1).replace(r#"{"code":"leg","display":"Leg"}"#, r#"{"code":"leg"},{"code":"wing"}"#);
    assert_eq!(server.put("/fhir/CodeSystem/limbs", &more).await.status.as_u16(), 200);
    assert_eq!(codes(&got(&server, address).await), ["limb", "arm", "leg", "wing"]);
}

#[tokio::test]
async fn validates_a_code_in_a_value_set_and_in_a_code_system() {
    let server = server().await;
    let in_set = "/fhir/ValueSet/$validate-code?url=http://example.org/vs/limbs&system=http://example.org/limbs";
    let valid = got(&server, &format!("{in_set}&code=arm&display=Arm")).await;
    assert_eq!(parameter(&valid, "result"), Some(&Value::Bool(true)));
    let outside = got(&server, &format!("{in_set}&code=tail")).await;
    assert_eq!(parameter(&outside, "result"), Some(&Value::Bool(false)));
    assert!(parameter(&outside, "message").is_some());
    let in_system = got(&server, "/fhir/CodeSystem/$validate-code?url=http://example.org/limbs&code=tail").await;
    assert_eq!(parameter(&in_system, "result"), Some(&Value::Bool(true)));
    assert_eq!(parameter(&in_system, "display").and_then(Value::as_str), Some("Tail"));
    let by_id = got(&server, "/fhir/CodeSystem/limbs/$validate-code?code=nose").await;
    assert_eq!(parameter(&by_id, "result"), Some(&Value::Bool(false)));
}

#[tokio::test]
async fn looks_a_code_up() {
    let server = server().await;
    let known = got(&server, "/fhir/CodeSystem/$lookup?system=http://example.org/limbs&code=arm").await;
    assert_eq!(parameter(&known, "display").and_then(Value::as_str), Some("Arm"));
    assert_eq!(parameter(&known, "name").and_then(Value::as_str), Some("Limbs"));
    let unknown = server.get("/fhir/CodeSystem/$lookup?system=http://example.org/limbs&code=nose").await;
    assert_eq!(unknown.status.as_u16(), 404, "{}", unknown.text());
}

#[tokio::test]
async fn says_how_two_codes_stand_to_each_other() {
    let server = server().await;
    let outcome = async |codes: &str| {
        let answer = got(&server, &format!("/fhir/CodeSystem/$subsumes?system=http://example.org/limbs&{codes}")).await;
        parameter(&answer, "outcome").and_then(Value::as_str).map(str::to_owned)
    };
    assert_eq!(outcome("codeA=limb&codeB=arm").await.as_deref(), Some("subsumes"));
    assert_eq!(outcome("codeA=arm&codeB=limb").await.as_deref(), Some("subsumed-by"));
    assert_eq!(outcome("codeA=arm&codeB=leg").await.as_deref(), Some("not-subsumed"));
    let by_id = got(&server, "/fhir/CodeSystem/limbs/$subsumes?codeA=arm&codeB=arm").await;
    assert_eq!(parameter(&by_id, "outcome").and_then(Value::as_str), Some("equivalent"));
}

#[tokio::test]
async fn translates_both_ways() {
    let server = server().await;
    let there = got(&server, "/fhir/ConceptMap/$translate?url=http://example.org/map&system=http://example.org/limbs&code=arm").await;
    assert_eq!(parameter(&there, "result"), Some(&Value::Bool(true)));
    assert!(json::to_string(&there).contains("upper"), "{there:?}");
    let back = got(&server, "/fhir/ConceptMap/to-words/$translate?system=http://example.org/words&code=upper&reverse=true").await;
    assert!(json::to_string(&back).contains("arm"), "{back:?}");
    let none = got(&server, "/fhir/ConceptMap/to-words/$translate?system=http://example.org/limbs&code=leg").await;
    assert_eq!(parameter(&none, "result"), Some(&Value::Bool(false)));
}

#[tokio::test]
async fn what_is_not_known_is_said() {
    let server = server().await;
    let refused = server.get("/fhir/ValueSet/$expand?url=http://example.org/vs/nothing").await;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.text());
    assert!(refused.text().contains("http://example.org/vs/nothing"), "{}", refused.text());
    assert_eq!(server.get("/fhir/ValueSet/$expand").await.status.as_u16(), 400);
    assert_eq!(server.get("/fhir/ValueSet/$expand?url=a&cuont=3").await.refused(400, "not-supported", "WARD-0442").0, "");
}

#[tokio::test]
async fn stands_in_a_batch() {
    let server = server().await;
    let entry = r#"{"request":{"method":"GET","url":"CodeSystem/$lookup?system=http://example.org/limbs&code=leg"}}"#;
    let reply = server.post("/fhir", &format!(r#"{{"resourceType":"Bundle","type":"batch","entry":[{entry}]}}"#)).await;
    assert!(reply.text().contains(r#""valueString":"Leg""#), "{}", reply.text());
}
