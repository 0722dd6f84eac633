//! A code system with what supplements add to it (<http://hl7.org/fhir/R4/codesystem.html#supplements>): names, properties and extensions.

use std::borrow::Cow;
use std::sync::Arc;

use fhir::Value;

use crate::system::resource::ResourceSystem;
use crate::system::{About, Concept, Designation, Filter, Flags, Property, Rows, SearchText, System, Unsupported, Usage};

/// A system and the supplements in force. Concepts and hierarchy are the system's.
pub(crate) struct Supplemented {
    base: Arc<dyn System>,
    supplements: Vec<Arc<ResourceSystem>>,
    about: About,
}

impl Supplemented {
    pub(crate) fn new(base: Arc<dyn System>, supplements: Vec<Arc<ResourceSystem>>) -> Self {
        let mut about = base.about().clone();
        for supplement in &supplements {
            about.supplements.push(supplement.about().canonical().into());
            for definition in &supplement.about().properties {
                if !about.properties.iter().any(|other| other.code == definition.code) {
                    about.properties.push(definition.clone());
                }
            }
        }
        Self { base, supplements, about }
    }

    /// What the supplements have of a concept.
    fn additions(&self, concept: &Concept, mut each: impl FnMut(&ResourceSystem, &str, &Concept)) {
        let code = self.base.code(concept);
        for (index, supplement) in self.supplements.iter().enumerate() {
            if let Some(found) = supplement.find(&code) {
                let canonical = &self.about.supplements[self.about.supplements.len() - self.supplements.len() + index];
                each(supplement, canonical, &found);
            }
        }
    }
}

impl System for Supplemented {
    fn about(&self) -> &About {
        &self.about
    }

    fn find(&self, code: &str) -> Option<Concept> {
        self.base.find(code)
    }

    fn code<'a>(&'a self, concept: &'a Concept) -> Cow<'a, str> {
        self.base.code(concept)
    }

    fn display<'a>(&'a self, concept: &'a Concept) -> Option<Cow<'a, str>> {
        self.base.display(concept)
    }

    fn definition<'a>(&'a self, concept: &'a Concept) -> Option<Cow<'a, str>> {
        self.base.definition(concept)
    }

    fn flags(&self, concept: &Concept) -> Flags {
        self.base.flags(concept)
    }

    fn status<'a>(&'a self, concept: &'a Concept) -> Option<Cow<'a, str>> {
        self.base.status(concept)
    }

    fn designations(&self, concept: &Concept, each: &mut dyn FnMut(Designation<'_>)) {
        self.base.designations(concept, each);
        self.additions(concept, |supplement, canonical, found| {
            supplement.designations(found, &mut |designation| {
                let usage = if designation.usage == Usage::Display { Usage::Unstated } else { designation.usage };
                each(Designation { usage, source: Some(canonical), ..designation });
            });
        });
    }

    fn properties(&self, concept: &Concept, each: &mut dyn FnMut(Property<'_>)) {
        self.base.properties(concept, each);
        self.additions(concept, |supplement, _, found| supplement.properties(found, each));
    }

    fn extensions(&self, concept: &Concept, each: &mut dyn FnMut(&Value)) {
        self.base.extensions(concept, each);
        self.additions(concept, |supplement, _, found| supplement.extensions(found, each));
    }

    fn parents(&self, row: u32, each: &mut dyn FnMut(u32)) {
        self.base.parents(row, each);
    }

    fn children(&self, row: u32, each: &mut dyn FnMut(u32)) {
        self.base.children(row, each);
    }

    fn rows(&self) -> Option<u32> {
        self.base.rows()
    }

    fn has_hierarchy(&self) -> bool {
        self.base.has_hierarchy()
    }

    fn descendants(&self, row: u32) -> Rows {
        self.base.descendants(row)
    }

    fn is_above(&self, ancestor: u32, descendant: u32) -> bool {
        self.base.is_above(ancestor, descendant)
    }

    fn select(&self, filter: &Filter) -> Result<Rows, Unsupported> {
        // What the supplements define is not known to the base.
        self.base.select(filter).or_else(|_| super::filter::select(self, filter))
    }

    fn passes(&self, concept: &Concept, filter: &Filter) -> Result<Result<(), String>, Unsupported> {
        self.base.passes(concept, filter)
    }

    fn search(&self, text: &SearchText) -> Rows {
        super::text::search(self, text)
    }

    fn ranked(&self, text: &SearchText, rows: &Rows) -> Option<Vec<u32>> {
        self.base.ranked(text, rows)
    }
}
