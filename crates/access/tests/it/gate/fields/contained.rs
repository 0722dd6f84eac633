//! What stands inside a resource, and is led to by elements that are hidden or must not be changed.

use access::{Fields, Grant};
use store::Store;
use store::commit::Commit;

use super::super::world::{World, commit, everything, forbidden, found, kind};
use super::text;

/// A visit: why somebody comes is told by what it contains, a finding by way of another.
const VISIT: &str = r##"{"resourceType":"Encounter","id":"e","contained":[{"resourceType":"Condition","id":"why","code":{"text":"secret"},"subject":{"reference":"#"},"evidence":[{"detail":[{"reference":"#by"}]}]},{"resourceType":"Observation","id":"by","status":"final","code":{"text":"secret"}},{"resourceType":"Practitioner","id":"who","name":[{"family":"Open"}]}],"status":"finished","class":{"code":"AMB"},"participant":[{"individual":{"reference":"#who"}}],"reasonReference":[{"reference":"#why"}]}"##;

/// A prescription of what it contains.
const PRESCRIPTION: &str = r##"{"resourceType":"MedicationRequest","id":"m","contained":[{"resourceType":"Medication","id":"what","code":{"text":"aspirin"},"ingredient":[{"itemReference":{"reference":"#in"}}]},{"resourceType":"Substance","id":"in","code":{"text":"acid"}},{"resourceType":"Practitioner","id":"who","name":[{"family":"Open"}]}],"status":"active","intent":"order","medicationReference":{"reference":"#what"},"subject":{"reference":"Patient/p"},"performer":{"reference":"#who"}}"##;

fn hiding() -> Grant {
    everything().with_fields(kind("Encounter"), Fields { hidden: vec!["reasonReference".into()], read_only: Vec::new() })
}

fn prescribing() -> Grant {
    everything().with_fields(kind("MedicationRequest"), Fields { hidden: Vec::new(), read_only: vec!["medication".into()] })
}

/// What was read, as it is sent back.
async fn back(store: &dyn Store) -> String {
    let seen = text(store, "Encounter/e").await;
    let stamp = seen.find("\"versionId\"").expect("a version")..seen.find("\"tag\"").expect("a tag");
    format!("{}{}", &seen[..stamp.start], &seen[stamp.end..])
}

async fn put(world: &World, grant: Grant, text: &str) -> Result<store::commit::Committed, store::commit::CommitError> {
    world.gate(grant).commit(Commit { put: vec![world.ready(text)], ..commit() }).await
}

#[tokio::test]
async fn what_a_hidden_element_leads_to_is_hidden_with_it() {
    let world = World::empty();
    world.put(VISIT).await;
    let seen = text(&world.gate(hiding()), "Encounter/e").await;
    assert!(!seen.contains("secret") && seen.contains("Open"), "{seen}");
    world.put(&VISIT.replace(r##"[{"reference":"#why"}]"##, r##"[{"reference":"#why"}],"episodeOfCare":[{"reference":"#by"}]"##)).await;
    let seen = text(&world.gate(hiding()), "Encounter/e").await;
    assert!(!seen.contains("#why") && seen.contains(r#""id":"by""#), "what others lead to, too, is seen: {seen}");
}

#[tokio::test]
async fn nothing_is_found_by_what_stands_inside_beside_hidden_elements() {
    let world = World::empty();
    world.put(VISIT).await;
    world.put(PRESCRIPTION).await;
    let gate = world.gate(hiding());
    for answered in ["container", "contained"] {
        for (of, inside) in [("Condition", "Encounter/e"), ("Practitioner", "Encounter/e")] {
            let query = || world.query(of, &format!("_contained=true&_containedType={answered}"));
            assert!(found(&*world.store, query()).await.0.contains(&inside.to_owned()));
            assert!(!found(&gate, query()).await.0.contains(&inside.to_owned()), "{of} {answered}");
        }
        let query = world.query("Medication", &format!("_contained=true&_containedType={answered}"));
        assert_eq!(found(&gate, query).await.0, ["MedicationRequest/m"], "where nothing is hidden it is found");
    }
}

#[tokio::test]
async fn who_writes_back_what_they_have_been_given_leaves_it_there() {
    let world = World::empty();
    world.put(VISIT).await;
    let sent = back(&world.gate(hiding())).await.replace("finished", "planned");
    put(&world, hiding(), &sent).await.expect("it is written");
    let stored = text(&*world.store, "Encounter/e").await;
    assert_eq!(stored.matches("secret").count(), 2, "{stored}");
    assert!(stored.contains("planned") && stored.contains("#why") && stored.contains("Open"), "{stored}");
    let sent = back(&world.gate(hiding())).await;
    for (from, to) in [
        (r##""reference":"#who""##, r##""reference":"#why""##),
        (r#""family":"Open""#, r#""family":"Other""#),
        (r##""participant""##, r##""extension":[{"url":"http://example.org/x","valueReference":{"reference":"#by"}}],"participant""##),
    ] {
        let answer = put(&world, hiding(), &sent.replace(from, to)).await;
        assert!(forbidden(answer).contains("`Encounter.contained`"), "{to}");
    }
}

#[tokio::test]
async fn what_an_element_leads_to_that_is_not_to_be_changed_stays_as_it_is() {
    let world = World::empty();
    world.put(PRESCRIPTION).await;
    for (from, to) in [("aspirin", "morphine"), ("acid", "sugar")] {
        let answer = put(&world, prescribing(), &PRESCRIPTION.replace(from, to)).await;
        assert!(forbidden(answer).contains("`MedicationRequest.medication`"), "{to}");
    }
    put(&world, prescribing(), &PRESCRIPTION.replace("Open", "Other").replace("active", "completed")).await.expect("it is written");
}
