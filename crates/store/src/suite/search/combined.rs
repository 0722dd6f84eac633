//! Filters of several parts, and filters over time.

use crate::entry::Span;
use crate::query::{Compare, Filter, Query};
use crate::suite::sample::{coded, has, query, sample, token};
use crate::suite::world::{START, World};

fn code(code: &str) -> Filter {
    has("code", coded(code))
}

fn not(filter: Filter) -> Filter {
    Filter::Not(Box::new(filter))
}

async fn three(world: &World) {
    world
        .put(vec![
            sample("Observation/1").with("code", token("s", "a")).with("code", token("s", "b")).put(),
            sample("Observation/2").with("code", token("s", "b")).put(),
            sample("Observation/3").put(),
        ])
        .await;
}

pub(in crate::suite) async fn and_or_not(world: World) {
    three(&world).await;
    let cases: [(Filter, &[&str]); 10] = [
        (Filter::everything(), &["1", "2", "3"]),
        (Filter::Any(vec![]), &[]),
        (Filter::All(vec![code("a"), code("b")]), &["1"]),
        (Filter::Any(vec![code("a"), code("b")]), &["1", "2"]),
        (not(code("a")), &["2", "3"]),
        (not(code("b")), &["3"]),
        (Filter::All(vec![code("b"), not(code("a"))]), &["2"]),
        (Filter::Any(vec![code("a"), not(code("b"))]), &["1", "3"]),
        (not(Filter::Any(vec![code("a"), Filter::Id(vec!["3".into()])])), &["2"]),
        (not(not(code("a"))), &["1"]),
    ];
    for (filter, expected) in cases {
        assert_eq!(world.set(filter.clone()).await, expected, "{filter:?}");
        let total = world.search(&Query { total: true, count: 0, ..query(filter.clone()) }).await;
        assert_eq!((total.matches, total.next, total.total), (vec![], None, Some(expected.len() as u64)), "{filter:?}");
    }
}

pub(in crate::suite) async fn ids_and_last_updated(world: World) {
    three(&world).await;
    world.clock.set(START + 1000);
    world.put(vec![sample("Observation/2").put(), sample("Patient/4").put()]).await;
    let id = |ids: &[&str]| Filter::Id(ids.iter().map(|id| Box::from(*id)).collect());
    assert_eq!(world.set(id(&["2", "4", "1", "2"])).await, ["1", "2"]);
    assert_eq!(world.set(id(&[])).await, Vec::<String>::new());
    let updated = |compare, first, last| Filter::LastUpdated(compare, Span { first: START + first, last: START + last });
    assert_eq!(world.set(updated(Compare::Equal, 0, 999)).await, ["1", "3"]);
    assert_eq!(world.set(updated(Compare::Greater, 0, 999)).await, ["2"]);
    assert_eq!(world.set(updated(Compare::GreaterOrEqual, 0, 0)).await, ["1", "2", "3"]);
    assert_eq!(world.set(updated(Compare::EndsBefore, 1000, 1000)).await, ["1", "3"]);
    assert_eq!(world.set(updated(Compare::NotEqual, 0, 999)).await, ["2"]);
}

pub(in crate::suite) async fn follows_updates_and_deletions(mut world: World) {
    three(&world).await;
    world.put(vec![sample("Observation/1").with("code", token("s", "c")).put()]).await;
    assert_eq!(world.set(code("a")).await, Vec::<String>::new(), "what a version no longer says is not found");
    assert_eq!(world.set(code("c")).await, ["1"]);
    world.delete("Observation/2").await;
    world.restart().await;
    assert_eq!(world.set(code("b")).await, Vec::<String>::new());
    assert_eq!(world.set(Filter::everything()).await, ["1", "3"]);
    assert_eq!(world.set(not(code("b"))).await, ["1", "3"], "what is deleted is not found by what it lacks");
    world.put(vec![sample("Observation/2").with("code", token("s", "d")).put()]).await;
    assert_eq!(world.set(code("d")).await, ["2"]);
    assert_eq!(world.set(code("b")).await, Vec::<String>::new());
}
