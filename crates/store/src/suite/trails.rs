//! What a commit tells in the trails of other tenants.

use crate::commit::{Commit, Conflict, Expect, Tenant};
use crate::query::Change;

use super::sample::{TENANT, act, key, sample};
use super::world::World;

const OTHERS: [Tenant; 2] = [Tenant(TENANT.0 + 1), Tenant(TENANT.0 + 2)];

async fn changes(world: &World, tenant: Tenant) -> Vec<Change> {
    world.store().changes(tenant, 0, 9).await.expect("changes")
}

pub(super) async fn are_told_with_the_commit(mut world: World) {
    // In one of the tenants the id is taken, and so its next version is written.
    world.commit(Commit { tenant: OTHERS[1], audit: vec![sample("AuditEvent/1").put()], ..act() }).await;
    let trails = OTHERS.map(|tenant| (tenant, vec![sample("AuditEvent/1").put(), sample("AuditEvent/2").put()])).to_vec();
    let committed = world.commit(Commit { put: vec![sample("Basic/1").put()], trails, ..act() }).await;
    assert_eq!((committed.sequence, committed.versions), (1, vec![1]), "of the trails nothing comes back");
    // Each is a commit of its tenant: with the first there are four. (Followers hear of it a moment after it is answered.)
    world.store().watch().wait_for(|count| *count == 4).await.expect("the store is open");
    world.restart().await;
    let own = changes(&world, TENANT).await;
    assert_eq!(own.iter().map(|change| change.versions.len()).collect::<Vec<_>>(), [1]);
    for (tenant, first) in OTHERS.into_iter().zip([1, 2]) {
        let told = changes(&world, tenant).await.pop().expect("a change");
        let versions = vec![(key("AuditEvent/1"), first, false), (key("AuditEvent/2"), 1, false)];
        assert_eq!((told.sequence, told.versions, told.at), (first, versions, committed.at), "{tenant:?}");
        assert_eq!((told.actor, told.reason), (act().actor, act().reason));
        let read = world.store().read(tenant, &key("AuditEvent/2")).await.expect("a read");
        assert!(read.is_some_and(|version| version.text().is_some()));
    }
    assert_eq!(world.read("AuditEvent/1").await, None, "they are in no other tenant");
}

pub(super) async fn wait_for_no_refused_commit(mut world: World) {
    let trails = vec![(OTHERS[0], vec![sample("AuditEvent/1").put()])];
    let absent = vec![Expect::Exists(key("Basic/9"))];
    let refused = Commit { put: vec![sample("Basic/1").put()], trails: trails.clone(), expect: absent, ..act() };
    assert_eq!(world.refused(refused).await, Conflict::Missing(key("Basic/9")));
    let twice = vec![(OTHERS[0], vec![sample("AuditEvent/1").put(), sample("AuditEvent/1").put()])];
    let refused = Commit { put: vec![sample("Basic/1").put()], trails: twice, ..act() };
    assert_eq!(world.refused(refused).await, Conflict::Twice(key("AuditEvent/1")));
    world.restart().await;
    assert_eq!(world.read("Basic/1").await, None);
    assert_eq!(changes(&world, OTHERS[0]).await, [], "what was not done is not told");
    world.commit(Commit { put: vec![sample("Basic/1").put()], trails, ..act() }).await;
    assert_eq!(changes(&world, OTHERS[0]).await.len(), 1);
}
