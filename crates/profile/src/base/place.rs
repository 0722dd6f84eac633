//! Where the walk is: a chain on the call stack, with what is needed to judge extensions, that becomes text only when something is wrong.

use std::fmt;

use fhir::Value;
use fhir::definitions::Type;

/// An element on the way from the resource.
#[derive(Clone, Copy)]
pub(super) struct Place<'p, 'a> {
    pub(super) parent: Option<&'p Place<'p, 'a>>,
    /// The element's name; the type's, where the way begins.
    pub(super) name: &'a str,
    pub(super) index: Option<usize>,
    /// The type of the element: of a resource, the one that it is.
    pub(super) kind: &'static Type,
    /// What stands there: of a primitive with extensions, the object that holds them.
    pub(super) value: &'a Value,
    pub(super) depth: usize,
}

impl<'p, 'a> Place<'p, 'a> {
    /// The beginning: a resource.
    pub(super) fn root(kind: &'static Type, value: &'a Value) -> Self {
        Self { parent: None, name: kind.name, index: None, kind, value, depth: 0 }
    }

    /// The element `name` of this one.
    pub(super) fn child(&'p self, name: &'a str, index: Option<usize>, kind: &'static Type, value: &'a Value) -> Self {
        Self { parent: Some(self), name, index, kind, value, depth: self.depth + 1 }
    }
}

impl fmt::Display for Place<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            write!(f, "{parent}.")?;
        }
        f.write_str(self.name)?;
        self.index.map_or(Ok(()), |index| write!(f, "[{index}]"))
    }
}
