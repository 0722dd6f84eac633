//! Contained resources: <http://hl7.org/fhir/R4/references.html#contained>.

use std::cell::OnceCell;

use super::Checker;
use super::path::Path;
use crate::codes;
use crate::outcome::IssueCode;
use crate::value::{Object, Value};

/// Up to this many contained resources a look along them is quicker than an index.
const FEW: usize = 16;

/// A resource that is contained in none, with what it contains.
pub(super) struct Container<'a> {
    contained: &'a [Value],
    /// The ids and their places, sorted: made when there are many, so that no document makes the walk slow.
    sorted: OnceCell<Vec<(&'a str, usize)>>,
}

impl<'a> Container<'a> {
    pub(super) fn new(object: &'a Object) -> Self {
        let contained = object.get("contained").and_then(Value::as_array).unwrap_or_default();
        Self { contained, sorted: OnceCell::new() }
    }

    /// The contained resource of this id.
    pub(super) fn find(&self, id: &str) -> Option<&'a Value> {
        if self.contained.len() <= FEW {
            return self.contained.iter().find(|resource| resource.text("id") == Some(id));
        }
        let sorted = self.sorted();
        let found = sorted.binary_search_by_key(&id, |(id, _)| id).ok()?;
        self.contained.get(sorted.get(found)?.1)
    }

    fn sorted(&self) -> &[(&'a str, usize)] {
        self.sorted.get_or_init(|| {
            let ids = self.contained.iter().enumerate();
            let mut ids: Vec<_> = ids.filter_map(|(index, resource)| Some((resource.text("id")?, index))).collect();
            ids.sort_unstable();
            ids
        })
    }
}

impl Checker {
    /// The rules dom-2, dom-4 and dom-5 for one contained resource, and that it has an id.
    pub(super) fn contained_resource(&mut self, object: &Object, path: &Path) {
        if object.get("contained").is_some() {
            let text = "a contained resource contains none itself: put them all into the outermost resource";
            self.report(codes::CONTAINED_NESTED, IssueCode::Invariant, &path.child("contained"), text);
        }
        if object.get("id").is_none() {
            let text = "a contained resource needs an id, to which \"#id\" refers";
            self.report(codes::CONTAINED_ID, IssueCode::Required, path, text);
        }
        let Some(meta) = object.get("meta") else { return };
        for name in ["versionId", "lastUpdated", "security"] {
            if meta.get(name).is_some() {
                let text = format!("a contained resource has no life of its own: leave out meta.{name}");
                self.report(codes::CONTAINED_META, IssueCode::Invariant, &path.child("meta").child(name), text);
            }
        }
    }

    /// That no two resources in `container` have the same id.
    pub(super) fn contained_ids(&mut self, container: &Container, path: &Path) {
        if container.contained.len() < 2 {
            return;
        }
        for pair in container.sorted().windows(2) {
            if let [(first, _), (second, index)] = pair
                && first == second
            {
                let text = "another contained resource has the same id: give each its own";
                self.report(codes::CONTAINED_ID, IssueCode::Duplicate, &path.child("contained").at(*index).child("id"), text);
            }
        }
    }
}
