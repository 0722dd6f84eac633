//! One fault at a time: each is found where it is, under its number, and nothing else is reported.

use fhir::check::{Allowances, MAX_ISSUES, check, check_with};
use fhir::{Value, codes, json};

/// A resource with one fault; the fault's number and place.
type Case = (&'static str, u16, &'static str);

const RESOURCES: &[Case] = &[
    (r#"[]"#, codes::RESOURCE_TYPE_MISSING, "Resource"),
    (r#""Patient""#, codes::RESOURCE_TYPE_MISSING, "Resource"),
    (r#"{}"#, codes::RESOURCE_TYPE_MISSING, "Resource"),
    (r#"{"id":"a"}"#, codes::RESOURCE_TYPE_MISSING, "Resource"),
    (r#"{"resourceType":7}"#, codes::WRONG_KIND, "Resource.resourceType"),
    (r#"{"resourceType":"patient"}"#, codes::RESOURCE_TYPE_UNKNOWN, "Resource"),
    (r#"{"resourceType":"DomainResource"}"#, codes::RESOURCE_TYPE_UNKNOWN, "Resource"),
    (r#"{"resourceType":"HumanName"}"#, codes::RESOURCE_TYPE_UNKNOWN, "Resource"),
    (r#"{"resourceType":"Patient","birthdate":"2000-01-01"}"#, codes::ELEMENT_UNKNOWN, "Patient.birthdate"),
    (r#"{"resourceType":"Patient","_birthdate":{"id":"a"}}"#, codes::ELEMENT_UNKNOWN, "Patient._birthdate"),
    (r#"{"resourceType":"Patient","name":[{"resourceType":"HumanName"}]}"#, codes::ELEMENT_UNKNOWN, "Patient.name[0].resourceType"),
    (r#"{"resourceType":"Patient","deceased":true}"#, codes::ELEMENT_UNKNOWN, "Patient.deceased"),
    (r#"{"resourceType":"Patient","deceasedString":"yes"}"#, codes::ELEMENT_UNKNOWN, "Patient.deceasedString"),
    (r#"{"resourceType":"Patient","a b`c":1}"#, codes::ELEMENT_UNKNOWN, "Patient.`a bc`"),
    (r#"{"resourceType":"Patient","active":"true"}"#, codes::WRONG_KIND, "Patient.active"),
    (r#"{"resourceType":"Patient","birthDate":2000}"#, codes::WRONG_KIND, "Patient.birthDate"),
    (r#"{"resourceType":"Patient","birthDate":{"value":"2000"}}"#, codes::WRONG_KIND, "Patient.birthDate"),
    (r#"{"resourceType":"Patient","multipleBirthInteger":"2"}"#, codes::WRONG_KIND, "Patient.multipleBirth"),
    (r#"{"resourceType":"Patient","name":["Anna"]}"#, codes::WRONG_KIND, "Patient.name[0]"),
    (r#"{"resourceType":"Patient","name":{"family":"A"}}"#, codes::ARRAY_EXPECTED, "Patient.name"),
    (r#"{"resourceType":"Patient","name":[{"given":"A"}]}"#, codes::ARRAY_EXPECTED, "Patient.name[0].given"),
    (r#"{"resourceType":"Patient","active":[true]}"#, codes::ARRAY_UNEXPECTED, "Patient.active"),
    (r#"{"resourceType":"Patient","maritalStatus":[{"text":"a"}]}"#, codes::ARRAY_UNEXPECTED, "Patient.maritalStatus"),
    (r#"{"resourceType":"Patient","name":[[{"family":"A"}]]}"#, codes::ARRAY_UNEXPECTED, "Patient.name[0]"),
    (r#"{"resourceType":"Patient","name":[]}"#, codes::EMPTY, "Patient.name"),
    (r#"{"resourceType":"Patient","name":[{}]}"#, codes::EMPTY, "Patient.name[0]"),
    (r#"{"resourceType":"Patient","name":[{"given":[]}]}"#, codes::EMPTY, "Patient.name[0].given"),
    (r#"{"resourceType":"Patient","birthDate":""}"#, codes::EMPTY, "Patient.birthDate"),
    (r#"{"resourceType":"Patient","_birthDate":{}}"#, codes::EMPTY, "Patient.birthDate"),
    (r#"{"resourceType":"Patient","birthDate":null}"#, codes::NULL, "Patient.birthDate"),
    (r#"{"resourceType":"Patient","name":null}"#, codes::NULL, "Patient.name"),
    (r#"{"resourceType":"Patient","name":[null]}"#, codes::NULL, "Patient.name[0]"),
    (r#"{"resourceType":"Patient","name":[{"given":["A",null]}]}"#, codes::NULL, "Patient.name[0].given[1]"),
    (r#"{"resourceType":"Patient","name":[{"given":["A",null],"_given":[{"id":"a"},null]}]}"#, codes::NULL, "Patient.name[0].given[1]"),
    (r#"{"resourceType":"Patient","maritalStatus":null}"#, codes::NULL, "Patient.maritalStatus"),
    (r#"{"resourceType":"Patient","link":[{"type":"seealso"}]}"#, codes::ELEMENT_MISSING, "Patient.link[0]"),
    (r#"{"resourceType":"Observation","status":"final"}"#, codes::ELEMENT_MISSING, "Observation"),
    (
        r#"{"resourceType":"MedicationRequest","status":"active","intent":"order","subject":{"display":"A"}}"#,
        codes::ELEMENT_MISSING,
        "MedicationRequest",
    ),
    (r#"{"resourceType":"Patient","deceasedBoolean":true,"deceasedDateTime":"2020"}"#, codes::CHOICE_TWICE, "Patient.deceased"),
    (
        r#"{"resourceType":"Patient","deceasedBoolean":true,"_deceasedDateTime":{"extension":[{"url":"a:b","valueCode":"c"}]}}"#,
        codes::CHOICE_TWICE,
        "Patient.deceased",
    ),
];

const SIBLINGS: &[Case] = &[
    (r#"{"resourceType":"Patient","_birthDate":{"id":"a"}}"#, codes::CONTENT_MISSING, "Patient.birthDate"),
    (r#"{"resourceType":"Patient","birthDate":"2000","_birthDate":"a"}"#, codes::WRONG_KIND, "Patient.birthDate"),
    (r#"{"resourceType":"Patient","birthDate":"2000","_birthDate":null}"#, codes::NULL, "Patient.birthDate"),
    (r#"{"resourceType":"Patient","birthDate":"2000","_birthDate":{"value":"2000"}}"#, codes::ELEMENT_UNKNOWN, "Patient.birthDate.value"),
    (r#"{"resourceType":"Patient","birthDate":"2000","_birthDate":[{"id":"a"}]}"#, codes::ARRAY_UNEXPECTED, "Patient.birthDate"),
    (r#"{"resourceType":"Patient","_name":[{"id":"a"}]}"#, codes::SIBLING_UNEXPECTED, "Patient.name"),
    (r#"{"resourceType":"Patient","name":[{"id":"a","_id":{"id":"b"},"family":"B"}]}"#, codes::SIBLING_UNEXPECTED, "Patient.name[0].id"),
    (r#"{"resourceType":"Patient","name":[{"given":["A","B"],"_given":[{"id":"a"}]}]}"#, codes::SIBLING_LENGTH, "Patient.name[0].given"),
    (r#"{"resourceType":"Patient","name":[{"given":["A"],"_given":{"id":"a"}}]}"#, codes::ARRAY_EXPECTED, "Patient.name[0].given"),
    (
        r#"{"resourceType":"Patient","name":[{"given":["A"],"_given":[{"extension":[{"url":"a:b"}]}]}]}"#,
        codes::EXTENSION_VALUE,
        "Patient.name[0].given[0].extension[0]",
    ),
    (
        r#"{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns='http://www.w3.org/1999/xhtml'>a</div>","_div":{"extension":[{"url":"a:b","valueCode":"c"}]}}}"#,
        codes::TOO_MANY,
        "Patient.text.div.extension",
    ),
    (r#"{"resourceType":"Patient","maritalStatus":{"id":"a"}}"#, codes::CONTENT_MISSING, "Patient.maritalStatus"),
];

const EXTENSIONS: &[Case] = &[
    (r#"{"resourceType":"Patient","extension":[{"valueString":"a"}]}"#, codes::ELEMENT_MISSING, "Patient.extension[0]"),
    (r#"{"resourceType":"Patient","extension":[{"url":"a:b"}]}"#, codes::EXTENSION_VALUE, "Patient.extension[0]"),
    (
        r#"{"resourceType":"Patient","extension":[{"url":"a:b","valueString":"a","extension":[{"url":"c","valueString":"d"}]}]}"#,
        codes::EXTENSION_VALUE,
        "Patient.extension[0]",
    ),
    (
        r#"{"resourceType":"Patient","modifierExtension":[{"url":"a:b","extension":[{"url":"c"}]}]}"#,
        codes::EXTENSION_VALUE,
        "Patient.modifierExtension[0].extension[0]",
    ),
    (r#"{"resourceType":"Patient","extension":[{"url":"a b","valueString":"a"}]}"#, codes::PRIMITIVE_FORM, "Patient.extension[0].url"),
    (r#"{"resourceType":"Patient","extension":[{"url":"a:b","valueHumanname":{"text":"a"}}]}"#, codes::ELEMENT_UNKNOWN, ""),
];

const CONTAINED: &[Case] = &[
    (
        r#"{"resourceType":"Patient","contained":[{"resourceType":"Basic","code":{"text":"a"}}]}"#,
        codes::CONTAINED_ID,
        "Patient.contained[0]",
    ),
    (
        r#"{"resourceType":"Patient","contained":[{"resourceType":"Patient","id":"a"},{"resourceType":"Patient","id":"a"}]}"#,
        codes::CONTAINED_ID,
        "Patient.contained[1].id",
    ),
    (
        r#"{"resourceType":"Patient","contained":[{"resourceType":"Patient","id":"a","contained":[{"resourceType":"Patient","id":"b"}]}]}"#,
        codes::CONTAINED_NESTED,
        "Patient.contained[0].contained",
    ),
    (
        r#"{"resourceType":"Patient","contained":[{"resourceType":"Patient","id":"a","meta":{"versionId":"1"}}]}"#,
        codes::CONTAINED_META,
        "Patient.contained[0].meta.versionId",
    ),
    (
        r#"{"resourceType":"Patient","contained":[{"resourceType":"Patient","id":"a","meta":{"security":[{"code":"R"}]}}]}"#,
        codes::CONTAINED_META,
        "Patient.contained[0].meta.security",
    ),
    (
        r#"{"resourceType":"Patient","contained":[{"resourceType":"Patient","id":"a","actif":true}]}"#,
        codes::ELEMENT_UNKNOWN,
        "Patient.contained[0].actif",
    ),
    (
        r#"{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","gender":"w"}}]}"#,
        codes::CODE_UNKNOWN,
        "Bundle.entry[0].resource.gender",
    ),
    (
        r#"{"resourceType":"Parameters","parameter":[{"name":"a","resource":{"resourceType":"Patient","active":1}}]}"#,
        codes::WRONG_KIND,
        "Parameters.parameter[0].resource.active",
    ),
    (r##"{"resourceType":"Bundle","type":"collection","contained":[],"entry":[]}"##, codes::ELEMENT_UNKNOWN, "Bundle.contained"),
];

const CODES: &[Case] = &[
    (r#"{"resourceType":"Patient","gender":"Male"}"#, codes::CODE_UNKNOWN, "Patient.gender"),
    (r#"{"resourceType":"Patient","gender":"male "}"#, codes::PRIMITIVE_FORM, "Patient.gender"),
    (r#"{"resourceType":"Patient","name":[{"family":"a\ufffe"}]}"#, codes::PRIMITIVE_FORM, "Patient.name[0].family"),
    (r#"{"resourceType":"Patient","implicitRules":"http://a/\uffff"}"#, codes::PRIMITIVE_FORM, "Patient.implicitRules"),
    (
        r#"{"resourceType":"AllergyIntolerance","patient":{"display":"a"},"clinicalStatus":{"coding":[{"system":"a:b","code":"active"}]}}"#,
        codes::CODE_UNKNOWN,
        "AllergyIntolerance.clinicalStatus",
    ),
    (
        r#"{"resourceType":"AllergyIntolerance","patient":{"display":"a"},"clinicalStatus":{"coding":[{"code":"active"}]}}"#,
        codes::CODE_UNKNOWN,
        "AllergyIntolerance.clinicalStatus",
    ),
    (
        r#"{"resourceType":"AllergyIntolerance","patient":{"display":"a"},"clinicalStatus":{"text":"active"}}"#,
        codes::CODE_UNKNOWN,
        "AllergyIntolerance.clinicalStatus",
    ),
];

/// What may not stand in `Basic.subject.reference`, and in `Observation.encounter.reference`, which must be an Encounter.
const REFERENCES: &[(&str, u16)] = &[
    ("Patient/a b", codes::REFERENCE_FORM),
    ("Patient/", codes::REFERENCE_FORM),
    ("Patient/1/2", codes::REFERENCE_FORM),
    ("Patient/1/_history/", codes::REFERENCE_FORM),
    ("Patient", codes::REFERENCE_FORM),
    ("/Patient/1", codes::REFERENCE_FORM),
    ("patient/1", codes::REFERENCE_FORM),
    ("HumanName/1", codes::REFERENCE_FORM),
    ("Patient?identifier=1", codes::REFERENCE_FORM),
    ("urn:uuid:1", codes::REFERENCE_FORM),
    ("urn:oid:3.1", codes::REFERENCE_FORM),
    ("http:", codes::REFERENCE_FORM),
    ("1http://a", codes::REFERENCE_FORM),
    ("#nobody", codes::REFERENCE_DANGLING),
];

fn issues_of(text: &str) -> Vec<fhir::Issue> {
    check(&json::parse(text.as_bytes()).expect(text))
}

#[test]
fn each_fault_is_found_where_it_is() {
    for (text, number, place) in [RESOURCES, SIBLINGS, EXTENSIONS, CONTAINED, CODES].concat() {
        let issues = issues_of(text);
        let first = issues.first().unwrap_or_else(|| panic!("nothing is found in {text}"));
        assert_eq!(first.number, number, "{text}: {first}");
        assert!(place.is_empty() || first.expression == place, "{text}: {first}");
    }
}

#[test]
fn one_fault_is_one_issue() {
    for (text, ..) in [RESOURCES, SIBLINGS].concat() {
        assert_eq!(issues_of(text).len(), 1, "{text}: {:?}", issues_of(text));
    }
}

#[test]
fn references_have_their_forms() {
    let resource = |reference: &str| {
        let text =
            r#"{"resourceType":"Basic","code":{"text":"a"},"contained":[{"resourceType":"Patient","id":"p"}],"subject":{"reference":"?"}}"#;
        text.replace('?', reference)
    };
    for (reference, number) in REFERENCES {
        let issues = issues_of(&resource(reference));
        assert_eq!(issues.iter().map(|issue| issue.number).collect::<Vec<_>>(), [*number], "{reference}: {issues:?}");
        assert_eq!(issues[0].expression, "Basic.subject.reference");
    }
    for sound in [
        "#",
        "#p",
        "Patient/1",
        "Patient/a-B.9/_history/2",
        "http://a.org/x/Patient/1",
        "urn:uuid:C757873d-ec9a-4326-a141-556f43239520",
        "urn:oid:1.2.3",
        "ldap://a",
    ] {
        assert_eq!(issues_of(&resource(sound)), [], "{sound}");
    }
}

#[test]
fn a_fragment_finds_what_its_own_entry_contains() {
    let basic = |contained: &str| {
        format!(r##"{{"resource":{{"resourceType":"Basic","code":{{"text":"a"}},{contained}"subject":{{"reference":"#p"}}}}}}"##)
    };
    let (with, without) = (basic(r#""contained":[{"resourceType":"Patient","id":"p"}],"#), basic(""));
    let issues = issues_of(&format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{with},{without}]}}"#));
    let found: Vec<_> = issues.iter().map(|issue| (issue.number, issue.expression.as_str())).collect();
    assert_eq!(found, [(codes::REFERENCE_DANGLING, "Bundle.entry[1].resource.subject.reference")]);
}

#[test]
fn many_contained_resources_are_found_too() {
    let contained =
        |count: usize| (0..count).map(|id| fhir::object! { "resourceType": "Patient", "id": format!("p{id}") }).collect::<Vec<_>>();
    let basic = |id: &str| {
        let subject = fhir::object! { "reference": format!("#{id}") };
        fhir::object! { "resourceType": "Basic", "contained": contained(50), "code": fhir::object! { "text": "a" }, "subject": subject }
    };
    assert_eq!(check(&basic("p49")), []);
    assert_eq!(check(&basic("p50")).iter().map(|issue| issue.number).collect::<Vec<_>>(), [codes::REFERENCE_DANGLING]);
}

#[test]
fn references_point_to_allowed_types() {
    let encounter = |reference: &str| {
        let text = r#"{"resourceType":"Observation","status":"final","code":{"text":"a"},"contained":[{"resourceType":"Patient","id":"p"},{"resourceType":"Encounter","id":"e","status":"planned","class":{"code":"AMB"}}],"encounter":{"reference":"?"}}"#;
        issues_of(&text.replace('?', reference)).iter().map(|issue| issue.number).collect::<Vec<_>>()
    };
    assert_eq!(encounter("Patient/1"), [codes::REFERENCE_TARGET]);
    assert_eq!(encounter("#p"), [codes::REFERENCE_TARGET]);
    let typed = r#"{"resourceType":"Basic","code":{"text":"a"},"subject":{"reference":"Patient/1","type":"?"}}"#;
    assert_eq!(issues_of(&typed.replace('?', "Patient")), []);
    assert_eq!(issues_of(&typed.replace('?', "Group"))[0].expression, "Basic.subject.type");
    assert!(encounter("Encounter/1").is_empty() && encounter("#e").is_empty() && encounter("http://a/Patient/1").is_empty());
}

#[test]
fn conditional_references_stand_in_transactions_and_where_they_are_allowed() {
    let basic = r#"{"resourceType":"Basic","code":{"text":"a"},"subject":{"reference":"Patient?identifier=a|1"}}"#;
    let transaction = format!(r#"{{"resourceType":"Bundle","type":"transaction","entry":[{{"resource":{basic}}}]}}"#);
    assert_eq!(issues_of(&transaction), []);
    assert_eq!(issues_of(&transaction.replace("transaction", "collection")).len(), 1);
    assert_eq!(issues_of(&transaction.replace("Patient?identifier=a|1", "urn:uuid:the-patient")), []);
    assert_eq!(issues_of(&transaction.replace("Patient?identifier=a|1", "urn:uuid:")).len(), 1);
    let basic = json::parse(basic.as_bytes()).expect("JSON");
    assert_eq!(check_with(&basic, Allowances { conditional_references: true }), []);
    assert_eq!(check(&basic).len(), 1);
}

#[test]
fn what_is_missing_or_misspelt_is_named() {
    let text = |json| issues_of(json)[0].diagnostics.clone();
    assert!(text(r#"{"resourceType":"Patient","birthdate":"2000"}"#).contains("\"birthDate\""));
    assert!(text(r#"{"resourceType":"Pateint"}"#).contains("\"Patient\""));
    assert!(text(r#"{"resourceType":"Patient","deceased":true}"#).contains("deceasedBoolean, deceasedDateTime"));
    assert!(text(r#"{"resourceType":"Patient","gender":"femal"}"#).contains("female, male, other, unknown: did you mean \"female\"?"));
    assert_eq!(fhir::nearest("nam", ["name", "names"].into_iter()), Some("name"));
    assert_eq!(fhir::nearest("zzzz", ["name"].into_iter()), None);
}

#[test]
fn the_issues_are_bounded() {
    let names = vec![fhir::object! { "famly": "A" }; MAX_ISSUES + 50];
    let issues = check(&fhir::object! { "resourceType": "Patient", "name": names });
    assert_eq!(issues.len(), MAX_ISSUES + 1);
    assert_eq!(issues[MAX_ISSUES].number, codes::MORE_ISSUES);
}

#[test]
fn nesting_is_bounded() {
    let mut extension = fhir::object! { "url": "a:b", "valueString": "c" };
    for _ in 0..5000 {
        extension = fhir::object! { "url": "a:b", "extension": Value::Array(vec![extension]) };
    }
    let issues = check(&fhir::object! { "resourceType": "Patient", "extension": Value::Array(vec![extension]) });
    assert_eq!(issues.iter().map(|issue| issue.number).collect::<Vec<_>>(), [codes::TOO_DEEP]);
}
