//! Contained resources.

use crate::entry::{Entry, EntryValue, Param};
use crate::query::{Filter, Subject};
use crate::suite::sample::{coded, kind, local, query, sample, token};
use crate::suite::world::{World, references};

/// A contained resource with a code, and a reference to a patient.
fn contained(of: &str, id: &str, code: &str, patient: &str) -> EntryValue {
    let entry = |name, value| Entry { param: Param::of(of, name), value };
    EntryValue::Contained { kind: kind(of), id: id.into(), entries: vec![entry("code", token("s", code)), entry("for", local(patient))] }
}

pub(in crate::suite) async fn by_their_own_entries(mut world: World) {
    let with = |reference: &str, inner: &[EntryValue]| {
        inner.iter().cloned().fold(sample(reference), |sample, value| sample.with("_contained", value)).put()
    };
    let put = vec![
        with("MedicationRequest/1", &[contained("Medication", "m", "a", "Patient/1"), contained("Medication", "n", "b", "Patient/2")]),
        with("MedicationRequest/2", &[contained("Substance", "m", "a", "Patient/1")]),
        with("Condition/1", &[contained("Medication", "x", "a", "Patient/9")]),
        sample("Medication/1").with("code", token("s", "a")).put(),
        sample("Patient/1").put(),
        sample("Patient/2").put(),
    ];
    world.put(put).await;
    world.restart().await;
    let found = async |filter: Filter| {
        let inside = |of: &str| Subject { kind: kind(of), filter: Filter::Contained(kind("Medication"), Box::new(filter.clone())) };
        let mut query = query(Filter::everything());
        query.subjects = vec![inside("Condition"), inside("MedicationRequest"), inside("Medication")];
        let mut found = references(&world.search(&query).await.matches);
        found.sort();
        found
    };
    let code = |code| Filter::Match(Param::of("Medication", "code"), coded(code));
    let patient = |id: &str| Filter::Chain(Param::of("Medication", "for"), vec![(kind("Patient"), Filter::Id(vec![id.into()]))]);
    assert_eq!(found(Filter::everything()).await, ["Condition/1", "MedicationRequest/1"]);
    assert_eq!(found(code("a")).await, ["Condition/1", "MedicationRequest/1"]);
    assert_eq!(found(code("b")).await, ["MedicationRequest/1"]);
    assert_eq!(found(Filter::All(vec![code("a"), patient("2")])).await, Vec::<String>::new(), "one and the same contained resource");
    assert_eq!(found(Filter::All(vec![code("b"), patient("2")])).await, ["MedicationRequest/1"]);
    assert_eq!(found(patient("9")).await, Vec::<String>::new(), "nobody is there");
    assert_eq!(found(Filter::Id(vec!["x".into()])).await, ["Condition/1"]);
    assert_eq!(found(Filter::Not(Box::new(code("a")))).await, ["MedicationRequest/1"], "one that is not");
    world.put(vec![with("Condition/1", &[])]).await;
    world.delete("MedicationRequest/1").await;
    assert_eq!(found(Filter::everything()).await, Vec::<String>::new());
}
