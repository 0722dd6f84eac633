//! `/fhir/$convert`.

use crate::server::TestServer;

const JSON: &str = r#"{"resourceType":"Patient","id":"p1","name":[{"family":"Muster"}],"multipleBirthInteger":2}"#;
const XML: &str = r#"<Patient xmlns="http://hl7.org/fhir"><id value="p1"/><name><family value="Muster"/></name><multipleBirthInteger value="2"/></Patient>"#;

#[tokio::test]
async fn makes_xml_from_json_and_json_from_xml() {
    let server = TestServer::new();
    let headers = [("content-type", "application/fhir+json"), ("accept", "application/fhir+xml")];
    let reply = server.send("POST", "/fhir/$convert", &headers, JSON).await;
    assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, "application/fhir+xml;charset=utf-8"));
    assert!(reply.text().ends_with(XML), "{}", reply.text());
    let headers = [("content-type", "application/fhir+xml")];
    let reply = server.send("POST", "/fhir/$convert?_format=json", &headers, XML).await;
    assert_eq!((reply.status.as_u16(), reply.text().as_str()), (200, JSON));
}

#[tokio::test]
async fn answers_parameters_to_parameters() {
    let server = TestServer::new();
    let body = format!(r#"{{"resourceType":"Parameters","parameter":[{{"name":"input","resource":{JSON}}}]}}"#);
    let expected = format!(r#"{{"resourceType":"Parameters","parameter":[{{"name":"output","resource":{JSON}}}]}}"#);
    assert_eq!(server.post("/fhir/$convert", &body).await.text(), expected);
}

#[tokio::test]
async fn refuses_what_is_no_fhir() {
    let server = TestServer::new();
    let refused = server.post("/fhir/$convert", r#"{"resourceType":"Patient","brithDate":"2000"}"#).await;
    assert_eq!(refused.refused(400, "structure", "WARD-0103").0, "Patient.brithDate");
    let refused = server.get("/fhir/$convert").await;
    assert_eq!(refused.refused(405, "not-supported", "WARD-0510").0, "");
    assert_eq!(refused.header("allow"), "POST,OPTIONS");
}
