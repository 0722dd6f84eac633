//! The table of `docs/roles.md` is what the store shows.

use std::sync::Arc;

use access::{ACTS, Act, Verdict, role};
use fhir::definitions::ResourceType;
use search::Registry;

use crate::world::{NOW, World, kind};

#[test]
fn a_cell_has_a_letter_for_each_act() {
    let nothing = access::Grant::nothing(Arc::new(role::matrix::principal("auditor")));
    assert_eq!(role::matrix::cell(&nothing, kind("Patient")), "-");
    let some = nothing.with(kind("Patient"), Act::Create, Verdict::Allowed).with(
        kind("Patient"),
        Act::Search,
        Verdict::Where(Arc::new(store::query::Filter::Id(Vec::new()))),
    );
    assert_eq!(role::matrix::cell(&some, kind("Patient")), "Cs");
}

/// Access, which looks for consents and keeps grants, gives what the table says: every role, type and act.
#[tokio::test]
async fn every_cell_is_what_access_grants() {
    let world = World::new();
    let rows = role::matrix::rows();
    assert_eq!(rows.len(), ResourceType::all().len());
    for (column, name) in role::names().enumerate() {
        let grant = world.grant(&access::Principal { tenant: crate::world::TENANT, ..role::matrix::principal(name) }).await;
        for (kind, cells) in &rows {
            assert_eq!(role::matrix::cell(&grant, *kind), cells[column], "{name}: {kind:?}");
        }
    }
}

/// A role of which one rule is taken away may do less: there is no rule that means nothing.
#[test]
fn every_rule_of_a_role_has_an_effect() {
    let registry = Registry::standard();
    for policy in role::all() {
        for (index, rule) in policy.rules.iter().enumerate() {
            let names_something =
                rule.kinds.iter().any(|kind| ACTS.iter().any(|act| rule.acts.has(*act) && registry.parameters(*kind).count() > 0));
            let administers = !rule.administration.is_empty() || !rule.assigns.is_empty();
            assert!(names_something || administers || !rule.operations.is_empty(), "{}: rule {index}, {}", policy.name, rule.name);
        }
    }
    let at_night = role::matrix::grant(Arc::new(role::matrix::principal("physician")), &registry, NOW);
    assert!(matches!(at_night.verdict(kind("Observation"), Act::Read), Verdict::Where(_)));
}
