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

/// Limbs with names in two languages.
async fn in_two_languages(server: &TestServer) {
    let german = r#"{"code":"leg","display":"Leg","designation":[{"language":"de","value":"Bein"}]}"#;
    let system = SYSTEM.replacen('{', r#"{"id":"limbs","language":"en","#, 1).replace(r#"{"code":"leg","display":"Leg"}"#, german);
    let reply = server.put("/fhir/CodeSystem/limbs", &system).await;
    assert_eq!(reply.status.as_u16(), 200, "{}", reply.text());
}

#[tokio::test]
async fn names_come_in_the_language_of_the_client() {
    let server = server().await;
    in_two_languages(&server).await;
    let address = "/fhir/CodeSystem/$lookup?system=http://example.org/limbs&code=leg";
    let in_german = server.send("GET", address, &[("accept-language", "de")], "").await;
    assert_eq!(parameter(&in_german.json(), "display").and_then(Value::as_str), Some("Bein"));
    let named = server.send("GET", &format!("{address}&displayLanguage=en"), &[("accept-language", "de")], "").await;
    assert_eq!(parameter(&named.json(), "display").and_then(Value::as_str), Some("Leg"), "the parameter counts before the header");
    let unreadable = server.send("GET", address, &[("accept-language", "d€")], "").await;
    assert_eq!(parameter(&unreadable.json(), "display").and_then(Value::as_str), Some("Leg"));
    let entry = r#"{"request":{"method":"GET","url":"CodeSystem/$lookup?system=http://example.org/limbs&code=leg"}}"#;
    let batch = format!(r#"{{"resourceType":"Bundle","type":"batch","entry":[{entry}]}}"#);
    let headers = [("content-type", "application/fhir+json"), ("accept-language", "de")];
    let answered = server.send("POST", "/fhir", &headers, batch).await;
    assert!(answered.text().contains("\"valueString\":\"Bein\""), "{}", answered.text());
}

#[tokio::test]
async fn an_issue_has_its_kind_and_the_key_of_its_message() {
    let server = server().await;
    let check = |outcome: &Value| {
        let issue = outcome.list("issue").next().expect("an issue");
        let details = issue.get("details").expect("details");
        let coding = details.list("coding").next().expect("a coding");
        assert_eq!(coding.text("system"), Some("http://hl7.org/fhir/tools/CodeSystem/tx-issue-type"));
        assert_eq!((coding.text("code"), details.list("coding").count()), (Some("not-found"), 1));
        assert!(details.text("text").is_some_and(|text| text.contains("http://example.org/vs/nothing")));
        assert_eq!(issue.text("diagnostics"), Some("WARD-1101"));
    };
    let address = "ValueSet/$expand?url=http://example.org/vs/nothing";
    check(&server.get(&format!("/fhir/{address}")).await.json());
    let entry = format!(r#"{{"request":{{"method":"GET","url":"{address}"}}}}"#);
    let batch = server.post("/fhir", &format!(r#"{{"resourceType":"Bundle","type":"batch","entry":[{entry}]}}"#)).await.json();
    let response = batch.list("entry").next().and_then(|entry| entry.get("response")).expect("a response");
    check(response.get("outcome").expect("an outcome"));
    let transaction = server.post("/fhir", &format!(r#"{{"resourceType":"Bundle","type":"transaction","entry":[{entry}]}}"#)).await;
    assert!(transaction.text().contains("tx-issue-type"), "{}", transaction.text());
}

#[tokio::test]
async fn many_codes_are_validated_at_once() {
    let server = server().await;
    let one = |code: &str| {
        let code = format!(r#"{{"name":"code","valueCode":"{code}"}},{{"name":"system","valueUri":"http://example.org/limbs"}}"#);
        format!(r#"{{"name":"validation","resource":{{"resourceType":"Parameters","parameter":[{code}]}}}}"#)
    };
    let url = r#"{"name":"url","valueUri":"http://example.org/vs/limbs"}"#;
    let body = format!(r#"{{"resourceType":"Parameters","parameter":[{},{},{url}]}}"#, one("arm"), one("tail"));
    for kind in ["ValueSet", "CodeSystem"] {
        let answer = server.post(&format!("/fhir/{kind}/$batch-validate-code"), &body).await.json();
        let results: Vec<_> = answer.list("parameter").filter_map(|one| parameter(one.get("resource")?, "result")?.as_bool()).collect();
        assert_eq!(results, [true, false], "{answer:?}");
    }
    let none = server.post("/fhir/ValueSet/$batch-validate-code", r#"{"resourceType":"Parameters"}"#).await;
    none.refused(400, "required", "WARD-0443");
    let single = |code: &str| {
        let url = format!("ValueSet/$validate-code?url=http://example.org/vs/limbs&amp;system=http://example.org/limbs&amp;code={code}");
        format!(r#"{{"request":{{"method":"GET","url":"{}"}}}}"#, url.replace("&amp;", "&"))
    };
    let bundle = format!(r#"{{"resourceType":"Bundle","type":"batch","entry":[{},{}]}}"#, single("arm"), single("tail"));
    let answer = server.post("/fhir", &bundle).await.json();
    let resources = answer.list("entry").filter_map(|entry| entry.get("resource"));
    let results: Vec<_> = resources.filter_map(|resource| parameter(resource, "result")?.as_bool()).collect();
    assert_eq!(results, [true, false], "{answer:?}");
}

#[tokio::test]
async fn two_value_sets_are_compared() {
    let server = server().await;
    let parts = VALUE_SET.replace("is-a", "descendent-of").replace("vs/limbs", "vs/parts").replace("\"limbs\",\"url", "\"parts\",\"url");
    assert_eq!(server.put("/fhir/ValueSet/parts", &parts).await.status.as_u16(), 201);
    let (all, parts) = ("http://example.org/vs/limbs", "http://example.org/vs/parts");
    let compared = got(&server, &format!("/fhir/ValueSet/$related?thisUrl={all}&otherUrl={parts}")).await;
    assert_eq!(parameter(&compared, "result").and_then(Value::as_str), Some("superset"));
    let by_id = got(&server, &format!("/fhir/ValueSet/parts/$related?otherUrl={all}&diagnostics=true")).await;
    assert_eq!(parameter(&by_id, "result").and_then(Value::as_str), Some("subset"));
    assert_eq!(server.get(&format!("/fhir/ValueSet/$related?thisUrl={all}")).await.status.as_u16(), 400);
}

#[tokio::test]
async fn what_comes_along_counts_and_r5_names_are_taken() {
    let server = server().await;
    let sent = SYSTEM.replace("limbs\",\"version", "others\",\"version");
    let text = |name: &str, member: &str, value: &str| format!(r#"{{"name":"{name}","{member}":"{value}"}}"#);
    let (system, a, b) =
        (text("system", "valueUri", "http://example.org/others"), text("codeA", "valueCode", "limb"), text("codeB", "valueCode", "leg"));
    let along = format!(r#"{{"name":"tx-resource","resource":{sent}}}"#);
    let reply = server
        .post("/fhir/CodeSystem/$subsumes", &format!(r#"{{"resourceType":"Parameters","parameter":[{system},{a},{b},{along}]}}"#))
        .await;
    assert_eq!(parameter(&reply.json(), "outcome").and_then(Value::as_str), Some("subsumes"), "{}", reply.text());
    let address = "/fhir/ConceptMap/$translate?url=http://example.org/map&sourceSystem=http://example.org/limbs&sourceCode=arm";
    assert_eq!(parameter(&got(&server, address).await, "result"), Some(&Value::Bool(true)));
}

#[tokio::test]
async fn stands_in_a_batch() {
    let server = server().await;
    let entry = r#"{"request":{"method":"GET","url":"CodeSystem/$lookup?system=http://example.org/limbs&code=leg"}}"#;
    let reply = server.post("/fhir", &format!(r#"{{"resourceType":"Bundle","type":"batch","entry":[{entry}]}}"#)).await;
    assert!(reply.text().contains(r#""valueString":"Leg""#), "{}", reply.text());
}
