//! Contexts that act under a grant: at every moment, for everything that goes through them.

use std::sync::Arc;

use access::{Act, Touched, Verdict};
use fhir::{Value, array, json, object};
use interaction::table::Interaction;
use interaction::{
    Context, Error, HistoryRequest, ReadRequest, Returning, SearchRequest, SystemSearchRequest, UpdateRequest, VreadRequest, history,
    process, read, search, search_system, update, vread,
};
use store::commit::Key;
use store::query::Scope;

use super::samples::{kind, sample};
use super::world::{NOW, TENANT, Who, World, grant, shared};

fn key(of: &str, id: &str) -> Key {
    Key::new(kind(of), id)
}

fn forbidden<T: std::fmt::Debug>(answer: Result<T, Error>) -> String {
    match answer {
        Err(Error::Forbidden { why }) => why,
        other => panic!("expected it to be forbidden, got {other:?}"),
    }
}

async fn asked(ctx: &Context, of: &str, criteria: &str) -> Result<Value, Error> {
    let params = search::url::query_pairs(criteria).expect("criteria");
    let body = search(ctx, SearchRequest { kind: kind(of), params, lenient: false }).await?;
    Ok(json::parse(&body).expect("JSON"))
}

#[tokio::test]
async fn the_past_is_seen_under_the_same_grant() {
    let ctx = World::of(kind("Observation")).whole(Who::Patient, false);
    for then in [ctx.at(NOW + 1), ctx.clone().at(NOW + 1).acting(shared(Who::Patient))] {
        assert_eq!(then.as_of(), Some(NOW + 1));
        assert!(read(&then, ReadRequest { key: key("Observation", "own") }).await.is_ok());
        let hidden = read(&then, ReadRequest { key: key("Observation", "other") }).await;
        assert_eq!(hidden.map(|_| ()), Err(Error::NotFound(key("Observation", "other"))));
    }
    let nobody = World::of(kind("Observation")).whole(Who::Nobody, false).at(NOW + 1);
    assert!(forbidden(read(&nobody, ReadRequest { key: key("Observation", "own") }).await).contains("read Observation"));
}

#[tokio::test]
async fn a_refusal_names_act_type_and_remedy_and_no_resource() {
    let ctx = World::of(kind("Observation")).whole(Who::Nobody, false);
    for id in ["own", "none"] {
        let why = forbidden(read(&ctx, ReadRequest { key: key("Observation", id) }).await);
        assert!(why.contains("read Observation") && why.contains("whoever manages access") && !why.contains(id), "{why}");
    }
    let outcome = Error::Forbidden { why: "x".to_owned() }.outcome();
    assert_eq!((outcome.status, outcome.issues[0].number), (403, access::codes::FORBIDDEN));
}

#[tokio::test]
async fn what_the_server_brings_is_read_and_found_by_everybody() {
    let world = World::of(kind("ValueSet"));
    let ctx = world.whole(Who::Nobody, false);
    let gender = key("ValueSet", "administrative-gender");
    assert!(read(&ctx, ReadRequest { key: gender.clone() }).await.is_ok());
    assert!(vread(&ctx, VreadRequest { key: gender.clone(), version: 1 }).await.is_ok());
    assert!(history(&ctx, HistoryRequest { scope: Scope::Instance(gender), params: Vec::new() }).await.is_ok());
    let found = asked(&ctx, "ValueSet", "_id=administrative-gender,own,other&_total=accurate").await.expect("a search");
    assert_eq!(found.get("total").and_then(Value::as_number), Some("1"), "and nothing that is stored");
    let stored = read(&ctx, ReadRequest { key: key("ValueSet", "own") }).await;
    assert_eq!(stored.map(|_| ()), Err(Error::NotFound(key("ValueSet", "own"))));
    assert!(forbidden(update_of(&ctx, "ValueSet", "own").await).contains("ValueSet"));
}

async fn update_of(ctx: &Context, of: &str, id: &str) -> Result<(), Error> {
    let request = UpdateRequest { key: key(of, id), resource: sample(kind(of), id, "own"), if_match: None, if_absent: false };
    update(ctx, request).await.map(|_| ())
}

#[tokio::test]
async fn a_value_set_that_is_hidden_is_none_to_a_search_that_names_it() {
    let world = World::of(kind("ValueSet"));
    let in_own = |ctx: Context| async move { asked(&ctx, "Patient", "gender:in=ValueSet/own").await };
    let open = in_own(world.whole(Who::All, false)).await;
    let hidden = in_own(world.whole(Who::Patient, false)).await;
    let absent = in_own(world.part(Who::Patient, false)).await;
    assert_eq!(hidden, absent, "as if it had never been stored");
    assert_ne!(open, hidden, "which makes a difference");
}

#[tokio::test]
async fn a_transaction_is_refused_before_anything_is_done() {
    let world = World::of(kind("Observation"));
    let ctx = world.server_of_all().acting(Arc::new(grant(Who::All).with(kind("Condition"), Act::Create, Verdict::Refused)));
    let post = |of: &str| object! { "resource": sample(kind(of), "x", "own"), "request": object! { "method": "POST", "url": of } };
    let bundle = object! { "resourceType": "Bundle", "type": "transaction", "entry": array![post("Observation"), post("Condition")] };
    assert!(forbidden(process(&ctx, bundle, Returning::Minimal).await).contains("create Condition"));
    let body = search_system(&ctx, SystemSearchRequest { params: vec![("_type".into(), "Observation".into())], lenient: false }).await;
    let found = json::parse(&body.expect("a search")).expect("JSON");
    assert_eq!(found.list("entry").count(), 2);
}

#[tokio::test]
async fn a_reference_to_what_is_hidden_leads_to_nothing() {
    let world = World::of(kind("Observation"));
    let rule = Verdict::Where(Arc::new(store::query::Filter::everything()));
    // Anything about anybody may be created, and only oneself be seen.
    let ctx = world.server_of_all().acting(Arc::new(grant(Who::Patient).with(kind("Observation"), Act::Create, rule)));
    let create = async |patient: &str| {
        let resource = sample(kind("Observation"), "x", patient);
        interaction::create(&ctx, interaction::CreateRequest { kind: kind("Observation"), resource, if_none_exist: None }).await.map(|_| ())
    };
    assert_eq!(create("own").await, Ok(()));
    let (hidden, absent) = (create("other").await.expect_err("it is refused"), create("none").await.expect_err("it is refused"));
    let text = |error: Error| format!("{:?}", error.outcome()).replace("other", "none");
    assert_eq!(text(hidden), text(absent));
}

#[tokio::test]
async fn what_is_given_out_is_noted() {
    let world = World::of(kind("Observation"));
    let touched = Arc::new(Touched::default());
    let ctx = world.server_of_all();
    let store = ctx.server.store.clone();
    let ctx = ctx.acting_told(shared(Who::Patient), touched.clone(), store);
    asked(&ctx, "Observation", "").await.expect("a search");
    read(&ctx, ReadRequest { key: key("Patient", "own") }).await.expect("a read");
    let _ = read(&ctx.at(NOW + 1), ReadRequest { key: key("Patient", "other") }).await;
    assert_eq!(touched.take(), (vec![(key("Observation", "own"), 1), (key("Patient", "own"), 1)], false));
}

#[tokio::test]
async fn a_context_without_a_grant_does_everything() {
    let ctx = World::of(kind("Observation")).server_of_all();
    assert!(ctx.grant().is_none());
    assert_eq!(ctx.permit(Interaction::Read, Some(kind("Patient"))), Ok(()));
    assert!(read(&ctx, ReadRequest { key: key("Observation", "other") }).await.is_ok());
    assert_eq!(ctx.tenant, TENANT);
}
