//! Properties and what they select.

use std::ops::Range;

use super::layout::Section;
use super::{Ascending, Table, Text};
use crate::bits::Bits;
use crate::{Concept, ConceptSet, Property};

/// A value that a concept has for a property.
#[derive(Clone, Copy, Debug)]
pub struct Value<'a> {
    /// The property.
    pub property: &'a Property,
    /// The value as it is written; a Coding as [`crate::Coding::to_text`] writes it.
    pub text: Text<'a>,
}

impl Table {
    /// The values of a concept, by property and value.
    pub fn properties(&self, concept: Concept) -> impl Iterator<Item = Value<'_>> {
        Ascending::new(self.record(Section::ConceptValues, concept))
            .map(|value| Value { property: &self.about.properties[self.property_of(value as usize)], text: self.value(value as usize) })
    }

    /// The values that there are of a property (its place in [`crate::About::properties`]), each once, in the order of their bytes.
    pub fn values(&self, property: usize) -> impl Iterator<Item = Text<'_>> {
        self.values_of(property).map(|value| self.value(value))
    }

    /// The concepts that have this value for the property.
    pub fn having_value(&self, property: usize, wanted: &str) -> ConceptSet {
        let range = self.values_of(property);
        let vocabulary = self.records(Section::Vocabulary);
        let values = self.records(Section::Values);
        let place = values.lower_bound(range.clone(), |value| Text::new(value, vocabulary).compare(wanted));
        if !range.contains(&place) || self.value(place) != *wanted {
            return ConceptSet::new();
        }
        ConceptSet::from_ascending(self.concepts_of(place))
    }

    /// The concepts that have a value for the property that `accepts` takes. It is asked once for each value, not for each concept.
    pub fn having(&self, property: usize, mut accepts: impl FnMut(Text<'_>) -> bool) -> ConceptSet {
        let mut found = Bits::new(self.count);
        for value in self.values_of(property) {
            if accepts(self.value(value)) {
                self.concepts_of(value).for_each(|concept| found.set(concept));
            }
        }
        found.to_set()
    }

    fn concepts_of(&self, value: usize) -> Ascending<'_> {
        Ascending::new(self.records(Section::ValueConcepts).get(value))
    }

    fn value(&self, value: usize) -> Text<'_> {
        Text::new(self.records(Section::Values).get(value), self.records(Section::Vocabulary))
    }

    /// The places of a property's values among all.
    fn values_of(&self, property: usize) -> Range<usize> {
        let starts = self.numbers(Section::PropertyValues);
        if property + 1 >= starts.len() {
            return 0..0;
        }
        starts.get(property) as usize..starts.get(property + 1) as usize
    }

    /// The property that a value belongs to.
    fn property_of(&self, value: usize) -> usize {
        let starts = self.numbers(Section::PropertyValues);
        let (mut low, mut high) = (0, starts.len() - 1);
        while low + 1 < high {
            let middle = (low + high) / 2;
            if starts.get(middle) as usize <= value { low = middle } else { high = middle }
        }
        low
    }
}
