//! Chained parameters and `_has`.

use crate::entry::Param;
use crate::query::{Filter, Query, Test};

use super::sample::{coded, has, kind, local, param, query_of, sample, token};
use super::world::{World, references};

/// As deep as hierarchies are gone through.
pub(super) async fn deep(world: World) {
    const LEVELS: usize = 70;
    let patient = |level: usize| sample(&format!("Patient/{level}")).with("place", local(&format!("Patient/{}", level - 1))).put();
    world.put((1..=LEVELS).map(patient).collect()).await;
    let up = Param::of("Patient", "place");
    let nested = |step: &dyn Fn(Filter) -> Filter, first: Filter| {
        (0..62).fold(first.clone(), |nearer, _| Filter::Any(vec![first.clone(), step(nearer)]))
    };
    let top = Filter::Match(up, Test::Local("Patient/0".into()));
    let below = nested(&|nearer| Filter::Chain(up, vec![(kind("Patient"), nearer)]), top);
    let found = world.search(&Query { count: 100, ..query_of("Patient", below) }).await;
    assert_eq!(found.matches.len(), 63);
    let bottom = Filter::Id(vec![LEVELS.to_string().into()]);
    let above = nested(&|nearer| Filter::Has(kind("Patient"), up, Box::new(nearer)), bottom);
    let found = world.search(&Query { count: 100, ..query_of("Patient", above) }).await;
    assert_eq!(found.matches.len(), 63);
}

pub(super) async fn forward_and_reverse(mut world: World) {
    world
        .put(vec![
            sample("Patient/1").with("name", token("", "anna")).with("place", local("Location/1")).put(),
            sample("Patient/2").with("name", token("", "bo")).put(),
            sample("Location/1").with("name", token("", "ward")).put(),
            sample("Observation/1").with("subject", local("Patient/1")).with("code", token("", "x")).put(),
            sample("Observation/2").with("subject", local("Patient/2")).with("subject", local("Location/1")).put(),
            sample("Observation/3").with("subject", local("Patient/9")).put(),
        ])
        .await;
    let named = |of: &str, name: &str| Filter::Match(Param::of(of, "name"), coded(name));
    let subject = |of: &str, filter| Filter::Chain(param("subject"), vec![(kind(of), filter)]);
    assert_eq!(world.set(subject("Patient", named("Patient", "anna"))).await, ["1"]);
    assert_eq!(world.set(subject("Location", named("Location", "ward"))).await, ["2"]);
    assert_eq!(world.set(subject("Patient", Filter::everything())).await, ["1", "2"], "a reference to nothing leads nowhere");
    let placed = Filter::Chain(Param::of("Patient", "place"), vec![(kind("Location"), named("Location", "ward"))]);
    assert_eq!(world.set(subject("Patient", placed)).await, ["1"]);
    let either = vec![(kind("Patient"), named("Patient", "bo")), (kind("Location"), named("Location", "none"))];
    assert_eq!(world.set(Filter::Chain(param("subject"), either)).await, ["2"]);
    assert_eq!(world.set(Filter::Not(Box::new(subject("Patient", named("Patient", "anna"))))).await, ["2", "3"]);

    let observed = |filter| Filter::Has(kind("Observation"), param("subject"), Box::new(filter));
    let patients = async |world: &World, filter| references(&world.search(&query_of("Patient", filter)).await.matches);
    assert_eq!(patients(&world, observed(Filter::everything())).await, ["Patient/2", "Patient/1"]);
    assert_eq!(patients(&world, observed(has("code", coded("x")))).await, ["Patient/1"]);
    world.delete("Observation/1").await;
    world.delete("Patient/2").await;
    world.restart().await;
    assert_eq!(patients(&world, observed(Filter::everything())).await, Vec::<String>::new());
    assert_eq!(world.set(subject("Patient", Filter::everything())).await, Vec::<String>::new());
}
