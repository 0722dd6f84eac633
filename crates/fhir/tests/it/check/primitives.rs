//! The forms of primitives, by values at their edges.

use fhir::{Value, check, codes, object};

/// For each type, what fits it and what does not; a blank stands between two values, `_` for a blank in one.
const FORMS: &[(&str, &str, &str)] = &[
    ("base64Binary", "AAAA AA== AAA= AA_AA\n a+/9", "A AAAAA A=== =AAA AA=A AA-_ ==== é"),
    ("canonical", "http://a.org/x|1 #a a", "a_b _a a\t"),
    ("code", "a a_b é-1 a_b_c", "_a a_ a__b a\tb _"),
    (
        "date",
        "2024 2024-02 2024-02-29 2000-02-29 9999-12-31 0001-01-01",
        "0000 24 2023-02-29 1900-02-29 2024-13 2024-00 2024-1-1 2024-04-31 2024-02-00 2024- 2024-02-29T08:00:00Z 02024 2024-02-291 ２024",
    ),
    (
        "dateTime",
        "2024 2024-02 2024-02-29 2024-02-29T08:15:00Z 2024-02-29T23:59:60+14:00 2024-02-29T08:15:00.123456789-05:30",
        "2024-02-29T08:15Z 2024-02-29T08:15:00 2024-02-29T24:00:00Z 2024-02-29T08:60:00Z 2024-02-29T08:15:61Z 2024-02-29T08:15:00.Z 2024-02-29T08:15:00+14:01 2024-02-29T08:15:00+5:00 2024-02T08:15:00Z 2024-02-29T08:15:00-99999999999:00 2024-02-29_08:15:00Z 2024-02-30T08:15:00Z 2024-02-29T08:15:00ZZ 2024-02-29T",
    ),
    (
        "id",
        "a A-z.9 1234567890123456789012345678901234567890123456789012345678901234",
        "a_b a/b é 12345678901234567890123456789012345678901234567890123456789012345",
    ),
    ("instant", "2024-02-29T08:15:00Z 2024-02-29T08:15:00.1+01:00", "2024 2024-02-29 2024-02-29T08:15:00 2024-02-30T08:15:00Z"),
    ("markdown", "a _ a\n#_b é", "\u{1} a\u{0}b \u{b}"),
    (
        "oid",
        "urn:oid:1.2 urn:oid:2.16.840.0.1 urn:oid:0.0",
        "1.2 urn:oid:3.1 urn:oid:1 urn:oid:1. urn:oid:1.02 urn:oid:1.2.a urn:oid:1..2 urn:oid:",
    ),
    ("string", "a _ a\tb é", "\u{1} a\u{1f}"),
    ("time", "08:15:00 23:59:60 08:15:00.5", "8:15:00 08:15 24:00:00 08:60:00 08:15:61 08:15:00. 08:15:00Z 08-15-00"),
    ("uri", "urn:a http://a.org a ü", "a_b _ a\n"),
    ("url", "http://a.org a", "a_b"),
    (
        "uuid",
        "urn:uuid:c757873d-ec9a-4326-a141-556f43239520",
        "c757873d-ec9a-4326-a141-556f43239520 urn:uuid:C757873D-ec9a-4326-a141-556f43239520 urn:uuid:c757873dec9a4326a141556f43239520 urn:uuid:c757873d-ec9a-4326-a141-556f4323952",
    ),
];

const NUMBERS: &[(&str, &str, &str)] = &[
    ("decimal", "0 -0 1.0 1.50 -2.5e10 1E-3 0.00 123456789012345678901234567890.5", "01 1. .5 +1 1e 1e+ - 1.0.0 0x1 NaN"),
    ("integer", "0 1 -1 2147483647 -2147483648", "2147483648 -2147483649 1.0 1e2 -0 01 +1"),
    ("unsignedInt", "0 1 2147483647", "-1 2147483648 1.0"),
    ("positiveInt", "1 2147483647", "0 -1 2147483648 1.5"),
];

fn issues(kind: &str, value: Value) -> Vec<fhir::Issue> {
    let member = format!("value{}{}", kind[..1].to_ascii_uppercase(), &kind[1..]);
    let extension = fhir::Object::from_iter([(fhir::Name::from("url"), Value::from("a:b")), (fhir::Name::from(member), value)]);
    check::check(&object! { "resourceType": "Patient", "extension": fhir::array![extension] })
}

fn judge(forms: &[(&str, &str, &str)], value: fn(String) -> Value) {
    for (kind, sound, faulty) in forms {
        for text in sound.split(' ').map(|text| text.replace('_', " ")) {
            assert_eq!(issues(kind, value(text.clone())), [], "{kind} {text:?}");
        }
        let mut told = std::collections::BTreeSet::new();
        for text in faulty.split(' ').map(|text| text.replace('_', " ")) {
            let found = issues(kind, value(text.clone()));
            assert_eq!(found.iter().map(|issue| issue.number).collect::<Vec<_>>(), [codes::PRIMITIVE_FORM], "{kind} {text:?}");
            assert_eq!(found[0].expression, "Patient.extension[0].value");
            told.insert(found[0].diagnostics.clone());
        }
        assert_eq!(told.len(), 1, "{kind}: the message depends on the value, so it may tell of a patient: {told:?}");
    }
}

#[test]
fn texts_have_the_form_of_their_type() {
    judge(FORMS, Value::from);
}

#[test]
fn numbers_have_the_form_of_their_type() {
    judge(NUMBERS, |text| Value::Number(text.into()));
}

#[test]
fn a_string_has_one_megabyte_at_most() {
    assert_eq!(issues("string", "a".repeat(1024 * 1024).into()), []);
    let found = issues("string", "a".repeat(1024 * 1024 + 1).into());
    assert_eq!(
        found.iter().map(|issue| (issue.number, issue.code)).collect::<Vec<_>>(),
        [(codes::PRIMITIVE_FORM, fhir::IssueCode::TooLong)]
    );
}

#[test]
fn the_narrative_is_a_div() {
    let of = |div: &str| check::check(&object! { "resourceType": "Patient", "text": object! { "status": "generated", "div": div } });
    for sound in ["<div xmlns=\"http://www.w3.org/1999/xhtml\">a</div>", " <div\nxmlns='http://www.w3.org/1999/xhtml'>a</div>\n"] {
        assert_eq!(of(sound), [], "{sound}");
    }
    for faulty in ["a", "<p>a</p>", "<div>a</div>", "<divx>a</divx>", "<div>a", "<div>\u{1}</div>"] {
        assert_eq!(of(faulty).iter().map(|issue| issue.expression.as_str()).collect::<Vec<_>>(), ["Patient.text.div"], "{faulty}");
    }
}
