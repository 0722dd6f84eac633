//! `GET` and `POST /fhir/$graphql`, on all resources, on those of a type, and on one.

use fhir::{Value, json};

use crate::server::{Reply, TestServer};

const JSON: (&str, &str) = ("content-type", "application/json");
const GRAPHQL: (&str, &str) = ("content-type", "application/graphql");
const GRAPHQL_ACCEPT: (&str, &str) = ("accept", "application/graphql-response+json, application/json;q=0.9");

async fn ward() -> TestServer {
    let server = TestServer::new();
    for (id, family) in [("d1", "House"), ("d2", "Wilson")] {
        let practitioner = format!(r#"{{"resourceType":"Practitioner","id":"{id}","name":[{{"family":"{family}"}}]}}"#);
        assert_eq!(server.put(&format!("/fhir/Practitioner/{id}"), &practitioner).await.status, 201);
    }
    for (number, doctor) in [(1, "d1"), (2, "d2"), (3, "d1"), (4, "d2"), (5, "d1")] {
        let patient = format!(
            r#"{{"resourceType":"Patient","id":"p{number}","active":true,"birthDate":"199{number}-01-01","name":[{{"use":"official","family":"Meier","given":["Anna","Maria"]}}],"generalPractitioner":[{{"reference":"Practitioner/{doctor}"}}]}}"#
        );
        assert_eq!(server.put(&format!("/fhir/Patient/p{number}"), &patient).await.status, 201);
        let observation = format!(
            r#"{{"resourceType":"Observation","id":"o{number}","status":"final","code":{{"text":"pulse"}},"subject":{{"reference":"Patient/p{number}"}},"valueQuantity":{{"value":7{number}.0,"unit":"/min"}}}}"#
        );
        assert_eq!(server.put(&format!("/fhir/Observation/o{number}"), &observation).await.status, 201);
    }
    server
}

impl TestServer {
    async fn query(&self, path: &str, query: &str) -> Reply {
        self.send("POST", path, &[GRAPHQL], query.to_owned()).await
    }
}

/// Expects this status and `data`.
#[track_caller]
fn assert_data(reply: &Reply, data: &str) {
    assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, "application/json"), "{}", reply.text());
    assert_eq!(reply.text(), format!(r#"{{"data":{data}}}"#));
}

/// Expects this status, and an error with this number and with an OperationOutcome.
#[track_caller]
fn assert_error(reply: &Reply, status: u16, number: &str) -> String {
    assert_eq!(reply.status.as_u16(), status, "{}", reply.text());
    let whole = reply.json();
    let error = whole.list("errors").next().expect("an error");
    let extensions = error.get("extensions").expect("extensions");
    assert_eq!(extensions.text("code"), Some(number), "{}", reply.text());
    assert_eq!(extensions.get("resource").and_then(Value::resource_type), Some("OperationOutcome"));
    error.text("message").expect("a message").to_owned()
}

#[tokio::test]
async fn answers_on_each_level_and_in_each_way() {
    let server = ward().await;
    let one = r#"{"Patient":{"id":"p1","birthDate":"1991-01-01"}}"#;
    assert_data(&server.get("/fhir/$graphql?query=%7BPatient(id:%22p1%22)%7Bid,birthDate%7D%7D").await, one);
    assert_data(&server.query("/fhir/$graphql", "{ Patient(id: p1) { id birthDate } }").await, one);
    assert_data(&server.query("/fhir/Patient/$graphql", "{ Patient(id: p1) { id birthDate } }").await, one);
    assert_data(&server.query("/fhir/Patient/p1/$graphql", "{ id birthDate }").await, r#"{"id":"p1","birthDate":"1991-01-01"}"#);
    let body = r#"{"query":"query A($id: ID!) { Patient(id: $id) { id } } query B { Patient(id: p2) { id } }","operationName":"A","variables":{"id":"p3"}}"#;
    assert_data(&server.send("POST", "/fhir/$graphql", &[JSON], body.to_owned()).await, r#"{"Patient":{"id":"p3"}}"#);
    let address = "/fhir/$graphql?query=query($id:ID)%7BPatient(id:$id)%7Bid%7D%7D&variables=%7B%22id%22:%22p4%22%7D&operationName=";
    assert_data(&server.get(address).await, r#"{"Patient":{"id":"p4"}}"#);
    assert_data(&server.query("/fhir/$graphql", "{ Patient(id: nobody) { id } }").await, "{}");
}

#[tokio::test]
async fn follows_references_and_those_back() {
    let server = ward().await;
    let query = r#"{ PatientList(_id: ["p1", "p2"], _sort: "birthdate") {
        id generalPractitioner { resource(type: Practitioner) { name { family } PatientList(_reference: general_practitioner, _sort: "_id") { id } } }
        ObservationList(_reference: subject) { valueQuantity { value unit } subject { resource { ... on Patient { id } } } }
    } }"#;
    let patient = |id: &str, family: &str, others: &str, value: &str| {
        format!(
            r#"{{"id":"{id}","generalPractitioner":[{{"resource":{{"name":[{{"family":"{family}"}}],"PatientList":[{others}]}}}}],"ObservationList":[{{"valueQuantity":{{"value":{value},"unit":"/min"}},"subject":{{"resource":{{"id":"{id}"}}}}}}]}}"#
        )
    };
    let first = patient("p1", "House", r#"{"id":"p1"},{"id":"p3"},{"id":"p5"}"#, "71.0");
    let second = patient("p2", "Wilson", r#"{"id":"p2"},{"id":"p4"}"#, "72.0");
    assert_data(&server.query("/fhir/$graphql", query).await, &format!(r#"{{"PatientList":[{first},{second}]}}"#));
}

#[tokio::test]
async fn pages_through_a_connection() {
    let server = ward().await;
    let fields = "{ count offset pagesize edges { mode resource { id } } first previous next }";
    let back;
    let mut query = format!(r#"{{ PatientConnection(name: "meier", _sort: "birthdate", _count: 2) {fields} }}"#);
    let (mut ids, mut offsets) = (Vec::new(), Vec::new());
    loop {
        let reply = server.query("/fhir/$graphql", &query).await;
        assert_eq!(reply.status.as_u16(), 200, "{}", reply.text());
        let whole = reply.json();
        let connection = whole.get("data").and_then(|data| data.get("PatientConnection")).expect("a connection").clone();
        assert_eq!(connection.get("count").and_then(Value::as_number), Some("5"));
        assert_eq!(connection.get("pagesize").and_then(Value::as_number), Some("2"));
        offsets.push(connection.get("offset").and_then(Value::as_number).expect("an offset").to_owned());
        ids.extend(
            connection.list("edges").map(|edge| edge.get("resource").and_then(|patient| patient.text("id")).expect("an id").to_owned()),
        );
        let Some(next) = connection.text("next") else {
            back = connection.text("previous").map(str::to_owned);
            break;
        };
        query = format!("{{ PatientConnection(cursor: {}) {fields} }}", json::to_string(&next.into()));
    }
    assert_eq!((ids.join(" "), offsets.join(" ")), ("p1 p2 p3 p4 p5".to_owned(), "0 2 4".to_owned()));
    let query = format!(
        "{{ PatientConnection(cursor: {}) {{ offset edges {{ resource {{ id }} }} }} }}",
        json::to_string(&back.expect("a cursor").into())
    );
    let expected = r#"{"PatientConnection":{"offset":2,"edges":[{"resource":{"id":"p3"}},{"resource":{"id":"p4"}}]}}"#;
    assert_data(&server.query("/fhir/$graphql", &query).await, expected);
    assert_error(&server.query("/fhir/$graphql", r#"{ PatientConnection(cursor: "rubbish") { count } }"#).await, 400, "WARD-0494");
    assert_error(&server.query("/fhir/$graphql", r#"{ PatientConnection(cursor: "0:_page=x") { count } }"#).await, 400, "WARD-0327");
}

#[tokio::test]
async fn says_what_is_wrong_in_the_way_of_graphql() {
    let server = ward().await;
    let message = assert_error(&server.query("/fhir/Patient/p1/$graphql", "{ nane { family } }").await, 400, "WARD-0924");
    assert!(message.contains("`name`"), "{message}");
    assert_error(&server.query("/fhir/$graphql", "{ Patient(id: p1) { id }").await, 400, "WARD-0920");
    assert_error(&server.query("/fhir/$graphql", "mutation { PatientDelete(id: p1) { id } }").await, 400, "WARD-0923");
    let message = assert_error(&server.query("/fhir/$graphql", "{ PatientList(famly: x) { id } }").await, 400, "WARD-0300");
    assert!(message.contains("family"), "{message}");
    assert_error(&server.query("/fhir/Patient/nobody/$graphql", "{ id }").await, 404, "WARD-0400");
    assert_error(&server.query("/fhir/Patients/p1/$graphql", "{ id }").await, 404, "WARD-0403");
    assert_error(&server.query("/fhir/Patient/$graphql", "{ ObservationList { id } }").await, 400, "WARD-0924");
    assert_error(&server.get("/fhir/$graphql").await, 400, "WARD-0940");
    assert_error(&server.send("POST", "/fhir/$graphql", &[JSON], "{").await, 400, "WARD-0940");
    assert_error(&server.send("POST", "/fhir/$graphql", &[JSON], r#"{"query":"{ __typename }","variables":[]}"#).await, 400, "WARD-0940");
    server.delete("/fhir/Patient/p5").await;
    assert_error(&server.query("/fhir/Patient/p5/$graphql", "{ id }").await, 410, "WARD-0402");
    server.send("POST", "/fhir/$graphql", &[("content-type", "text/plain")], "{ id }").await.refused(415, "not-supported", "WARD-0502");
    server.get("/fhir/$graphql?query=%7BPatientList%7Bid%7D%7D&other=1").await.refused(400, "not-supported", "WARD-0512");
    server.send("PUT", "/fhir/$graphql", &[JSON], "{}").await.refused(405, "not-supported", "WARD-0510");
}

#[tokio::test]
async fn speaks_graphql_to_those_who_ask_for_it() {
    let server = ward().await;
    let gone = r#"{"resourceType":"Observation","id":"lost","status":"final","code":{"text":"x"},"subject":{"reference":"http://elsewhere.example/Patient/1"}}"#;
    assert_eq!(server.put("/fhir/Observation/lost", gone).await.status, 201);
    let query = "{ Observation(id: lost) { id issued subject { resource { id } } } }";
    let reply = server.send("POST", "/fhir/$graphql", &[GRAPHQL, GRAPHQL_ACCEPT], query).await;
    assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, "application/graphql-response+json"));
    let whole = reply.json();
    assert_eq!(
        json::to_string(whole.get("data").expect("data")),
        r#"{"Observation":{"id":"lost","issued":null,"subject":{"resource":null}}}"#
    );
    let error = whole.list("errors").next().expect("an error");
    assert_eq!(json::to_string(error.get("path").expect("a path")), r#"["Observation","subject","resource"]"#);
    assert_eq!(json::to_string(error.get("locations").expect("locations")), r#"[{"line":1,"column":47}]"#);
    // FHIR wants no data beside an error.
    let reply = server.query("/fhir/$graphql", query).await;
    assert_error(&reply, 400, "WARD-0932");
    assert_eq!(reply.json().get("data"), Some(&Value::Null));
}

#[tokio::test]
async fn keeps_within_the_limits_of_the_settings() {
    let settings = interaction::Settings { max_count: 3, ..interaction::Settings::default() };
    let server = TestServer::with(settings, rest::Settings::default());
    for number in 0..5 {
        server.put(&format!("/fhir/Patient/p{number}"), &format!(r#"{{"resourceType":"Patient","id":"p{number}"}}"#)).await;
    }
    let message = assert_error(&server.query("/fhir/$graphql", "{ PatientList { id } }").await, 400, "WARD-0936");
    assert!(message.contains("more than 3"), "{message}");
    assert_eq!(server.query("/fhir/$graphql", "{ PatientList(_count: 3) { id } }").await.status, 200);
    assert_error(&server.query("/fhir/$graphql", "{ PatientList(_count: 4) { id } }").await, 400, "WARD-0936");
    let long = format!("{{ PatientList {{ {} }} }}", "id ".repeat(100_000));
    server.query("/fhir/$graphql", &long).await.refused(413, "too-long", "WARD-0504");
}

#[tokio::test]
async fn tells_of_its_own_schema() {
    let server = ward().await;
    let query = r#"{ __schema { queryType { name } } __type(name: "Patient") { kind fields { name } } }"#;
    let reply = server.query("/fhir/$graphql", query).await;
    assert!(
        reply.text().starts_with(
            r#"{"data":{"__schema":{"queryType":{"name":"Query"}},"__type":{"kind":"OBJECT","fields":[{"name":"resourceType"}"#
        ),
        "{}",
        reply.text()
    );
    let reply = server.query("/fhir/Patient/p1/$graphql", "{ __schema { queryType { name } } }").await;
    assert_data(&reply, r#"{"__schema":{"queryType":{"name":"Patient"}}}"#);
}
