//! Work to be done later.

use bytes::Bytes;

use crate::commit::{Commit, Conflict, Job};
use crate::query::DueJob;

use super::sample::{TENANT, act};
use super::world::World;

fn adding(kind: &str, not_before: i64) -> Commit {
    Commit { job: vec![Job { kind: kind.into(), payload: Bytes::from_static(b"what to do"), not_before }], ..act() }
}

fn finishing(number: u64) -> Commit {
    Commit { finish: vec![number], ..act() }
}

/// The numbers and attempts of the jobs taken.
async fn take(world: &World, now: i64, lease_until: i64, limit: u32) -> Vec<(u64, u32)> {
    let jobs = world.store().take_jobs(TENANT, "mail", now, lease_until, limit).await.expect("jobs");
    jobs.into_iter().map(|job| (job.number, job.attempt)).collect()
}

pub(super) async fn are_leased(mut world: World) {
    assert_eq!(world.commit(adding("mail", 0)).await.jobs, [1]);
    world.commit(adding("mail", 0)).await;
    let taken = world.store().take_jobs(TENANT, "mail", 10, 20, 1).await;
    assert_eq!(taken, Ok(vec![DueJob { number: 1, kind: "mail".into(), payload: Bytes::from_static(b"what to do"), attempt: 1 }]));
    assert_eq!(take(&world, 10, 20, 5).await, [(2, 1)]);
    world.restart().await;
    assert_eq!(take(&world, 19, 30, 5).await, []);
    assert_eq!(take(&world, 20, 30, 5).await, [(1, 2), (2, 2)]);
}

pub(super) async fn come_due(world: World) {
    world.commit(adding("mail", 100)).await;
    world.commit(adding("other", 0)).await;
    world.commit(adding("mail", 50)).await;
    assert_eq!(take(&world, 49, 60, 5).await, []);
    assert_eq!(take(&world, 50, 60, 5).await, [(3, 1)]);
    assert_eq!(take(&world, 100, 160, 5).await, [(1, 1), (3, 2)], "by their numbers");
    assert_eq!(take(&world, 200, 260, 0).await, []);
}

pub(super) async fn are_finished_once(world: World) {
    assert_eq!(world.refused(finishing(1)).await, Conflict::Finished(1));
    world.commit(adding("mail", 0)).await;
    take(&world, 0, 10, 1).await;
    world.commit(finishing(1)).await;
    assert_eq!(world.refused(finishing(1)).await, Conflict::Finished(1));
    assert_eq!(take(&world, 1000, 2000, 1).await, []);
    world.commit(adding("mail", 0)).await;
    let twice = Commit { finish: vec![2, 2], ..act() };
    assert_eq!(world.refused(twice).await, Conflict::Finished(2));
    assert_eq!(world.commit(adding("mail", 0)).await.jobs, [3], "numbers are not used again");
}
