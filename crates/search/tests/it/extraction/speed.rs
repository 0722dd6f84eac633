//! How long extraction takes, for each resource the best of ten times: `cargo test --release -p search -- --ignored --nocapture speed`.

use std::collections::BTreeMap;
use std::io::Read;
use std::time::Instant;

use fhir::Value;
use fhir::definitions::ResourceType;
use search::Registry;

use crate::shared;

/// The resources of Synthea's transaction bundles, by type.
fn resources() -> BTreeMap<ResourceType, Vec<Value>> {
    let mut resources: BTreeMap<ResourceType, Vec<Value>> = BTreeMap::new();
    let Some(data) = shared::data() else { return resources };
    for file in std::fs::read_dir(data.join("synthea/r4-transactions")).expect("a folder").filter_map(Result::ok) {
        let mut text = Vec::new();
        let file = std::fs::File::open(file.path()).expect("a file");
        if flate2::read::GzDecoder::new(file).read_to_end(&mut text).is_err() {
            continue;
        }
        let bundle = fhir::json::parse(&text).expect("JSON");
        for resource in bundle.list("entry").filter_map(|entry| entry.get("resource")) {
            let kind = resource.resource_type().and_then(ResourceType::parse).expect("a resource type");
            resources.entry(kind).or_default().push(resource.clone());
        }
    }
    resources
}

#[test]
#[ignore = "a measurement"]
fn speed_on_synthea() {
    let start = Instant::now();
    let registry = Registry::standard();
    println!("the registry loads in {:.1} ms", start.elapsed().as_secs_f64() * 1000.0);
    for (kind, resources) in resources() {
        let start = Instant::now();
        drop(registry.extract(kind, &resources[0]));
        let first = start.elapsed().as_secs_f64() * 1_000_000.0;
        let mut best = vec![f64::MAX; resources.len()];
        let mut entries = 0;
        for _round in 0..10 {
            for (resource, best) in resources.iter().zip(&mut best) {
                let start = Instant::now();
                entries += registry.extract(kind, resource).entries.len();
                *best = best.min(start.elapsed().as_secs_f64() * 1_000_000.0);
            }
        }
        let count = resources.len() as f64;
        let (each, entries) = (best.iter().sum::<f64>() / count, entries / 10);
        println!(
            "{:25} {count:6} resources: {each:5.1} µs and {:5.1} entries each; {first:6.0} µs the first",
            kind.name(),
            entries as f64 / count
        );
    }
}
