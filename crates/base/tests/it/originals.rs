//! Every resource says what HL7's own says, in all facts that are kept.

mod normal;

use std::collections::{BTreeMap, HashMap};

use base::{Card, library};
use fhir::{Value, json};
use normal::normal;

const KINDS: [&str; 5] = ["CodeSystem", "CompartmentDefinition", "ConceptMap", "StructureDefinition", "ValueSet"];

const BUNDLES: [&str; 8] = [
    "valuesets",
    "v2-tables",
    "v3-codesystems",
    "conceptmaps",
    "profiles-types",
    "profiles-resources",
    "extension-definitions",
    "profiles-others",
];

#[test]
fn every_resource_says_what_hl7_says() {
    let Some(folder) = published::data("fhir-r4/definitions") else { return };
    let cards = KINDS.iter().flat_map(|kind| library().cards(kind)).map(|card| ((card.kind(), card.url(), card.version()), card));
    let cards: HashMap<_, &Card> = cards.collect();
    let (mut counts, mut different) = (BTreeMap::new(), Vec::new());
    for bundle in BUNDLES {
        let text = published::gunzip(&folder.join(format!("{bundle}.json.gz")));
        let limits = json::Limits { values: usize::MAX, ..json::Limits::default() };
        let bundle = json::parse_with(&text, limits).expect("the bundle is JSON");
        for original in bundle.list("entry").filter_map(|entry| entry.get("resource")) {
            let (kind, url) = (original.resource_type().unwrap_or_default(), original.text("url").unwrap_or_default());
            // Operations are those of the server; its statement is its own.
            if matches!(kind, "OperationDefinition" | "CapabilityStatement") {
                continue;
            }
            let Some(card) = cards.get(&(kind, url, original.text("version"))) else {
                different.push(format!("{url}: missing"));
                continue;
            };
            *counts.entry(card.kind()).or_insert(0) += 1;
            different.extend(difference(&normal(original), &normal(&card.resource())).map(|rest| format!("{url}{rest}")));
        }
    }
    println!("compared: {counts:?}");
    let told: Vec<_> = different.iter().take(20).collect();
    assert!(different.is_empty(), "{} differ: {told:#?}", different.len());
    let expected =
        [("CodeSystem", 1062), ("CompartmentDefinition", 5), ("ConceptMap", 19), ("StructureDefinition", 649), ("ValueSet", 1316)];
    assert_eq!(counts, BTreeMap::from(expected));
}

/// The first place where two trees differ.
fn difference(left: &Value, right: &Value) -> Option<String> {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            let names = left.iter().chain(right.iter()).map(|(name, _)| &**name);
            names.into_iter().find_map(|name| {
                let (left, right) = (left.get(name).unwrap_or(&Value::Null), right.get(name).unwrap_or(&Value::Null));
                difference(left, right).map(|rest| format!(".{name}{rest}"))
            })
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            let mut pairs = left.iter().zip(right).enumerate();
            pairs.find_map(|(index, (left, right))| difference(left, right).map(|rest| format!("[{index}]{rest}")))
        }
        (left, right) if left == right => None,
        (left, right) => Some(format!(": {:.300} became {:.300}", json::to_string(left), json::to_string(right))),
    }
}
