//! Every resource is one by R4's own structure.

use std::collections::BTreeMap;

use base::library;

const KINDS: [&str; 5] = ["CodeSystem", "CompartmentDefinition", "ConceptMap", "StructureDefinition", "ValueSet"];

#[test]
fn every_resource_passes_the_structural_check() {
    let mut counts = BTreeMap::new();
    for card in KINDS.iter().flat_map(|kind| library().cards(kind)) {
        for resource in [card.outline(), card.resource()] {
            assert_eq!(resource.resource_type(), Some(card.kind()));
            assert_eq!((resource.text("id"), resource.text("url")), (Some(card.id()), Some(card.url())));
            assert_eq!(resource.text("version"), card.version());
            let found = fhir::check::check(&resource);
            assert!(found.is_empty(), "{}: {found:?}", card.url());
        }
        *counts.entry(card.kind()).or_insert(0) += 1;
    }
    let expected =
        [("CodeSystem", 1062), ("CompartmentDefinition", 5), ("ConceptMap", 19), ("StructureDefinition", 649), ("ValueSet", 1316)];
    assert_eq!(counts, BTreeMap::from(expected));
}

#[test]
fn every_fact_of_the_tables_can_be_read() {
    let tables = [
        include_str!("../../generated/code-systems.tsv"),
        include_str!("../../generated/compartments.tsv"),
        include_str!("../../generated/concept-maps.tsv"),
        include_str!("../../generated/profiles.tsv"),
        include_str!("../../generated/types.tsv"),
        include_str!("../../generated/value-sets.tsv"),
    ];
    let mut read = 0;
    for line in tables.iter().flat_map(|table| table.lines().skip(1)) {
        // A fact begins with the name of a member and has JSON after it.
        let is_name = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic());
        for (_, json) in line
            .split('\t')
            .filter_map(|cell| cell.split_once('='))
            .filter(|(name, json)| is_name(name) && json.starts_with(['[', '{', '"']))
        {
            assert!(fhir::json::parse(json.as_bytes()).is_ok(), "{line}");
            read += 1;
        }
    }
    assert!(read > 3000, "{read}");
}
