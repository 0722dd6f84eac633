//! Chains and `_has`.

use store::entry::Text;
use store::query::{Filter, Test};

use super::{filter, kind, matches, numbers, param};

fn starts_with(parameter: &str, text: &str) -> Filter {
    matches(parameter, Test::StartsWith(text.into()))
}

#[test]
fn a_typed_chain_goes_to_its_type() {
    let expected = Filter::Chain(param("Observation.subject"), vec![(kind("Patient"), starts_with("Patient.name", "anna"))]);
    assert_eq!(filter("Observation?subject:Patient.name=Anna"), expected);
    let two = Filter::Chain(
        param("Observation.subject"),
        vec![(
            kind("Patient"),
            Filter::Chain(param("Patient.organization"), vec![(kind("Organization"), starts_with("Organization.name", "x"))]),
        )],
    );
    assert_eq!(filter("Observation?subject:Patient.organization.name=x"), two);
}

#[test]
fn an_untyped_chain_goes_to_all_types_that_know_the_rest() {
    let Filter::Chain(_, targets) = filter("Observation?subject.name=x") else { panic!("a chain") };
    assert_eq!(targets.iter().map(|(kind, _)| kind.name()).collect::<Vec<_>>(), ["Location", "Patient"]);
    let Filter::Chain(_, targets) = filter("Observation?subject.identifier=x") else { panic!("a chain") };
    assert_eq!(targets.iter().map(|(kind, _)| kind.name()).collect::<Vec<_>>(), ["Device", "Group", "Location", "Patient"]);
    let ids = Filter::Chain(param("Observation.patient"), vec![(kind("Patient"), Filter::Id(vec!["1".into()]))]);
    assert_eq!(filter("Observation?patient._id=1"), ids);
}

#[test]
fn modifiers_hold_at_the_end_of_a_chain() {
    let Filter::Chain(_, targets) = filter("Observation?patient.name:exact=Anna") else { panic!("a chain") };
    assert_eq!(targets[0].1, matches("Patient.name", Test::Exactly(Text { folded: "anna".into(), exact: "Anna".into() })));
}

#[test]
fn has_looks_from_the_other_side() {
    let code = matches("Observation.code", Test::Token { system: None, code: Some("1234-5".into()) });
    let expected = Filter::Has(kind("Observation"), param("Observation.patient"), Box::new(code));
    assert_eq!(filter("Patient?_has:Observation:patient:code=1234-5"), expected);
    let nested = filter("Patient?_has:Observation:patient:_has:AuditEvent:entity:_id=7");
    let inner = Filter::Has(kind("AuditEvent"), param("AuditEvent.entity"), Box::new(Filter::Id(vec!["7".into()])));
    assert_eq!(nested, Filter::Has(kind("Observation"), param("Observation.patient"), Box::new(inner)));
    let chained = filter("Patient?_has:Observation:patient:performer:Practitioner.name=x");
    assert!(matches!(chained, Filter::Has(_, _, inner) if matches!(&*inner, Filter::Chain(..))));
    let within = filter("Observation?patient._has:Group:member:_id=7");
    assert!(matches!(within, Filter::Chain(_, targets) if matches!(targets[0].1, Filter::Has(..))));
}

#[test]
fn chains_that_lead_nowhere_are_refused() {
    for (query, number) in [
        ("Observation?code.name=x", 314),
        ("Observation?subject:Practitioner.name=x", 314),
        ("Observation?subject:Nobody.name=x", 314),
        ("Observation?subject:Patient.nam=x", 300),
        ("Observation?subject.frobnicate=x", 300),
        ("Observation?patient.birthdate=x1", 313),
        ("Patient?_has:Observation=x", 315),
        ("Patient?_has=x", 315),
        ("Patient?_hash=x", 300),
        ("Patient?_has:Nothing:patient:code=x", 315),
        ("Patient?_has:Observation:performer:code=x", 0),
        ("Patient?_has:Observation:device:code=x", 315),
        ("Patient?_has:Observation:code:code=x", 315),
        ("Patient?_has:Observation:patient:cod=x", 300),
        ("Organization?partof.partof.partof.partof.partof.partof.partof.name=x", 320),
    ] {
        if number == 0 {
            filter(query);
        } else {
            assert_eq!(numbers(query), [number], "{query}");
        }
    }
    assert_eq!(numbers("Task?focus.focus.focus.focus.focus.focus=1"), [321]);
}
