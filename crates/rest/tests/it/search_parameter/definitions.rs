//! What may define a parameter, and what is refused when it is written.

use super::{define, definition, found, put, unknown};
use crate::server::TestServer;

#[tokio::test]
async fn what_cannot_work_is_refused() {
    let server = TestServer::new();
    define(&server, "own", ("Patient", "own", "string", "Patient.name.family")).await;
    let long = format!("Patient.name.where(family = '{}').given", "x".repeat(5000));
    for (base, code, kind, expression, issue, number, place) in [
        ("Patient", "birthdate", "date", "Patient.birthDate", "duplicate", "WARD-0344", "SearchParameter.code"),
        ("Patient", "own", "string", "Patient.name.given", "duplicate", "WARD-0344", "SearchParameter.code"),
        ("Resource", "own", "string", "Resource.id", "duplicate", "WARD-0344", "SearchParameter.code"),
        ("Patient", "_sort", "string", "Patient.name.given", "value", "WARD-0344", "SearchParameter.code"),
        ("Patient", "a.b", "string", "Patient.name.given", "value", "WARD-0344", "SearchParameter.code"),
        ("Patient", "x", "special", "Patient.name", "not-supported", "WARD-0345", "SearchParameter.type"),
        ("Patient", "x", "string", "Patient.name.where(", "invalid", "WARD-0346", "SearchParameter.expression"),
        ("Patient", "x", "string", "Patient.nmae", "invalid", "WARD-0346", "SearchParameter.expression"),
        ("Patient", "x", "string", "Observation.code", "invalid", "WARD-0346", "SearchParameter.expression"),
        ("Patient", "x", "string", "", "invalid", "WARD-0346", "SearchParameter.expression"),
        ("Patient", "x", "string", &long, "invalid", "WARD-0346", "SearchParameter.expression"),
        ("Patient", "x", "date", "Patient.birthDate | today()", "not-supported", "WARD-0346", "SearchParameter.expression"),
        ("Patient", "x", "date", "Patient.meta.lastUpdated", "not-supported", "WARD-0346", "SearchParameter.expression"),
        ("Patient", "x", "token", "Patient.descendants()", "not-supported", "WARD-0346", "SearchParameter.expression"),
        ("Patient", "x", "date", "Patient.name", "value", "WARD-0347", "SearchParameter.expression"),
        ("Patient", "x", "reference", "Patient.birthDate", "value", "WARD-0347", "SearchParameter.expression"),
        ("Patient", "x", "quantity", "Patient.name.given", "value", "WARD-0347", "SearchParameter.expression"),
        ("Patient", "x", "composite", "Patient.name", "invalid", "WARD-0348", "SearchParameter.component"),
    ] {
        let mut body = definition("x", base, code, kind, expression);
        if expression.is_empty() {
            body = body.replace(r#","expression":"""#, "");
        }
        let reply = server.put("/fhir/SearchParameter/x", &body).await;
        assert_eq!(reply.refused(422, issue, number).0, place, "{code} {kind} {expression}");
        assert_eq!(server.get("/fhir/SearchParameter/x").await.status.as_u16(), 404);
        // What defines nothing is only kept.
        let draft = body.replace(r#""active""#, r#""draft""#);
        let kept = server.post("/fhir/SearchParameter", &draft).await;
        assert_eq!(kept.status.as_u16(), 201, "{}", kept.text());
    }
    let unknown_part = definition("x", "Patient", "x", "composite", "Patient.name").replace(
        r#""expression":"#,
        r#""component":[{"definition":"http://none","expression":"family"},{"definition":"http://hl7.org/fhir/SearchParameter/individual-family","expression":"given"}],"expression":"#,
    );
    let (place, _) = server.put("/fhir/SearchParameter/x", &unknown_part).await.refused(422, "not-found", "WARD-0348");
    assert_eq!(place, "SearchParameter.component[0].definition");
}

#[tokio::test]
async fn is_in_force_while_it_is_active() {
    let server = TestServer::new();
    put(&server, "Patient/a", r#""name":[{"family":"Muster","given":["Anna"]}]"#).await;
    let body = definition("own", "Patient", "own", "string", "Patient.name.family");
    let put = async |body: &str| {
        let reply = server.put("/fhir/SearchParameter/own", body).await;
        assert!(reply.status.is_success(), "{}", reply.text());
    };
    put(&body.replace("active", "draft")).await;
    unknown(&server, "Patient?own=muster").await;
    put(&body).await;
    assert_eq!(found(&server, "Patient?own=muster").await, ["a"]);
    put(&body.replace("name.family", "name.given")).await;
    assert!(found(&server, "Patient?own=muster").await.is_empty());
    assert_eq!(found(&server, "Patient?own=anna").await, ["a"]);
    put(&body.replace("\"code\":\"own\"", "\"code\":\"other\"")).await;
    unknown(&server, "Patient?own=muster").await;
    assert_eq!(found(&server, "Patient?other=muster").await, ["a"]);
    put(&body.replace("active", "retired")).await;
    unknown(&server, "Patient?other=muster").await;
    put(&body).await;
    assert_eq!(found(&server, "Patient?own=muster").await, ["a"]);
    assert!(server.delete("/fhir/SearchParameter/own").await.status.is_success());
    unknown(&server, "Patient?own=muster").await;
}
