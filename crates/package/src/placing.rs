//! Where the resources of a package are stored, and what they look like there.
//!
//! Each is tagged with the package (`urn:ward:package`, `NAME@VERSION`), so that it can be told what a package has brought. It has the id that the package
//! gives it, where that is free; else one made of that id and its version, or of all that names it: always the same for the same resource in the
//! same store. Two versions of a package so stand beside each other. What two packages bring alike is stored once, with both tags.

mod record;
mod references;

use std::collections::{HashMap, HashSet};

use fhir::canonical::{addresses, is_conformance};
use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode, Object, Value, array, object};
use xxhash_rust::xxh3::xxh3_128;

use crate::{Manifest, Package, Resource, codes};

pub use record::{is_record_of, record, record_of};

/// The system of the tags.
pub const TAG_SYSTEM: &str = "urn:ward:package";

/// How long an id may be.
const MAX_ID: usize = 64;

/// A type and a logical id.
pub type Key = (ResourceType, String);

/// What has to be known of a stored resource.
#[derive(Clone, Debug)]
pub struct Known {
    /// Where it is.
    pub key: Key,
    /// Its canonical address; `None` when it has none.
    pub address: Option<String>,
    /// Its version under that address.
    pub version: Option<String>,
    /// The packages that have brought it, as `NAME@VERSION`.
    pub packages: Vec<String>,
    /// Its content, but for its id, its stamps and those tags.
    content: u128,
}

impl Known {
    /// What is known of a stored resource; `None` when it is none.
    pub fn of(resource: &Value) -> Option<Self> {
        let kind = ResourceType::parse(resource.resource_type()?)?;
        Some(Self {
            key: (kind, resource.text("id")?.to_owned()),
            address: address(kind, resource),
            version: resource.text("version").map(str::to_owned),
            packages: packages(resource).map(str::to_owned).collect(),
            content: content(resource),
        })
    }
}

/// The packages that have brought a resource, as `NAME@VERSION`.
pub fn packages(resource: &Value) -> impl Iterator<Item = &str> {
    let tags = resource.get("meta").into_iter().flat_map(|meta| meta.list("tag"));
    tags.filter(|tag| tag.text("system") == Some(TAG_SYSTEM)).filter_map(|tag| tag.text("code"))
}

/// The resource with these packages as those that have brought it.
pub fn tagged<'a>(mut resource: Value, packages: impl IntoIterator<Item = &'a str>) -> Value {
    let Some(members) = resource.as_object_mut() else { return resource };
    let mut meta = match members.remove("meta") {
        Some(Value::Object(meta)) => meta,
        _ => Object::new(),
    };
    let others = meta.get("tag").into_iter().flat_map(Value::each).filter(|tag| tag.text("system") != Some(TAG_SYSTEM)).cloned();
    let own = packages.into_iter().map(|package| object! { "system": TAG_SYSTEM, "code": package });
    let tags: Vec<Value> = others.chain(own).collect();
    match tags.is_empty() {
        true => drop(meta.remove("tag")),
        false => meta.set("tag", tags),
    }
    if !meta.is_empty() {
        members.insert_at(members.len().min(2), "meta", meta);
    }
    resource
}

/// What is to be done with the resources of a package.
#[derive(Debug, Default)]
pub struct Placed {
    /// What is to be written, with the file that it is from: resources with their ids and tags, the parts of composite search parameters before these.
    pub write: Vec<(String, Value)>,
    /// The resource that says that the package is there, to be written after all others; `None` when it is there as it is.
    pub record: Option<(String, Value)>,
    /// How many are there already as they are.
    pub unchanged: usize,
    /// What is left out, and why.
    pub left_out: Vec<(String, Issue)>,
}

/// Places the resources of a package in a store of which this is known: all of it that has one of the types of the package.
pub fn place(package: &Package, known: &[Known]) -> Placed {
    let name = package.manifest.to_string();
    let mut placing = Placing::new(&name, known);
    let mut placed = Placed { left_out: package.content.left_out.clone(), ..Placed::default() };
    let mut resources: Vec<Resource> = package.content.resources.clone();
    record::complete(&package.manifest, &mut resources, &mut placed.left_out);
    let keys: Vec<Option<Key>> = resources.iter().map(|resource| placing.key(resource)).collect();
    let moved: HashMap<(ResourceType, &str), &Key> =
        resources.iter().zip(&keys).filter_map(|(resource, key)| Some(((resource.kind, resource.id.as_str()), key.as_ref()?))).collect();
    for (resource, key) in resources.iter().zip(&keys) {
        let Some(key) = key else {
            placed.left_out.push((resource.file.clone(), taken(resource)));
            continue;
        };
        let value = references::rewritten(&resource.value, package.manifest.canonical.as_deref(), &moved);
        match placing.written(value, key) {
            Ok(Some(value)) if is_record_of(&value, &package.manifest) => placed.record = Some((resource.file.clone(), value)),
            Ok(Some(value)) => placed.write.push((resource.file.clone(), value)),
            Ok(None) => placed.unchanged += 1,
            Err(issue) => placed.left_out.push((resource.file.clone(), issue)),
        }
    }
    // What others are made of comes first.
    placed.write.sort_by_key(|(_, value)| value.text("type") == Some("composite") && value.resource_type() == Some("SearchParameter"));
    placed
}

struct Placing<'a> {
    /// The package, as `NAME@VERSION`.
    name: &'a str,
    by_key: HashMap<&'a Key, &'a Known>,
    /// By type, address and version.
    by_address: HashMap<Named<'a>, Vec<&'a Known>>,
    used: HashSet<Key>,
}

/// What names a conformance resource: its type, address and version.
type Named<'a> = (ResourceType, &'a str, Option<&'a str>);

impl<'a> Placing<'a> {
    fn new(name: &'a str, known: &'a [Known]) -> Self {
        let mut by_address: HashMap<Named<'a>, Vec<&Known>> = HashMap::new();
        for one in known {
            if let Some(address) = &one.address {
                by_address.entry((one.key.0, address, one.version.as_deref())).or_default().push(one);
            }
        }
        // Of several, what the package has brought itself is meant.
        by_address.values_mut().for_each(|found| found.sort_by_key(|one| (!one.packages.iter().any(|other| other == name), &one.key)));
        Self { name, by_key: known.iter().map(|one| (&one.key, one)).collect(), by_address, used: HashSet::new() }
    }

    /// Where the resource is, or is to be; `None` when there is no place for it.
    fn key(&mut self, resource: &Resource) -> Option<Key> {
        let address = address(resource.kind, &resource.value);
        let named = address.as_deref().map(|address| (resource.kind, address, resource.value.text("version")));
        if let Some(known) = named.and_then(|named| self.by_address.get(&named)?.first()) {
            let key = known.key.clone();
            return self.used.insert(key.clone()).then_some(key);
        }
        let own = (resource.kind, resource.id.clone());
        let Some((_, address, version)) = named else {
            // What has no address is known by its id alone.
            let is_own = self.by_key.get(&own).is_none_or(|known| known.packages.iter().any(|package| package == self.name));
            return (is_own && is_id(&resource.id) && self.used.insert(own.clone())).then_some(own);
        };
        let versioned = format!("{}-{}", resource.id, version.unwrap_or("none"));
        let hashed = format!("{:032x}", xxh3_128(format!("{}|{address}|{version:?}", resource.kind.name()).as_bytes()));
        let free = [resource.id.clone(), versioned, hashed].into_iter().filter(|id| is_id(id)).map(|id| (resource.kind, id));
        let key = free.into_iter().find(|key| !self.by_key.contains_key(key) && !self.used.contains(key))?;
        self.used.insert(key.clone());
        Some(key)
    }

    /// The resource as it is to be written there; `None` when it is there already.
    fn written(&self, mut value: Value, (kind, id): &Key) -> Result<Option<Value>, Issue> {
        let before = self.by_key.get(&(*kind, id.clone()));
        if let Some(known) = before {
            let is_same = known.content == content(&value);
            let is_own = known.packages.iter().any(|package| package == self.name);
            match (is_same, is_own) {
                (true, true) => return Ok(None),
                (false, false) => return Err(differs(known)),
                // The same from another package too, or an earlier state of this one.
                _ => {}
            }
        }
        if let Some(members) = value.as_object_mut() {
            members.remove("id");
            members.insert_at(1, "id", id.as_str());
        }
        let mut packages: Vec<&str> = before.map(|known| known.packages.iter().map(String::as_str).collect()).unwrap_or_default();
        if !packages.contains(&self.name) {
            packages.push(self.name);
        }
        Ok(Some(tagged(value, packages)))
    }
}

/// The address by which a conformance resource is known; `None` for what is an example.
fn address(kind: ResourceType, resource: &Value) -> Option<String> {
    if is_conformance(kind) { addresses(resource).first().map(|address| (*address).to_owned()) } else { None }
}

fn is_id(id: &str) -> bool {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.');
    (1..=MAX_ID).contains(&id.len()) && id.chars().all(is_plain)
}

/// A hash of the resource without its id, its stamps and the tags of packages, and whatever the order of its first members.
fn content(resource: &Value) -> u128 {
    let without_tags = tagged(resource.clone(), []);
    let mut plain = Object::new();
    plain.push("resourceType", resource.resource_type().unwrap_or_default());
    if let Some(Value::Object(mut meta)) = without_tags.get("meta").cloned() {
        ["versionId", "lastUpdated"].into_iter().for_each(|stamp| drop(meta.remove(stamp)));
        if !meta.is_empty() {
            plain.push("meta", meta);
        }
    }
    for (name, value) in without_tags.as_object().into_iter().flat_map(Object::iter) {
        if !matches!(&**name, "resourceType" | "id" | "meta") {
            plain.push(name.clone(), value.clone());
        }
    }
    xxh3_128(fhir::json::to_string(&plain.into()).as_bytes())
}

fn taken(resource: &Resource) -> Issue {
    let rule = format!(
        "{}/{} is no id, is taken by another resource, or stands in the package twice: it is left out",
        resource.kind.name(),
        resource.id
    );
    Issue::error(codes::CONFLICT, IssueCode::Duplicate, "", rule)
}

fn differs(known: &Known) -> Issue {
    let (kind, id) = &known.key;
    let by = if known.packages.is_empty() { "from elsewhere".to_owned() } else { format!("from {}", known.packages.join(", ")) };
    let rule =
        format!("{}/{id} has the same address and version and other content, {by}: that one stays, and this one is left out", kind.name());
    Issue::error(codes::CONFLICT, IssueCode::Conflict, "", rule)
}

impl Package {
    /// The types whose resources have to be known before it is placed: its own, and that of its record.
    pub fn kinds(&self) -> Vec<ResourceType> {
        let own = self.content.resources.iter().map(|resource| resource.kind);
        let mut kinds: Vec<ResourceType> = own.chain(ResourceType::parse(record::KIND)).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }
}

/// What [`record_of`] tells of a package that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its name and version.
    pub package: crate::plan::Installed,
    /// Its name for people.
    pub title: Option<String>,
    /// The canonical address of its guide.
    pub url: Option<String>,
    /// The packages that it needs, as `NAME@VERSION`.
    pub needs: Vec<String>,
}

/// An ImplementationGuide that stands for a package that brings none.
fn made(manifest: &Manifest) -> Value {
    let base = manifest.canonical.clone().unwrap_or_else(|| format!("urn:ward:package:{}", manifest.name));
    let url = if base.starts_with("urn:") { base } else { format!("{base}/ImplementationGuide/{}", manifest.name) };
    let id: String = manifest.name.replace('_', "-").chars().take(MAX_ID).collect();
    let title = manifest.title.as_deref().unwrap_or(&manifest.name);
    object! {
        "resourceType": record::KIND,
        "id": id,
        "url": url,
        "version": manifest.version.as_str(),
        "name": manifest.name.as_str(),
        "title": title,
        "status": "active",
        "packageId": manifest.name.as_str(),
        "fhirVersion": array!["4.0.1"],
    }
}
