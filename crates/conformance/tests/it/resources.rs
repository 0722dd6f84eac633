//! Random resources are valid, and have every element that search parameters look at.

use conformance::resources::resources;
use fhir::definitions::ResourceType;
use fhir::{check, json};

#[test]
fn pass_the_check() {
    for resource in (1..=3).flat_map(resources) {
        let issues = check::check(&resource);
        assert!(issues.is_empty(), "{issues:#?}\n{}", json::to_string(&resource));
    }
}

#[test]
fn are_the_same_for_the_same_seed() {
    assert!(resources(7) == resources(7));
    assert!(resources(7) != resources(8));
}

#[test]
fn are_of_every_type() {
    let all = resources(1);
    for kind in ResourceType::all() {
        let of_kind = all.iter().filter(|resource| resource.resource_type() == Some(kind.name()));
        assert!(of_kind.count() >= conformance::resources::IDS.len(), "{kind:?}");
    }
    let bytes: usize = all.iter().map(|resource| json::to_string(resource).len()).sum();
    println!("{} resources, {} KB", all.len(), bytes / 1000);
}
