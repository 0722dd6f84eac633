//! Searches of a moment that is past.

use crate::entry::{Param, Span};
use crate::query::{Compare, Direction, Filter, Include, Page, Query, Sort, SortBy};

use super::sample::{coded, has, kind, local, param, query, query_of, sample, token};
use super::world::{START, World, ids, references};

/// What passes the filter as of a second after the start.
fn at(second: i64, filter: Filter) -> Query {
    Query { as_of: Some(START + 1000 * second), total: true, ..query(filter) }
}

async fn at_second(world: &World, second: i64) {
    world.clock.set(START + 1000 * second);
}

/// The ids found, and the total.
async fn found(world: &World, query: &Query) -> (Vec<String>, Option<u64>) {
    let answer = world.search(query).await;
    (ids(&answer.matches), answer.total)
}

/// `o1` changes its code, `o2` is deleted, `o3` comes later and `o4` stays: seconds 0 to 4.
async fn story(world: &World) {
    let with = |id: &str, code: &str| sample(&format!("Observation/{id}")).with("code", token("s", code)).put();
    world.put(vec![with("o1", "a"), with("o2", "a"), with("o4", "a")]).await;
    at_second(world, 1).await;
    world.put(vec![with("o1", "b")]).await;
    at_second(world, 2).await;
    world.delete("Observation/o2").await;
    at_second(world, 3).await;
    world.put(vec![with("o3", "a")]).await;
    at_second(world, 4).await;
    world.put(vec![with("o2", "b")]).await;
}

pub(super) async fn is_what_was_there(mut world: World) {
    story(&world).await;
    for _ in 0..2 {
        let a = || has("code", coded("s|a"));
        let all = Filter::everything;
        assert_eq!(found(&world, &at(-1, all())).await, (vec![], Some(0)), "nothing was there yet");
        assert_eq!(found(&world, &at(0, a())).await, (vec!["o4".into(), "o2".into(), "o1".into()], Some(3)));
        assert_eq!(found(&world, &at(1, a())).await, (vec!["o4".into(), "o2".into()], Some(2)));
        assert_eq!(found(&world, &at(2, a())).await, (vec!["o4".into()], Some(1)));
        assert_eq!(found(&world, &at(2, all())).await, (vec!["o4".into(), "o1".into()], Some(2)));
        assert_eq!(found(&world, &at(3, a())).await, (vec!["o3".into(), "o4".into()], Some(2)));
        assert_eq!(found(&world, &at(4, Filter::Not(Box::new(a())))).await, (vec!["o2".into(), "o1".into()], Some(2)));
        assert_eq!(found(&world, &at(9, all())).await, found(&world, &Query { total: true, ..query(all()) }).await);
        world.restart().await;
    }
}

pub(super) async fn has_the_versions_of_then(world: World) {
    story(&world).await;
    let answer = world.search(&at(0, Filter::Id(vec!["o1".into()]))).await;
    assert_eq!(answer.matches.iter().map(|version| (version.version, version.last_updated)).collect::<Vec<_>>(), [(1, START)]);
    let first = world.store().vread(super::sample::TENANT, &answer.matches[0].key, 1).await.expect("a read");
    assert_eq!(Some(&answer.matches[0]), first.as_ref());
    let written = Filter::LastUpdated(Compare::Equal, Span { first: START + 1000, last: START + 1000 });
    assert_eq!(found(&world, &at(0, written.clone())).await.1, Some(0));
    assert_eq!(found(&world, &at(2, written)).await.0, ["o1"]);
}

pub(super) async fn orders_and_pages_stay(world: World) {
    for number in 0..9 {
        let id = format!("Observation/o{number}");
        world.put(vec![sample(&id).with("code", token("s", &number.to_string())).dated(100 - number).put()]).await;
    }
    let by = |by| vec![Sort { by, descending: true }];
    for sort in [Vec::new(), by(SortBy::Id), by(SortBy::LastUpdated), by(SortBy::Date), by(SortBy::Params(vec![param("code")]))] {
        let whole = Query { sort, ..at(0, Filter::everything()) };
        let expected = found(&world, &whole).await;
        let (mut query, mut paged) = (Query { count: 2, ..whole }, Vec::new());
        for turn in 0..20 {
            at_second(&world, turn + 1).await;
            let answer = world.search(&query).await;
            paged.extend(ids(&answer.matches));
            let Some(next) = answer.next else { break };
            query.page = Page::After(next);
            // Each page comes after everything has changed: the codes, the dates, what is there.
            let other = (paged.len() * 5) % 9;
            let changed = sample(&format!("Observation/o{other}")).with("code", token("s", "x")).dated(turn * 1000).marked(turn as u64);
            world.put(vec![changed.put(), sample(&format!("Observation/n{turn}")).put()]).await;
            world.delete(&format!("Observation/o{}", (other + 4) % 9)).await;
        }
        assert_eq!((paged, Some(9)), expected);
        assert_eq!(expected.0.len(), 9);
    }
}

pub(super) async fn other_resources_are_of_then(world: World) {
    let named = |name: &str| sample("Patient/p1").with("name", token("", name)).put();
    let about = |target: &str| sample("Observation/o1").with("subject", local(target)).put();
    world.put(vec![named("old"), sample("Patient/p2").with("name", token("", "old")).put(), about("Patient/p1")]).await;
    at_second(&world, 1).await;
    world.put(vec![named("new")]).await;
    at_second(&world, 2).await;
    world.put(vec![about("Patient/p2")]).await;
    let patient = kind("Patient");
    let name = |name: &str| Filter::Match(Param::of("Patient", "name"), coded(&format!("|{name}")));
    let chain = |of: &str| Filter::Chain(param("subject"), vec![(patient, name(of))]);
    for (second, old, new) in [(0, 1, 0), (1, 0, 1), (2, 1, 0)] {
        let totals = (found(&world, &at(second, chain("old"))).await.1, found(&world, &at(second, chain("new"))).await.1);
        assert_eq!(totals, (Some(old), Some(new)), "at second {second}");
    }
    let had = Filter::Has(kind("Observation"), param("subject"), Box::new(Filter::everything()));
    let patients = |second: i64| Query { as_of: Some(START + 1000 * second), ..query_of("Patient", had.clone()) };
    assert_eq!(found(&world, &patients(1)).await.0, ["p1"]);
    assert_eq!(found(&world, &patients(2)).await.0, ["p2"]);
    let include =
        |direction| vec![Include { direction, source: kind("Observation"), params: vec![param("subject")], target: None, iterate: false }];
    let forward = world.search(&Query { include: include(Direction::Forward), ..at(0, Filter::everything()) }).await;
    assert_eq!(
        forward.included.iter().map(|version| (version.key.to_string(), version.version)).collect::<Vec<_>>(),
        [("Patient/p1".into(), 1)]
    );
    let all = Query { include: include(Direction::Reverse), ..query_of("Patient", Filter::Id(vec!["p1".into()])) };
    let brought = |second: i64| Query { as_of: Some(START + 1000 * second), ..all.clone() };
    assert_eq!(references(&world.search(&brought(1)).await.included), ["Observation/o1"]);
    assert!(world.search(&brought(2)).await.included.is_empty());
}
