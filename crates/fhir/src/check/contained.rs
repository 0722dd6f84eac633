//! Contained resources: <http://hl7.org/fhir/R4/references.html#contained>.

use super::Checker;
use super::path::Path;
use crate::codes;
use crate::outcome::IssueCode;
use crate::value::{Object, Value};

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

    /// That no two resources that `container` contains have the same id.
    pub(super) fn contained_ids(&mut self, container: &Object, path: &Path) {
        let items = container.get("contained").and_then(Value::as_array).unwrap_or_default();
        if items.len() < 2 {
            return;
        }
        let mut ids: Vec<(&str, usize)> = items.iter().enumerate().filter_map(|(index, item)| Some((item.text("id")?, index))).collect();
        ids.sort_unstable();
        for (_, index) in ids.windows(2).filter(|pair| pair[0].0 == pair[1].0).map(|pair| pair[1]) {
            let text = "another contained resource has the same id: give each its own";
            self.report(codes::CONTAINED_ID, IssueCode::Duplicate, &path.child("contained").at(index).child("id"), text);
        }
    }
}
