//! Histories: which versions are seen, how many there are said to be, where pages end.

use access::{Act, Verdict};
use store::Store;
use store::contract::ReadError;
use store::query::{History, HistoryQuery, Scope};

use super::world::{TENANT, World, everything, key, kind, nothing, observation, with_all};

fn of(scope: Scope) -> HistoryQuery {
    HistoryQuery { tenant: TENANT, scope, since: None, until: None, before: None, most_bytes: None, count: 100 }
}

fn instance(reference: &str) -> HistoryQuery {
    of(Scope::Instance(key(reference)))
}

/// What a history has, newest first: `Patient/1/2`.
fn listed(history: &History) -> Vec<String> {
    history.versions.iter().map(|version| format!("{}/{}", version.key, version.version)).collect()
}

#[tokio::test]
async fn an_instance_that_is_hidden_has_no_history() {
    let world = World::hospital().await;
    world.put(&observation("o2", "2", "amended")).await;
    let gate = world.gate(world.own("1"));
    for hidden in ["Observation/o2", "Patient/2", "Practitioner/doc", "Observation/none"] {
        let history = gate.history(&instance(hidden)).await.expect("a history");
        assert_eq!((listed(&history), history.total, history.next), (Vec::new(), 0, None), "{hidden}");
    }
    assert_eq!(listed(&gate.history(&instance("Observation/o1")).await.expect("a history")), ["Observation/o1/1"]);
}

#[tokio::test]
async fn versions_about_somebody_else_are_left_out() {
    let world = World::hospital().await;
    for patient in ["2", "1", "2", "1"] {
        world.put(&observation("moved", patient, "final")).await;
    }
    let one = world.gate(world.own("1"));
    let history = one.history(&instance("Observation/moved")).await.expect("a history");
    assert_eq!((listed(&history), history.total), (vec!["Observation/moved/4".to_owned(), "Observation/moved/2".to_owned()], 2));
    let two = world.gate(world.own("2"));
    assert_eq!(two.history(&instance("Observation/moved")).await.expect("a history").total, 0, "it is about somebody else now");
}

#[tokio::test]
async fn a_deletion_is_seen_by_whom_saw_what_was_deleted() {
    let world = World::hospital().await;
    world.delete("Observation/o1").await;
    world.delete("Observation/o2").await;
    let gate = world.gate(world.own("1"));
    let history = gate.history(&instance("Observation/o1")).await.expect("a history");
    assert_eq!(listed(&history), ["Observation/o1/2", "Observation/o1/1"]);
    assert_eq!(gate.history(&instance("Observation/o2")).await.expect("a history").total, 0);
    let all = gate.history(&of(Scope::Type(kind("Observation")))).await.expect("a history");
    assert_eq!((listed(&all), all.total), (vec!["Observation/o1/2".to_owned(), "Observation/o1/1".to_owned()], 2));
}

#[tokio::test]
async fn pages_and_totals_count_what_is_seen() {
    let world = World::empty();
    for number in 0..30 {
        world.put(&observation(&format!("o{number}"), if number % 4 == 0 { "1" } else { "2" }, "final")).await;
    }
    let gate = world.gate(world.own("1"));
    for scope in [Scope::Type(kind("Observation")), Scope::System] {
        let mut query = HistoryQuery { count: 3, ..of(scope) };
        let (mut pages, mut seen) = (Vec::new(), Vec::new());
        loop {
            let page = gate.history(&query).await.expect("a history");
            assert_eq!(page.total, 8);
            pages.push(page.versions.len());
            seen.extend(listed(&page));
            match page.next {
                Some(row) => query.before = Some(row),
                None => break,
            }
        }
        assert_eq!(pages, [3, 3, 2]);
        let expected: Vec<String> = (0..8).rev().map(|number| format!("Observation/o{}/1", number * 4)).collect();
        assert_eq!(seen, expected);
    }
    let only_total = HistoryQuery { count: 0, ..of(Scope::System) };
    let counted = gate.history(&only_total).await.expect("a history");
    assert_eq!((counted.versions.len(), counted.total, counted.next), (0, 8, None));
}

#[tokio::test]
async fn a_page_ends_before_it_has_too_many_bytes() {
    let world = World::empty();
    for number in 0..6 {
        world.put(&observation(&format!("o{number}"), "1", "final")).await;
    }
    let gate = world.gate(world.own("1"));
    let page = gate.history(&HistoryQuery { most_bytes: Some(1), ..of(Scope::System) }).await.expect("a history");
    assert_eq!((listed(&page), page.total), (vec!["Observation/o5/1".to_owned()], 6));
    assert!(page.next.is_some());
}

#[tokio::test]
async fn the_last_page_does_not_tell_that_hidden_versions_follow() {
    let world = World::empty();
    world.put(&observation("hidden", "2", "final")).await;
    world.put(&observation("seen", "1", "final")).await;
    let gate = world.gate(world.own("1"));
    let page = gate.history(&HistoryQuery { count: 1, ..of(Scope::System) }).await.expect("a history");
    assert_eq!((page.versions.len(), page.next), (1, None));
}

#[tokio::test]
async fn types_that_are_refused_are_in_no_history_of_all() {
    let world = World::hospital().await;
    let gate = world.gate(nothing().with(kind("Practitioner"), Act::Search, Verdict::Allowed));
    assert_eq!(listed(&gate.history(&of(Scope::System)).await.expect("a history")), ["Practitioner/doc/1"]);
    assert_eq!(gate.history(&of(Scope::Type(kind("Patient")))).await.expect("a history").total, 0);
    assert_eq!(world.gate(nothing()).history(&of(Scope::System)).await.expect("a history").total, 0);
    let all = world.store.history(&of(Scope::System)).await;
    assert_eq!(world.gate(everything()).history(&of(Scope::System)).await, all);
}

#[tokio::test]
async fn the_history_of_an_instance_needs_the_right_to_read() {
    let world = World::hospital().await;
    let gate = world.gate(nothing().with(kind("Patient"), Act::Search, Verdict::Allowed));
    assert_eq!(gate.history(&instance("Patient/1")).await.expect("a history").total, 0);
    let gate = world.gate(nothing().with(kind("Patient"), Act::Read, Verdict::Allowed));
    assert_eq!(gate.history(&instance("Patient/1")).await.expect("a history").total, 1);
    assert_eq!(gate.history(&of(Scope::Type(kind("Patient")))).await.expect("a history").total, 0);
}

#[tokio::test]
async fn a_history_that_is_too_long_to_be_judged_is_refused() {
    let world = World::empty();
    let puts = (0..10_001).map(|number| world.ready(&observation(&format!("o{number}"), "2", "final"))).collect();
    let commit = store::commit::Commit { put: puts, ..super::world::commit() };
    world.store.commit(commit).await.expect("it is written");
    let gate = world.gate(world.own("1"));
    assert!(matches!(gate.history(&of(Scope::System)).await, Err(ReadError::TooCostly(_))));
    // Whoever sees all of a type waits for nothing.
    let gate = world.gate(with_all(world.own("1"), "Observation"));
    assert_eq!(gate.history(&of(Scope::Type(kind("Observation")))).await.expect("a history").total, 10_001);
}
