//! Which profiles count.

use fhir::Severity;
use fhir::library::Shelf;
use profile::binding::Nobody;
use profile::{Options, Plans};

use super::{PROFILE, json, profile};

fn found(asked: &[&str], options: &Options<'_>, resource: &str) -> Vec<(u16, Severity)> {
    let library = Shelf::new([profile("Patient", r#"{"path": "Patient.name", "min": 1}"#)]);
    let issues = profile::validate(&json(resource), asked, options, &Plans::new(), &library, &Nobody);
    issues.iter().map(|issue| (issue.number, issue.severity)).collect()
}

fn claiming(profile: &str, kind: &str) -> String {
    format!(r#"{{"resourceType": "{kind}", "meta": {{"profile": ["{profile}"]}}}}"#)
}

#[test]
fn claimed_and_asked_for() {
    let options = Options::default();
    let missing = [(1010, Severity::Error)];
    assert_eq!(found(&[PROFILE], &options, r#"{"resourceType": "Patient"}"#), missing);
    assert_eq!(found(&[], &options, &claiming(PROFILE, "Patient")), missing);
    assert_eq!(found(&[PROFILE], &options, &claiming(PROFILE, "Patient")), missing);
    assert_eq!(found(&[], &Options { claims: false, ..options }, &claiming(PROFILE, "Patient")), []);
}

#[test]
fn not_known_or_for_another_type() {
    let options = Options::default();
    assert_eq!(found(&[], &options, &claiming("http://example.org/other", "Patient")), [(1000, Severity::Warning)]);
    assert_eq!(found(&["http://example.org/other"], &options, r#"{"resourceType": "Patient"}"#), [(1000, Severity::Error)]);
    let strict = Options { unknown_profile: Severity::Error, ..options.clone() };
    assert_eq!(found(&[], &strict, &claiming("http://example.org/other", "Patient")), [(1000, Severity::Error)]);
    assert_eq!(found(&[], &options, &claiming(PROFILE, "Device")), [(1001, Severity::Error)]);
    assert_eq!(found(&[], &options, &claiming("http://hl7.org/fhir/StructureDefinition/Patient", "Patient")), []);
}

#[test]
fn everywhere_in_a_bundle() {
    let bundle = format!(r#"{{"resourceType": "Bundle", "entry": [{{"resource": {}}}]}}"#, claiming(PROFILE, "Patient"));
    assert_eq!(found(&[], &Options::default(), &bundle), [(1010, Severity::Error)]);
}

#[test]
fn plans_are_made_anew_when_the_library_changes() {
    struct Changing(Shelf, u64);
    impl fhir::library::Library for Changing {
        fn find(&self, kind: &str, canonical: &fhir::canonical::Canonical<'_>) -> Option<std::sync::Arc<fhir::Value>> {
            self.0.find(kind, canonical)
        }
        fn versions(&self, kind: &str, url: &str) -> Vec<Option<Box<str>>> {
            self.0.versions(kind, url)
        }
        fn urls(&self, kind: &str) -> Vec<Box<str>> {
            self.0.urls(kind)
        }
        fn generation(&self) -> u64 {
            self.1
        }
    }
    let (plans, patient) = (Plans::new(), json(&claiming(PROFILE, "Patient")));
    let shelf = |element: &str| Shelf::new([profile("Patient", element)]);
    let count = |library: &Changing| profile::validate(&patient, &[], &Options::default(), &plans, library, &Nobody).len();
    assert_eq!(count(&Changing(shelf(r#"{"path": "Patient.name", "min": 1}"#), 1)), 1);
    assert_eq!(count(&Changing(shelf(r#"{"path": "Patient.name", "min": 0}"#), 2)), 0);
}

#[test]
fn vital_signs_follow_their_profile_unasked() {
    let definition = super::profile_at(
        "http://hl7.org/fhir/StructureDefinition/bodytemp",
        "Observation",
        r#"{"path": "Observation.subject", "min": 1}, {"path": "Observation.effective[x]", "constraint": [{"key": "vs-1", "severity": "error", "human": "x",
            "expression": "($this as dateTime).toString().length() >= 8"}]}"#,
    );
    let measured = |code: &str, effective: &str| {
        let text = format!(
            r#"{{"resourceType": "Observation", "code": {{"coding": [{{"system": "http://loinc.org", "code": "{code}"}}]}}, {effective}}}"#
        );
        super::errors(std::slice::from_ref(&definition), &text)
    };
    let day = r#""effectiveDateTime": "2020-02-29""#;
    assert_eq!((measured("8310-5", day), measured("8331-1", day)), (vec!["1010 Observation.subject".to_owned()], vec![]));
    // What the invariant says of a date is not asked of a period.
    let subject = r#""subject": {"display": "x"}"#;
    assert_eq!(measured("8310-5", &format!(r#"{subject}, "effectivePeriod": {{"start": "2020"}}"#)), [""; 0]);
    assert_eq!(measured("8310-5", &format!(r#"{subject}, "effectiveDateTime": "2020-02""#)), ["1017 Observation.effective"]);
}
