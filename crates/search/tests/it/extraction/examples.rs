//! FHIR's own examples.

use std::collections::BTreeSet;

use fhir::definitions::ResourceType;
use search::{Origin, Registry};
use store::contract::Extract;

#[test]
fn every_example_is_extracted() {
    let registry = Registry::standard();
    let (mut count, mut entries, mut params) = (0, 0, BTreeSet::new());
    for (name, text) in published::examples().unwrap_or_default() {
        let resource = fhir::json::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let kind = resource.resource_type().and_then(ResourceType::parse).expect("a resource type");
        let extracted = registry.extract(kind, &resource);
        assert!(extracted.entries.is_sorted(), "{name}");
        assert!(extracted.entries.windows(2).all(|pair| pair[0] != pair[1]), "{name}: an entry twice");
        assert_eq!(Extract::extract(&*registry, kind, &text), (extracted.entries.clone(), extracted.date), "{name}");
        count += 1;
        entries += extracted.entries.len();
        params.extend(extracted.entries.iter().map(|entry| entry.param));
    }
    println!("{count} examples, {entries} entries of {} parameters", params.len());
    if count > 0 {
        assert!(count >= 400 && params.len() > 1000, "{count} examples with {} parameters", params.len());
    }
}

#[test]
fn every_expression_of_the_table_compiles() {
    let registry = Registry::standard();
    let mut count = 0;
    for kind in ResourceType::all() {
        for parameter in registry.parameters(kind).filter(|parameter| parameter.origin == Origin::Expression) {
            let components = parameter.components.iter().map(|component| &component.expression);
            for expression in components.chain([&parameter.expression]) {
                if let Err(error) = fhirpath::Expression::parse(expression) {
                    panic!("{}.{}: {expression}: {error}", kind.name(), parameter.code);
                }
                count += 1;
            }
        }
    }
    assert!(count > 2000);
}
