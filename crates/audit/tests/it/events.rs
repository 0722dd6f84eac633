//! AuditEvents: valid by FHIR's structure, its invariants, and the patterns that they claim to follow.

use std::sync::Arc;

use audit::happening::{Done, INTERACTIONS};
use audit::{Administered, Happening, Interaction, Outcome, What};
use fhir::library::Shelf;
use fhir::{Severity, Value, json};
use profile::binding::Nobody;
use profile::{Options, Plans, base};

use crate::balp;
use crate::sample::{NOON, TENANT, ada, ada_in_an_emergency, at, entity, read, scribe, service};

fn judge(event: &Value) -> Vec<String> {
    let mut stored = event.clone();
    stored.as_object_mut().unwrap().set("id", "e1");
    let mut issues = fhir::check::check(&stored);
    base::check(&stored, &base::Options::default(), &mut issues);
    issues.extend(profile::validate(&stored, &[], &Options::default(), &Plans::new(), &Shelf::new(balp::profiles()), &Nobody));
    let errors = issues.into_iter().filter(|issue| issue.severity >= Severity::Error);
    errors.map(|issue| format!("{} {}: {}", issue.number, issue.expression, issue.diagnostics)).collect()
}

fn judged(happening: &Happening, patients: &[Vec<Box<str>>]) -> Vec<Value> {
    let events = scribe().events(happening, patients);
    for event in &events {
        let problems = judge(event);
        assert!(problems.is_empty(), "{:?}: {problems:#?}\n{}", happening.what, json::pretty(event));
    }
    events
}

fn everything_that_happens() -> Vec<What> {
    let mut all: Vec<What> = INTERACTIONS.into_iter().map(What::Rest).collect();
    all.extend([
        What::Operation("everything".into()),
        What::SignIn(None),
        What::SignIn(Some("City Hospital".into())),
        What::SignOut(None),
        What::SignOut(Some("City Hospital".into())),
        What::Export,
        What::BreakGlass,
        What::BreakGlassEnd,
        What::Configuration("role nurse: rule added".into()),
        What::Consent,
        What::Disclosure("Insurance Inc.".into()),
        What::Alert("many-charts".into(), "120 charts within an hour".into()),
        What::Recording(true),
        What::Recording(false),
    ]);
    let words = || "set-rights: u-12 (ada): nurse, before: physician".into();
    let administered = Administered::ALL.into_iter().flat_map(|of| Done::ALL.map(|done| What::Administration(of, done, words())));
    all.extend(administered);
    all
}

#[test]
fn whatever_happens_is_told_in_valid_events() {
    let actors = [Some(Arc::new(ada())), Some(Arc::new(ada_in_an_emergency())), Some(Arc::new(service())), None];
    let outcomes =
        [Outcome::Done, Outcome::Denied("no rule".into()), Outcome::Mistaken("no such parameter".into()), Outcome::Failed("".into())];
    let mut count = 0;
    for what in everything_that_happens() {
        for who in &actors {
            for outcome in &outcomes {
                for patients in [vec![], vec![vec!["p1".into()]], vec![vec!["p2".into(), "p1".into(), "p2".into()]]] {
                    let happening = Happening {
                        what: what.clone(),
                        who: who.clone(),
                        outcome: outcome.clone(),
                        query: Some("Observation?patient=p1&code=%".into()),
                        ..read(vec![entity("Observation/o1", 3)])
                    };
                    let events = judged(&happening, &patients);
                    let touched = patients.first().map_or(0, |ids| ids.len().min(2));
                    assert_eq!(events.len(), touched.max(1), "{what:?}");
                    count += events.len();
                }
            }
        }
    }
    assert_eq!(count, everything_that_happens().len() * 4 * 4 * 4);
}

#[test]
fn a_validator_sees_what_is_wrong() {
    let event = scribe().events(&read(vec![entity("Observation/o1", 3)]), &[vec!["p1".into()]]).remove(0);
    let text = json::to_string(&event);
    for (what, from, to) in [
        ("no server", "110153", "110155"),
        ("another action", "\"action\":\"R\"", "\"action\":\"C\""),
        ("a failure", "\"outcome\":\"0\"", "\"outcome\":\"4\""),
        ("no patient", "\"Patient/p1\"", "\"Group/p1\""),
        ("no token", "UserOauthAgent", "UserSamlAgent"),
    ] {
        assert!(text.contains(from), "{what}");
        let broken = json::parse(text.replace(from, to).as_bytes()).unwrap();
        assert!(!judge(&broken).is_empty(), "{what}");
    }
}

#[test]
fn a_read_has_who_what_whose_and_the_request() {
    let event = judged(&read(vec![entity("Observation/o1", 3)]), &[vec!["p1".into()]]).remove(0);
    assert_eq!(at(&event, "meta.profile.0"), "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PatientRead");
    assert_eq!(at(&event, "meta.tag.0.code"), "u-ada");
    assert_eq!(at(&event, "recorded"), "2026-11-22T12:00:00.000Z");
    assert_eq!(at(&event, "agent.0.who.identifier.value"), "growth-charts");
    assert_eq!(at(&event, "agent.0.network.address"), "2001:db8::7");
    assert_eq!(at(&event, "agent.2.who.reference"), "Practitioner/ada");
    assert_eq!(at(&event, "agent.2.role.0.coding.0.code"), "physician");
    assert_eq!(at(&event, "agent.2.purposeOfUse.0.coding.0.code"), "TREAT");
    assert_eq!(at(&event, "entity.0.what.reference"), "Patient/p1");
    assert_eq!(at(&event, "entity.1.what.reference"), "Observation/o1/_history/3");
    assert_eq!(at(&event, "entity.2.what.identifier.value"), "76d148b6-586d-11ec-bf63-0242ac130002");
}

#[test]
fn at_most_32_characters_of_a_session_are_told() {
    let event = judged(&read(vec![entity("Observation/o1", 3)]), &[]).remove(0);
    assert_eq!(at(&event, "agent.2.policy.0"), "urn:ietf:params:oauth:jti:0123456789-0123456789-0123456789");
    assert!(!json::to_string(&event).contains("session-"));
}

#[test]
fn a_query_has_what_was_asked_and_not_what_was_found() {
    let asked = "Observation?patient=p1&code=\u{7f}<script>";
    let query = Happening {
        what: What::Rest(Interaction::SearchType),
        query: Some(asked.into()),
        ..read(vec![entity("Observation/o1", 3), entity("Observation/o2", 1), entity("Location/l", 1)])
    };
    let events = judged(&query, &[vec!["p1".into()], vec!["p2".into(), "p1".into()]]);
    assert_eq!(events.len(), 2);
    for (event, patient) in events.iter().zip(["Patient/p1", "Patient/p2"]) {
        assert_eq!(at(event, "entity.0.what.reference"), patient);
        let query = fhir::primitive::base64::from_base64(at(event, "entity.1.query")).unwrap();
        assert_eq!(query, asked.as_bytes());
        assert!(!json::to_string(event).contains("Observation/o"));
    }
}

#[test]
fn what_was_refused_is_found_by_its_subtype() {
    let denied = Happening { outcome: Outcome::Denied("no rule".into()), ..read(vec![entity("Observation/o1", 0)]) };
    let event = judged(&denied, &[]).remove(0);
    assert_eq!(at(&event, "outcome"), "4");
    assert_eq!(at(&event, "outcomeDesc"), "no rule");
    assert_eq!(at(&event, "subtype.1.code"), "denied");
}

#[test]
fn an_emergency_has_its_purpose_and_reason() {
    let happening =
        Happening { what: What::BreakGlass, who: Some(Arc::new(ada_in_an_emergency())), patients: vec!["p1".into()], ..read(vec![]) };
    let event = judged(&happening, &[]).remove(0);
    assert_eq!(at(&event, "purposeOfEvent.0.coding.0.code"), "BTG");
    assert_eq!(at(&event, "entity.0.detail.0.valueString"), "found unconscious");
    assert_eq!(Happening::new(NOON, TENANT, What::SignIn(None)).purpose(), None);
}

#[test]
fn what_is_administered_is_told_as_dicom_calls_it() {
    let told = |of, done| {
        let what = What::Administration(of, done, "u-12".into());
        let event = scribe().events(&Happening { what, ..read(Vec::new()) }, &[]).remove(0);
        (at(&event, "action").to_owned(), at(&event, "subtype.0.code").to_owned())
    };
    let pair = |action: &str, code: &str| (action.to_owned(), code.to_owned());
    assert_eq!(told(Administered::Account, Done::Update), pair("U", "110137"));
    assert_eq!(told(Administered::Role, Done::Create), pair("C", "110136"));
    assert_eq!(told(Administered::Client, Done::Delete), pair("D", "110129"));
    assert_eq!(told(Administered::Explanation, Done::Read), pair("R", "110132"));
    assert_eq!(told(Administered::Account, Done::Read), pair("R", "110132"));
}
