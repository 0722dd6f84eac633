//! The roles that Ward brings, each held to what a hospital means by it.

mod charts;
mod patients;
mod table;

use access::{Act, Grant, Verdict, role};
use fhir::definitions::ResourceType;

use crate::world::{World, kind, with_role};

/// The types with which a role can do something, whatever the resource.
async fn types(role: &str, fhir_user: Option<&str>, acts: &[Act]) -> Vec<&'static str> {
    let grant = World::new().grant(&with_role(role, fhir_user)).await;
    let may = |kind: &ResourceType| acts.iter().any(|act| *grant.verdict(*kind, *act) != Verdict::Refused);
    ResourceType::all().filter(may).map(ResourceType::name).collect()
}

fn refuses(grant: &Grant, name: &str, act: Act) -> bool {
    *grant.verdict(kind(name), act) == Verdict::Refused
}

const WRITES: [Act; 3] = [Act::Create, Act::Update, Act::Delete];
/// What only those who treat may see.
const NOTES_AND_RESULTS: [&str; 8] = [
    "ClinicalImpression",
    "Composition",
    "DiagnosticReport",
    "DocumentReference",
    "MedicationRequest",
    "Observation",
    "QuestionnaireResponse",
    "AllergyIntolerance",
];

#[test]
fn every_role_can_be_read() {
    let names: Vec<&str> = role::names().collect();
    let read: Vec<&str> = role::all().iter().map(|policy| &*policy.name).collect();
    assert_eq!(read, names);
    for name in names {
        let text = role::text(name).expect("its text");
        access::Policy::read(text.as_bytes(), &search::Registry::standard()).unwrap_or_else(|issues| panic!("{name}: {issues:#?}"));
    }
    assert!(role::get("doctor").is_none() && role::text("doctor").is_none());
}

#[tokio::test]
async fn a_role_that_does_not_exist_allows_nothing() {
    assert!(types("doctor", None, &access::ACTS).await.is_empty());
    assert!(types("", None, &access::ACTS).await.is_empty());
}

#[tokio::test]
async fn an_auditor_sees_the_trail_and_nothing_else() {
    assert_eq!(types("auditor", Some("Practitioner/a"), &access::ACTS).await, ["AuditEvent", "Provenance"]);
    assert!(types("auditor", Some("Practitioner/a"), &WRITES).await.is_empty());
}

#[tokio::test]
async fn who_runs_the_house_sees_no_patients() {
    let patients: Vec<&str> = search::compartment::members(kind("Patient")).map(ResourceType::name).collect();
    for role in ["administrator", "system-administrator"] {
        let seen = types(role, Some("Practitioner/a"), &access::ACTS).await;
        let leaks: Vec<_> = seen.iter().filter(|name| patients.contains(name) && **name != "Schedule").collect();
        assert!(leaks.is_empty(), "{role}: {leaks:?}");
        for name in ["Binary", "Bundle", "Basic", "Task", "AuditEvent"] {
            assert!(!seen.contains(&name), "{role}: {name}");
        }
    }
}

#[tokio::test]
async fn who_does_not_treat_reads_no_notes_and_no_results() {
    for role in ["receptionist", "biller", "administrator", "system-administrator", "auditor"] {
        let grant = World::new().grant(&with_role(role, Some("Practitioner/a"))).await;
        for name in NOTES_AND_RESULTS {
            for act in access::ACTS {
                assert!(refuses(&grant, name, act), "{role}: {act:?} {name}");
            }
        }
    }
}

#[tokio::test]
async fn nobody_deletes_what_is_in_a_chart() {
    for role in role::names().filter(|role| *role != "service") {
        let grant = World::new().grant(&with_role(role, Some("Practitioner/a"))).await;
        for kind in search::compartment::members(kind("Patient")).filter(|kind| kind.name() != "Schedule") {
            assert_eq!(*grant.verdict(kind, Act::Delete), Verdict::Refused, "{role}: {kind:?}");
        }
    }
}

#[tokio::test]
async fn each_writes_only_what_is_theirs() {
    let writers = [
        ("MedicationRequest", Act::Create, vec!["physician", "service"]),
        ("MedicationDispense", Act::Create, vec!["pharmacist", "service"]),
        ("MedicationAdministration", Act::Create, vec!["nurse", "physician", "service"]),
        ("Condition", Act::Create, vec!["physician", "service"]),
        ("Invoice", Act::Create, vec!["biller", "service"]),
        ("Patient", Act::Create, vec!["receptionist", "service"]),
        ("Practitioner", Act::Create, vec!["administrator", "service"]),
        ("StructureDefinition", Act::Create, vec!["service", "system-administrator"]),
        ("AuditEvent", Act::Create, vec![]),
        ("AuditEvent", Act::Update, vec![]),
        ("AuditEvent", Act::Delete, vec![]),
        ("Subscription", Act::Create, vec!["service", "system-administrator"]),
    ];
    for (name, act, expected) in writers {
        let mut found = Vec::new();
        for role in role::names() {
            let grant = World::new().grant(&with_role(role, Some("Practitioner/a"))).await;
            found.extend((!refuses(&grant, name, act)).then_some(role));
        }
        found.sort_unstable();
        assert_eq!(found, expected, "{act:?} {name}");
    }
}

#[tokio::test]
async fn operations_that_remove_need_the_right_role_and_a_second_factor() {
    let world = World::new();
    for role in role::names() {
        let mut principal = with_role(role, Some("Practitioner/a"));
        assert_eq!(world.grant(&principal).await.allows_operation("expunge"), role == "service", "{role}");
        principal.strength = access::Strength::Two;
        let expected = matches!(role, "service" | "system-administrator");
        assert_eq!(world.grant(&principal).await.allows_operation("expunge"), expected, "{role} with a second factor");
    }
}
