//! How references find entries: <http://hl7.org/fhir/R4/bundle.html#references>.

use std::collections::HashMap;

use fhir::Value;

use super::identity::{is_absolute, is_relative, restful};

/// The entries of a Bundle, by their fullUrl.
pub(super) struct Index<'a> {
    pub(super) entries: Vec<&'a Value>,
    by_url: HashMap<&'a str, Vec<usize>>,
    by_type_and_id: HashMap<(&'a str, &'a str), usize>,
}

/// What a reference finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The entry at this place.
    Entry(usize),
    /// Several entries, which it cannot tell apart.
    Several(usize),
    /// No entry, but one has a resource with that type and id, whose fullUrl says otherwise.
    Disguised,
    /// Nothing.
    Nothing,
    /// It does not ask for an entry: a contained resource, or something that has no literal reference.
    Elsewhere,
}

impl<'a> Index<'a> {
    pub(super) fn new(entries: &[&'a Value]) -> Self {
        let mut index = Self { entries: entries.to_vec(), by_url: HashMap::new(), by_type_and_id: HashMap::new() };
        for (place, entry) in entries.iter().enumerate() {
            if let Some(url) = entry.text("fullUrl") {
                index.by_url.entry(url).or_default().push(place);
            }
            if let Some(resource) = entry.get("resource")
                && let (Some(kind), Some(id)) = (resource.resource_type(), resource.text("id"))
            {
                index.by_type_and_id.entry((kind, id)).or_insert(place);
            }
        }
        index
    }

    /// What `reference`, in the resource of the entry at `from`, finds.
    pub(super) fn find(&self, reference: &str, from: usize) -> Found {
        let without_fragment = reference.split('#').next().unwrap_or_default();
        if without_fragment.is_empty() {
            return Found::Elsewhere;
        }
        let (identity, version) = match without_fragment.split_once("/_history/") {
            Some((identity, version)) => (identity, Some(version)),
            None => (without_fragment, None),
        };
        if is_absolute(identity) {
            return self.at(identity, version).unwrap_or(Found::Nothing);
        }
        if !is_relative(identity) {
            return Found::Nothing;
        }
        // A relative reference begins where the entry's own address does. One with a urn has no such place.
        let base = self.entries.get(from).and_then(|entry| entry.text("fullUrl")).filter(|url| restful(url).is_some());
        let base = base.and_then(|url| url.rsplitn(3, '/').nth(2));
        let found = base.and_then(|base| self.at(&format!("{base}/{identity}"), version));
        found.unwrap_or_else(|| {
            let mut parts = identity.split('/');
            let key = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            if self.by_type_and_id.contains_key(&key) { Found::Disguised } else { Found::Nothing }
        })
    }

    fn at(&self, url: &str, version: Option<&str>) -> Option<Found> {
        let places = self.by_url.get(url)?;
        let version_of = |place: &&usize| {
            self.entries[**place].get("resource").and_then(|resource| resource.get("meta")).and_then(|meta| meta.text("versionId"))
        };
        let matching: Vec<usize> = places.iter().filter(|place| version.is_none() || version_of(place) == version).copied().collect();
        match matching.as_slice() {
            [] => None,
            [single] => Some(Found::Entry(*single)),
            several => Some(Found::Several(several.len())),
        }
    }
}
