//! Searches: what is found, counted, followed and brought along.

use access::{Act, Verdict};
use store::Store;
use store::contract::ReadError;
use store::query::{Filter, Page, Query, Subject};

use super::world::{TENANT, World, everything, found, kind, nothing, observation, references, with_all, with_rule};

fn list(references: &[&str]) -> Vec<String> {
    references.iter().map(|reference| (*reference).to_owned()).collect()
}

#[tokio::test]
async fn matches_and_totals_are_of_what_is_seen() {
    let world = World::hospital().await;
    let gate = world.gate(world.own("1"));
    assert_eq!(found(&gate, world.query("Observation", "")).await, (list(&["Observation/o1"]), Some(1)));
    assert_eq!(found(&gate, world.query("Observation", "subject=Patient/2")).await, (list(&[]), Some(0)));
    assert_eq!(found(&gate, world.query("Practitioner", "")).await, (list(&[]), Some(0)));
    assert_eq!(found(&world.gate(nothing()), world.query("Patient", "")).await, (list(&[]), Some(0)));
    assert_eq!(found(&world.gate(everything()), world.query("Patient", "")).await.1, Some(2));
}

#[tokio::test]
async fn a_search_of_several_types_finds_what_is_seen_of_each() {
    let world = World::hospital().await;
    let subjects = ["Patient", "Observation", "Practitioner"].map(|name| Subject { kind: kind(name), filter: Filter::everything() });
    let query = Query::over(TENANT, subjects.to_vec());
    let gate = world.gate(world.own("1"));
    assert_eq!(found(&gate, query.clone()).await, (list(&["Observation/o1", "Patient/1"]), Some(2)));
    assert_eq!(found(&world.gate(nothing()), query).await, (list(&[]), Some(0)));
}

#[tokio::test]
async fn chains_lead_to_what_is_seen() {
    let world = World::hospital().await;
    // Observations without a filter, patients with one.
    let gate = world.gate(with_all(world.own("1"), "Observation"));
    assert_eq!(found(&gate, world.query("Observation", "")).await.1, Some(2));
    for (criteria, expected) in [
        ("subject:Patient.family=Family1", 1),
        ("subject:Patient.family=Family2", 0),
        ("subject.name=Family2", 0),
        ("subject:Patient.general-practitioner.name=Doctor", 0),
        ("_filter=not(subject.family eq Family2)", 2),
    ] {
        assert_eq!(found(&gate, world.query("Observation", criteria)).await.1, Some(expected), "{criteria}");
    }
    let gate = world.gate(with_all(with_all(world.own("1"), "Observation"), "Practitioner"));
    assert_eq!(found(&gate, world.query("Observation", "subject:Patient.general-practitioner.name=Doctor")).await.1, Some(1));
}

#[tokio::test]
async fn has_asks_what_is_seen() {
    let world = World::hospital().await;
    let gate = world.gate(with_all(world.own("1"), "Patient"));
    for (criteria, expected) in [("_has:Observation:subject:status=final", 1), ("_has:Condition:subject:encounter=Encounter/e2", 0)] {
        assert_eq!(found(&gate, world.query("Patient", criteria)).await.1, Some(expected), "{criteria}");
    }
}

#[tokio::test]
async fn a_not_around_a_chain_sees_no_more_than_the_chain() {
    let world = World::hospital().await;
    let gate = world.gate(with_all(world.own("1"), "Observation"));
    let chain = world.filter("Observation", "subject:Patient.family=Family2");
    let not = Query::new(TENANT, kind("Observation"), Filter::Not(Box::new(chain.clone())));
    assert_eq!(found(&gate, not).await.1, Some(2), "nobody of this name is seen, so none is about them");
    let any = Query::new(TENANT, kind("Observation"), Filter::Any(vec![chain, Filter::Id(vec!["o1".into()])]));
    assert_eq!(found(&gate, any).await.1, Some(1));
}

#[tokio::test]
async fn what_is_brought_along_is_seen() {
    let world = World::hospital().await;
    let gate = world.gate(with_all(world.own("1"), "Observation"));
    let along = async |query: Query| references(&gate.search(&query).await.expect("a search").included);
    assert_eq!(along(world.query("Observation", "_include=Observation:subject")).await, list(&["Patient/1"]));
    assert_eq!(along(world.query("Patient", "_include=Patient:general-practitioner")).await, list(&[]));
    assert_eq!(along(world.query("Patient", "_revinclude=Condition:subject")).await, list(&["Condition/c1"]));
    assert_eq!(along(world.query("Group", "_include=Group:member")).await, list(&["Patient/1"]));
}

#[tokio::test]
async fn nothing_is_followed_from_what_is_hidden() {
    let world = World::hospital().await;
    let gate = world.gate(with_all(with_all(world.own("1"), "Practitioner"), "Observation"));
    let query = world.query("Observation", "subject=Patient/2&_include=Observation:subject&_include:iterate=Patient:general-practitioner");
    let answer = gate.search(&query).await.expect("a search");
    assert_eq!((references(&answer.matches), references(&answer.included)), (list(&["Observation/o2"]), list(&[])));
}

#[tokio::test]
async fn pages_are_of_what_is_seen() {
    let world = World::hospital().await;
    for number in 0..20 {
        world.put(&observation(&format!("p{number}"), if number % 3 == 0 { "1" } else { "2" }, "final")).await;
    }
    let gate = world.gate(world.own("1"));
    let mut query = Query { count: 3, ..world.query("Observation", "") };
    let mut pages = Vec::new();
    loop {
        let answer = gate.search(&query).await.expect("a search");
        pages.push(answer.matches.len());
        match answer.next {
            Some(place) => query.page = Page::After(place),
            None => break,
        }
    }
    assert_eq!(pages, [3, 3, 2]);
}

#[tokio::test]
async fn nothing_is_estimated_or_explained_where_something_is_hidden() {
    let world = World::hospital().await;
    let asked = Query { explain: true, ..world.query("Observation", "") };
    assert!(world.gate(everything()).search(&asked).await.expect("a search").explanation.is_some());
    assert!(world.gate(world.own("1")).search(&asked).await.expect("a search").explanation.is_none());
    assert!(world.gate(nothing()).search(&asked).await.expect("a search").explanation.is_none());
}

#[tokio::test]
async fn a_search_that_the_rules_make_too_large_is_refused() {
    let world = World::hospital().await;
    let deep = (0..60).fold(Filter::everything(), |inner, _| Filter::Not(Box::new(inner)));
    let gate = world.gate(with_rule(world.own("1"), "Patient", Act::Search, deep));
    let chained = world.query("Observation", "subject:Patient.link:Patient.link:Patient.family=x");
    assert!(matches!(gate.search(&chained).await, Err(ReadError::TooCostly(_))));
    let wide = (0..90_000).map(|id| Filter::Id(vec![id.to_string().into()])).collect();
    let gate = world.gate(with_rule(world.own("1"), "Patient", Act::Search, Filter::Any(wide)));
    assert!(matches!(gate.search(&chained).await, Err(ReadError::TooCostly(_))));
    assert!(gate.search(&world.query("Patient", "")).await.is_ok());
}

#[tokio::test]
async fn the_right_to_read_is_none_to_search() {
    let world = World::hospital().await;
    let gate = world.gate(nothing().with(kind("Patient"), Act::Read, Verdict::Allowed));
    assert_eq!(found(&gate, world.query("Patient", "_id=1")).await, (list(&[]), Some(0)));
}

#[tokio::test]
async fn the_data_of_another_tenant_is_nobodys_here() {
    let world = World::hospital().await;
    let gate = world.gate(everything());
    let other = Query { tenant: store::commit::Tenant(2), ..world.query("Patient", "") };
    assert!(matches!(gate.search(&other).await, Err(ReadError::Forbidden(_))));
    assert!(matches!(gate.read(store::commit::Tenant(2), &super::world::key("Patient/1")).await, Err(ReadError::Forbidden(_))));
}
