//! `PUT /fhir/{type}?criteria`.

use interaction::Settings;
use store::CommitError;

use crate::faulty_store::Fault;
use crate::server::{Reply, TestServer};

const JSON: (&str, &str) = ("content-type", "application/fhir+json");

fn patient(id: &str, number: &str) -> String {
    let id = if id.is_empty() { String::new() } else { format!(r#""id":"{id}","#) };
    format!(r#"{{"resourceType":"Patient",{id}"identifier":[{{"system":"http://h","value":"{number}"}}]}}"#)
}

fn told(reply: &Reply) -> (u16, &str) {
    (reply.status.as_u16(), reply.header("etag"))
}

#[tokio::test]
async fn creates_what_is_not_there_and_updates_what_is() {
    let server = TestServer::new();
    let first = server.put("/fhir/Patient?identifier=http://h|1", &patient("", "1")).await;
    assert_eq!(told(&first), (201, "W/\"1\""), "{}", first.text());
    let id = first.json().text("id").expect("an id").to_owned();
    assert_eq!(first.header("location"), format!("http://ward.test/fhir/Patient/{id}/_history/1"));
    let second = server.put("/fhir/Patient?identifier=http://h|1&_pretty=true", &patient("", "1")).await;
    assert_eq!(told(&second), (200, "W/\"2\""));
    assert_eq!(second.json().text("id"), Some(id.as_str()));
    assert_eq!(told(&server.put("/fhir/Patient?identifier=http://h|1", &patient(&id, "1")).await), (200, "W/\"3\""));
    assert_eq!(server.get("/fhir/Patient").await.entries().len(), 1);
}

#[tokio::test]
async fn minds_the_id_of_the_resource() {
    let server = TestServer::new();
    let as_named = server.put("/fhir/Patient?identifier=http://h|1", &patient("mine", "1")).await;
    assert_eq!((as_named.status.as_u16(), as_named.entries().len()), (201, 0));
    assert_eq!(server.get("/fhir/Patient/mine").await.status, 200);
    server.put("/fhir/Patient?identifier=http://h|1", &patient("other", "1")).await.refused(400, "invalid", "WARD-0461");
    server.put("/fhir/Patient?identifier=http://h|2", &patient("mine", "2")).await.refused(409, "conflict", "WARD-0460");
    server.put("/fhir/Patient?identifier=http://h|2", &patient("not_an_id", "2")).await.refused(400, "value", "WARD-0404");
    server.delete("/fhir/Patient/mine").await;
    assert_eq!(told(&server.put("/fhir/Patient?identifier=http://h|1", &patient("mine", "1")).await), (201, "W/\"3\""));
}

#[tokio::test]
async fn refuses_criteria_that_choose_too_much_or_nothing_certain() {
    let server = TestServer::new();
    server.put("/fhir/Patient/a", &patient("a", "1")).await;
    server.put("/fhir/Patient/b", &patient("b", "1")).await;
    server.put("/fhir/Patient?identifier=http://h|1", &patient("", "1")).await.refused(412, "multiple-matches", "WARD-0413");
    server.put("/fhir/Patient", &patient("", "1")).await.refused(400, "invalid", "WARD-0414");
    server.put("/fhir/Patient?_format=json", &patient("", "1")).await.refused(400, "invalid", "WARD-0414");
    server.put("/fhir/Patient?shoesize=1", &patient("", "1")).await.refused(400, "not-supported", "WARD-0300");
    server.put("/fhir/Observation?code=1", &patient("", "1")).await.refused(400, "invalid", "WARD-0405");
    let lenient = [JSON, ("prefer", "handling=lenient")];
    let reply = server.send("PUT", "/fhir/Patient?shoesize=1", &lenient, patient("", "1")).await;
    reply.refused(400, "not-supported", "WARD-0300");
}

#[tokio::test]
async fn minds_conditions_on_the_version() {
    let server = TestServer::new();
    let send = async |name, value| {
        let reply = server.send("PUT", "/fhir/Patient?identifier=http://h|1", &[JSON, (name, value)], patient("", "1")).await;
        (reply.status.as_u16(), reply.json_number().unwrap_or_default())
    };
    assert_eq!(send("if-match", "W/\"1\"").await, (412, "WARD-0408".to_owned()));
    assert_eq!(send("if-none-match", "*").await, (201, String::new()));
    assert_eq!(send("if-none-match", "*").await, (412, "WARD-0410".to_owned()));
    assert_eq!(send("if-match", "W/\"7\"").await, (412, "WARD-0408".to_owned()));
    assert_eq!(send("if-match", "W/\"1\"").await, (200, String::new()));
}

#[tokio::test]
async fn leaves_ids_to_the_server_when_set_so() {
    let settings = Settings { update_create: false, ..Settings::default() };
    let server = TestServer::with(settings, rest::Settings::default());
    server.put("/fhir/Patient?identifier=http://h|1", &patient("mine", "1")).await.refused(405, "not-supported", "WARD-0407");
    assert_eq!(server.put("/fhir/Patient?identifier=http://h|1", &patient("", "1")).await.status, 201);
}

#[tokio::test]
async fn makes_one_resource_however_many_ask_for_it() {
    let server = TestServer::new();
    let body = patient("", "1");
    let all = (0..64).map(|_| server.put("/fhir/Patient?identifier=http://h|1", &body));
    let replies = futures_util::future::join_all(all).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 1);
    assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 63);
    server.fail(Some(Fault::Lose(3)));
    assert_eq!(server.put("/fhir/Patient?identifier=http://h|2", &patient("", "2")).await.status, 201);
    server.fail(Some(Fault::Lose(99)));
    server.put("/fhir/Patient?identifier=http://h|3", &patient("", "3")).await.refused(409, "transient", "WARD-0438");
    server.fail(Some(Fault::Commit(CommitError::Full)));
    server.put("/fhir/Patient?identifier=http://h|4", &patient("", "4")).await.refused(507, "no-store", "WARD-0418");
}
