//! `/fhir/$fhirpath-r4`.

use crate::server::{Reply, TestServer};

const PATIENT: &str = r#"{"resourceType":"Patient","id":"p1","active":true,"name":[{"use":"official","family":"Muster","given":["Anna","Maria"]},{"given":["Anni"]}],"contact":[{"gender":"male"}],"birthDate":"1980-02-29"}"#;

async fn ask(server: &TestServer, parameters: &str) -> Reply {
    let body = format!(r#"{{"resourceType":"Parameters","parameter":[{parameters},{{"name":"resource","resource":{PATIENT}}}]}}"#);
    server.post("/fhir/$fhirpath-r4", &body).await
}

/// The `result` parameters as text.
fn results(reply: &Reply) -> Vec<String> {
    assert_eq!(reply.status, 200, "{}", reply.text());
    let body = reply.json();
    assert_eq!(fhir::check::check(&body), [], "{}", reply.text());
    let results = body.list("parameter").filter(|parameter| parameter.text("name") == Some("result"));
    results.map(fhir::json::to_string).collect()
}

async fn given(server: &TestServer, expression: &str) -> Vec<String> {
    let parameter = fhir::object! { "name": "expression", "valueString": expression };
    results(&ask(server, &fhir::json::to_string(&parameter)).await)
}

/// A part that says where its item stands in the resource.
fn at(path: &str, part: &str) -> String {
    let extension = format!(r#"{{"url":"http://fhir.forms-lab.com/StructureDefinition/resource-path","valueString":"{path}"}}"#);
    format!(r#"{{"extension":[{extension}],{part}}}"#)
}

#[tokio::test]
async fn gives_items_with_their_types() {
    let server = TestServer::new();
    for (expression, part) in [
        ("name.count()", r#"{"name":"integer","valueInteger":2}"#),
        ("1.50 + 1", r#"{"name":"decimal","valueDecimal":2.50}"#),
        ("4 'mg'", r#"{"name":"Quantity","valueQuantity":{"value":4,"unit":"mg","system":"http://unitsofmeasure.org","code":"mg"}}"#),
        ("2 days", r#"{"name":"Quantity","valueQuantity":{"value":2,"unit":"days"}}"#),
        ("now()", r#"{"name":"dateTime","valueDateTime":"2026-11-21T08:00:00.000Z"}"#),
        ("''", r#"{"name":"empty-string"}"#),
        ("Coding { code: 'a' }", r#"{"name":"Coding","valueCoding":{"code":"a"}}"#),
    ] {
        assert_eq!(given(&server, expression).await, [format!(r#"{{"name":"result","part":[{part}]}}"#)], "{expression}");
    }
    assert_eq!(given(&server, "photo").await, [r#"{"name":"result"}"#]);
}

#[tokio::test]
async fn tells_where_items_stand() {
    let server = TestServer::new();
    let contact = r#"{"url":"http://fhir.forms-lab.com/StructureDefinition/json-value","valueString":"{\"gender\":\"male\"}"}"#;
    let contact = at("Patient.contact[0]", r#""name":"Patient.contact""#).replace("}],", &format!("}},{contact}],"));
    for (expression, parts) in [
        ("name[1].given", at("Patient.name[1].given[0]", r#""name":"string","valueString":"Anni""#)),
        ("active", at("Patient.active", r#""name":"boolean","valueBoolean":true"#)),
        ("birthDate", at("Patient.birthDate", r#""name":"date","valueDate":"1980-02-29""#)),
        ("name[1]", at("Patient.name[1]", r#""name":"HumanName","valueHumanName":{"given":["Anni"]}"#)),
        ("contact", contact),
        ("$this", at("Patient", &format!(r#""name":"Patient","resource":{PATIENT}"#))),
    ] {
        assert_eq!(given(&server, expression).await, [format!(r#"{{"name":"result","part":[{parts}]}}"#)], "{expression}");
    }
}

#[tokio::test]
async fn evaluates_on_each_context_with_variables_and_traces() {
    let server = TestServer::new();
    let parameters = r#"{"name":"expression","valueString":"trace('found', given).given.first() + %greeting + %who.name.family"},
        {"name":"context","valueString":"name"},
        {"name":"variables","part":[{"name":"greeting","valueString":"!"},{"name":"who","resource":{"resourceType":"Patient","name":[{"family":"X"}]}}]}"#;
    let reply = ask(&server, parameters).await;
    assert_eq!(
        results(&reply),
        [
            r#"{"name":"result","valueString":"name[0]","part":[{"name":"string","valueString":"Anna!X"},{"name":"trace","valueString":"found","part":[{"name":"string","valueString":"Anna"},{"name":"string","valueString":"Maria"}]}]}"#,
            r#"{"name":"result","valueString":"name[1]","part":[{"name":"string","valueString":"Anni!X"},{"name":"trace","valueString":"found","part":[{"name":"string","valueString":"Anni"}]}]}"#,
        ]
    );
    let body = reply.json();
    let echo = body.list("parameter").next().expect("the first parameter").clone();
    let names: Vec<_> = echo.list("part").filter_map(|part| part.text("name")).collect();
    assert_eq!(
        (echo.text("name"), names),
        (Some("parameters"), vec!["evaluator", "expression", "context", "resource", "variables", "parseDebugTree"])
    );
    let reply = server.get("/fhir/$fhirpath-r4?expression=1%2B1").await;
    assert_eq!(results(&reply), [r#"{"name":"result","part":[{"name":"integer","valueInteger":2}]}"#]);
}

#[tokio::test]
async fn takes_a_resource_as_text() {
    let server = TestServer::new();
    for (name, text) in [
        ("json-value", r#"{\"resourceType\":\"Patient\",\"gender\":\"female\"}"#),
        ("xml-value", r#"<Patient xmlns=\"http://hl7.org/fhir\"><gender value=\"female\"/></Patient>"#),
    ] {
        let extension = format!(r#"{{"url":"http://fhir.forms-lab.com/StructureDefinition/{name}","valueString":"{text}"}}"#);
        let resource = format!(r#"{{"name":"resource","extension":[{extension}]}}"#);
        let body =
            format!(r#"{{"resourceType":"Parameters","parameter":[{{"name":"expression","valueString":"gender.upper()"}},{resource}]}}"#);
        let reply = server.post("/fhir/$fhirpath-r4", &body).await;
        assert_eq!(results(&reply), [r#"{"name":"result","part":[{"name":"string","valueString":"FEMALE"}]}"#], "{name}");
    }
}

#[tokio::test]
async fn refuses_what_cannot_be_evaluated() {
    let server = TestServer::new();
    let (_, diagnostics) = ask(&server, r#"{"name":"expression","valueString":"name.where("}"#).await.refused(400, "invalid", "WARD-0800");
    assert!(diagnostics.contains("`expression`") && diagnostics.contains("line 1, column"), "{diagnostics}");
    ask(&server, r#"{"name":"expression","valueString":"name.frob()"}"#).await.refused(400, "invalid", "WARD-0801");
    ask(&server, r#"{"name":"expression","valueString":"%nothing"}"#).await.refused(400, "invalid", "WARD-0801");
    ask(&server, r#"{"name":"expression","valueString":"name.single()"}"#).await.refused(400, "invalid", "WARD-0802");
    let wrong = r#"{"name":"expression","valueString":"nmae"},{"name":"validate","valueBoolean":true}"#;
    assert!(ask(&server, wrong).await.refused(400, "invalid", "WARD-0801").1.contains("name"));
    let endless = "(1|2|3|4|5|6|7|8|9).repeat($this + 1)";
    ask(&server, &format!(r#"{{"name":"expression","valueString":"{endless}"}}"#)).await.refused(400, "invalid", "WARD-0803");
    ask(&server, r#"{"name":"context","valueString":"name"}"#).await.refused(400, "required", "WARD-0443");
    ask(&server, r#"{"name":"expression","valueString":"1"},{"name":"variables","valueString":"x"}"#).await.refused(
        400,
        "value",
        "WARD-0444",
    );
    let twice = r#"{"name":"expression","valueString":"1"},{"name":"variables","part":[{"name":"x","valueString":"x"},{"name":"x","valueString":"x"}]}"#;
    ask(&server, twice).await.refused(400, "duplicate", "WARD-0445");
}

#[tokio::test]
async fn asks_the_profiles_and_codes_that_are_stored() {
    let server = TestServer::new();
    let profile = r#"{"resourceType":"StructureDefinition","id":"named","url":"http://example.org/named","name":"Named","status":"active",
        "kind":"resource","abstract":false,"type":"Patient","derivation":"constraint","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient",
        "differential":{"element":[{"id":"Patient.telecom","path":"Patient.telecom","min":1}]}}"#;
    let value_set = r#"{"resourceType":"ValueSet","id":"men","url":"http://example.org/men","status":"active","compose":{"include":[
        {"system":"http://hl7.org/fhir/administrative-gender","concept":[{"code":"male"}]}]}}"#;
    server.put("/fhir/StructureDefinition/named", profile).await;
    server.put("/fhir/ValueSet/men", value_set).await;
    for (expression, truth) in [
        ("conformsTo('http://example.org/named')", "false"),
        ("conformsTo('http://hl7.org/fhir/StructureDefinition/Patient')", "true"),
        ("contact.gender.memberOf('http://example.org/men')", "true"),
        ("contact.gender.memberOf(%`vs-administrative-gender`)", "true"),
        ("'x'.memberOf(%`vs-administrative-gender`)", "false"),
    ] {
        let result = given(&server, expression).await;
        assert!(result[0].contains(&format!(r#""valueBoolean":{truth}"#)), "{expression}: {result:?}");
    }
    let unknown = r#"{"name":"expression","valueString":"conformsTo('http://example.org/none')"}"#;
    assert_eq!(ask(&server, unknown).await.status, 400);
}
