//! read and vread.

use access::{Act, Verdict};
use store::Store;

use super::world::{TENANT, World, everything, key, kind, nothing, observation, with_rule};

#[tokio::test]
async fn what_is_hidden_reads_as_what_is_not_there() {
    let world = World::hospital().await;
    let gate = world.gate(world.own("1"));
    for seen in ["Patient/1", "Observation/o1", "Encounter/e1", "Condition/c1", "Group/both"] {
        let version = gate.read(TENANT, &key(seen)).await.expect("a read");
        assert_eq!(version, world.store.read(TENANT, &key(seen)).await.expect("a read"), "{seen}");
        assert!(version.is_some(), "{seen}");
        assert!(gate.vread(TENANT, &key(seen), 1).await.expect("a read").is_some(), "{seen}");
    }
    for hidden in ["Patient/2", "Observation/o2", "Practitioner/doc", "Patient/3"] {
        assert_eq!(gate.read(TENANT, &key(hidden)).await, Ok(None), "{hidden}");
        assert_eq!(gate.vread(TENANT, &key(hidden), 1).await, Ok(None), "{hidden}");
    }
}

#[tokio::test]
async fn nothing_and_everything_are_what_they_say() {
    let world = World::hospital().await;
    for reference in ["Patient/1", "Observation/o2", "Practitioner/doc"] {
        assert_eq!(world.gate(nothing()).read(TENANT, &key(reference)).await, Ok(None));
        assert_eq!(world.gate(nothing()).vread(TENANT, &key(reference), 1).await, Ok(None));
        let all = world.gate(everything());
        assert_eq!(all.read(TENANT, &key(reference)).await, world.store.read(TENANT, &key(reference)).await);
        assert!(all.vread(TENANT, &key(reference), 1).await.expect("a read").is_some());
    }
}

#[tokio::test]
async fn a_deleted_resource_is_seen_by_whom_saw_it_last() {
    let world = World::hospital().await;
    world.delete("Observation/o1").await;
    world.delete("Observation/o2").await;
    let gate = world.gate(world.own("1"));
    let deleted = gate.read(TENANT, &key("Observation/o1")).await.expect("a read").expect("it is told that it was deleted");
    assert_eq!((deleted.version, deleted.text()), (2, None));
    assert!(gate.vread(TENANT, &key("Observation/o1"), 1).await.expect("a read").is_some());
    assert!(gate.vread(TENANT, &key("Observation/o1"), 2).await.expect("a read").is_some());
    assert_eq!(gate.read(TENANT, &key("Observation/o2")).await, Ok(None));
    assert_eq!(gate.vread(TENANT, &key("Observation/o2"), 2).await, Ok(None));
}

#[tokio::test]
async fn a_past_version_is_seen_by_whom_sees_it_and_the_current_one() {
    let world = World::hospital().await;
    // Recorded for the wrong patient, and corrected.
    world.put(&observation("moved", "2", "final")).await;
    world.put(&observation("moved", "1", "corrected")).await;
    let (one, two) = (world.gate(world.own("1")), world.gate(world.own("2")));
    let key = key("Observation/moved");
    assert_eq!(one.vread(TENANT, &key, 1).await, Ok(None), "it was about somebody else");
    assert!(one.vread(TENANT, &key, 2).await.expect("a read").is_some());
    assert_eq!(two.vread(TENANT, &key, 1).await, Ok(None), "it is about somebody else");
    assert_eq!(two.vread(TENANT, &key, 2).await, Ok(None));
}

#[tokio::test]
async fn a_past_version_is_judged_by_what_its_chains_lead_to_now() {
    let world = World::hospital().await;
    world.put(&observation("o1", "1", "amended")).await;
    let of_a_family = world.filter("Observation", "subject:Patient.family=Family1");
    let gate = world.gate(with_rule(nothing(), "Observation", Act::Read, of_a_family));
    assert!(gate.vread(TENANT, &key("Observation/o1"), 1).await.expect("a read").is_some());
    let with_conditions = world.filter("Encounter", "_has:Condition:encounter:subject=Patient/1");
    let gate = world.gate(with_rule(nothing(), "Encounter", Act::Read, with_conditions));
    let again = r#"{"resourceType":"Encounter","id":"e1","status":"cancelled","class":{"code":"AMB"}}"#;
    world.put(again).await;
    assert!(gate.vread(TENANT, &key("Encounter/e1"), 1).await.expect("a read").is_some());
    assert_eq!(gate.vread(TENANT, &key("Encounter/e2"), 1).await, Ok(None));
}

#[tokio::test]
async fn the_right_to_search_is_none_to_read() {
    let world = World::hospital().await;
    let gate = world.gate(nothing().with(kind("Patient"), Act::Search, Verdict::Allowed));
    assert_eq!(gate.read(TENANT, &key("Patient/1")).await, Ok(None));
    assert_eq!(gate.vread(TENANT, &key("Patient/1"), 1).await, Ok(None));
}
