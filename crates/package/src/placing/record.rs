//! The resource that says that a package is there: its ImplementationGuide. Where a package brings none, or one that breaks FHIR's rules, a small one is made.

use std::collections::HashMap;

use fhir::definitions::ResourceType;
use fhir::{Issue, Severity, Value};

use super::{Record, made, packages, references};
use crate::plan::Installed;
use crate::{Manifest, Resource};

/// Its type.
pub(super) const KIND: &str = "ImplementationGuide";

/// Makes sure that the resources have a record of the package.
pub(super) fn complete(manifest: &Manifest, resources: &mut Vec<Resource>, left_out: &mut Vec<(String, Issue)>) {
    let own = resources.iter().position(|resource| is_of(&resource.value, &manifest.name, &manifest.version));
    let broken = own.and_then(|own| {
        // As it is going to be stored.
        let value = references::rewritten(&resources[own].value, manifest.canonical.as_deref(), &HashMap::new());
        let error = fhir::check::check(&value).into_iter().find(|issue| issue.severity >= Severity::Error)?;
        Some((own, error))
    });
    match (own, broken) {
        (Some(_), None) => return,
        (_, Some((own, error))) => left_out.push((resources.remove(own).file, error)),
        (None, None) => {}
    }
    resources.extend(record(manifest));
}

/// A record made of the manifest alone.
pub fn record(manifest: &Manifest) -> Option<Resource> {
    let value = made(manifest);
    let id = value.text("id")?.to_owned();
    Some(Resource { file: "package/package.json".to_owned(), kind: ResourceType::parse(KIND)?, id, value })
}

/// Whether a resource is the record of the package.
pub fn is_record_of(resource: &Value, manifest: &Manifest) -> bool {
    is_of(resource, &manifest.name, &manifest.version)
}

fn is_of(resource: &Value, name: &str, version: &str) -> bool {
    resource.resource_type() == Some(KIND) && resource.text("packageId") == Some(name) && resource.text("version") == Some(version)
}

/// The package that a stored resource is the record of; `None` when it is none.
pub fn record_of(resource: &Value) -> Option<Record> {
    let (name, version) = packages(resource).find_map(|package| {
        let (name, version) = package.split_once('@')?;
        is_of(resource, name, version).then_some((name, version))
    })?;
    let needs = resource.list("dependsOn").filter_map(|needed| Some(format!("{}@{}", needed.text("packageId")?, needed.text("version")?)));
    Some(Record {
        package: Installed { name: name.to_owned(), version: version.to_owned() },
        title: resource.text("title").map(str::to_owned),
        url: resource.text("url").map(str::to_owned),
        needs: needs.collect(),
    })
}
