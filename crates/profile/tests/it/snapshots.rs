//! Snapshots made from the differentials of published profiles are the published ones.

use std::collections::BTreeMap;

use fhir::library::{Library, Shelf};
use fhir::{Object, Value};
use published::KnownFailures;

use crate::packages;

const PACKAGES: [&str; 9] = [
    "us-core-3.1.1",
    "us-core-6.1.0",
    "us-core-7.0.0",
    "us-core-8.0.0",
    "hl7.fhir.uv.ips-2.0.0",
    "hl7.fhir.us.mcode-4.0.0",
    "davinci-pas-2.0.1",
    "hl7.fhir.uv.sdc-4.0.0-ballot",
    "base",
];

/// Which packages others are built on, as far as they are here.
const NEEDED: [(&str, &str); 5] = [
    ("us-core-6.1.0", "hl7.fhir.uv.sdc-4.0.0-ballot"),
    ("us-core-7.0.0", "hl7.fhir.uv.sdc-4.0.0-ballot"),
    ("us-core-8.0.0", "hl7.fhir.uv.sdc-4.0.0-ballot"),
    ("hl7.fhir.us.mcode-4.0.0", "us-core-6.1.0"),
    ("davinci-pas-2.0.1", "us-core-3.1.1"),
];

/// What is compared of an element.
const PROPERTIES: [&str; 7] = ["min", "max", "type", "binding", "mustSupport", "sliceName", "isModifier"];

#[test]
fn snapshots_are_as_published() {
    let Some(mut core) = packages::base_profiles() else { return };
    core.extend(packages::package("hl7.fhir.uv.extensions.r4-5.3.0-ballot-tc1").unwrap_or_default());
    core.extend(packages::definitions("profiles-types").unwrap_or_default());
    core.extend(packages::definitions("profiles-resources").unwrap_or_default());
    let mut known = KnownFailures::read(include_str!("known_failures/snapshots.txt"));
    let wanted = std::env::var("PACKAGE").ok();
    for name in PACKAGES.iter().filter(|name| wanted.as_deref().is_none_or(|wanted| wanted == **name)) {
        let resources = match *name {
            "base" => packages::base_profiles().unwrap_or_default(),
            name => packages::package(name).unwrap_or_default(),
        };
        let needed = NEEDED.iter().filter(|(by, _)| by == name).flat_map(|(_, package)| packages::package(package).unwrap_or_default());
        let library = packages::shelf(core.iter().cloned().chain(needed).chain(resources.iter().cloned()));
        let profiles: Vec<&Value> = resources.iter().filter(|resource| is_profile(resource)).collect();
        let mut right = 0;
        for profile in &profiles {
            let differences = compare(profile, &library);
            right += usize::from(differences.is_empty());
            let verdict = if differences.is_empty() { Ok(()) } else { Err(differences.join("; ")) };
            known.report(&format!("{name} {}", profile.text("id").unwrap_or_default()), verdict);
        }
        println!("{name}: {right} of {} snapshots are the same", profiles.len());
    }
    if wanted.is_none() {
        known.finish("snapshots");
    }
}

fn is_profile(resource: &Value) -> bool {
    resource.resource_type() == Some("StructureDefinition")
        && resource.text("derivation") == Some("constraint")
        && resource.get("snapshot").is_some()
        && resource.get("differential").is_some()
}

/// How the snapshot differs from the published one, at most some differences.
fn compare(profile: &Value, library: &Shelf) -> Vec<String> {
    let _: u64 = library.generation();
    let made = match profile::snapshot::generate(profile, library) {
        Ok(made) => made,
        Err(error) => return vec![format!("no snapshot: {error}")],
    };
    let published = profile.get("snapshot").into_iter().flat_map(|snapshot| snapshot.list("element")).filter_map(Value::as_object);
    let published: BTreeMap<&str, &Object> = published.filter_map(|element| Some((text(element, "id")?, element))).collect();
    let made: BTreeMap<&str, &Object> = made.iter().filter_map(|element| Some((text(element, "id")?, element))).collect();
    let mut differences = Vec::new();
    for (id, element) in &published {
        match made.get(id) {
            None => differences.push(format!("{id} is missing")),
            Some(other) => differences.extend(different(element, other).map(|what| format!("{id} {what}"))),
        }
    }
    differences.extend(made.keys().filter(|id| !published.contains_key(*id)).map(|id| format!("{id} is too many")));
    differences.truncate(6);
    differences
}

fn text<'a>(element: &'a Object, name: &str) -> Option<&'a str> {
    element.get(name).and_then(Value::as_str)
}

fn different(published: &Object, made: &Object) -> impl Iterator<Item = String> {
    let mut found: Vec<String> = Vec::new();
    for name in PROPERTIES {
        let (left, right) = (simple(published, name), simple(made, name));
        if left != right {
            found.push(format!("{name}: {right:?} instead of {left:?}"));
        }
    }
    for name in ["fixed", "pattern"] {
        let value = |element: &Object| element.iter().find(|(member, _)| member.starts_with(name)).map(|(_, value)| value.clone());
        if value(published) != value(made) {
            found.push(name.to_owned());
        }
    }
    let keys = |element: &Object| {
        let mut keys: Vec<String> =
            element.get("constraint").into_iter().flat_map(Value::each).filter_map(|one| one.text("key")).map(str::to_owned).collect();
        keys.sort();
        keys.dedup();
        keys
    };
    if keys(published) != keys(made) {
        found.push(format!("constraints {:?} instead of {:?}", keys(made), keys(published)));
    }
    found.into_iter()
}

/// Publishers write the version of FHIR at the ends of addresses that have none in the base.
fn unpinned(text: &str) -> &str {
    text.strip_suffix("|4.0.1").unwrap_or(text)
}

/// A property without what is only words.
fn simple(element: &Object, name: &str) -> String {
    match (name, element.get(name)) {
        (_, None) => String::new(),
        ("binding", Some(binding)) => format!("{:?} {:?}", binding.text("strength"), binding.text("valueSet").map(unpinned)),
        ("type", Some(types)) => {
            let texts = |kind: &Value, name: &'static str| {
                kind.list(name).filter_map(Value::as_str).map(|text| unpinned(text).to_owned()).collect::<Vec<_>>()
            };
            let one = |kind: &Value| {
                format!("{} {:?} {:?}", kind.text("code").unwrap_or_default(), texts(kind, "profile"), texts(kind, "targetProfile"))
            };
            types.each().map(one).collect::<Vec<_>>().join(", ")
        }
        (_, Some(Value::Bool(false))) => String::new(),
        (_, Some(value)) => fhir::json::to_string(value),
    }
}
