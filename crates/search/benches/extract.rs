//! How long extraction takes: `cargo bench -p search`. Prints, for each type of the synthetic hospital, microseconds a resource, the best of
//! ten times each.

use std::collections::BTreeMap;
use std::time::Instant;

use fhir::Value;
use fhir::definitions::ResourceType;
use search::Registry;

/// The resources of a hospital, by type.
fn resources() -> BTreeMap<ResourceType, Vec<Value>> {
    let mut resources: BTreeMap<ResourceType, Vec<Value>> = BTreeMap::new();
    for resource in seed::Hospital::new(seed::Plan { patients: 50, seed: 1, today: (2026, 1, 31) }) {
        if let Some(kind) = resource.resource_type().and_then(ResourceType::parse) {
            resources.entry(kind).or_default().push(resource);
        }
    }
    resources
}

fn main() {
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
