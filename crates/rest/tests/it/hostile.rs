//! Bodies and addresses that no client means well with: the right refusal, nothing stored, the server alive.

use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::server::TestServer;

const JSON: (&str, &str) = ("content-type", "application/fhir+json");
const XML: (&str, &str) = ("content-type", "application/fhir+xml");

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("written to memory");
    encoder.finish().expect("written to memory")
}

async fn alive_and_empty(server: &TestServer) {
    let found = server.get("/fhir/Patient?_summary=count").await;
    assert_eq!(found.json().get("total").and_then(|total| total.as_number()), Some("0"));
}

#[tokio::test]
async fn refuses_json_that_is_none() {
    let server = TestServer::new();
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    let deep_object = format!(r#"{{"resourceType":"Patient","x":{}1{}}}"#, r#"{"a":"#.repeat(10_000), "}".repeat(10_000));
    for body in [
        b"{".to_vec(),
        b"not json".to_vec(),
        br#"{"resourceType":"Patient""#.to_vec(),
        br#"{"resourceType":"Patient"}}"#.to_vec(),
        br#"{"resourceType":"Patient","active":true,"active":false}"#.to_vec(),
        b"{\"resourceType\":\"Patient\",\"id\":\"\xff\xfe\"}".to_vec(),
        b"{\"resourceType\":\"Patient\",\"gender\":\"ma\0le\"}".to_vec(),
        br#"{"resourceType":"Patient","gender":"\ud800"}"#.to_vec(),
        br#"{"resourceType":"Patient","multipleBirthInteger":01}"#.to_vec(),
        deep.into_bytes(),
        deep_object.into_bytes(),
    ] {
        let reply = server.send("POST", "/fhir/Patient", &[JSON], body.clone()).await;
        reply.refused(400, "structure", "WARD-0500");
        let reply = server.send("POST", "/fhir", &[JSON], body).await;
        reply.refused(400, "structure", "WARD-0500");
    }
    alive_and_empty(&server).await;
}

#[tokio::test]
async fn refuses_xml_that_is_none() {
    let server = TestServer::new();
    let deep = format!(r#"<Patient xmlns="http://hl7.org/fhir">{}"#, "<extension url=\"x\">".repeat(10_000));
    for body in [
        "<Patient",
        "not xml",
        r#"<!DOCTYPE x [<!ENTITY a "aaaa">]><Patient xmlns="http://hl7.org/fhir"><id value="&a;"/></Patient>"#,
        r#"<Patient xmlns="http://hl7.org/fhir"><nothing value="1"/></Patient>"#,
        r#"<Patient xmlns="http://elsewhere"><id value="1"/></Patient>"#,
        &deep,
    ] {
        let reply = server.send("POST", "/fhir/Patient", &[XML], body.to_owned()).await;
        assert_eq!(reply.status, 400, "{body:.60}: {}", reply.text());
        assert_eq!(reply.json().resource_type(), Some("OperationOutcome"));
    }
    alive_and_empty(&server).await;
}

#[tokio::test]
async fn refuses_resources_that_break_the_rules() {
    let server = TestServer::new();
    for (body, place) in [
        (r#"{"resourceType":"Patient","birthDate":"2024-02-30"}"#, "Patient.birthDate"),
        (r#"{"resourceType":"Patient","active":"yes"}"#, "Patient.active"),
        (r#"{"resourceType":"Patient","gender":"unheard-of"}"#, "Patient.gender"),
        (r#"{"resourceType":"Patient","name":[{"given":[null]}]}"#, "Patient.name[0].given[0]"),
        (r#"{"resourceType":"Patient","deceasedBoolean":true,"deceasedDateTime":"2020"}"#, "Patient.deceased"),
        (r#"{"resourceType":"Patient","contained":[{"resourceType":"Patient"}]}"#, "Patient.contained[0]"),
        (r#"{"resourceType":"Patient","id":"a_b"}"#, "Patient.id"),
        (r#"{"resourceType":"Patient","meta":"x"}"#, "Patient.meta"),
        (r#"{"resourceType":"Patient","name":[]}"#, "Patient.name"),
    ] {
        let reply = server.send("POST", "/fhir/Patient", &[JSON], body).await;
        assert_eq!(reply.status, 400, "{body}: {}", reply.text());
        let outcome = reply.json();
        let places: Vec<_> = outcome.list("issue").filter_map(|issue| issue.list("expression").next()?.as_str()).collect();
        assert!(places.iter().any(|found| found.starts_with(place)), "{body}: {places:?}");
    }
    alive_and_empty(&server).await;
}

#[tokio::test]
async fn refuses_bundles_of_rubbish() {
    let server = TestServer::new();
    for entries in [
        "[null]",
        "[1]",
        "[[]]",
        r#"[{"request":1,"resource":2}]"#,
        r#"[{"request":{"method":"POST","url":"Patient"},"resource":5}]"#,
        "{}",
        "7",
    ] {
        let bundle = format!(r#"{{"resourceType":"Bundle","type":"transaction","entry":{entries}}}"#);
        let reply = server.post("/fhir", &bundle).await;
        assert_eq!(reply.status, 400, "{entries}: {}", reply.text());
        let batch = server.post("/fhir", &bundle.replace("transaction", "batch")).await;
        assert!(matches!(batch.status.as_u16(), 200 | 400), "{entries}");
        assert!(batch.responses_or_none().iter().all(|(status, _)| status.starts_with('4')), "{entries}: {}", batch.text());
    }
    alive_and_empty(&server).await;
}

#[tokio::test]
async fn keeps_bodies_within_their_limits() {
    let http = rest::Settings { max_resource_bytes: 1000, max_bundle_bytes: 2000, max_url_bytes: 300, ..rest::Settings::default() };
    let server = TestServer::with(interaction::Settings::default(), http);
    let large = format!(r#"{{"resourceType":"Patient","language":"{}"}}"#, "x".repeat(1000));
    let (_, remedy) = server.post("/fhir/Patient", &large).await.refused(413, "too-long", "WARD-0504");
    assert!(remedy.contains("1000 bytes"), "{remedy}");
    server.post("/fhir", &"x".repeat(2001)).await.refused(413, "too-long", "WARD-0504");
    let pieces = futures_util::stream::iter((0..30).map(|_| Ok::<_, std::io::Error>("y".repeat(100))));
    let streamed = server.send("POST", "/fhir/Patient", &[JSON], axum::body::Body::from_stream(pieces)).await;
    streamed.refused(413, "too-long", "WARD-0504");
    let announced = [JSON, ("content-length", "1001")];
    let never = axum::body::Body::from_stream(futures_util::stream::pending::<Result<String, std::io::Error>>());
    let announced = server.send("POST", "/fhir/Patient", &announced, never);
    let announced = tokio::time::timeout(Duration::from_secs(5), announced).await.expect("refused before it has come");
    announced.refused(413, "too-long", "WARD-0504");
    let cut = futures_util::stream::iter([Ok("{".to_owned()), Err(std::io::Error::other("gone"))]);
    let cut = server.send("POST", "/fhir/Patient", &[JSON], axum::body::Body::from_stream(cut)).await;
    cut.refused(400, "incomplete", "WARD-0507");
    server.get(&format!("/fhir/Patient?name={}", "x".repeat(300))).await.refused(414, "too-long", "WARD-0511");
    alive_and_empty(&server).await;
}

#[tokio::test]
async fn reads_gzip_and_meets_bombs_at_the_limit() {
    let server = TestServer::new();
    let encoded = [JSON, ("content-encoding", "gzip")];
    let bomb = gzip(&vec![b' '; 100 << 20]);
    assert!(bomb.len() < 200_000);
    server.send("POST", "/fhir/Patient", &encoded, bomb.clone()).await.refused(413, "too-long", "WARD-0504");
    // Its end is broken too, which only somebody who unpacks all of it finds out.
    let endless = [&bomb[..bomb.len() - 8], b"rubbish!"].concat();
    server.send("POST", "/fhir/Patient", &encoded, endless).await.refused(413, "too-long", "WARD-0504");
    server.send("POST", "/fhir/Patient", &encoded, "not gzip").await.refused(400, "structure", "WARD-0506");
    let whole = gzip(br#"{"resourceType":"Patient"}"#);
    server.send("POST", "/fhir/Patient", &encoded, whole[..whole.len() - 6].to_vec()).await.refused(400, "structure", "WARD-0506");
    server.send("POST", "/fhir/Patient", &[JSON, ("content-encoding", "br")], "x").await.refused(415, "not-supported", "WARD-0505");
    alive_and_empty(&server).await;
    assert_eq!(server.send("POST", "/fhir/Patient", &encoded, whole.clone()).await.status, 201);
    assert_eq!(server.send("POST", "/fhir/Patient", &[JSON, ("content-encoding", "GZIP")], whole).await.status, 201);
}

#[tokio::test]
async fn refuses_empty_bodies() {
    let server = TestServer::new();
    server.post("/fhir/Patient", "").await.refused(400, "required", "WARD-0501");
    server.post("/fhir/Patient", "  \n").await.refused(400, "required", "WARD-0501");
    server.put("/fhir/Patient/p1", "").await.refused(400, "required", "WARD-0501");
    server.post("/fhir", "").await.refused(400, "required", "WARD-0501");
}

#[tokio::test]
async fn refuses_addresses_with_broken_escapes() {
    let server = TestServer::new();
    for path in ["/fhir/Patient/%zz", "/fhir/Patient/%00", "/fhir/Patient/%2e%2e", "/fhir/Patient/..%2fObservation", "/fhir/Patient/%ff"] {
        server.get(path).await.refused(400, "value", "WARD-0404");
    }
    for query in ["name=%zz", "name=%ff", "%00=1", "name=%"] {
        let reply = server.get(&format!("/fhir/Patient?{query}")).await;
        assert_eq!(reply.status, 400, "{query}");
        assert_eq!(reply.json().resource_type(), Some("OperationOutcome"));
    }
}

#[tokio::test]
async fn works_on_large_bodies_too() {
    let server = TestServer::new();
    let names = vec![r#"{"family":"Muster","given":["Anna"]}"#; 5000].join(",");
    let patient = format!(r#"{{"resourceType":"Patient","id":"big","name":[{names}]}}"#);
    assert!(patient.len() > 100_000);
    assert_eq!(server.put("/fhir/Patient/big", &patient).await.status, 201);
    let xml = server.send("GET", "/fhir/Patient/big", &[("accept", "application/fhir+xml")], "").await;
    assert_eq!(xml.text().matches("<family value=\"Muster\"/>").count(), 5000);
}
