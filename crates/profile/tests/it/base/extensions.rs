//! The use of extensions.

use fhir::library::Shelf;
use fhir::{Severity, Value};
use profile::base::{ExtensionCache, Options, check};
use profile::codes;

/// The numbers and places of the issues of a resource.
fn issues(text: &str, library: &Shelf) -> Vec<(u16, String)> {
    let resource = fhir::json::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"));
    let mut issues = Vec::new();
    check(&resource, &Options { library: Some(library), ..Options::default() }, &mut issues);
    issues.into_iter().filter(|issue| issue.severity == Severity::Error).map(|issue| (issue.number, issue.expression)).collect()
}

fn told(text: &str) -> Vec<(u16, String)> {
    issues(text, &Shelf::default())
}

fn at(number: u16, place: &str) -> Vec<(u16, String)> {
    vec![(number, place.to_owned())]
}

#[test]
fn an_extension_stands_where_its_definition_says() {
    let birth_place = r#"{"url":"http://hl7.org/fhir/StructureDefinition/patient-birthPlace","valueAddress":{"city":"Ulm"}}"#;
    assert_eq!(told(&format!(r#"{{"resourceType":"Patient","extension":[{birth_place}]}}"#)), []);
    let wrong = told(&format!(r#"{{"resourceType":"Organization","name":"a","extension":[{birth_place}]}}"#));
    assert_eq!(wrong, at(codes::EXTENSION_CONTEXT, "Organization.extension[0]"));
    // Deep inside of what has no invariant.
    let wrong = told(&format!(r#"{{"resourceType":"Basic","code":{{"coding":[{{"code":"a","extension":[{birth_place}]}}]}}}}"#));
    assert_eq!(wrong, at(codes::EXTENSION_CONTEXT, "Basic.code.coding[0].extension[0]"));
}

#[test]
fn contexts_are_types_and_ways_from_types() {
    let own = r#"{"url":"http://hl7.org/fhir/StructureDefinition/humanname-own-name","valueString":"a"}"#;
    assert_eq!(told(&format!(r#"{{"resourceType":"Patient","name":[{{"family":"a b","_family":{{"extension":[{own}]}}}}]}}"#)), []);
    let wrong = told(&format!(r#"{{"resourceType":"Patient","name":[{{"text":"a b","_text":{{"extension":[{own}]}}}}]}}"#));
    assert_eq!(wrong, at(codes::EXTENSION_CONTEXT, "Patient.name[0].text.extension[0]"));
    let hidden = r#"{"url":"http://hl7.org/fhir/StructureDefinition/questionnaire-hidden","valueBoolean":true}"#;
    let nested = format!(
        r#"{{"resourceType":"Questionnaire","item":[{{"linkId":"a","type":"group","item":[{{"linkId":"b","type":"string","extension":[{hidden}]}}]}}]}}"#
    );
    assert_eq!(told(&nested), []);
}

#[test]
fn the_value_is_of_the_defined_type() {
    let with = |value: &str| {
        told(&format!(
            r#"{{"resourceType":"Patient","extension":[{{"url":"http://hl7.org/fhir/StructureDefinition/patient-birthPlace",{value}}}]}}"#
        ))
    };
    assert_eq!(with(r#""valueString":"a""#), at(codes::EXTENSION_CONTENT, "Patient.extension[0]"));
    assert_eq!(with(r#""extension":[{"url":"a","valueString":"a"}]"#), at(codes::EXTENSION_CONTENT, "Patient.extension[0]"));
    let count = told(
        r#"{"resourceType":"Patient","extension":[{"url":"http://hl7.org/fhir/StructureDefinition/patient-birthPlace","valueAddress":{"city":"a"}},
            {"url":"http://hl7.org/fhir/StructureDefinition/patient-birthPlace","valueAddress":{"city":"a"}}]}"#,
    );
    assert_eq!(count, at(codes::EXTENSION_COUNT, "Patient.extension[1]"));
}

#[test]
fn nested_extensions_are_those_of_the_definition() {
    let with = |nested: &str| {
        told(&format!(
            r#"{{"resourceType":"Location","position":{{"longitude":1,"latitude":1}},"address":{{"extension":[{{"url":"http://hl7.org/fhir/StructureDefinition/geolocation","extension":[{nested}]}}]}}}}"#
        ))
    };
    let (latitude, longitude) = (r#"{"url":"latitude","valueDecimal":1}"#, r#"{"url":"longitude","valueDecimal":1}"#);
    assert_eq!(with(&format!("{latitude},{longitude}")), []);
    let place = "Location.address.extension[0]";
    assert_eq!(with(latitude), at(codes::EXTENSION_COUNT, place));
    assert_eq!(
        with(&format!(r#"{latitude},{longitude},{{"url":"height","valueDecimal":1}}"#)),
        at(codes::EXTENSION_NESTED, &format!("{place}.extension[2]"))
    );
    assert_eq!(
        with(&format!(r#"{latitude},{{"url":"longitude","valueString":"1"}}"#)),
        at(codes::EXTENSION_CONTENT, &format!("{place}.extension[1]"))
    );
}

#[test]
fn modifiers_stand_among_modifiers() {
    let wrong = told(
        r#"{"resourceType":"Patient","modifierExtension":[{"url":"http://hl7.org/fhir/StructureDefinition/patient-birthPlace","valueAddress":{"city":"a"}}]}"#,
    );
    assert_eq!(wrong, at(codes::EXTENSION_MODIFIER, "Patient.modifierExtension[0]"));
}

#[test]
fn unknown_extensions_are_left_alone_and_addresses_have_no_version() {
    assert_eq!(told(r#"{"resourceType":"Patient","extension":[{"url":"http://example.org/any","valueString":"a"}]}"#), []);
    assert_eq!(
        told(r#"{"resourceType":"Patient","extension":[{"url":"shoe","valueString":"a"}]}"#),
        at(codes::EXTENSION_URL, "Patient.extension[0]")
    );
    let versioned = told(
        r#"{"resourceType":"Patient","extension":[{"url":"http://hl7.org/fhir/StructureDefinition/patient-birthPlace|4.0.1","valueString":"a"}]}"#,
    );
    assert_eq!(versioned, at(codes::EXTENSION_URL, "Patient.extension[0]"));
}

#[test]
fn definitions_of_the_library_count_too() {
    let definition = r#"{"resourceType":"StructureDefinition","url":"http://example.org/shoe","type":"Extension",
        "context":[{"type":"element","expression":"Patient"},{"type":"fhirpath","expression":"Person.name"},{"type":"extension","expression":"http://example.org/outer#inner"}],
        "snapshot":{"element":[{"id":"Extension","path":"Extension","min":0,"max":"1"},
            {"id":"Extension.value[x]","path":"Extension.value[x]","min":1,"max":"1","type":[{"code":"Quantity"}]}]}}"#;
    let library = Shelf::new([fhir::json::parse(definition.as_bytes()).expect("it is JSON")]);
    let shoe = r#"{"url":"http://example.org/shoe","valueQuantity":{"value":43}}"#;
    let on = |text: &str| issues(&text.replace("SHOE", shoe), &library);
    assert_eq!(on(r#"{"resourceType":"Patient","extension":[SHOE]}"#), []);
    assert_eq!(on(r#"{"resourceType":"Person","name":[{"extension":[SHOE]}]}"#), []);
    assert_eq!(
        on(
            r#"{"resourceType":"Person","extension":[{"url":"http://example.org/outer","extension":[{"url":"inner","extension":[SHOE]}]}]}"#
        ),
        []
    );
    assert_eq!(on(r#"{"resourceType":"Person","extension":[SHOE]}"#), at(codes::EXTENSION_CONTEXT, "Person.extension[0]"));
    let wrong = issues(r#"{"resourceType":"Patient","extension":[{"url":"http://example.org/shoe","valueString":"43"}]}"#, &library);
    assert_eq!(wrong, at(codes::EXTENSION_CONTENT, "Patient.extension[0]"));
}

/// A library whose one definition changes with its generation.
struct Changing(std::sync::atomic::AtomicU64);

impl fhir::library::Library for Changing {
    fn find(&self, _: &str, canonical: &fhir::canonical::Canonical<'_>) -> Option<std::sync::Arc<Value>> {
        let kind = if self.generation() == 0 { "string" } else { "code" };
        let value = fhir::object! { "id": "Extension.value[x]", "path": "Extension.value[x]", "type": fhir::array![fhir::object! { "code": kind }] };
        let elements = fhir::object! { "element": fhir::array![value] };
        let definition =
            fhir::object! { "resourceType": "StructureDefinition", "type": "Extension", "url": canonical.url, "snapshot": elements };
        Some(std::sync::Arc::new(definition))
    }

    fn versions(&self, _: &str, _: &str) -> Vec<Option<Box<str>>> {
        Vec::new()
    }

    fn urls(&self, _: &str) -> Vec<Box<str>> {
        Vec::new()
    }

    fn generation(&self) -> u64 {
        self.0.load(std::sync::atomic::Ordering::Relaxed)
    }
}

#[test]
fn what_is_remembered_follows_the_library() {
    let (library, cache) = (Changing(0.into()), ExtensionCache::default());
    let resource =
        fhir::json::parse(br#"{"resourceType":"Basic","extension":[{"url":"http://example.org/a","valueString":"a"}]}"#).expect("JSON");
    let count = || {
        let mut issues = Vec::new();
        check(&resource, &Options { library: Some(&library), extensions: Some(&cache), ..Options::default() }, &mut issues);
        issues.len()
    };
    assert_eq!((count(), count()), (0, 0));
    library.0.store(1, std::sync::atomic::Ordering::Relaxed);
    assert_eq!((count(), count()), (1, 1));
}

#[test]
fn an_image_of_a_narrative_may_be_contained() {
    let with = |link: &str| {
        let div = format!(r#"<div xmlns=\"http://www.w3.org/1999/xhtml\"><img src=\"{link}\"/></div>"#);
        told(&format!(
            r#"{{"resourceType":"Basic","contained":[{{"resourceType":"Binary","id":"image","contentType":"image/png"}}],"text":{{"status":"generated","div":"{div}"}}}}"#
        ))
    };
    assert_eq!(with("#image"), []);
    assert_eq!(with("#other"), at(codes::BASE_INVARIANT, "Basic"));
}

#[test]
fn attachments_and_texts() {
    let sized =
        |size: u32| told(&format!(r#"{{"resourceType":"Patient","photo":[{{"contentType":"image/png","data":"AAAA","size":{size}}}]}}"#));
    assert_eq!(sized(3), []);
    assert_eq!(sized(4), at(codes::ATTACHMENT_SIZE, "Patient.photo[0]"));
    let asked = |text: &str| {
        let note = fhir::object! { "resourceType": "Communication", "note": fhir::array![fhir::object! { "text": text }] };
        let mut issues = Vec::new();
        check(&Value::clone(&note), &Options { security: true, ..Options::default() }, &mut issues);
        issues.into_iter().map(|issue| (issue.number, issue.expression)).collect::<Vec<_>>()
    };
    assert_eq!(asked("1 < 2, and <https://example.org> > 3"), []);
    assert_eq!(asked("see <script src='x'></script>"), at(codes::HTML_IN_TEXT, "Communication.note[0].text"));
}
