//! Versions of a resource: written, read, deleted, and there after a restart.

use crate::commit::Commit;
use crate::query::{Content, Version};

use super::sample::{TENANT, act, key, sample};
use super::world::{START, World};

fn text(version: &Version) -> String {
    String::from_utf8(version.text().expect("a text").to_vec()).expect("UTF-8")
}

pub(super) async fn count_from_one(world: World) {
    let first = world.put(vec![sample("Patient/1").put(), sample("Patient/2").put()]).await;
    assert_eq!((first.sequence, first.at, first.versions), (1, START, vec![1, 1]));
    let second = world.put(vec![sample("Patient/2").marked(2).put()]).await;
    assert_eq!((second.sequence, second.versions), (2, vec![2]));
    assert_eq!(world.read("Patient/1").await.map(|version| version.version), Some(1));
    let current = world.read("Patient/2").await.expect("Patient/2");
    assert_eq!(current.version, 2);
    assert!(text(&current).contains("\"mark\":2"));
    let old = world.store().vread(TENANT, &key("Patient/2"), 1).await.expect("a read").expect("version 1");
    assert!(text(&old).contains("\"mark\":0"));
}

pub(super) async fn bodies_are_stamped(world: World) {
    world.put(vec![sample("Patient/1").put(), sample("Patient/2").marked(1).put()]).await;
    let bare = text(&world.read("Patient/1").await.expect("Patient/1"));
    let stamp = "\"meta\":{\"versionId\":\"1\",\"lastUpdated\":\"2026-11-21T08:00:00.000Z\"";
    assert!(bare.starts_with(&format!("{{\"resourceType\":\"Patient\",\"id\":\"1\",{stamp}}},")), "{bare}");
    let tagged = text(&world.read("Patient/2").await.expect("Patient/2"));
    assert!(tagged.contains(&format!("{stamp},\"source\":\"urn:test\"}},")), "{tagged}");
}

pub(super) async fn deletion_is_a_version(world: World) {
    world.put(vec![sample("Patient/1").put()]).await;
    world.clock.set(START + 5);
    let deleted = world.delete("Patient/1").await;
    assert_eq!(deleted.versions, [2]);
    let current = world.read("Patient/1").await.expect("the deletion");
    assert_eq!(current, Version { key: key("Patient/1"), version: 2, last_updated: START + 5, content: Content::Deleted });
    let passed_over = world.commit(Commit { delete: vec![key("Patient/1"), key("Patient/9")], ..act() }).await;
    assert_eq!((passed_over.sequence, passed_over.versions), (3, vec![0, 0]));
    assert_eq!(world.read("Patient/9").await, None);
}

pub(super) async fn recreation_counts_on(world: World) {
    let created = async || match world.read("Patient/1").await.map(|version| (version.version, version.content)) {
        Some((version, Content::Resource { created, .. })) => (version, created),
        other => panic!("expected a resource, got {other:?}"),
    };
    assert_eq!(world.put(vec![sample("Patient/1").put()]).await.created, [true]);
    assert_eq!(created().await, (1, true));
    assert_eq!(world.put(vec![sample("Patient/2").put(), sample("Patient/1").put()]).await.created, [true, false]);
    assert_eq!(created().await, (2, false));
    assert_eq!(world.delete("Patient/1").await.created, [false]);
    assert_eq!(world.put(vec![sample("Patient/1").put()]).await.created, [true]);
    assert_eq!(created().await, (4, true));
}

pub(super) async fn nothing_there(world: World) {
    assert_eq!(world.read("Patient/1").await, None);
    world.put(vec![sample("Patient/1").put()]).await;
    for version in [0, 2, u64::MAX] {
        assert_eq!(world.store().vread(TENANT, &key("Patient/1"), version).await, Ok(None));
    }
    assert_eq!(world.read("Practitioner/1").await, None);
}

pub(super) async fn survive_a_restart(mut world: World) {
    world.put(vec![sample("Patient/1").put()]).await;
    world.put(vec![sample("Patient/1").marked(3).put(), sample("Patient/2").put()]).await;
    world.delete("Patient/2").await;
    let before = (world.read("Patient/1").await, world.read("Patient/2").await);
    world.restart().await;
    assert_eq!((world.read("Patient/1").await, world.read("Patient/2").await), before);
    let next = world.put(vec![sample("Patient/2").put()]).await;
    assert_eq!((next.sequence, next.versions), (4, vec![3]));
}

pub(super) async fn time_never_goes_back(mut world: World) {
    world.put(vec![sample("Patient/1").put()]).await;
    world.clock.set(START - 1000);
    assert_eq!(world.put(vec![sample("Patient/1").put()]).await.at, START);
    world.restart().await;
    assert_eq!(world.put(vec![sample("Patient/1").put()]).await.at, START);
    world.clock.set(START + 1);
    assert_eq!(world.put(vec![sample("Patient/1").put()]).await.at, START + 1);
}
