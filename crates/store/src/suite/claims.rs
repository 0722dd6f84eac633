//! Claims: nobody gets what is taken.

use crate::commit::{Claim, Commit, Conflict, Release};

use super::sample::{TENANT, act};
use super::world::{START, World};

fn claim(holder: &str, from: i64, until: i64) -> Claim {
    Claim { subject: "Location/bed".into(), from, until, capacity: 1, units: 1, holder: holder.into(), lease_until: None }
}

fn of_three(holder: &str, from: i64, until: i64, units: u32) -> Claim {
    Claim { capacity: 3, units, ..claim(holder, from, until) }
}

fn taking(claim: Vec<Claim>) -> Commit {
    Commit { claim, ..act() }
}

fn taken_by(holder: &str) -> Conflict {
    Conflict::Claimed { subject: "Location/bed".into(), holder: holder.into() }
}

async fn holders(world: &World, now: i64) -> Vec<String> {
    let claims = world.store().claims(TENANT, "Location/bed", now).await.expect("the claims");
    claims.into_iter().map(|claim| claim.holder).collect()
}

pub(super) async fn exclude_each_other(mut world: World) {
    world.commit(taking(vec![claim("b", 10, 20)])).await;
    assert_eq!(world.refused(taking(vec![claim("a", 19, 30)])).await, taken_by("b"));
    assert_eq!(world.refused(taking(vec![claim("a", 0, 11)])).await, taken_by("b"));
    assert_eq!(world.refused(taking(vec![claim("a", i64::MIN, i64::MAX)])).await, taken_by("b"));
    world.commit(taking(vec![claim("a", 20, 30), claim("c", 0, 10)])).await;
    assert_eq!(holders(&world, START).await, ["c", "b", "a"]);
    let two = taking(vec![claim("d", 40, 50), claim("e", 45, 55)]);
    assert_eq!(world.refused(two).await, taken_by("d"), "of one commit too");
    world.restart().await;
    assert_eq!(world.refused(taking(vec![claim("z", 5, 25)])).await, taken_by("c"), "the first of those that overlap");
    let elsewhere = Claim { subject: "Location/other".into(), ..claim("z", 5, 25) };
    world.commit(taking(vec![elsewhere])).await;
}

pub(super) async fn are_counted(world: World) {
    world.commit(taking(vec![of_three("a", 0, 10, 1), of_three("b", 0, 10, 1)])).await;
    assert_eq!(world.refused(taking(vec![of_three("c", 5, 6, 2)])).await, taken_by("a"));
    world.commit(taking(vec![of_three("c", 5, 6, 1)])).await;
    assert_eq!(world.refused(taking(vec![of_three("d", 0, 10, 1)])).await, taken_by("a"));
    world.commit(taking(vec![of_three("d", 6, 10, 1)])).await;
}

pub(super) async fn peak_counts_not_sum(world: World) {
    world.commit(taking(vec![of_three("a", 0, 10, 2), of_three("b", 10, 20, 2)])).await;
    world.commit(taking(vec![of_three("c", 0, 20, 1)])).await;
    assert_eq!(world.refused(taking(vec![of_three("d", 9, 11, 1)])).await, taken_by("a"));
}

pub(super) async fn expire_and_are_confirmed(world: World) {
    let leased = |holder, until| Claim { lease_until: Some(until), ..claim(holder, 0, 10) };
    world.commit(taking(vec![leased("a", START + 100)])).await;
    world.clock.set(START + 99);
    assert_eq!(world.refused(taking(vec![claim("b", 0, 10)])).await, taken_by("a"));
    assert_eq!(holders(&world, START + 100).await, Vec::<String>::new());
    world.commit(taking(vec![leased("a", START + 200)])).await;
    world.clock.set(START + 150);
    assert_eq!(world.refused(taking(vec![claim("b", 0, 10)])).await, taken_by("a"));
    world.clock.set(START + 200);
    world.commit(taking(vec![leased("b", START + 300)])).await;
    assert_eq!(holders(&world, START + 200).await, ["b"]);
    world.commit(taking(vec![claim("b", 5, 15)])).await;
    world.clock.set(START + 1000);
    assert_eq!(world.refused(taking(vec![claim("a", 5, 10)])).await, taken_by("b"), "confirmed for good");
    world.commit(taking(vec![claim("a", 0, 5)])).await;
}

pub(super) async fn must_be_sound(world: World) {
    let bad = Conflict::BadClaim { subject: "Location/bed".into() };
    let unsound = [of_three("a", 0, 10, 0), of_three("a", 0, 10, 4), of_three("a", 10, 10, 1), of_three("a", 10, 0, 1)];
    for claim in unsound {
        assert_eq!(world.refused(taking(vec![claim.clone()])).await, bad, "{claim:?}");
    }
    world.commit(taking(vec![of_three("a", 0, 10, 1)])).await;
    let other_capacity = Claim { capacity: 4, ..of_three("b", 50, 60, 1) };
    assert_eq!(world.refused(taking(vec![other_capacity.clone()])).await, bad);
    let of_its_own = Claim { holder: "a".into(), ..other_capacity };
    world.commit(taking(vec![of_its_own])).await;
}

pub(super) async fn are_released(world: World) {
    let release = |holder: &str| Release { subject: "Location/bed".into(), holder: holder.into() };
    world.commit(taking(vec![claim("a", 0, 10)])).await;
    world.commit(Commit { release: vec![release("nobody")], ..act() }).await;
    assert_eq!(holders(&world, START).await, ["a"]);
    world.commit(Commit { release: vec![release("a")], ..taking(vec![claim("b", 0, 10)]) }).await;
    assert_eq!(holders(&world, START).await, ["b"], "released before the claims are judged");
}
