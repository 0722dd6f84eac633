//! Resources brought along.

use crate::entry::Param;
use crate::query::{Answer, Direction, Filter, Include, MAX_INCLUDED, Query};

use super::sample::{kind, local, query, query_of, sample};
use super::world::{World, references};

fn include(direction: Direction, source: &str, code: &str) -> Include {
    Include { direction, source: kind(source), params: vec![Param::of(source, code)], target: None, iterate: false }
}

async fn searched(world: &World, of: &str, id: &str, include: Vec<Include>) -> Answer {
    world.search(&Query { include, ..query_of(of, Filter::Id(vec![id.into()])) }).await
}

pub(super) async fn both_ways(mut world: World) {
    world
        .put(vec![
            sample("Patient/1").put(),
            sample("Group/1").put(),
            sample("Observation/1").with("subject", local("Patient/1")).with("subject", local("Group/1")).put(),
            sample("Observation/2").with("subject", local("Patient/1")).with("focus", local("Patient/9")).put(),
        ])
        .await;
    world.put(vec![sample("Patient/2").put(), sample("Observation/3").with("subject", local("Patient/2")).put()]).await;
    world.delete("Patient/2").await;
    world.restart().await;
    let forward = include(Direction::Forward, "Observation", "subject");
    let reverse = include(Direction::Reverse, "Observation", "subject");
    let brought = async |of: &str, id: &str, what: Vec<Include>| references(&searched(&world, of, id, what).await.included);
    assert_eq!(brought("Observation", "1", vec![forward.clone()]).await, ["Group/1", "Patient/1"]);
    let patients = Include { target: Some(kind("Patient")), ..forward.clone() };
    assert_eq!(brought("Observation", "1", vec![patients]).await, ["Patient/1"]);
    assert_eq!(brought("Observation", "3", vec![forward.clone()]).await, Vec::<String>::new(), "what is deleted is not brought");
    assert_eq!(brought("Patient", "1", vec![reverse.clone()]).await, ["Observation/1", "Observation/2"]);
    let of_groups = Include { target: Some(kind("Group")), ..reverse.clone() };
    assert_eq!(brought("Patient", "1", vec![of_groups]).await, Vec::<String>::new());
    assert_eq!(brought("Observation", "2", vec![include(Direction::Forward, "Observation", "focus")]).await, Vec::<String>::new());
    let all = world.search(&Query { include: vec![forward, reverse], ..query(Filter::everything()) }).await;
    assert_eq!(references(&all.included), ["Group/1", "Patient/1"], "each once, and none that matches");
}

pub(super) async fn iterate_and_end(world: World) {
    let part = |id: usize, of: usize| sample(&format!("Location/{id}")).with("partof", local(&format!("Location/{of}"))).put();
    world.put(vec![part(1, 2), part(2, 3), part(3, 1), sample("Observation/1").with("at", local("Location/1")).put()]).await;
    let at = include(Direction::Forward, "Observation", "at");
    let once = include(Direction::Forward, "Location", "partof");
    let iterated = Include { iterate: true, ..once.clone() };
    let one = searched(&world, "Observation", "1", vec![at.clone(), once]).await;
    assert_eq!(references(&one.included), ["Location/1"]);
    let all = searched(&world, "Observation", "1", vec![at, iterated.clone()]).await;
    assert_eq!(references(&all.included), ["Location/1", "Location/2", "Location/3"]);
    assert_eq!(references(&searched(&world, "Location", "2", vec![iterated]).await.included), ["Location/1", "Location/3"]);

    let many = (0..MAX_INCLUDED + 2).map(|id| sample(&format!("Encounter/{id:04}")).with("at", local("Location/1")).put());
    world.put(many.collect()).await;
    let visits = || vec![include(Direction::Reverse, "Encounter", "at")];
    let full = searched(&world, "Location", "1", visits()).await;
    assert_eq!((full.included.len(), full.truncated), (MAX_INCLUDED, true));
    assert_eq!(references(&full.included)[0], "Encounter/0002", "the youngest are kept");
    world.delete("Encounter/0500").await;
    world.delete("Encounter/0600").await;
    let exact = searched(&world, "Location", "1", visits()).await;
    assert_eq!((exact.included.len(), exact.truncated), (MAX_INCLUDED, false));
}
