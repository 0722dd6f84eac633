//! Contained resources.

use crate::commit::Key;
use crate::entry::{Entry, EntryValue, Param};
use crate::query::{Filter, Query, Subject};
use crate::suite::sample::{coded, kind, local, query, query_of, sample, token};
use crate::suite::world::{World, references};

pub(in crate::suite) async fn chains_lead_into_them(mut world: World) {
    let inside = |of: &str, id: &str, entries: &[(&str, EntryValue)]| {
        let entries = entries.iter().map(|(name, value)| Entry { param: Param::of(of, name), value: value.clone() }).collect();
        EntryValue::Contained { kind: kind(of), id: id.into(), entries }
    };
    let request = |id: &str, to: &str, inner: &[EntryValue]| {
        let asked = sample(&format!("MedicationRequest/{id}")).with("for", local(to));
        inner.iter().cloned().fold(asked, |sample, value| sample.with("_contained", value)).put()
    };
    let code = |code| ("code", token("s", code));
    let put = vec![
        request("1", "Medication/#m", &[inside("Medication", "m", &[code("a"), ("maker", local("Organization/#o"))])]),
        request("2", "Medication/#m", &[inside("Medication", "m", &[code("b")]), inside("Medication", "n", &[code("a")])]),
        request("3", "Medication/9", &[]),
        request("4", "Medication/#m", &[inside("Substance", "m", &[code("a")])]),
        request(
            "5",
            "Medication/#m",
            &[
                inside("Medication", "m", &[("maker", local("Organization/#o"))]),
                inside("Organization", "o", &[code("a"), ("part", local("Organization/9"))]),
            ],
        ),
        request(
            "6",
            "Medication/#m",
            &[inside("Medication", "m", &[("maker", local("Organization/9")), ("by", local("MedicationRequest/#"))])],
        ),
        sample("Medication/9").with("code", token("s", "a")).with("maker", local("Organization/#o")).put(),
        sample("Organization/9").with("code", token("s", "z")).put(),
    ];
    world.put(put).await;
    world.restart().await;
    let found = async |filter: Filter| {
        let mut query = query(Filter::everything());
        query.subjects = vec![Subject { kind: kind("MedicationRequest"), filter }];
        let mut found: Vec<_> = world.search(&query).await.matches.iter().map(|version| version.key.id.to_string()).collect();
        found.sort();
        found.join(" ")
    };
    let coded = |of: &str, code| Filter::Match(Param::of(of, "code"), coded(code));
    let to = |of: &str, name: &str, target: &str, filter| Filter::Chain(Param::of(of, name), vec![(kind(target), filter)]);
    let asked = |filter| to("MedicationRequest", "for", "Medication", filter);
    let maker = |filter| asked(to("Medication", "maker", "Organization", filter));
    assert_eq!(found(asked(coded("Medication", "a"))).await, "1 3", "the one that the reference names, and one that stands alone");
    assert_eq!(found(asked(coded("Medication", "b"))).await, "2");
    assert_eq!(found(asked(Filter::everything())).await, "1 2 3 5 6", "a type that the chain does not name leads nowhere");
    assert_eq!(found(Filter::Not(Box::new(asked(coded("Medication", "a"))))).await, "2 4 5 6");
    assert_eq!(found(Filter::All(vec![asked(coded("Medication", "a")), Filter::Id(vec!["1".into(), "2".into()])])).await, "1");
    assert_eq!(found(Filter::Any(vec![asked(coded("Medication", "b")), Filter::Id(vec!["3".into()])])).await, "2 3");
    assert_eq!(found(maker(coded("Organization", "a"))).await, "5", "what it refers to stands beside it");
    assert_eq!(found(maker(coded("Organization", "z"))).await, "6", "or alone");
    let part = to("Organization", "part", "Organization", coded("Organization", "z"));
    assert_eq!(found(maker(part)).await, "5", "from one inside to one inside to one alone");
    let back = asked(to("Medication", "by", "MedicationRequest", Filter::Id(vec!["6".into()])));
    assert_eq!(found(back).await, "6", "to the resource around it");
    let had = Filter::Has(kind("MedicationRequest"), Param::of("MedicationRequest", "for"), Box::new(Filter::everything()));
    assert_eq!(found(asked(had)).await, "3", "nothing refers to a contained resource from outside");
    let ask = |filter: &Filter| vec![Subject { kind: kind("Medication"), filter: filter.clone() }];
    let asked_inside = to("Medication", "maker", "Organization", coded("Organization", "z"));
    let around = Subject { kind: kind("MedicationRequest"), filter: Filter::Contained(kind("Medication"), Box::new(asked_inside.clone())) };
    let answer = world.search(&Query { inside: ask(&asked_inside), subjects: vec![around], ..query(Filter::everything()) }).await;
    let inside: Vec<String> = answer.inside.iter().flatten().map(Key::to_string).collect();
    assert_eq!((references(&answer.matches), inside), (vec!["MedicationRequest/6".to_owned()], vec!["Medication/#m".to_owned()]));
    let itself = Query { inside: ask(&coded("Medication", "a")), ..query_of("Medication", Filter::everything()) };
    assert_eq!(world.search(&itself).await.inside, [[Key::new(kind("Medication"), "9")]], "itself");
    world.put(vec![request("1", "Medication/#m", &[])]).await;
    assert_eq!(found(asked(coded("Medication", "a"))).await, "3");
}

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
