//! Resources that are not as they should be: extraction passes over what it cannot read.

use search::Registry;
use store::commit::NO_DATE;
use store::contract::Extract;

use super::{extract, values};

#[test]
fn wrong_forms_give_no_entries() {
    let cases = [
        r#"{"resourceType":"Observation","code":"text","subject":[1,{"reference":5},null],"effectiveDateTime":"2020-99","valueQuantity":{"value":"x"}}"#,
        r#"{"resourceType":"Observation","code":{"coding":{"code":7}},"effectivePeriod":"x","valueQuantity":[[]],"component":"a"}"#,
        r#"{"resourceType":"Observation","effectiveDateTime":null,"code":null,"meta":[],"component":[null]}"#,
    ];
    for case in cases {
        let extracted = extract(case);
        assert_eq!(extracted.date, NO_DATE, "{case}");
        assert_eq!(values(&extracted, "Observation.date"), [], "{case}");
    }
}

#[test]
fn what_is_no_resource_gives_nothing() {
    let kind = fhir::definitions::ResourceType::parse("Patient").expect("a type");
    let registry = Registry::standard();
    for text in ["", "{", "[]", "7", "\"x\"", "{}", r#"{"resourceType":"Nothing"}"#] {
        assert_eq!(Extract::extract(&*registry, kind, text.as_bytes()).0, [], "{text}");
    }
}

#[test]
fn long_texts_are_cut() {
    let long = "ä".repeat(100_000);
    let extracted = extract(&format!(r#"{{"resourceType":"Patient","name":[{{"family":"{long}"}}],"identifier":[{{"value":"{long}"}}]}}"#));
    assert!(format!("{:?}", extracted.entries).len() < 100_000);
    assert_eq!(values(&extracted, "Patient.family").len(), 1);
}

#[test]
fn the_fingerprint_tells_bases_apart() {
    let plain = Registry::standard();
    assert_eq!(plain.fingerprint(), Registry::with_bases([""; 0]).fingerprint());
    assert_ne!(plain.fingerprint(), Registry::with_bases(["http://a"]).fingerprint());
}
