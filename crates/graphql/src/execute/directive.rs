//! How FHIR's directives change the way in which a field is written.

use crate::syntax::{Directive, Input};

/// What the directives of a field say.
#[derive(Clone, Copy, Default)]
pub(super) struct Shaping<'a> {
    /// Its fields stand in its place.
    pub(super) flatten: bool,
    /// Only the first value.
    pub(super) first: bool,
    /// One value and no list.
    pub(super) singleton: bool,
    /// Each value gets a name of its own, which ends in what this FHIRPath gives.
    pub(super) slice: Option<&'a Input>,
}

impl<'a> Shaping<'a> {
    pub(super) fn of(directives: &'a [Directive]) -> Self {
        let mut shaping = Self::default();
        for directive in directives {
            match directive.name.as_str() {
                "flatten" => shaping.flatten = true,
                "first" => shaping.first = true,
                "singleton" => shaping.singleton = true,
                "slice" => shaping.slice = directive.arguments.first().map(|argument| &argument.value),
                _ => {}
            }
        }
        shaping
    }
}

/// What flattening does to the fields below.
#[derive(Clone, Default)]
pub(super) struct Flat {
    /// Whether they stand in the place of another field.
    pub(super) active: bool,
    /// Whether they become lists, as there are several such places.
    pub(super) list: bool,
    /// What their names end in.
    pub(super) suffix: String,
}
