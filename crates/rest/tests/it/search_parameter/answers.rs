//! What a defined parameter answers: as one of HL7's of its kind does.

use super::{define, found, put};
use crate::server::TestServer;

/// Patients and observations that are there before anything is defined.
async fn filled() -> TestServer {
    let server = TestServer::new();
    let nickname = |text: &str| format!(r#""extension":[{{"url":"http://ward.test/nickname","valueString":"{text}"}}]"#);
    put(&server, "Patient/a", &format!(r#"{},"multipleBirthInteger":2,"birthDate":"1990-05-01""#, nickname("Hänschen"))).await;
    put(&server, "Patient/b", &format!(r#"{},"multipleBirthInteger":3,"deceasedDateTime":"2020-02-02""#, nickname("Grete"))).await;
    put(&server, "Patient/c", r#""maritalStatus":{"coding":[{"system":"urn:m","code":"M"}],"text":"Married"}"#).await;
    let observation = |patient: &str, value: &str, code: &str| {
        let coding = format!(r#"{{"coding":[{{"system":"urn:c","code":"{code}"}}]}}"#);
        format!(
            r#""status":"final","code":{coding},"performer":[{{"reference":"Patient/{patient}"}}],"component":[{{"code":{coding},"valueQuantity":{{"value":{value},"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}}}}]"#
        )
    };
    put(&server, "Observation/x", &observation("a", "70", "weight")).await;
    put(&server, "Observation/y", &observation("b", "80", "weight")).await;
    put(&server, "Observation/z", &observation("b", "70", "mass")).await;
    server
}

#[tokio::test]
async fn every_kind_with_its_modifiers_and_prefixes() {
    let server = filled().await;
    define(&server, "nick", ("Patient", "nickname", "string", "Patient.extension('http://ward.test/nickname').value")).await;
    define(&server, "births", ("Patient", "births", "number", "Patient.multipleBirth.ofType(integer)")).await;
    define(&server, "died", ("Patient", "died", "date", "Patient.deceased.ofType(dateTime)")).await;
    define(&server, "married", ("Patient", "marital", "token", "Patient.maritalStatus")).await;
    define(&server, "nick-url", ("Patient", "extension-url", "uri", "Patient.extension.url")).await;
    define(&server, "weight", ("Observation", "part-weight", "quantity", "Observation.component.value as Quantity")).await;
    for (query, expected) in [
        ("Patient?nickname=schen", vec![]),
        ("Patient?nickname=hans", vec!["a"]),
        ("Patient?nickname=HANSCHEN", vec!["a"]),
        ("Patient?nickname:contains=ret", vec!["b"]),
        ("Patient?nickname:exact=Grete", vec!["b"]),
        ("Patient?nickname:missing=true", vec!["c"]),
        ("Patient?births=2,3", vec!["a", "b"]),
        ("Patient?births=gt2", vec!["b"]),
        ("Patient?births=ne2", vec!["b"]),
        ("Patient?died=ge2020&died=lt2021", vec!["b"]),
        ("Patient?marital=urn:m|m", vec!["c"]),
        ("Patient?marital:not=M", vec!["a", "b"]),
        ("Patient?marital:text=marr", vec!["c"]),
        ("Patient?extension-url:below=http://ward.test", vec!["a", "b"]),
        ("Observation?part-weight=gt75", vec!["y"]),
        ("Observation?part-weight=70000||g", vec![]),
        ("Observation?part-weight=70000|http://unitsofmeasure.org|g", vec!["x", "z"]),
        ("Patient?_filter=births gt 2", vec!["b"]),
        ("Patient?_filter=nickname co \"ret\" or births eq 2", vec!["a", "b"]),
    ] {
        assert_eq!(found(&server, &query.replace(' ', "%20").replace('|', "%7C").replace('"', "%22")).await, expected, "{query}");
    }
    let sorted = server.get("/fhir/Patient?_sort=-births").await.entries();
    assert_eq!(sorted, ["Patient/b", "Patient/a", "Patient/c"]);
}

#[tokio::test]
async fn references_chain_and_bring_along() {
    let server = filled().await;
    define(&server, "by", ("Observation", "done-by", "reference", "Observation.performer.where(resolve() is Patient)")).await;
    define(&server, "births", ("Patient", "births", "number", "Patient.multipleBirth.ofType(integer)")).await;
    for (query, expected) in [
        ("Observation?done-by=Patient/b", vec!["y", "z"]),
        ("Observation?done-by=b", vec!["y", "z"]),
        ("Observation?done-by:Patient=a", vec!["x"]),
        ("Observation?done-by.births=3", vec!["y", "z"]),
        ("Patient?_has:Observation:done-by:code=mass", vec!["b"]),
        ("Patient?_has:Observation:performer:done-by.births=2", vec!["a"]),
    ] {
        assert_eq!(found(&server, query).await, expected, "{query}");
    }
    assert_eq!(server.get("/fhir/Observation?code=mass&_include=Observation:done-by").await.entries(), ["Observation/z", "Patient/b"]);
    let brought = server.get("/fhir/Patient?births=2&_revinclude=Observation:done-by").await.entries();
    assert_eq!(brought, ["Patient/a", "Observation/x"]);
    server.get("/fhir/Observation?_include=Observation:none").await.refused(400, "not-supported", "WARD-0300");
}

#[tokio::test]
async fn composites_match_within_one_element() {
    let server = filled().await;
    define(&server, "weight", ("Observation", "part-weight", "quantity", "Observation.component.value.ofType(Quantity)")).await;
    let composite = r#"{"resourceType":"SearchParameter","id":"pair","url":"http://ward.test/pair","name":"Pair","status":"active","description":"own",
        "code":"part","base":["Observation"],"type":"composite","expression":"Observation.component","component":[
        {"definition":"http://hl7.org/fhir/SearchParameter/Observation-component-code","expression":"code"},
        {"definition":"http://ward.test/SearchParameter/weight","expression":"value as Quantity"}]}"#;
    let reply = server.put("/fhir/SearchParameter/pair", composite).await;
    assert_eq!(reply.status.as_u16(), 201, "{}", reply.text());
    assert_eq!(found(&server, "Observation?part=weight$gt75").await, ["y"]);
    assert_eq!(found(&server, "Observation?part=urn:c%7Cmass$70").await, ["z"]);
    assert!(found(&server, "Observation?part=mass$80").await.is_empty());
}

/// What is stored gets an id of the server's choice, which a definition may look at.
#[tokio::test]
async fn bases_of_all_resources() {
    let server = filled().await;
    define(&server, "own-id", ("Resource", "own-id", "token", "Resource.id")).await;
    define(&server, "language", ("DomainResource", "own-urls", "uri", "DomainResource.extension.url")).await;
    assert_eq!(found(&server, "Patient?own-id=a").await, ["a"]);
    assert_eq!(found(&server, "Observation?own-id=x,a").await, ["x"]);
    assert_eq!(found(&server, "?_type=Patient,Observation&own-id=x,a").await, ["a", "x"]);
    assert_eq!(found(&server, "Patient?own-urls=http://ward.test/nickname").await, ["a", "b"]);
    let created = server.post("/fhir/Basic", r#"{"resourceType":"Basic","code":{"text":"x"}}"#).await.json();
    let id = created.text("id").expect("an id").to_owned();
    assert_eq!(found(&server, &format!("Basic?own-id={id}")).await, [id.as_str()]);
    assert_eq!(found(&server, "SearchParameter?own-id=individual-birthdate").await, ["individual-birthdate"]);
}

#[tokio::test]
async fn documents_tell_of_it_as_long_as_it_is_in_force() {
    let server = filled().await;
    let tells = async |path: &str| server.get(path).await.text().contains("shoe-size");
    let paths = ["/fhir/metadata", "/fhir/openapi.json", "/fhir/openapi.json?_type=Patient"];
    for path in paths {
        assert!(!tells(path).await, "{path}");
    }
    define(&server, "shoe", ("Patient", "shoe-size", "number", "Patient.extension('http://ward.test/shoe').value")).await;
    for path in paths {
        assert!(tells(path).await, "{path}");
    }
    server.delete("/fhir/SearchParameter/shoe").await;
    for path in paths {
        assert!(!tells(path).await, "{path}");
    }
}
