//! `/fhir/StructureDefinition`, `/fhir/ValueSet`, `/fhir/CodeSystem` and their like: what R4 itself defines.

use base::library;
use fhir::Value;

use crate::server::TestServer;

const KINDS: [&str; 5] = ["CodeSystem", "CompartmentDefinition", "ConceptMap", "StructureDefinition", "ValueSet"];

async fn total(server: &TestServer, path: &str) -> usize {
    let reply = server.get(&format!("/fhir/{path}")).await;
    let total = reply.json().get("total").and_then(Value::as_number).and_then(|total| total.parse().ok());
    total.unwrap_or_else(|| panic!("{path}: {}", reply.text()))
}

#[tokio::test]
async fn all_are_there() {
    let server = TestServer::new();
    for kind in KINDS {
        let count = library().cards(kind).len();
        assert!(count > 4, "{kind}");
        assert_eq!(total(&server, &format!("{kind}?_summary=count")).await, count, "{kind}");
    }
}

#[tokio::test]
async fn are_read_whole() {
    let server = TestServer::new();
    let reply = server.get("/fhir/StructureDefinition/Patient").await;
    assert_eq!((reply.status.as_u16(), reply.header("etag")), (200, "W/\"1\""));
    let patient = reply.json();
    assert_eq!(fhir::check::check(&patient), []);
    assert_eq!(patient.text("url"), Some("http://hl7.org/fhir/StructureDefinition/Patient"));
    assert_eq!(patient.get("meta").and_then(|meta| meta.text("lastUpdated")), Some("2019-10-30T00:00:00.000Z"));
    let tag = patient.get("meta").and_then(|meta| meta.list("tag").next()).and_then(|tag| tag.text("code"));
    assert_eq!(tag, Some("built-in"));
    assert!(patient.get("snapshot").is_some_and(|snapshot| snapshot.list("element").count() > 40));
    let gender = server.get("/fhir/ValueSet/administrative-gender").await.json();
    let system = gender.get("compose").and_then(|compose| compose.list("include").next()).and_then(|include| include.text("system"));
    assert_eq!(system, Some("http://hl7.org/fhir/administrative-gender"));
    let codes = server.get("/fhir/CodeSystem/administrative-gender").await.json();
    assert_eq!(codes.list("concept").count(), 4);
    let owned = server.get("/fhir/CompartmentDefinition/patient").await.json();
    assert!(owned.list("resource").any(|resource| resource.text("code") == Some("Observation") && resource.list("param").count() > 0));
    let map = server.get("/fhir/ConceptMap/cm-address-use-v2").await.json();
    assert!(map.list("group").next().is_some_and(|group| group.list("element").count() > 0));
    server.get("/fhir/StructureDefinition/none").await.refused(404, "not-found", "WARD-0400");
    let xml = server.send("GET", "/fhir/ValueSet/administrative-gender?_format=xml", &[], "").await;
    assert!(
        xml.status == 200 && xml.text().contains("<url value=\"http://hl7.org/fhir/ValueSet/administrative-gender\"/>"),
        "{}",
        xml.text()
    );
}

#[tokio::test]
async fn are_found_by_what_they_say_of_themselves() {
    let server = TestServer::new();
    for (query, expected) in [
        ("CodeSystem?url=http://hl7.org/fhir/administrative-gender", vec!["CodeSystem/administrative-gender"]),
        ("CodeSystem?url=http://hl7.org/fhir/administrative-gender&version=4.0.1", vec!["CodeSystem/administrative-gender"]),
        ("CodeSystem?url=http://hl7.org/fhir/administrative-gender&version=3.0.1", vec![]),
        ("CodeSystem?identifier=urn:oid:2.16.840.1.113883.4.642.4.2", vec!["CodeSystem/administrative-gender"]),
        ("ValueSet?name:exact=AdministrativeGender&_id=administrative-gender", vec!["ValueSet/administrative-gender"]),
        ("StructureDefinition?type=Patient&kind=resource&derivation=specialization", vec!["StructureDefinition/Patient"]),
        ("StructureDefinition?type=Patient&kind=resource&_sort=_id&_count=1", vec!["StructureDefinition/Patient"]),
        ("StructureDefinition?base=http://hl7.org/fhir/StructureDefinition/vitalsigns&_id=bmi", vec!["StructureDefinition/bmi"]),
        ("StructureDefinition?kind=primitive-type&name=uuid", vec!["StructureDefinition/uuid"]),
        ("CompartmentDefinition?code=Device", vec!["CompartmentDefinition/device"]),
        ("ConceptMap?_id=cm-address-use-v2", vec!["ConceptMap/cm-address-use-v2"]),
    ] {
        assert_eq!(server.get(&format!("/fhir/{query}")).await.entries(), expected, "{query}");
    }
    assert!(total(&server, "StructureDefinition?status=active&_summary=count").await > 40);
    assert!(total(&server, "StructureDefinition?ext-context=element&_summary=count").await > 10);
}

#[tokio::test]
async fn are_found_by_what_is_inside_of_them() {
    let server = TestServer::new();
    for (query, expected) in [
        ("CodeSystem?code=_ActAccountCode", "CodeSystem/v3-ActCode"),
        ("StructureDefinition?path=Patient.contact.gender", "StructureDefinition/Patient"),
        ("StructureDefinition?valueset=http://hl7.org/fhir/ValueSet/link-type", "StructureDefinition/Patient"),
        ("ValueSet?reference=http://hl7.org/fhir/administrative-gender", "ValueSet/administrative-gender"),
    ] {
        let reply = server.get(&format!("/fhir/{query}&_count=1000")).await;
        let found = reply.entries();
        assert!(found.iter().any(|entry| entry == expected), "{query}: {found:?}");
    }
}

#[tokio::test]
async fn pages_end_where_they_are_full() {
    let server = TestServer::new();
    let mut next = Some("/fhir/StructureDefinition?_count=1000&_sort=_id".to_owned());
    let mut found = Vec::new();
    let mut pages = 0;
    while let Some(path) = next {
        let page = server.get(&path).await;
        assert!(page.text().len() < (17 << 20), "a page has 16 MiB of resources");
        found.extend(page.entries());
        next = page.link("next").map(|link| link.replace("http://ward.test", ""));
        pages += 1;
    }
    assert_eq!(found.len(), library().cards("StructureDefinition").len());
    assert!(found.is_sorted() && pages < 10, "{pages}");
}

#[tokio::test]
async fn stored_ones_take_their_places() {
    let server = TestServer::new();
    let all = library().cards("ValueSet").len();
    let own = r#"{"resourceType":"ValueSet","id":"mine","url":"http://hl7.org/fhir/ValueSet/administrative-gender","status":"active"}"#;
    assert_eq!(server.put("/fhir/ValueSet/mine", own).await.status, 201);
    let url = "/fhir/ValueSet?url=http://hl7.org/fhir/ValueSet/administrative-gender";
    assert_eq!(server.get(url).await.entries(), ["ValueSet/mine"]);
    assert_eq!(total(&server, "ValueSet?_summary=count").await, all);
    let other = r#"{"resourceType":"ValueSet","id":"other","url":"http://mine.test/other","status":"active"}"#;
    assert_eq!(server.put("/fhir/ValueSet/other", other).await.status, 201);
    assert_eq!(total(&server, "ValueSet?_summary=count").await, all + 1);
    assert_eq!(total(&server, "?_type=ValueSet,CodeSystem&_summary=count").await, all + 1 + library().cards("CodeSystem").len());
    server.delete("/fhir/ValueSet/mine").await;
    assert_eq!(server.get(url).await.entries(), ["ValueSet/administrative-gender"]);
}

#[tokio::test]
async fn pages_go_through_several_types_and_back() {
    let server = TestServer::new();
    let own = r#"{"resourceType":"ConceptMap","id":"mine","status":"active"}"#;
    assert_eq!(server.put("/fhir/ConceptMap/mine", own).await.status, 201);
    let expected = library().cards("ConceptMap").len() + library().cards("CompartmentDefinition").len() + 1;
    for sort in ["", "&_sort=_id", "&_sort=-_lastUpdated", "&_sort=_lastUpdated,-_id"] {
        let first = format!("/fhir?_type=ConceptMap,CompartmentDefinition&_count=4&_total=accurate{sort}");
        let mut pages = vec![server.get(&first).await];
        while let Some(next) = pages.last().and_then(|page| page.link("next")) {
            pages.push(server.get(&next.replace("http://ward.test", "")).await);
        }
        let mut all: Vec<String> = pages.iter().flat_map(|page| page.entries()).collect();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), expected, "{sort}");
        for at in (1..pages.len()).rev() {
            let back = pages[at].link("prev").unwrap_or_else(|| panic!("{first}: page {at} has no way back"));
            assert_eq!(server.get(&back.replace("http://ward.test", "")).await.entries(), pages[at - 1].entries(), "{first}");
        }
    }
}

#[tokio::test]
async fn every_profile_of_the_statement_can_be_read() {
    let server = TestServer::new();
    let statement = server.get("/fhir/metadata").await.json();
    let mut profiles = 0;
    for resource in statement.list("rest").flat_map(|rest| rest.list("resource")) {
        let (kind, profile) = (resource.text("type").expect("a type"), resource.text("profile").expect("a profile"));
        let reply = server.get(&format!("/fhir/StructureDefinition/{kind}")).await;
        assert_eq!((reply.status.as_u16(), reply.json().text("url")), (200, Some(profile)), "{kind}");
        profiles += 1;
    }
    assert_eq!(profiles, 146);
}
