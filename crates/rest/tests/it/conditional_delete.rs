//! `DELETE /fhir/{type}?criteria`.

use interaction::{ConditionalDelete, DeleteReferenced, Settings};

use crate::faulty_store::Fault;
use crate::server::TestServer;

async fn with(settings: Settings) -> TestServer {
    let server = TestServer::with(settings, rest::Settings::default());
    for (id, gender) in [("a", "male"), ("b", "female"), ("c", "female")] {
        server.put(&format!("/fhir/Patient/{id}"), &format!(r#"{{"resourceType":"Patient","id":"{id}","gender":"{gender}"}}"#)).await;
    }
    server
}

fn multiple() -> Settings {
    Settings { conditional_delete: ConditionalDelete::Multiple, max_conditional_deletes: 2, ..Settings::default() }
}

#[tokio::test]
async fn deletes_the_one_that_matches() {
    let server = with(Settings::default()).await;
    let reply = server.delete("/fhir/Patient?gender=male").await;
    assert_eq!((reply.status.as_u16(), reply.header("etag"), reply.text().as_str()), (204, "W/\"2\"", ""));
    server.get("/fhir/Patient/a").await.refused(410, "deleted", "WARD-0402");
    let nothing = server.delete("/fhir/Patient?gender=male").await;
    assert_eq!((nothing.status.as_u16(), nothing.header("etag")), (204, ""));
}

#[tokio::test]
async fn refuses_criteria_that_choose_too_much() {
    let server = with(Settings::default()).await;
    server.delete("/fhir/Patient?gender=female").await.refused(412, "multiple-matches", "WARD-0413");
    server.delete("/fhir/Patient").await.refused(400, "invalid", "WARD-0414");
    server.delete("/fhir/Patient?shoesize=1").await.refused(400, "not-supported", "WARD-0300");
    server.delete("/fhir/Patient?gender=male&_count=1").await.refused(400, "invalid", "WARD-0330");
    assert_eq!(server.get("/fhir/Patient").await.entries().len(), 3);
}

#[tokio::test]
async fn deletes_all_that_match_when_set_so_and_no_more_than_allowed() {
    let server = with(multiple()).await;
    server.delete("/fhir/Patient?gender=male,female").await.refused(412, "multiple-matches", "WARD-0462");
    assert_eq!(server.delete("/fhir/Patient?gender=female").await.status, 204);
    assert_eq!(server.get("/fhir/Patient").await.entries(), ["Patient/a"]);
    let statement = server.get("/fhir/metadata").await.text();
    assert!(statement.contains(r#""conditionalDelete":"multiple""#));
}

#[tokio::test]
async fn minds_if_match() {
    let server = with(multiple()).await;
    let send = async |path: &str, tag| server.send("DELETE", path, &[("if-match", tag)], "").await;
    send("/fhir/Patient?gender=male", "W/\"2\"").await.refused(412, "conflict", "WARD-0408");
    send("/fhir/Patient?gender=female", "W/\"1\"").await.refused(412, "multiple-matches", "WARD-0413");
    assert_eq!(send("/fhir/Patient?gender=male", "W/\"1\"").await.status, 204);
}

#[tokio::test]
async fn keeps_what_others_refer_to_when_set_so() {
    let server = with(Settings { delete_referenced: DeleteReferenced::Refuse, ..Settings::default() }).await;
    let group = r#"{"resourceType":"Group","id":"g","type":"person","actual":true,"member":[{"entity":{"reference":"Patient/a"}}]}"#;
    server.put("/fhir/Group/g", group).await;
    server.delete("/fhir/Patient?gender=male").await.refused(409, "conflict", "WARD-0412");
    server.delete("/fhir/Group?type=person").await;
    assert_eq!(server.delete("/fhir/Patient?gender=male").await.status, 204);
}

#[tokio::test]
async fn tries_again_when_it_loses_a_race() {
    let server = with(multiple()).await;
    server.fail(Some(Fault::Lose(1)));
    assert_eq!(server.delete("/fhir/Patient?gender=female").await.status, 204);
    let replies = futures_util::future::join_all((0..16).map(|_| server.delete("/fhir/Patient?gender=male"))).await;
    assert!(replies.iter().all(|reply| reply.status == 204));
    assert_eq!(replies.iter().filter(|reply| !reply.header("etag").is_empty()).count(), 1);
}
