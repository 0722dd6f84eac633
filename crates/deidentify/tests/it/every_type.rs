//! Every type of R4 with every element that it may have, each filled with what must not come out: what no rule speaks of is removed.

use std::collections::BTreeSet;

use deidentify::rules::{REMOVED_RESOURCES, Rule, rule};
use deidentify::{Settings, deidentified};
use fhir::definitions::{PrimitiveType, ResourceType, Type, TypeKind, definitions};
use fhir::{Object, Value, array, json, object};

use crate::harbor::pseudonym;

/// How deep types are filled: data types stand within elements within elements.
const DEPTH: usize = 5;

const SETTINGS: Settings<'static> = Settings { year: 2026, pseudonym: &pseudonym };

/// A value of a primitive type that must not come out.
fn canary(kind: PrimitiveType) -> Value {
    match kind {
        PrimitiveType::Boolean => Value::Bool(true),
        PrimitiveType::Decimal => Value::Number("36.6".into()),
        PrimitiveType::Integer | PrimitiveType::PositiveInt | PrimitiveType::UnsignedInt => Value::Number("7".into()),
        PrimitiveType::Date => "1980-11-12".into(),
        PrimitiveType::DateTime => "1980-11-12T13:14:15Z".into(),
        PrimitiveType::Instant => "1980-11-12T13:14:15.161Z".into(),
        PrimitiveType::Time => "13:14:15".into(),
        PrimitiveType::Base64Binary => "Q0FOQVJZ".into(),
        PrimitiveType::Uri | PrimitiveType::Url | PrimitiveType::Canonical => "http://canary.example/1".into(),
        PrimitiveType::Oid => "urn:oid:1.2.13.14".into(),
        PrimitiveType::Uuid => "urn:uuid:ca0a7100-0000-0000-0000-000000000000".into(),
        PrimitiveType::Xhtml => "<div xmlns=\"http://www.w3.org/1999/xhtml\">canary</div>".into(),
        PrimitiveType::Code | PrimitiveType::Id | PrimitiveType::Markdown | PrimitiveType::String => "canary".into(),
    }
}

/// What no output may have: the canaries, and any date finer than a year.
const HIDDEN: [&str; 5] = ["canary", "CANARY", "Q0FOQVJZ", "-11-12", "13:14"];

fn filled(of: &Type, depth: usize) -> Option<Value> {
    match of.kind {
        TypeKind::Primitive => of.primitive.map(canary),
        TypeKind::Resource => Some(object! { "resourceType": "Patient", "id": "canary", "name": array![object! { "text": "canary" }] }),
        TypeKind::Complex if of.name == "Extension" => Some(object! { "url": "http://canary.example", "valueString": "canary" }),
        TypeKind::Complex | TypeKind::Backbone if depth == 0 || of.is_abstract => None,
        TypeKind::Complex | TypeKind::Backbone => {
            Some(Value::Object(members(of, depth))).filter(|value| *value != Value::Object(Object::new()))
        }
    }
}

/// All members that a type may have, all types of a choice among them, and a primitive's extensions.
fn members(of: &Type, depth: usize) -> Object {
    let mut out = Object::new();
    for element in &of.elements {
        for kind in &element.types {
            let Some(value) = filled(definitions().get(kind.id), depth - 1) else { continue };
            if definitions().get(kind.id).kind == TypeKind::Primitive && kind.member != "id" {
                out.set(
                    format!("_{}", kind.member),
                    object! { "id": "canary", "extension": array![object! { "url": "http://canary.example", "valueString": "canary" }] },
                );
            }
            out.set(kind.member, if element.is_list() { Value::Array(vec![value]) } else { value });
        }
    }
    out
}

fn whole(kind: ResourceType) -> Value {
    let mut out = object! { "resourceType": kind.name() };
    if let Some(object) = out.as_object_mut() {
        for (name, value) in members(definitions().resource(kind), DEPTH).iter() {
            object.set(name.clone(), value.clone());
        }
        object.set("unknownElement", "canary");
    }
    out
}

/// The names of the members that have a value somewhere below.
fn leaves(value: &Value, at: &str, out: &mut BTreeSet<(String, String)>) {
    match value {
        Value::Object(object) => object.iter().for_each(|(name, value)| leaves(value, name, out)),
        Value::Array(items) => items.iter().for_each(|item| leaves(item, at, out)),
        Value::String(text) => drop(out.insert((at.to_owned(), text.to_string()))),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[test]
fn nothing_that_is_filled_in_comes_out_of_any_type() {
    let (mut removed, mut texts) = (Vec::new(), BTreeSet::new());
    for kind in ResourceType::all() {
        let from = whole(kind);
        assert!(json::to_string(&from).contains("canary"), "{} has something to hide", kind.name());
        let Some(out) = deidentified(&from, &SETTINGS) else {
            removed.push(kind.name());
            continue;
        };
        let text = json::to_string(&out);
        for hidden in HIDDEN {
            assert!(!text.contains(hidden), "{}: {hidden} in {text}", kind.name());
        }
        leaves(&out, "", &mut texts);
    }
    assert_eq!(removed, REMOVED_RESOURCES);
    // All texts that came out of all types: years, the mark of what is missing, the label, and pseudonyms.
    texts.retain(|(name, text)| !(text == "1980" || name == "resourceType" || name == "id" && text.starts_with("p-x")));
    let marks = [
        ("code", "ANONYED"),
        ("system", "http://terminology.hl7.org/CodeSystem/v3-ObservationValue"),
        ("url", "http://hl7.org/fhir/StructureDefinition/data-absent-reason"),
        ("valueCode", "masked"),
    ];
    let marks: BTreeSet<_> = marks.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
    assert_eq!(texts, marks);
}

#[test]
fn types_that_no_rule_names_are_removed() {
    let kept: BTreeSet<&str> = definitions()
        .types()
        .iter()
        .filter(|of| of.kind == TypeKind::Complex && !of.is_abstract && rule(of) != Rule::Remove)
        .map(|of| of.name)
        .collect();
    let expected = [
        "Address",
        "Age",
        "CodeableConcept",
        "Coding",
        "Count",
        "Distance",
        "Dosage",
        "Duration",
        "Extension",
        "Meta",
        "Money",
        "MoneyQuantity",
        "Period",
        "Quantity",
        "Range",
        "Ratio",
        "Reference",
        "SimpleQuantity",
        "Timing",
    ];
    let expected: BTreeSet<&str> = expected.into_iter().filter(|name| definitions().type_by_name(name).is_some()).collect();
    assert_eq!(kept, expected);
}

#[test]
fn something_stays_of_what_may_stay() {
    let out = deidentified(&whole(ResourceType::parse("Observation").unwrap()), &SETTINGS).unwrap();
    assert_eq!(out.text("effectiveDateTime"), Some("1980"));
    assert_eq!(out.get("valueInteger").and_then(Value::as_number), Some("7"));
    assert_eq!(out.get("effectivePeriod").and_then(|period| period.text("start")), Some("1980"));
    assert_eq!(out.get("valueString"), None);
}
