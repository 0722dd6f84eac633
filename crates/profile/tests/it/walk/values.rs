//! Cardinality, types, fixed values, patterns and ranges.

use super::{errors, profile};

#[test]
fn how_many_there_are() {
    let profile = [profile(
        "Patient",
        r#"{"path": "Patient.name", "min": 1, "max": "2"}, {"path": "Patient.photo", "max": "0"}, {"path": "Patient.contact.name.family", "min": 1}"#,
    )];
    let named = |rest: &str| format!(r#"{{"resourceType": "Patient", "name": [{{"family": "a"}}]{rest}}}"#);
    assert_eq!(errors(&profile, &named("")), [""; 0]);
    assert_eq!(errors(&profile, r#"{"resourceType": "Patient"}"#), ["1010 Patient.name"]);
    assert_eq!(
        errors(&profile, r#"{"resourceType": "Patient", "name": [{"text": "a"}, {"text": "b"}, {"text": "c"}]}"#),
        ["1011 Patient.name"]
    );
    assert_eq!(errors(&profile, &named(r#", "photo": [{"url": "x"}]"#)), ["1011 Patient.photo"]);
    // What stands inside of an element is only asked for where the element is.
    assert_eq!(errors(&profile, &named(r#", "contact": [{"gender": "male"}]"#)), [""; 0]);
    assert_eq!(errors(&profile, &named(r#", "contact": [{"name": {"text": "x"}}]"#)), ["1010 Patient.contact[0].name.family"]);
}

#[test]
fn which_type_it_has() {
    let profile = [profile("Patient", r#"{"path": "Patient.deceased[x]", "type": [{"code": "dateTime"}], "min": 1}"#)];
    assert_eq!(errors(&profile, r#"{"resourceType": "Patient", "deceasedDateTime": "2000"}"#), [""; 0]);
    assert_eq!(errors(&profile, r#"{"resourceType": "Patient", "deceasedBoolean": true}"#), ["1012 Patient.deceased"]);
    assert_eq!(errors(&profile, r#"{"resourceType": "Patient"}"#), ["1010 Patient.deceased"]);
    // Its extensions alone are a value that is not known.
    assert_eq!(
        errors(&profile, r#"{"resourceType": "Patient", "_deceasedDateTime": {"extension": [{"url": "urn:u", "valueCode": "unknown"}]}}"#),
        [""; 0]
    );
}

#[test]
fn fixed_values_and_patterns() {
    let profile = [profile(
        "Observation",
        r#"{"path": "Observation.code", "patternCodeableConcept": {"coding": [{"system": "urn:s", "code": "c"}]}},
        {"path": "Observation.method", "fixedCodeableConcept": {"text": "m"}}"#,
    )];
    let with = |code: &str, method: &str| format!(r#"{{"resourceType": "Observation", "code": {code}, "method": {method}}}"#);
    let code = r#"{"text": "t", "coding": [{"code": "d"}, {"code": "c", "display": "x", "system": "urn:s"}]}"#;
    assert_eq!(errors(&profile, &with(code, r#"{"text": "m"}"#)), [""; 0]);
    assert_eq!(errors(&profile, &with(r#"{"coding": [{"code": "c"}]}"#, r#"{"text": "m"}"#)), ["1014 Observation.code"]);
    assert_eq!(errors(&profile, &with(code, r#"{"text": "m", "id": "1"}"#)), ["1013 Observation.method"]);
}

#[test]
fn ranges_and_lengths() {
    let profile = [profile(
        "Patient",
        r#"{"path": "Patient.birthDate", "minValueDate": "1900-06", "maxValueDate": "2020-01-01"},
        {"path": "Patient.name.family", "maxLength": 3}, {"path": "Patient.multipleBirthInteger", "minValueInteger": 2, "maxValueInteger": 10}"#,
    )];
    let born = |date: &str| errors(&profile, &format!(r#"{{"resourceType": "Patient", "birthDate": "{date}"}}"#));
    assert_eq!(born("1900"), [""; 0]);
    assert_eq!(born("1900-05-31"), ["1016 Patient.birthDate"]);
    assert_eq!(born("2020-01-02"), ["1016 Patient.birthDate"]);
    let multiple = |number: u32| errors(&profile, &format!(r#"{{"resourceType": "Patient", "multipleBirthInteger": {number}}}"#));
    assert_eq!((multiple(10), multiple(1)), (vec![], vec!["1016 Patient.multipleBirth".to_owned()]));
    // Letters are counted and not bytes.
    let named = |name: &str| errors(&profile, &format!(r#"{{"resourceType": "Patient", "name": [{{"family": "{name}"}}]}}"#));
    assert_eq!((named("äöü"), named("äöüß")), (vec![], vec!["1015 Patient.name[0].family".to_owned()]));
}

#[test]
fn extensions_of_definitions_say_more() {
    let extended = |path: &str, url: &str, value: &str| {
        [profile("Patient", &format!(r#"{{"path": "{path}", "extension": [{{"url": "http://hl7.org/fhir/{url}", {value}}}]}}"#))]
    };
    let short = extended("Patient.name.family", "StructureDefinition/minLength", r#""valueInteger": 2"#);
    let named = |name: &str| errors(&short, &format!(r#"{{"resourceType": "Patient", "name": [{{"family": "{name}"}}]}}"#));
    assert_eq!((named("ä"), named("äö")), (vec!["1036 Patient.name[0].family".to_owned()], vec![]));
    let absent =
        |url: &str| format!(r#"{{"resourceType": "Patient", "_birthDate": {{"extension": [{{"url": "{url}", "valueCode": "x"}}]}}}}"#);
    let needed =
        extended("Patient.birthDate", "5.0/StructureDefinition/extension-ElementDefinition.mustHaveValue", r#""valueBoolean": true"#);
    assert_eq!(errors(&needed, &absent("urn:a")), ["1037 Patient.birthDate"]);
    let other = extended(
        "Patient.birthDate",
        "5.0/StructureDefinition/extension-ElementDefinition.valueAlternatives",
        r#""valueCanonical": "urn:a""#,
    );
    assert_eq!(errors(&other, &absent("urn:a")), [""; 0]);
    assert_eq!(errors(&other, &absent("urn:b")), ["1037 Patient.birthDate"]);
}

#[test]
fn elements_that_refer_to_others() {
    let nested = |text: &str| {
        format!(r#"{{"resourceType": "Questionnaire", "item": [{{"linkId": "1", "text": "a", "item": [{{"linkId": "2"{text}}}]}}]}}"#)
    };
    let profile = profile("Questionnaire", r#"{"path": "Questionnaire.item.text", "min": 1}"#);
    let whole = profile::snapshot::with_snapshot(&profile, &fhir::library::Shelf::default()).expect("the differential fits");
    // The reference is to the element of the type, and not to that of the profile.
    assert_eq!(errors(std::slice::from_ref(&whole), &nested("")), [""; 0]);
    let text = fhir::json::to_string(&whole).replace("http://hl7.org/fhir/StructureDefinition/Questionnaire#", "#");
    let within = [super::json(&text)];
    assert_eq!(errors(&within, &nested(r#", "text": "b""#)), [""; 0]);
    assert_eq!(errors(&within, &nested("")), ["1010 Questionnaire.item[0].item[0].text"]);
}

#[test]
fn what_a_profile_says_of_an_element_is_not_said_of_those_that_refer_to_it() {
    // The definition of the type refers to its own elements by `#` alone.
    let profile = profile("Questionnaire", r#"{"path": "Questionnaire.item.text", "min": 1}"#);
    let kind = fhir::library::Library::find(
        base::library(),
        "StructureDefinition",
        &fhir::canonical::Canonical::parse("http://hl7.org/fhir/StructureDefinition/Questionnaire"),
    );
    let kind = kind.expect("R4 has it").as_ref().clone();
    let nested = r#"{"resourceType": "Questionnaire", "item": [{"linkId": "1", "text": "a", "item": [{"linkId": "2"}]}]}"#;
    assert_eq!(errors(&[profile.clone(), kind.clone()], nested), [""; 0]);
    let bare = r#"{"resourceType": "Questionnaire", "item": [{"linkId": "1"}]}"#;
    assert_eq!(errors(&[profile, kind], bare), ["1010 Questionnaire.item[0].text"]);
}

#[test]
fn durations_limit_times_from_now() {
    let limit = |name: &str| format!(r#""{name}": {{"value": 10, "code": "a", "system": "http://unitsofmeasure.org"}}"#);
    let elements = format!(r#"{{"path": "Patient.birthDate", {}, {}}}"#, limit("minValueDuration"), limit("maxValueDuration"));
    let library = fhir::library::Shelf::new([profile("Patient", &elements)]);
    let born = |date: &str| {
        let options = profile::Options { now: fhir::primitive::Temporal::parse("2026-06-25T12:00:00Z"), ..profile::Options::default() };
        let patient = super::json(&format!(r#"{{"resourceType": "Patient", "birthDate": "{date}"}}"#));
        let issues = profile::validate(&patient, &[super::PROFILE], &options, &profile::Plans::new(), &library, &profile::binding::Nobody);
        issues.iter().map(|issue| issue.number).collect::<Vec<_>>()
    };
    assert_eq!((born("2016-07-01"), born("2036-06-01"), born("2016")), (vec![], vec![], vec![]));
    assert_eq!((born("2016-06-01"), born("2036-07-01")), (vec![1016], vec![1016]));
}

#[test]
fn narratives_have_the_languages_that_are_asked_for() {
    let asked = |what: &str, sections: &str| {
        let control = format!(
            r#"{{"path": "Patient.text", "extension": [{{"url": "http://hl7.org/fhir/StructureDefinition/narrative-language-control", "valueCode": "{what}"}}]}}"#
        );
        let patient = format!(
            r#"{{"resourceType": "Patient", "language": "en", "text": {{"status": "generated", "div": "<div xmlns='http://www.w3.org/1999/xhtml'>{sections}</div>"}}}}"#
        );
        errors(&[profile("Patient", &control)], &patient)
    };
    let (plain, english, german) = ("<p>x</p>", "<div lang='en' xml:lang='en'>x<br/></div>", "<div xml:lang='de'><p lang='en'>x</p></div>");
    let wrong = vec!["1038 Patient.text".to_owned()];
    assert_eq!((asked("_no", plain), asked("_no", english)), (vec![], wrong.clone()));
    assert_eq!((asked("_yes", german), asked("_yes", plain)), (vec![], wrong.clone()));
    assert_eq!((asked("_resource", &format!("{german}{english}")), asked("_resource", german)), (vec![], wrong.clone()));
    assert_eq!((asked("de", german), asked("de", english)), (vec![], wrong));
}
