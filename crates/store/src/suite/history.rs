//! Histories.

use crate::query::{HistoryQuery, Scope};

use super::sample::{TENANT, key, kind, sample};
use super::world::{START, World};

fn of(scope: Scope) -> HistoryQuery {
    HistoryQuery { tenant: TENANT, scope, since: None, until: None, before: None, most_bytes: None, count: 100 }
}

/// Five versions, a second apart: Patient/1, Patient/1, Observation/1, Patient/2, and the deletion of Patient/1.
async fn five(world: &World) {
    for (second, reference) in ["Patient/1", "Patient/1", "Observation/1", "Patient/2"].into_iter().enumerate() {
        world.clock.set(START + 1000 * second as i64);
        world.put(vec![sample(reference).put()]).await;
    }
    world.clock.set(START + 4000);
    world.delete("Patient/1").await;
}

/// The versions of a page, its end and the total.
async fn told(world: &World, query: &HistoryQuery) -> (Vec<String>, Option<u64>, u64) {
    let history = world.store().history(query).await.expect("a history");
    let versions = history.versions.iter().map(|version| format!("{}/{}", version.key, version.version)).collect();
    (versions, history.next, history.total)
}

pub(super) async fn of_one_type_and_all(mut world: World) {
    five(&world).await;
    world.restart().await;
    let all = ["Patient/1/3", "Patient/2/1", "Observation/1/1", "Patient/1/2", "Patient/1/1"];
    assert_eq!(told(&world, &of(Scope::System)).await.0, all);
    let (versions, next, total) = told(&world, &of(Scope::Type(kind("Patient")))).await;
    assert_eq!((versions, next, total), (["Patient/1/3", "Patient/2/1", "Patient/1/2", "Patient/1/1"].map(String::from).into(), None, 4));
    assert_eq!(told(&world, &of(Scope::Instance(key("Patient/1")))).await.0, ["Patient/1/3", "Patient/1/2", "Patient/1/1"]);
    assert_eq!(told(&world, &of(Scope::Instance(key("Patient/9")))).await, (vec![], None, 0));
}

pub(super) async fn in_time(world: World) {
    five(&world).await;
    let between = |since, until| HistoryQuery { since, until, ..of(Scope::System) };
    assert_eq!(told(&world, &between(Some(START + 3000), None)).await.0, ["Patient/1/3", "Patient/2/1"]);
    assert_eq!(told(&world, &between(None, Some(START + 1000))).await.0, ["Patient/1/2", "Patient/1/1"]);
    let (versions, _, total) = told(&world, &between(Some(START + 1), Some(START + 2000))).await;
    assert_eq!((versions, total), (vec!["Observation/1/1".to_owned(), "Patient/1/2".to_owned()], 2));
}

pub(super) async fn in_pages(world: World) {
    five(&world).await;
    let mut query = HistoryQuery { count: 2, ..of(Scope::Type(kind("Patient"))) };
    let (first, next, total) = told(&world, &query).await;
    assert_eq!((first, total), (vec!["Patient/1/3".to_owned(), "Patient/2/1".to_owned()], 4));
    world.put(vec![sample("Patient/3").put()]).await;
    query.before = next;
    let (second, end, total) = told(&world, &query).await;
    assert_eq!((second, end, total), (vec!["Patient/1/2".to_owned(), "Patient/1/1".to_owned()], None, 5));
    query.count = 0;
    assert_eq!(told(&world, &query).await, (vec![], None, 5));
}

pub(super) async fn in_pages_of_so_many_bytes(world: World) {
    five(&world).await;
    let all = of(Scope::System);
    let size = world.store().history(&all).await.expect("a history").versions.iter().filter_map(|it| it.text()).map(|it| it.len()).max();
    let size = size.expect("texts");
    for (most_bytes, pages) in [(0, 5..=5), (1, 5..=5), (2 * size, 2..=3), (5 * size, 1..=1)] {
        let mut query = HistoryQuery { most_bytes: Some(most_bytes), ..all.clone() };
        let mut seen = Vec::new();
        for page in 1.. {
            let (versions, next, total) = told(&world, &query).await;
            assert_eq!(total, 5);
            seen.extend(versions);
            query.before = next;
            if next.is_none() {
                assert!(pages.contains(&page), "{page} pages of {most_bytes} bytes");
                break;
            }
        }
        assert_eq!(seen, told(&world, &all).await.0);
    }
}
