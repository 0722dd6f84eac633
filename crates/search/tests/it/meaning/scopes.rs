//! Searches of the whole system and of compartments.

use fhir::definitions::ResourceType;
use search::{Registry, compartment};
use store::commit::Key;

use super::{CONTEXT, HOSPITAL, Hospital, kind};

#[test]
fn several_types_are_searched_at_once() {
    Hospital::of(HOSPITAL).check(&[
        ("?_type=Patient,Organization", "Organization/w1 Patient/anna Patient/eva Patient/karl Patient/nn"),
        ("?_type=Patient,Organization&name=ward,mull", "Organization/w1 Patient/anna Patient/karl"),
        ("?_id=anna,w1", "Organization/w1 Patient/anna"),
        ("?_tag=urn:t|vip", "Patient/eva"),
        ("?_profile=http://p.org/p", "Patient/anna Patient/eva"),
        ("?_has:Observation:patient:code=2339-0", "Patient/anna Patient/karl"),
        ("?_type=Patient,Organization&_has:Observation:patient:code=2339-0", "Patient/anna Patient/karl"),
        ("?_type=Observation&subject.name=mull", "Observation/bp Observation/sugar Observation/trace"),
        ("?_type=Patient&_type=Observation", ""),
        ("?_type=Patient,Observation&_type=Patient&gender=male", "Patient/karl"),
        ("?_filter=_id%20eq%20anna", "Patient/anna"),
    ]);
}

#[test]
fn compartments_have_what_belongs_to_their_owner() {
    Hospital::of(HOSPITAL).check(&[
        ("Patient/anna/Observation?", "bp sugar"),
        ("Patient/anna/Observation?code=2339-0", "sugar"),
        ("Patient/anna/*?", "Observation/bp Observation/sugar Patient/anna"),
        ("Patient/anna/*?_type=Observation,Condition", "Observation/bp Observation/sugar"),
        ("Patient/karl/*?_type=Patient", "Patient/karl"),
        ("Patient/nobody/Observation?", ""),
        ("Patient/anna/*?_type=Location", ""),
    ]);
}

#[test]
fn every_compartment_has_its_members() {
    let registry = Registry::standard();
    assert_eq!(compartment::owners(), ["Device", "Encounter", "Patient", "Practitioner", "RelatedPerson"]);
    let mut found = 0;
    for owner in compartment::owners().into_iter().map(kind) {
        let key = Key::new(owner, "1");
        for member in ResourceType::all() {
            let is_member = compartment::members(owner).any(|kind| kind == member);
            assert_eq!(compartment::filter(&registry, &key, member).is_some(), is_member, "{} in {}", member.name(), owner.name());
            found += usize::from(is_member);
        }
    }
    assert!(found > 200, "{found}");
    assert!(compartment::filter(&registry, &Key::new(kind("Location"), "1"), kind("Patient")).is_none());
}

#[test]
fn faults_are_named() {
    let registry = Registry::standard();
    let numbers = |parsed: Result<search::Search, Vec<fhir::Issue>>| -> Vec<u16> {
        parsed.map(|_| Vec::new()).unwrap_or_else(|issues| issues.iter().map(|issue| issue.number).collect())
    };
    let pairs = |query: &str| search::url::query_pairs(query).expect("pairs");
    for (query, number) in [
        ("name=x", 300),
        ("_type=Patient,Observation&birthdate=2000", 300),
        ("_type=Patint", 340),
        ("_type=", 340),
        ("_contained=yes", 341),
        ("_has:Observation:device:code=1&_type=Patient", 315),
    ] {
        assert_eq!(numbers(search::parse_system(&registry, &CONTEXT, &pairs(query))), [number], "{query}");
    }
    let compartment = |owner: &str, member: Option<&str>| {
        numbers(search::parse_compartment(&registry, &CONTEXT, &Key::new(kind(owner), "1"), member.map(kind), &[]))
    };
    assert_eq!(compartment("Location", None), [342]);
    assert_eq!(compartment("Patient", Some("Location")), [342]);
    assert_eq!(compartment("Patient", Some("Observation")), []);
}
