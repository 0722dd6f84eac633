//! The change feed.

use bytes::Bytes;

use crate::commit::{Commit, Event};
use crate::query::Change;

use super::sample::{TENANT, act, key, sample};
use super::world::{START, World};

pub(super) async fn tells_every_commit(mut world: World) {
    let event = Event { topic: "encounter.started".into(), payload: Bytes::from_static(b"{}") };
    let put = vec![sample("Patient/1").put()];
    world.commit(Commit { put, audit: vec![sample("AuditEvent/1").put()], event: vec![event.clone()], ..act() }).await;
    world.commit(act()).await;
    let delete = vec![key("Patient/9"), key("Patient/1")];
    world.commit(Commit { delete, put: vec![sample("Patient/2").put()], ..act() }).await;
    world.restart().await;
    let change = |sequence, versions, events| Change {
        sequence,
        at: START,
        actor: "Practitioner/1".into(),
        reason: "test".into(),
        versions,
        erased: vec![],
        events,
    };
    let first = change(1, vec![(key("Patient/1"), 1, false), (key("AuditEvent/1"), 1, false)], vec![event]);
    let second = change(2, vec![], vec![]);
    let third = change(3, vec![(key("Patient/2"), 1, false), (key("Patient/1"), 2, true)], vec![]);
    let after = async |place, limit| world.store().changes(TENANT, place, limit).await.expect("changes");
    assert_eq!(after(0, 10).await, [first.clone(), second.clone(), third.clone()]);
    assert_eq!(after(0, 1).await, [first]);
    assert_eq!(after(1, 1).await, [second]);
    assert_eq!(after(2, 10).await, [third]);
    assert_eq!(after(3, 10).await, []);
    assert_eq!(after(u64::MAX, 10).await, []);
}

pub(super) async fn wakes_followers(world: World) {
    let mut follower = world.store().watch();
    let before = *follower.borrow_and_update();
    world.put(vec![sample("Patient/1").put()]).await;
    follower.changed().await.expect("the store is open");
    assert_eq!(*follower.borrow_and_update(), before + 1);
    world.refused(Commit { finish: vec![9], ..act() }).await;
    assert!(!follower.has_changed().expect("the store is open"), "a refused commit wakes nobody");
}
