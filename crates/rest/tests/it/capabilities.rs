//! `GET /fhir/metadata`: what it says is what the routes do.

use std::sync::Arc;

use fhir::Value;
use interaction::table::TABLE;

use crate::porter::Porter;
use crate::server::TestServer;

#[tokio::test]
async fn is_a_sound_resource_and_says_what_is_done() {
    let server = TestServer::new();
    let reply = server.get("/fhir/metadata").await;
    assert_eq!(reply.status, 200);
    let statement = reply.json();
    assert_eq!(fhir::check::check(&statement), []);
    assert_eq!(statement.text("fhirVersion"), Some("4.0.1"));
    let rest = statement.list("rest").next().expect("rest");
    let system: Vec<_> = rest.list("interaction").filter_map(|interaction| interaction.text("code")).collect();
    assert_eq!(system, ["batch", "transaction", "search-system", "history-system"]);
    let observation = rest.list("resource").find(|resource| resource.text("type") == Some("Observation")).expect("Observation");
    let codes: Vec<_> = observation.list("interaction").filter_map(|interaction| interaction.text("code")).collect();
    assert_eq!(codes, ["search-type", "create", "update", "delete", "patch", "history-type", "read", "history-instance", "vread"]);
    let has = |list: &str, text: &str| observation.list(list).any(|item| item.as_str() == Some(text) || item.text("name") == Some(text));
    assert!(has("searchParam", "code") && has("searchParam", "_id") && has("searchInclude", "Observation:subject"));
    assert!(has("searchRevInclude", "DiagnosticReport:result"));
    assert_eq!(rest.list("resource").count(), 146);
}

#[tokio::test]
async fn says_where_tokens_are_given_when_they_are_needed() {
    let open = TestServer::new().get("/fhir/metadata").await.json();
    assert_eq!(open.list("rest").next().expect("rest").get("security"), None);
    let server = TestServer::closed(rest::Settings::default(), Arc::new(Porter::default()));
    let statement = server.get("/fhir/metadata").await.json();
    assert_eq!(fhir::check::check(&statement), []);
    let security = statement.list("rest").next().and_then(|rest| rest.get("security")).expect("security").clone();
    let uris = security.list("extension").next().expect("an extension").clone();
    assert_eq!(uris.text("url"), Some("http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"));
    let of = |name: &str| {
        uris.list("extension").find(|uri| uri.text("url") == Some(name)).and_then(|uri| uri.text("valueUri")).map(str::to_owned)
    };
    for name in ["authorize", "token", "introspect", "revoke"] {
        assert_eq!(of(name).as_deref(), Some(&*format!("http://ward.test/auth/{name}")));
    }
    let xml = server.get("/fhir/metadata?_format=xml").await.text();
    assert!(xml.contains("<code value=\"SMART-on-FHIR\"/>"));
    let terminology = server.get("/fhir/metadata?mode=terminology").await;
    assert!(!terminology.text().contains("oauth-uris"));
}

#[tokio::test]
async fn lists_no_parameter_that_a_search_refuses() {
    let server = TestServer::new();
    let statement = server.get("/fhir/metadata").await.json();
    let rest = statement.list("rest").next().expect("rest").clone();
    let mut asked = 0;
    for resource in rest.list("resource") {
        let kind = resource.text("type").expect("a type");
        for parameter in resource.list("searchParam") {
            let name = parameter.text("name").expect("a name");
            let asked_for = match name {
                "_filter" => "_filter=_id%20eq%201".to_owned(),
                "_has" => "_has:Provenance:target:_id=1".to_owned(),
                "_list" => "_list=1".to_owned(),
                _ => format!("{name}:missing=true"),
            };
            let reply = server.get(&format!("/fhir/{kind}?{asked_for}&_count=1")).await;
            // Nothing refers to resources of some types.
            assert!(reply.status == 200 || name == "_has", "{kind}?{name}: {}", reply.text());
            asked += 1;
        }
    }
    assert!(asked > 1375, "{asked}");
}

#[tokio::test]
async fn has_a_route_for_each_line_of_the_table() {
    let server = TestServer::new();
    for row in TABLE {
        let path = row.path.replace("{type}", "Patient").replace("{id}", "x").replace("{vid}", "1").replace("{member}", "Observation");
        let reply = server.send(row.method, &format!("/fhir{path}"), &[("content-type", "application/fhir+json")], "").await;
        assert_ne!(reply.status, 405, "{} {}", row.method, row.path);
        assert_ne!(reply.json_number(), Some("WARD-0509".to_owned()), "{} {}", row.method, row.path);
        assert!(row.codes.is_empty() || reply.json_number() != Some("WARD-0450".to_owned()), "{} {}", row.method, row.path);
    }
}

#[tokio::test]
async fn knows_its_modes() {
    let server = TestServer::new();
    assert_eq!(server.get("/fhir/metadata?mode=full").await.status, 200);
    assert_eq!(server.get("/fhir/metadata?mode=normative").await.json().resource_type(), Some("CapabilityStatement"));
    let terminology = server.get("/fhir/metadata?mode=terminology").await.json();
    assert_eq!((terminology.resource_type(), fhir::check::check(&terminology)), (Some("TerminologyCapabilities"), Vec::new()));
    let systems: Vec<&str> = terminology.list("codeSystem").filter_map(|system| system.text("uri")).collect();
    assert!(systems.contains(&"http://hl7.org/fhir/administrative-gender"), "{}", systems.len());
    let parameters = terminology.get("expansion").into_iter().flat_map(|expansion| expansion.list("parameter"));
    assert!(parameters.filter_map(|parameter| parameter.text("name")).any(|name| name == "displayLanguage"));
    server.get("/fhir/metadata?mode=best").await.refused(400, "not-supported", "WARD-0512");
    let part = server.get("/fhir/metadata?_elements=fhirVersion").await.json();
    assert_eq!((part.text("fhirVersion"), part.get("rest").is_some(), part.get("implementation").is_some()), (Some("4.0.1"), false, false));
    assert!(server.get("/fhir/metadata?_summary=true").await.json().get("rest").is_some());
    server.get("/fhir/metadata?_elements=rset").await.refused(400, "value", "WARD-0463");
    let again = server.get("/fhir/metadata").await.json();
    assert_eq!(again.text("status"), Some("active"));
    assert!(again.get("rest").and_then(Value::as_array).is_some());
}

#[tokio::test]
async fn names_what_a_search_of_all_types_takes() {
    let server = TestServer::new();
    let statement = server.get("/fhir/metadata?_elements=rest").await.json();
    let rest = statement.list("rest").next().expect("rest");
    let names: Vec<&str> = rest.list("searchParam").filter_map(|parameter| parameter.text("name")).collect();
    assert!(["_id", "_lastUpdated", "_tag"].iter().all(|name| names.contains(name)) && !names.contains(&"identifier"), "{names:?}");
    for (parameter, value) in [("_id", "a"), ("_lastUpdated", "2026"), ("_tag", "a")] {
        assert_eq!(server.get(&format!("/fhir?{parameter}={value}")).await.status, 200);
    }
}
