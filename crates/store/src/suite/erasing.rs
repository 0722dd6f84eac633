//! Erased versions: gone from everything that reads, counted on by what comes after.

use crate::commit::{Commit, Committed, Conflict, Erase, Expect, Extent, Tenant};
use crate::query::{Content, Erasure, Filter, HistoryQuery, Scope};

use super::sample::{TENANT, act, coded, has, key, kind, sample, token};
use super::world::World;

fn erase(reference: &str, extent: Extent) -> Commit {
    Commit { erase: vec![Erase { key: key(reference), extent }], ..act() }
}

async fn erased(world: &World, reference: &str, extent: Extent) -> Committed {
    world.commit(erase(reference, extent)).await
}

/// The versions of a history, newest first, and its total, by pages of two.
async fn told(world: &World, scope: Scope) -> (Vec<String>, u64) {
    let mut query = HistoryQuery { tenant: TENANT, scope, since: None, until: None, before: None, most_bytes: None, count: 2 };
    let mut versions = Vec::new();
    loop {
        let page = world.store().history(&query).await.expect("a history");
        versions.extend(page.versions.iter().map(|version| format!("{}/{}", version.key, version.version)));
        if page.next.is_none() {
            return (versions, page.total);
        }
        query.before = page.next;
    }
}

fn list(versions: &[&str]) -> (Vec<String>, u64) {
    (versions.iter().map(ToString::to_string).collect(), versions.len() as u64)
}

/// Observation/1 in three versions, the second of which was deleted by the third; Observation/2 in two; Patient/1 in one.
async fn some(world: &World) {
    let coded = |reference: &str, code: &str| sample(reference).with("code", token("s", code)).put();
    world.put(vec![coded("Observation/1", "a"), coded("Observation/2", "a")]).await;
    world.put(vec![coded("Observation/1", "b"), sample("Patient/1").put()]).await;
    world.put(vec![coded("Observation/2", "b")]).await;
    world.delete("Observation/1").await;
}

pub(super) async fn leaves_nothing_to_read(mut world: World) {
    some(&world).await;
    assert_eq!(erased(&world, "Observation/2", Extent::All).await.erased, [2]);
    for _ in 0..2 {
        assert_eq!(world.read("Observation/2").await, None);
        for version in 0..4 {
            assert_eq!(world.store().vread(TENANT, &key("Observation/2"), version).await, Ok(None));
        }
        assert_eq!(world.found(Filter::everything()).await, Vec::<String>::new());
        assert_eq!(world.found(has("code", coded("s|b"))).await, Vec::<String>::new());
        assert_eq!(told(&world, Scope::Instance(key("Observation/2"))).await, list(&[]));
        assert_eq!(told(&world, Scope::Type(kind("Observation"))).await, list(&["Observation/1/3", "Observation/1/2", "Observation/1/1"]));
        let all = ["Observation/1/3", "Patient/1/1", "Observation/1/2", "Observation/1/1"];
        assert_eq!(told(&world, Scope::System).await, list(&all));
        world.restart().await;
    }
    assert_eq!(erased(&world, "Observation/2", Extent::All).await.erased, [0], "what is gone is passed over");
    assert_eq!(erased(&world, "Observation/9", Extent::All).await.erased, [0], "so is what never was");
    assert_eq!(erased(&world, "Observation/1", Extent::All).await.erased, [3], "a deleted resource is erased as any other");
    assert_eq!(told(&world, Scope::Type(kind("Observation"))).await, list(&[]));
}

pub(super) async fn keeps_the_current_version(mut world: World) {
    some(&world).await;
    assert_eq!(erased(&world, "Observation/2", Extent::Past).await.erased, [1]);
    assert_eq!(erased(&world, "Observation/1", Extent::Past).await.erased, [2]);
    for _ in 0..2 {
        assert_eq!(world.read("Observation/2").await.map(|version| version.version), Some(2));
        assert_eq!(world.store().vread(TENANT, &key("Observation/2"), 1).await, Ok(None));
        assert_eq!(world.found(has("code", coded("s|b"))).await, ["2"]);
        assert_eq!(world.read("Observation/1").await.map(|version| version.content), Some(Content::Deleted));
        assert_eq!(told(&world, Scope::Type(kind("Observation"))).await, list(&["Observation/1/3", "Observation/2/2"]));
        world.restart().await;
    }
    assert_eq!(erased(&world, "Observation/2", Extent::Past).await.erased, [0]);
    assert_eq!(erased(&world, "Observation/2", Extent::All).await.erased, [1]);
    assert_eq!(erased(&world, "Observation/2", Extent::Past).await.erased, [0]);
}

pub(super) async fn counts_on(mut world: World) {
    some(&world).await;
    erased(&world, "Observation/2", Extent::All).await;
    world.restart().await;
    let again = sample("Observation/2").with("code", token("s", "c")).put();
    assert_eq!(world.put(vec![again]).await.versions, [3], "no version number comes twice");
    for _ in 0..2 {
        let current = world.read("Observation/2").await.expect("it is there again");
        assert!(matches!(current.content, Content::Resource { created: true, .. }), "it was created");
        assert_eq!(world.found(has("code", coded("s|c"))).await, ["2"]);
        assert_eq!(world.found(has("code", coded("s|b"))).await, Vec::<String>::new());
        assert_eq!(told(&world, Scope::Instance(key("Observation/2"))).await, list(&["Observation/2/3"]));
        world.restart().await;
    }
    assert_eq!(erased(&world, "Observation/2", Extent::All).await.erased, [1]);
    assert_eq!(told(&world, Scope::System).await.1, 4);
}

pub(super) async fn is_guarded_and_told(mut world: World) {
    some(&world).await;
    let late = Commit { expect: vec![Expect::Version(key("Observation/2"), 1)], ..erase("Observation/2", Extent::All) };
    assert_eq!(world.refused(late).await, Conflict::Version { key: key("Observation/2"), expected: 1, found: 2 });
    let both = Commit { delete: vec![key("Observation/2")], ..erase("Observation/2", Extent::All) };
    assert_eq!(world.refused(both).await, Conflict::Twice(key("Observation/2")));
    erased(&world, "Observation/2", Extent::All).await;
    erased(&world, "Observation/1", Extent::Past).await;
    erased(&world, "Observation/9", Extent::All).await;
    world.restart().await;
    let changes = world.store().changes(TENANT, 0, 10).await.expect("changes");
    let written: Vec<usize> = changes.iter().map(|change| change.versions.len()).collect();
    assert_eq!(written, [0, 1, 0, 1, 0, 0, 0], "the commits that wrote them no longer tell them");
    let told: Vec<Erasure> = changes.into_iter().flat_map(|change| change.erased).collect();
    let erasure = |reference, through, versions| Erasure { key: key(reference), through, versions };
    assert_eq!(told, [erasure("Observation/2", 2, 2), erasure("Observation/1", 2, 2)]);
    let new = Commit { expect: vec![Expect::Version(key("Observation/2"), 0), Expect::Absent(key("Observation/2"))], ..act() };
    world.commit(new).await;
    let gone = Commit { expect: vec![Expect::Exists(key("Observation/2"))], ..act() };
    assert_eq!(world.refused(gone).await, Conflict::Missing(key("Observation/2")));
}

pub(super) async fn stays_within_its_tenant(world: World) {
    let other = Tenant(TENANT.0 + 256);
    world.put(vec![sample("Patient/1").put()]).await;
    world.commit(Commit { tenant: other, put: vec![sample("Patient/1").put()], ..act() }).await;
    assert_eq!(world.commit(Commit { tenant: other, ..erase("Patient/1", Extent::All) }).await.erased, [1]);
    assert_eq!(world.read("Patient/1").await.map(|version| version.version), Some(1));
    assert_eq!(world.store().read(other, &key("Patient/1")).await, Ok(None));
}
