//! How many entries resources have, and how many bytes their keys: `WARD_SHARED=… cargo bench -p search --bench entries`. Prints, for each type of
//! the Synthea patients, the mean of a resource: what the parameters give, what is derived from them, and the words of the resource.

use std::collections::BTreeMap;

use fhir::definitions::ResourceType;
use search::{Origin, ParameterKind, Registry};
use store::encoding::key::value_key;
use store::entry::{Entry, Param};

/// Entries and bytes of keys.
#[derive(Clone, Copy, Default)]
struct Cost {
    entries: usize,
    bytes: usize,
}

impl Cost {
    fn add(&mut self, entry: &Entry) {
        self.entries += 1;
        self.bytes += value_key(&entry.value).len();
    }
}

/// What an entry belongs to: 0 for the parameters, 1 for what is derived from them, 2 for words.
fn class(registry: &Registry, kind: ResourceType, param: Param) -> usize {
    let of = registry.parameters(kind).find(|parameter| parameter.param == param);
    match of.map(|parameter| parameter.origin) {
        Some(Origin::Expression) => 0,
        Some(Origin::Narrative | Origin::Content) => 2,
        None if registry.parameters(kind).any(|of| of.kind == ParameterKind::Reference && of.derived.text == param) => 2,
        _ => 1,
    }
}

fn main() {
    let Some(folder) = published::data("synthea/bulk-ndjson-10") else { return };
    let folder = std::fs::read_dir(folder).expect("it is a folder");
    let registry = Registry::standard().with_words(true);
    let mut costs: BTreeMap<ResourceType, (usize, [Cost; 3])> = BTreeMap::new();
    for file in folder.flatten().filter(|file| file.path().extension().is_some_and(|name| name == "gz")) {
        let text = published::gunzip(&file.path());
        for resource in text.split(|byte| *byte == b'\n').take(2000).filter_map(|line| fhir::json::parse(line).ok()) {
            let Some(kind) = resource.resource_type().and_then(ResourceType::parse) else { continue };
            let (count, cost) = costs.entry(kind).or_default();
            *count += 1;
            for entry in registry.extract(kind, &resource).entries {
                cost[class(&registry, kind, entry.param)].add(&entry);
            }
        }
    }
    for (kind, (count, cost)) in costs {
        let mean =
            |cost: Cost| format!("{:6.1} entries {:7.0} bytes", cost.entries as f64 / count as f64, cost.bytes as f64 / count as f64);
        println!("{:25} {count:5}: {} | derived {} | words {}", kind.name(), mean(cost[0]), mean(cost[1]), mean(cost[2]));
    }
}
