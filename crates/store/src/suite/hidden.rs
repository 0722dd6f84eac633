//! Searches of those who may not see everything.

use crate::entry::Param;
use crate::query::{Answer, Direction, Filter, Include, MAX_INCLUDED, Query, Subject, Visible};

use super::sample::{coded, kind, local, query, query_of, sample, token};
use super::world::{World, references};

/// What has the code `shown`, or anything of the type, of these types.
fn visible(listed: &[(&str, bool)]) -> Option<Visible> {
    let shown = |of: &str| Filter::Match(Param::of(of, "code"), coded("|shown"));
    let subject = |(of, is_all): &(&str, bool)| Subject { kind: kind(of), filter: if *is_all { Filter::everything() } else { shown(of) } };
    Some(listed.iter().map(subject).collect::<Vec<_>>().into())
}

fn include(direction: Direction, source: &str, code: &str) -> Include {
    Include { direction, source: kind(source), params: vec![Param::of(source, code)], target: None, iterate: true }
}

async fn brought(world: &World, of: &str, id: &str, include: &[Include], visible: Option<Visible>) -> Answer {
    world.search(&Query { include: include.to_vec(), visible, ..query_of(of, Filter::Id(vec![id.into()])) }).await
}

pub(super) async fn is_not_brought_along(mut world: World) {
    let about = |id: &str, code: &str| sample(id).with("code", token("", code)).with("subject", local("Patient/1")).put();
    world
        .put(vec![
            sample("Patient/1").with("code", token("", "shown")).put(),
            about("Observation/1", "shown"),
            about("Observation/2", "hidden"),
            about("Encounter/1", "shown"),
        ])
        .await;
    world.restart().await;
    let reverse = ["Observation", "Encounter"].map(|of| include(Direction::Reverse, of, "subject"));
    let found = async |visible| references(&brought(&world, "Patient", "1", &reverse, visible).await.included);
    assert_eq!(found(None).await, ["Encounter/1", "Observation/1", "Observation/2"]);
    assert_eq!(found(visible(&[("Observation", false)])).await, ["Observation/1"], "by the filter of its type, if that is listed");
    assert_eq!(found(visible(&[("Observation", true), ("Patient", true)])).await, ["Observation/1", "Observation/2"]);
    assert_eq!(found(visible(&[("Observation", false), ("Encounter", true)])).await, ["Encounter/1", "Observation/1"]);
    assert_eq!(found(Some(Visible::nothing())).await, Vec::<String>::new());
    let twice = visible(&[("Encounter", false), ("Observation", false), ("Observation", true)]);
    assert_eq!(found(twice).await, ["Encounter/1", "Observation/1", "Observation/2"], "what passes one of two filters");

    let forward = [include(Direction::Forward, "Observation", "subject")];
    let found = async |visible| references(&brought(&world, "Observation", "1", &forward, visible).await.included);
    assert_eq!(found(visible(&[("Patient", false)])).await, ["Patient/1"]);
    assert_eq!(found(visible(&[("Observation", true)])).await, Vec::<String>::new());
    // What is hidden becomes visible by a write, and hidden again.
    world.put(vec![sample("Patient/1").put()]).await;
    assert_eq!(found(visible(&[("Patient", false)])).await, Vec::<String>::new());
    world.put(vec![sample("Patient/1").with("code", token("", "shown")).put()]).await;
    assert_eq!(found(visible(&[("Patient", false)])).await, ["Patient/1"]);
}

/// 1 is part of 2, which is hidden and part of 3; 4 is part of 3.
pub(super) async fn leads_nowhere(world: World) {
    let part = |id: usize, of: usize, code: &str| {
        sample(&format!("Location/{id}")).with("code", token("", code)).with("partof", local(&format!("Location/{of}"))).put()
    };
    let at = sample("Observation/1").with("at", local("Location/1")).put();
    world.put(vec![part(1, 2, "shown"), part(2, 3, "hidden"), part(3, 3, "shown"), part(4, 3, "shown"), at]).await;
    let forward = [include(Direction::Forward, "Observation", "at"), include(Direction::Forward, "Location", "partof")];
    let found =
        async |of: &str, id: &str, includes: &[Include], visible| references(&brought(&world, of, id, includes, visible).await.included);
    let shown = || visible(&[("Location", false)]);
    assert_eq!(found("Observation", "1", &forward, None).await, ["Location/1", "Location/2", "Location/3"]);
    assert_eq!(found("Observation", "1", &forward, shown()).await, ["Location/1"]);
    let reverse = [include(Direction::Reverse, "Location", "partof"), include(Direction::Reverse, "Observation", "at")];
    assert_eq!(found("Location", "3", &reverse, None).await, ["Location/1", "Location/2", "Location/4", "Observation/1"]);
    assert_eq!(found("Location", "3", &reverse, visible(&[("Location", false), ("Observation", true)])).await, ["Location/4"]);
    // What may be seen is asked of other resources too: a location whose whole may be seen.
    let whole = Filter::Chain(
        Param::of("Location", "partof"),
        vec![(kind("Location"), Filter::Match(Param::of("Location", "code"), coded("|shown")))],
    );
    let by_whole = || Some(Visible::from(vec![Subject { kind: kind("Location"), filter: whole.clone() }]));
    assert_eq!(found("Location", "3", &reverse, by_whole()).await, ["Location/2", "Location/4"]);
}

pub(super) async fn is_not_counted(world: World) {
    let visit = |id: usize| {
        let code = if id.is_multiple_of(2) { "shown" } else { "hidden" };
        sample(&format!("Encounter/{id:04}")).with("code", token("", code)).with("at", local("Location/1")).put()
    };
    world.put(vec![sample("Location/1").put()]).await;
    world.put((0..2 * MAX_INCLUDED).map(visit).collect()).await;
    let visits = [include(Direction::Reverse, "Encounter", "at")];
    let shown = || visible(&[("Encounter", false)]);
    let full = brought(&world, "Location", "1", &visits, shown()).await;
    assert_eq!((full.included.len(), full.truncated), (MAX_INCLUDED, false), "as many as may come along may be seen");
    world.put(vec![visit(2 * MAX_INCLUDED + 1)]).await;
    assert_eq!(brought(&world, "Location", "1", &visits, shown()).await, full, "one more that is hidden");
    world.put(vec![visit(2 * MAX_INCLUDED)]).await;
    let more = brought(&world, "Location", "1", &visits, shown()).await;
    assert_eq!((more.included.len(), more.truncated), (MAX_INCLUDED, true), "one more that may be seen");
    // Nor do the bytes of what is hidden fill a page.
    let size: usize = full.matches.iter().chain(&full.included).filter_map(|version| version.text()).map(|text| text.len()).sum();
    let query = Query { include: visits.to_vec(), visible: shown(), most_bytes: Some(size), ..query_of("Location", Filter::everything()) };
    world.delete(&format!("Encounter/{:04}", 2 * MAX_INCLUDED)).await;
    assert_eq!(world.search(&query).await, full);
}

/// More hidden resources than an engine counts one by one.
pub(super) async fn is_not_told_of(world: World) {
    let one = |id: usize| {
        let code = if id < 3_000 { "shown" } else { "hidden" };
        sample(&format!("Observation/{id}")).with("code", token("", code)).with("all", token("", "all")).dated(id as i64 % 7).put()
    };
    world.put((0..3_000).map(one).collect()).await;
    let all = || Filter::Match(Param::of("Observation", "all"), coded("|all"));
    let shown = || Filter::Match(Param::of("Observation", "code"), coded("|shown"));
    let filter = Filter::All(vec![all(), shown()]);
    let asked = Query { total: true, estimate: true, explain: true, count: 10, visible: Some(Visible::nothing()), ..query(filter) };
    let before = world.search(&asked).await;
    assert_eq!((before.total, before.matches.len()), (Some(3_000), 10));
    assert_eq!(before.explanation, None, "how it was found tells how many were looked at");
    world.put((3_000..9_000).map(one).collect()).await;
    assert_eq!(world.search(&asked).await, before);
    assert!(world.search(&Query { visible: None, ..asked }).await.explanation.is_some());
}

/// What was found for one is not given to another who asks the same.
pub(super) async fn is_kept_apart(world: World) {
    let at = |id: &str, code: &str| sample(id).with("code", token("", code)).with("at", local("Location/1")).put();
    world.put(vec![sample("Location/1").put(), at("Encounter/1", "shown"), at("Encounter/2", "hidden")]).await;
    let visits = [include(Direction::Reverse, "Encounter", "at")];
    let all = ["Encounter/1", "Encounter/2"];
    for _ in 0..3 {
        let found = async |visible| references(&brought(&world, "Location", "1", &visits, visible).await.included);
        assert_eq!(found(visible(&[("Encounter", true)])).await, all);
        assert_eq!(found(visible(&[("Encounter", false)])).await, ["Encounter/1"]);
        assert_eq!(found(visible(&[("Encounter", true)])).await, all);
        assert_eq!(found(Some(Visible::nothing())).await, Vec::<String>::new());
        assert_eq!(found(None).await, all);
    }
}
