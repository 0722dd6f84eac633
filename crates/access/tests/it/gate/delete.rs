//! Deletes.

use access::{Act, Verdict};
use store::Store;
use store::commit::{Commit, Key};

use super::world::{TENANT, World, commit, forbidden, key, kind, nothing, observation, with_rule};

fn deletes(keys: &[&str]) -> Commit {
    Commit { delete: keys.iter().map(|reference| key(reference)).collect(), ..commit() }
}

async fn is_there(world: &World, key: &Key) -> bool {
    world.store.read(TENANT, key).await.expect("a read").is_some_and(|version| version.text().is_some())
}

#[tokio::test]
async fn what_is_hidden_is_passed_over_as_what_is_not_there() {
    let world = World::hospital().await;
    let gate = world.gate(world.own("1"));
    let put = vec![world.ready(&observation("o1", "1", "amended"))];
    let asked = Commit { put, ..deletes(&["Observation/o2", "Condition/c1", "Observation/none", "Encounter/e2"]) };
    let committed = gate.commit(asked).await.expect("it is applied");
    assert_eq!(committed.versions, [2, 0, 2, 0, 0]);
    assert_eq!(committed.created, [false, false, false, false, false]);
    assert!(is_there(&world, &key("Observation/o2")).await && is_there(&world, &key("Encounter/e2")).await);
    assert!(!is_there(&world, &key("Condition/c1")).await);
    // Deleted already, hidden or not.
    assert_eq!(gate.commit(deletes(&["Condition/c1"])).await.expect("it is applied").versions, [0]);
}

#[tokio::test]
async fn what_is_seen_and_must_not_be_deleted_is_forbidden() {
    let world = World::hospital().await;
    let reading = || nothing().with(kind("Observation"), Act::Read, Verdict::Allowed);
    for reference in ["Observation/o1", "Observation/none"] {
        assert!(forbidden(world.gate(reading()).commit(deletes(&[reference])).await).contains("delete Observation"), "{reference}");
    }
    let some = with_rule(reading(), "Observation", Act::Delete, world.filter("Observation", "subject=Patient/2"));
    assert!(forbidden(world.gate(some).commit(deletes(&["Observation/o1"])).await).contains("do not hold"));
    assert!(is_there(&world, &key("Observation/o1")).await);
}
