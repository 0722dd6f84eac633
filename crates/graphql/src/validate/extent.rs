//! How much a query selects when its fragments are followed: each fragment is measured once.

use std::collections::BTreeMap;

use fhir::IssueCode;

use super::Fragments;
use crate::codes;
use crate::error::Error;
use crate::limits::Limits;
use crate::syntax::{Operation, Position, Selection};

/// How deep selections nest, and how many fields there are in them.
#[derive(Clone, Copy, Default)]
struct Extent {
    depth: usize,
    fields: usize,
}

/// Refuses fragments that contain themselves, and queries that select too much.
///
/// # Errors
/// WARD-0926, WARD-0921.
pub(super) fn check(operation: &Operation, fragments: &Fragments<'_>, limits: &Limits) -> Result<(), Error> {
    let mut measure = Measure { fragments, known: BTreeMap::new(), open: Vec::new() };
    // All of them, so that one that is not used cannot contain itself either.
    for fragment in fragments.values() {
        measure.fragment(&fragment.name, fragment.at)?;
    }
    let extent = measure.selections(&operation.selections)?;
    let too_large = |message: String| Err(Error::new(codes::QUERY_TOO_LARGE, IssueCode::TooCostly, operation.at, message));
    if extent.depth > limits.deepest() {
        return too_large(format!("the query nests {} levels deep, and may nest {}: ask for less at once", extent.depth, limits.deepest()));
    }
    if extent.fields > limits.selections {
        let message =
            format!("the query selects more than {} fields, those of fragments counted at each use: ask for less", limits.selections);
        return too_large(message);
    }
    Ok(())
}

struct Measure<'f, 'd> {
    fragments: &'f Fragments<'d>,
    known: BTreeMap<&'d str, Extent>,
    /// The fragments that are being measured: each contains the next.
    open: Vec<&'d str>,
}

/// So many fragments, each in the other, are refused before they are measured: the limit of depth is far below.
const MAX_OPEN: usize = 30;

impl<'d> Measure<'_, 'd> {
    fn fragment(&mut self, name: &str, at: Position) -> Result<Extent, Error> {
        if let Some(extent) = self.known.get(name) {
            return Ok(*extent);
        }
        // One that does not exist is reported where selections are checked.
        let Some((name, fragment)) = self.fragments.get_key_value(name) else { return Ok(Extent::default()) };
        if self.open.contains(name) || self.open.len() >= MAX_OPEN {
            let message = format!("the fragment `{name}` contains itself, or too many others: it would never end");
            return Err(Error::new(codes::BAD_FRAGMENT, IssueCode::Invalid, at, message));
        }
        self.open.push(name);
        let extent = self.selections(&fragment.selections)?;
        self.open.pop();
        self.known.insert(name, extent);
        Ok(extent)
    }

    fn selections(&mut self, selections: &[Selection]) -> Result<Extent, Error> {
        let mut whole = Extent { depth: 1, fields: 0 };
        for selection in selections {
            let part = match selection {
                Selection::Spread(spread) => self.fragment(&spread.name, spread.at)?,
                Selection::Inline(inline) => self.selections(&inline.selections)?,
                Selection::Field(field) => {
                    let below = if field.selections.is_empty() { Extent::default() } else { self.selections(&field.selections)? };
                    Extent { depth: below.depth + 1, fields: below.fields.saturating_add(1) }
                }
            };
            whole.depth = whole.depth.max(part.depth);
            whole.fields = whole.fields.saturating_add(part.fields);
        }
        Ok(whole)
    }
}
