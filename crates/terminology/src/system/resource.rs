//! A code system that a CodeSystem resource defines (<http://hl7.org/fhir/R4/codesystem.html>).
//!
//! It is compiled once: an index by code, the hierarchy as lists of row numbers, and what each concept's status is. Texts stay in the resource.

mod compile;
mod status;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use fhir::Value;

use crate::system::{About, Concept, Designation, Flags, Property, System, Usage};

pub use compile::TooLarge;

/// Where a concept stands in the resource.
#[derive(Clone, Copy)]
struct Place {
    /// The row of the concept that it is nested in.
    above: Option<u32>,
    /// Its position in the list there.
    position: u32,
    flags: Flags,
}

/// Row numbers by row number.
#[derive(Default)]
struct Edges {
    starts: Vec<u32>,
    ends: Vec<u32>,
}

impl Edges {
    fn of(&self, row: u32) -> &[u32] {
        let range = self.starts[row as usize] as usize..self.starts[row as usize + 1] as usize;
        &self.ends[range]
    }
}

/// A CodeSystem resource, compiled.
pub struct ResourceSystem {
    resource: Arc<Value>,
    about: About,
    places: Vec<Place>,
    by_code: HashMap<Box<str>, u32>,
    /// By code in lower case, when upper and lower case are the same.
    by_folded: Option<HashMap<Box<str>, u32>>,
    parents: Edges,
    children: Edges,
}

impl ResourceSystem {
    /// The resource itself.
    pub fn resource(&self) -> &Arc<Value> {
        &self.resource
    }

    /// About how many bytes it takes, beside the resource.
    pub fn bytes(&self) -> usize {
        self.places.len() * (size_of::<Place>() + 100) + 1000
    }

    /// The element of a concept.
    fn element(&self, row: u32) -> &Value {
        // From the concept to the root, then down again.
        let mut way = [0u32; compile::DEEPEST];
        let mut length = 0;
        let mut next = Some(row);
        while let Some(row) = next {
            let place = &self.places[row as usize];
            way[length] = place.position;
            length += 1;
            next = place.above;
        }
        let down = |element, position: &u32| compile::nested(element).get(*position as usize).expect("a row is in the resource");
        way[..length].iter().rev().fold(&*self.resource, down)
    }

    fn concept(&self, concept: &Concept) -> &Value {
        self.element(concept.row().expect("a resource's concepts are rows"))
    }

    fn uri(&self, code: &str) -> Option<&str> {
        self.about.properties.iter().find(|definition| *definition.code == *code)?.uri.as_deref()
    }
}

impl System for ResourceSystem {
    fn about(&self) -> &About {
        &self.about
    }

    fn find(&self, code: &str) -> Option<Concept> {
        let row = match (self.by_code.get(code), &self.by_folded) {
            (Some(row), _) => Some(row),
            (None, Some(folded)) => folded.get(&*code.to_lowercase()),
            (None, None) => None,
        };
        row.map(|row| Concept::Row(*row))
    }

    fn code<'a>(&'a self, concept: &'a Concept) -> Cow<'a, str> {
        Cow::Borrowed(self.concept(concept).text("code").unwrap_or_default())
    }

    fn display<'a>(&'a self, concept: &'a Concept) -> Option<Cow<'a, str>> {
        self.concept(concept).text("display").map(Cow::Borrowed)
    }

    fn definition<'a>(&'a self, concept: &'a Concept) -> Option<Cow<'a, str>> {
        self.concept(concept).text("definition").map(Cow::Borrowed)
    }

    fn flags(&self, concept: &Concept) -> Flags {
        concept.row().map_or_else(Flags::default, |row| self.places[row as usize].flags)
    }

    fn status<'a>(&'a self, concept: &'a Concept) -> Option<Cow<'a, str>> {
        status::status(self.concept(concept), &self.about).map(Cow::Borrowed)
    }

    fn designations(&self, concept: &Concept, each: &mut dyn FnMut(Designation<'_>)) {
        let element = self.concept(concept);
        if let Some(display) = element.text("display") {
            let language = self.about.language.as_deref();
            each(Designation { language, usage: Usage::Display, value: display, status: None, extensions: &[], source: None });
        }
        element.list("designation").filter_map(designation).for_each(each);
    }

    fn properties(&self, concept: &Concept, each: &mut dyn FnMut(Property<'_>)) {
        for element in self.concept(concept).list("property") {
            let uri = element.text("code").and_then(|code| self.uri(code));
            Property::read(element, uri).into_iter().for_each(&mut *each);
        }
    }

    fn extensions(&self, concept: &Concept, each: &mut dyn FnMut(&Value)) {
        self.concept(concept).list("extension").for_each(each);
    }

    fn parents(&self, row: u32, each: &mut dyn FnMut(u32)) {
        self.parents.of(row).iter().copied().for_each(each);
    }

    fn children(&self, row: u32, each: &mut dyn FnMut(u32)) {
        self.children.of(row).iter().copied().for_each(each);
    }

    fn rows(&self) -> Option<u32> {
        Some(self.places.len() as u32)
    }

    fn has_hierarchy(&self) -> bool {
        !self.parents.ends.is_empty()
    }
}

/// The designation that an element is; `None` when it has no value.
pub(crate) fn designation(element: &Value) -> Option<Designation<'_>> {
    let extensions = element.get("extension").and_then(Value::as_array).unwrap_or_default();
    Some(Designation {
        language: element.text("language"),
        usage: element.get("use").map_or(Usage::Unstated, Usage::Coding),
        value: element.text("value")?,
        status: status::standards_status(element),
        extensions,
        source: None,
    })
}

pub(crate) use compile::maturity;
pub(crate) use status::standards_status;
