//! Searches over several types.

use crate::entry::Param;
use crate::query::{Filter, Page, Query, Sort, SortBy, Subject};

use super::sample::{coded, has, kind, sample, text, token};
use super::world::{START, World, references};

fn subject(of: &str, filter: Filter) -> Subject {
    Subject { kind: kind(of), filter }
}

/// Observations with the code a, and all conditions and patients.
fn query() -> Query {
    let all = |of| subject(of, Filter::everything());
    let subjects = vec![subject("Observation", has("code", coded("a"))), all("Condition"), all("Patient")];
    Query { subjects, count: 100, ..super::sample::query(Filter::everything()) }
}

async fn fill(world: &World) {
    let made = [
        ("Condition/1", 5, "a", "m"),
        ("Observation/1", 7, "a", "z"),
        ("Observation/2", 6, "b", "a"),
        ("Patient/1", 5, "b", "c"),
        ("Encounter/1", 9, "a", "b"),
        ("Condition/2", 8, "b", "k"),
        ("Observation/3", 5, "a", "b"),
    ];
    for (step, (reference, date, code, name)) in (0..).zip(made) {
        world.clock.set(START + step / 2);
        world.put(vec![sample(reference).with("code", token("", code)).with("name", text(name)).dated(date).put()]).await;
    }
}

pub(super) async fn are_found_together(mut world: World) {
    fill(&world).await;
    world.restart().await;
    let found = async |query: &Query| references(&world.search(query).await.matches);
    let natural = ["Condition/2", "Observation/1", "Observation/3", "Patient/1", "Condition/1"];
    assert_eq!(found(&query()).await, natural, "one order for all");
    let names = ["Observation", "Condition", "Patient"].map(|of| Param::of(of, "name"));
    let by_name = Query { sort: vec![Sort { by: SortBy::Params(names.to_vec()), descending: false }], ..query() };
    assert_eq!(found(&by_name).await, ["Observation/3", "Patient/1", "Condition/2", "Condition/1", "Observation/1"]);
    let by_time = Query { sort: vec![Sort { by: SortBy::LastUpdated, descending: true }], ..query() };
    assert_eq!(found(&by_time).await, ["Observation/3", "Condition/2", "Patient/1", "Observation/1", "Condition/1"]);
    let none = Query { subjects: Vec::new(), total: true, ..query() };
    assert_eq!(world.search(&none).await.total, Some(0), "no type, no resource");
}

pub(super) async fn are_paged_together(world: World) {
    fill(&world).await;
    for sort in [vec![], vec![Sort { by: SortBy::LastUpdated, descending: false }]] {
        let whole = Query { sort, total: true, ..query() };
        let all = world.search(&whole).await.matches;
        let mut page = Query { count: 2, ..whole };
        let mut walked = Vec::new();
        loop {
            let answer = world.search(&page).await;
            assert_eq!(answer.total, Some(5), "the total is that of all types");
            walked.extend(answer.matches);
            let Some(place) = answer.next else { break };
            page.page = Page::After(place);
        }
        assert_eq!(walked, all);
    }
}
