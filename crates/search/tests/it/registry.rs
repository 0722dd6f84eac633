//! The table of search parameters.

use std::collections::HashMap;

use fhir::definitions::ResourceType;
use search::{Feature, Modifier, Origin, ParameterKind, Registry, SearchContext, date};
use store::commit::Tenant;

fn kind(name: &str) -> ResourceType {
    ResourceType::parse(name).expect("a resource type")
}

#[test]
fn no_two_parameters_share_a_number() {
    let registry = Registry::standard();
    let mut known = HashMap::new();
    for kind in ResourceType::all() {
        for parameter in registry.parameters(kind) {
            let derived = parameter.derived;
            let params = [("", parameter.param), (":text", derived.text), (":of-type", derived.of_type), (":ucum", derived.ucum)];
            for (suffix, param) in params {
                let name = format!("{}.{}{suffix}", kind.name(), parameter.code);
                if let Some(other) = known.insert(param, name.clone()) {
                    panic!("{name} and {other} have the same hash");
                }
            }
        }
    }
    assert!(known.len() > 2000, "only {} parameters", known.len());
}

#[test]
fn every_type_has_the_parameters_of_all_resources() {
    let registry = Registry::standard();
    for kind in ResourceType::all() {
        for code in ["_id", "_lastUpdated", "_tag", "_profile", "_security", "_source", "_text", "_content", "_list", "_has", "_filter"] {
            assert!(registry.get(kind, code).is_some(), "{}.{code}", kind.name());
        }
    }
}

#[test]
fn an_expression_is_cut_down_to_its_type() {
    let registry = Registry::standard();
    let expression = |name, code| registry.get(kind(name), code).map(|parameter| parameter.expression.as_str());
    assert_eq!(expression("Patient", "birthdate"), Some("Patient.birthDate"));
    assert_eq!(expression("Encounter", "patient"), Some("Encounter.subject.where(resolve() is Patient)"));
    assert_eq!(expression("Observation", "combo-code"), Some("Observation.code | Observation.component.code"));
    assert_eq!(
        expression("Observation", "value-quantity"),
        Some("Observation.value.ofType(Quantity) | Observation.value.ofType(SampledData)")
    );
    assert_eq!(expression("Patient", "_tag"), Some("Resource.meta.tag"));
    let extracted = |parameter: &&search::Parameter| parameter.origin == Origin::Expression;
    for kind in ResourceType::all() {
        for parameter in registry.parameters(kind).filter(extracted) {
            assert!(!parameter.expression.is_empty(), "{}.{}", kind.name(), parameter.code);
        }
    }
}

#[test]
fn composites_know_the_kinds_of_their_parts() {
    let registry = Registry::standard();
    let composite = registry.get(kind("Observation"), "code-value-quantity").expect("known");
    let kinds: Vec<_> = composite.components.iter().map(|component| component.kind).collect();
    assert_eq!(kinds, [ParameterKind::Token, ParameterKind::Quantity]);
    for kind in ResourceType::all() {
        for parameter in registry.parameters(kind) {
            assert_eq!(parameter.kind == ParameterKind::Composite, parameter.components.len() > 1, "{}.{}", kind.name(), parameter.code);
        }
    }
}

#[test]
fn natural_dates_are_date_parameters() {
    let registry = Registry::standard();
    let mut found = 0;
    for kind in ResourceType::all() {
        if let Some(code) = date::natural(kind) {
            let parameter = registry.get(kind, code).unwrap_or_else(|| panic!("{}.{code} is no parameter", kind.name()));
            assert_eq!(parameter.kind, ParameterKind::Date, "{}.{code}", kind.name());
            found += 1;
        }
    }
    assert!(found >= 60, "only {found}: is the table sorted?");
    assert_eq!(date::natural(kind("Observation")), Some("date"));
    assert_eq!(date::natural(kind("VisionPrescription")), Some("datewritten"));
    assert_eq!(date::natural(kind("Patient")), None);
}

/// What the table says is what the parser does.
#[test]
fn the_table_and_the_parser_agree() {
    let context = SearchContext {
        tenant: Tenant(1),
        base_url: "",
        default_count: 1,
        max_count: 1,
        lenient: false,
        now: 0,
        code_sets: &search::NoCodeSets,
        seal: &search::page::Checked,
    };
    let sealed = Registry::standard().with_sealed_index(true);
    for registry in [Registry::standard(), Registry::standard().with_words(true), sealed] {
        let mut refused = 0;
        for kind in ResourceType::all() {
            for cell in registry.supported(kind) {
                let Feature::Modifier(modifier) = cell.feature else { continue };
                let target = cell.parameter.targets.first().map_or("Patient", |target| target.name());
                let name = format!("{}:{}", cell.parameter.code, if modifier == Modifier::Type { target } else { modifier.code() });
                let parsed = search::parse(&registry, &context, kind, &[(name.clone(), "a".to_owned())]);
                let numbers: Vec<u16> = parsed.err().into_iter().flatten().map(|issue| issue.number).collect();
                let is_refused =
                    numbers.iter().any(|number| matches!(number, 301..=303)) || cell.parameter.code == "_has" && !numbers.is_empty();
                assert_eq!(is_refused, cell.answer.is_err(), "{}?{name}: {numbers:?}, {:?}", kind.name(), cell.answer);
                refused += usize::from(is_refused);
            }
        }
        assert!(refused > 10_000, "{refused}");
    }
}
