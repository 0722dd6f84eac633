//! From the addresses that references in a Bundle use to those of the resources that the entries become.

use std::collections::HashMap;

use fhir::{Issue, IssueCode, Value};
use store::commit::Expect;

use crate::bundle::Entry;
use crate::transaction::identity::Identity;
use crate::{Context, Error, codes, references};

/// Where references lead once the transaction is done.
#[derive(Default)]
pub(super) struct Links {
    /// By `fullUrl`, and by criteria as they are written.
    targets: HashMap<Box<str>, Target>,
    /// By the end of a `fullUrl`, `Patient/12`; `None` when several entries end so.
    tails: HashMap<Box<str>, Option<Target>>,
}

#[derive(Clone)]
struct Target {
    /// `Patient/12`.
    place: Box<str>,
    /// Whether it is the first version.
    is_new: bool,
    /// Of one that is updated: the version that the entry has it in, and the one that the transaction makes of it.
    versions: Option<(Box<str>, u64)>,
}

impl Links {
    /// The links of entries that create or update. [`Error::BadRequest`] when two have the same `fullUrl`.
    pub(super) fn of(entries: &[Entry], identities: &[Identity]) -> Result<Self, Error> {
        let mut links = Self::default();
        let mut issues = Vec::new();
        for (entry, identity) in entries.iter().zip(identities) {
            let (Some(full_url), [key]) = (&entry.full_url, identity.keys()) else { continue };
            if matches!(identity, Identity::Delete(_)) {
                continue;
            }
            let target = Target { place: key.to_string().into(), is_new: matches!(identity, Identity::New(_)), versions: None };
            if let Some((_, tail)) = split_restful(full_url) {
                links.tails.entry(tail.into()).and_modify(|other| *other = None).or_insert_with(|| Some(target.clone()));
            }
            if links.targets.insert(full_url.clone(), target).is_some() {
                let remedy = "another entry has the same fullUrl: each entry needs its own, a fresh urn:uuid for example";
                issues.push(Issue::error(codes::DUPLICATE_FULL_URL, IssueCode::Duplicate, entry.at(".fullUrl"), remedy));
            }
        }
        if issues.is_empty() { Ok(links) } else { Err(Error::BadRequest(issues)) }
    }

    /// Takes in which versions the transaction makes of what it updates, where references name versions. What comes back must still hold
    /// when it is committed.
    pub(super) async fn know_versions(&mut self, ctx: &Context, entries: &[Entry], identities: &[Identity]) -> Result<Vec<Expect>, Error> {
        let mut expect = Vec::new();
        if !entries.iter().filter_map(|entry| entry.resource.as_ref()).any(names_versions) {
            return Ok(expect);
        }
        for (entry, identity) in entries.iter().zip(identities) {
            let (Some(full_url), Identity::Put(key), Some(resource)) = (&entry.full_url, identity, &entry.resource) else { continue };
            let Some(sent) = resource.get("meta").and_then(|meta| meta.text("versionId")) else { continue };
            let current = ctx.store().read(ctx.tenant, key).await?.map_or(0, |version| version.version);
            expect.push(Expect::Version(key.clone(), current));
            let versions = Some((Box::from(sent), current + 1));
            if let Some(target) = self.targets.get_mut(full_url) {
                target.versions.clone_from(&versions);
            }
            if let Some(Some(target)) = split_restful(full_url).and_then(|(_, tail)| self.tails.get_mut(tail)) {
                target.versions = versions;
            }
        }
        Ok(expect)
    }

    /// Makes references with these criteria lead to `place`.
    pub(super) fn resolve_condition(&mut self, criteria: &str, place: String) {
        self.targets.insert(criteria.into(), Target { place: place.into(), is_new: false, versions: None });
    }

    /// The links as an entry with this `fullUrl` sees them.
    pub(super) fn seen_from<'a>(&'a self, full_url: Option<&'a str>, base_url: &'a str) -> View<'a> {
        let root = full_url.and_then(split_restful).map(|(root, _)| root);
        View { links: self, root, base_url }
    }
}

/// The links as one entry sees them: relative references are relative to its own `fullUrl`.
pub(super) struct View<'a> {
    links: &'a Links,
    root: Option<&'a str>,
    base_url: &'a str,
}

impl View<'_> {
    /// Where a reference leads now; `None` when it stays as it is. A version or fragment at its end is kept: the version of a
    /// new resource is its first.
    pub(super) fn resolve(&self, reference: &str) -> Option<String> {
        if reference.is_empty() || reference.starts_with('#') {
            return None;
        }
        if let Some(target) = self.find(reference) {
            return Some(target.place.to_string());
        }
        if let Some((address, version)) = reference.split_once("/_history/") {
            let target = self.find(address)?;
            // A version names the entry when the entry has the resource in that version (<http://hl7.org/fhir/R4/bundle.html#references>).
            return Some(match &target.versions {
                _ if target.is_new => format!("{}/_history/1", target.place),
                Some((sent, made)) if **sent == *version => format!("{}/_history/{made}", target.place),
                _ => format!("{}/_history/{version}", target.place),
            });
        }
        let (address, fragment) = reference.split_once('#')?;
        Some(format!("{}#{fragment}", self.find(address)?.place))
    }

    /// The address of an entry's resource, exactly; for links that are not references.
    pub(super) fn resolve_exact(&self, address: &str) -> Option<&str> {
        self.links.targets.get(address).map(|target| &*target.place)
    }

    fn find(&self, address: &str) -> Option<&Target> {
        if let Some(target) = self.links.targets.get(address) {
            return Some(target);
        }
        let is_relative = !address.contains(':');
        if is_relative && let Some(root) = self.root {
            return self.links.targets.get(format!("{root}/{address}").as_str());
        }
        let tail = if is_relative { Some(address) } else { address.strip_prefix(self.base_url)?.strip_prefix('/') };
        self.links.tails.get(tail?)?.as_ref()
    }
}

fn names_versions(resource: &Value) -> bool {
    let mut found = false;
    references::each(resource, &mut |_, text| found |= text.contains("/_history/"));
    found
}

/// `http://server/fhir` and `Patient/12` of `http://server/fhir/Patient/12`, and of a relative `Patient/12` an empty root.
fn split_restful(full_url: &str) -> Option<(&str, &str)> {
    if full_url.starts_with("urn:") {
        return None;
    }
    let mut slashes = full_url.rmatch_indices('/').map(|(at, _)| at);
    slashes.next()?;
    Some(match slashes.next() {
        Some(at) => (&full_url[..at], &full_url[at + 1..]),
        None => ("", full_url),
    })
}
