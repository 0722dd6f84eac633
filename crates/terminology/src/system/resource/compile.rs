//! Makes an index of a CodeSystem resource.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use fhir::Value;

use super::status::{flags, standards_status};
use super::{Edges, Place, ResourceSystem};
use crate::system::{About, Content, Maturity, PropertyDefinition};

/// How deep concepts may be nested.
pub(super) const DEEPEST: usize = 64;
/// How many concepts a resource may have.
const MOST: usize = 2_000_000;

/// The resource has more concepts, or concepts nested deeper, than can be worked with.
#[derive(Debug, PartialEq, Eq)]
pub struct TooLarge;

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the code system has more than {MOST} concepts, or concepts nested more than {DEEPEST} levels deep")
    }
}

impl std::error::Error for TooLarge {}

/// The concepts nested in a concept, or the top ones of a resource.
pub(super) fn nested(element: &Value) -> &[Value] {
    element.get("concept").and_then(Value::as_array).unwrap_or_default()
}

impl ResourceSystem {
    /// Compiles a resource. Of two concepts with the same code the first counts.
    ///
    /// # Errors
    /// When it is too large.
    pub fn compile(resource: Arc<Value>) -> Result<Self, TooLarge> {
        let about = about(&resource);
        let mut by_code: HashMap<Box<str>, u32> = HashMap::new();
        let mut places: Vec<Place> = Vec::new();
        let mut stack: Vec<(Option<u32>, &[Value], usize)> = vec![(None, nested(&resource), 0)];
        while let Some((above, list, position)) = stack.pop() {
            let Some(concept) = list.get(position) else { continue };
            stack.push((above, list, position + 1));
            let row = places.len() as u32;
            let Some(code) = concept.text("code") else { continue };
            if by_code.contains_key(code) {
                continue;
            }
            if places.len() >= MOST || stack.len() >= DEEPEST {
                return Err(TooLarge);
            }
            by_code.insert(code.into(), row);
            places.push(Place { above, position: position as u32, flags: flags(concept, &about) });
            stack.push((Some(row), nested(concept), 0));
        }
        let by_folded = (!about.is_case_sensitive).then(|| folded(&by_code));
        let mut system =
            Self { resource: resource.clone(), about, places, by_code, by_folded, parents: Edges::default(), children: Edges::default() };
        let pairs = system.pairs();
        let count = system.places.len();
        system.children = edges(count, pairs.iter().copied());
        system.parents = edges(count, pairs.iter().map(|(above, below)| (*below, *above)));
        Ok(system)
    }

    /// Every pair of a concept and one right below it: by nesting, and by the properties `parent` and `child`.
    fn pairs(&self) -> Vec<(u32, u32)> {
        let mut pairs = Vec::new();
        for (row, place) in self.places.iter().enumerate() {
            let row = row as u32;
            pairs.extend(place.above.map(|above| (above, row)));
            for property in self.element(row).list("property") {
                let Some(other) = property.text("valueCode").and_then(|code| self.by_code.get(code)) else { continue };
                let code = property.text("code").unwrap_or_default();
                match self.uri(code).and_then(|uri| uri.strip_prefix("http://hl7.org/fhir/concept-properties#")).unwrap_or(code) {
                    "parent" => pairs.push((*other, row)),
                    "child" => pairs.push((row, *other)),
                    _ => {}
                }
            }
        }
        pairs.retain(|(above, below)| above != below);
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }
}

/// The index by code in lower case. Of several codes that are the same then, the first one counts.
fn folded(by_code: &HashMap<Box<str>, u32>) -> HashMap<Box<str>, u32> {
    let mut folded: Vec<(Box<str>, u32)> = by_code.iter().map(|(code, row)| (code.to_lowercase().into(), *row)).collect();
    folded.sort_by_key(|(_, row)| std::cmp::Reverse(*row));
    folded.into_iter().collect()
}

fn edges(count: usize, pairs: impl Iterator<Item = (u32, u32)>) -> Edges {
    let mut pairs: Vec<(u32, u32)> = pairs.collect();
    pairs.sort_unstable();
    let mut starts = vec![0u32; count + 1];
    for (from, _) in &pairs {
        starts[*from as usize + 1] += 1;
    }
    for index in 0..count {
        starts[index + 1] += starts[index];
    }
    Edges { starts, ends: pairs.into_iter().map(|(_, to)| to).collect() }
}

fn about(resource: &Value) -> About {
    let text = |name: &str| resource.text(name).map(Box::from);
    let definition =
        |element: &Value| Some(PropertyDefinition { code: element.text("code")?.into(), uri: element.text("uri").map(Box::from) });
    About {
        url: text("url").unwrap_or_default(),
        version: text("version"),
        name: text("name"),
        language: text("language"),
        value_set: text("valueSet"),
        content: resource.text("content").and_then(Content::parse).unwrap_or(Content::NotPresent),
        // A system that does not say is taken as case sensitive: no two codes are mixed up by that.
        is_case_sensitive: resource.get("caseSensitive").and_then(Value::as_bool) != Some(false),
        needs_version: resource.get("versionNeeded").and_then(Value::as_bool) == Some(true),
        maturity: maturity(resource),
        properties: resource.list("property").filter_map(definition).collect(),
        stand_in: None,
        supplements: Vec::new(),
    }
}

/// How ripe a resource is.
pub(crate) fn maturity(resource: &Value) -> Maturity {
    Maturity {
        status: resource.text("status").map(Box::from),
        standards_status: standards_status(resource).map(Box::from),
        is_experimental: resource.get("experimental").and_then(Value::as_bool) == Some(true),
    }
}
