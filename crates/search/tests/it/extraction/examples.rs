//! FHIR's own examples.

use std::collections::BTreeSet;
use std::io::Read;
use std::time::Instant;

use fhir::definitions::ResourceType;
use search::Registry;
use store::contract::Extract;

use crate::shared;

#[test]
fn every_example_is_extracted() {
    let registry = Registry::standard();
    let (mut count, mut entries, mut params) = (0, 0, BTreeSet::new());
    for (name, text) in shared::examples() {
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
        for parameter in registry.parameters(kind).filter(|parameter| parameter.is_supported() && !parameter.is_built_in()) {
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

/// Prints how long extraction takes: `cargo test --release -p search -- --ignored --nocapture speed`.
#[test]
#[ignore = "a measurement"]
fn speed_on_synthea() {
    let Some(data) = shared::data() else { return };
    let folder = data.join("synthea/bulk-ndjson-10");
    let files: Vec<_> = std::fs::read_dir(folder).expect("a folder").filter_map(Result::ok).map(|entry| entry.path()).collect();
    let registry = Registry::standard();
    for path in files.iter().filter(|path| path.extension().is_some_and(|extension| extension == "gz")) {
        let mut text = String::new();
        flate2::read::GzDecoder::new(std::fs::File::open(path).expect("a file")).read_to_string(&mut text).expect("readable");
        let resources: Vec<_> = text.lines().take(5000).map(|line| fhir::json::parse(line.as_bytes()).expect("JSON")).collect();
        let Some(kind) = resources.first().and_then(fhir::Value::resource_type).and_then(ResourceType::parse) else { continue };
        resources.iter().take(1).for_each(|resource| drop(registry.extract(kind, resource)));
        let start = Instant::now();
        let entries: usize = resources.iter().map(|resource| registry.extract(kind, resource).entries.len()).sum();
        let each = start.elapsed().as_nanos() as f64 / 1000.0 / resources.len() as f64;
        println!(
            "{:25} {:6} resources, {:5.1} µs and {:5.1} entries each",
            kind.name(),
            resources.len(),
            each,
            entries as f64 / resources.len() as f64
        );
    }
}
