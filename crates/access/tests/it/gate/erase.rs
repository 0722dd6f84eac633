//! Versions removed for good: by the right to do so, and of what is seen.

use store::Store;
use store::commit::{Commit, Erase, Extent};

use super::world::{TENANT, World, commit, forbidden, key};

fn erases(keys: &[&str]) -> Commit {
    let erase = keys.iter().map(|reference| Erase { key: key(reference), extent: Extent::All }).collect();
    Commit { erase, ..commit() }
}

#[tokio::test]
async fn erasing_needs_an_operation_s_right() {
    let world = World::hospital().await;
    assert!(forbidden(world.gate(world.own("1")).commit(erases(&["Observation/o1"])).await).contains("$expunge"));
    assert!(world.store.read(TENANT, &key("Observation/o1")).await.expect("a read").is_some());
}

#[tokio::test]
async fn what_is_hidden_is_not_erased() {
    let world = World::hospital().await;
    for right in ["expunge", "purge", "*"] {
        let world = World::hospital().await;
        let gate = world.gate(world.own("1").with_operation(right));
        let committed = gate.commit(erases(&["Observation/o2", "Observation/o1", "Patient/none"])).await.expect("it is applied");
        assert_eq!(committed.erased, [0, 1, 0], "{right}");
        assert!(world.store.read(TENANT, &key("Observation/o2")).await.expect("a read").is_some());
        assert!(world.store.read(TENANT, &key("Observation/o1")).await.expect("a read").is_none());
    }
    let gate = world.gate(world.own("1").with_operation("stats"));
    assert!(forbidden(gate.commit(erases(&["Observation/o1"])).await).contains("$expunge"));
}
