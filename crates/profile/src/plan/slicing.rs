//! The slices of an element.

use fhir::Value;

use super::compile::{Compiler, Place};
use super::discriminator::Matcher;
use crate::snapshot::{Error, Tree};

/// How the items of an element are told apart.
#[derive(Debug)]
pub(crate) struct Slicing {
    /// Whether items must come in the order of the slices.
    pub(crate) is_ordered: bool,
    pub(crate) openness: Openness,
    pub(crate) slices: Box<[Slice]>,
    /// Whether a slice must be there even when the element is absent.
    pub(crate) needs_some: bool,
}

/// Which items may be in none of the slices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Openness {
    /// Any.
    Open,
    /// Those at the end.
    OpenAtEnd,
    /// None.
    Closed,
}

/// A slice.
#[derive(Debug)]
pub(crate) struct Slice {
    pub(crate) name: Box<str>,
    /// Its node, whose own slicing has its slices.
    pub(crate) node: u32,
    /// What an item must be to be in it: all of these.
    pub(crate) matchers: Box<[Matcher]>,
    /// Whether it takes what is in no other slice.
    pub(crate) is_default: bool,
}

impl Compiler<'_> {
    /// The slicing of an element; `None` when it has no slices and may have any items.
    pub(super) fn slicing(&mut self, place: Place, id: &str) -> Result<Option<Box<Slicing>>, Error> {
        let stated = place.tree.definition.get("slicing");
        let mut openness = match stated.and_then(|slicing| slicing.text("rules")) {
            Some("closed") => Openness::Closed,
            Some("openAtEnd") => Openness::OpenAtEnd,
            _ => Openness::Open,
        };
        if place.slices.is_empty() {
            return Ok(None);
        }
        let unsliced = id.rsplit_once(':').filter(|(_, slice)| !slice.contains('.')).map_or(id, |(before, _)| before);
        let outer = place.tree.slice.as_deref();
        let mut slices = Vec::new();
        for tree in place.slices.iter().filter(|tree| is_right_below(tree, outer, place.slices)) {
            let name = tree.slice.as_deref().unwrap_or_default();
            let kind = place.element.and_then(|element| super::compile::kind_of(&tree.definition, element));
            let inner = Place { tree, kind, slices: inner_slices(tree, place.slices), ..place };
            let is_default = name == "@default";
            let matchers = if is_default { Some(Box::default()) } else { self.matchers(stated, inner, name)? };
            let Some(matchers) = matchers else {
                openness = Openness::Open;
                continue;
            };
            let Some(node) = self.node(inner, &format!("{unsliced}:{name}"), true)? else { continue };
            slices.push(Slice { name: name.into(), node, matchers, is_default });
        }
        if slices.is_empty() {
            return Ok(None);
        }
        let needs_some = slices.iter().any(|slice| self.nodes[slice.node as usize].min > 0);
        let is_ordered = stated.and_then(|slicing| slicing.get("ordered")) == Some(&Value::Bool(true));
        Ok(Some(Box::new(Slicing { is_ordered, openness, slices: slices.into(), needs_some })))
    }
}

/// Whether a slice is one of an element (`outer` is `None`) or of the slice `outer`, and of no slice between.
fn is_right_below(tree: &Tree, outer: Option<&str>, all: &[Tree]) -> bool {
    let name = tree.slice.as_deref().unwrap_or_default();
    match name.rsplit_once('/') {
        None => outer.is_none(),
        Some((before, _)) if outer == Some(before) => true,
        Some((before, _)) => outer.is_none() && !all.iter().any(|other| other.slice.as_deref() == Some(before)),
    }
}

/// Where the slices of a slice are looked for: among those of the element, when there are any.
fn inner_slices<'t>(tree: &Tree, all: &'t [Tree]) -> &'t [Tree] {
    let name = tree.slice.as_deref().unwrap_or_default();
    let has_some =
        all.iter().any(|other| other.slice.as_deref().and_then(|other| other.strip_prefix(name)).is_some_and(|rest| rest.starts_with('/')));
    if has_some { all } else { &[] }
}
