//! A small edition of SNOMED CT that no one has published.

use std::ops::ControlFlow;

use ecl::{Concept, ConceptState, Description, Edition, FieldValue, Member, Relationship, RelationshipValue};
use fhir::primitive::Decimal;
use roaring::RoaringBitmap;

/// A concept with all that is said of it.
pub struct Made {
    pub id: u64,
    pub state: ConceptState,
    /// Their numbers, all below its own.
    pub parents: Vec<u32>,
    pub relationships: Vec<(u32, u32, MadeValue)>,
    pub descriptions: Vec<MadeDescription>,
    /// The rows, if it is a reference set.
    pub rows: Vec<MadeRow>,
}

pub enum MadeValue {
    Concept(u32),
    Number(Decimal),
    Text(&'static str),
    Boolean(bool),
}

pub struct MadeDescription {
    pub id: u64,
    pub active: bool,
    pub module: u64,
    pub time: Option<u32>,
    pub term: String,
    pub language: &'static str,
    pub kind: u64,
    pub dialects: Vec<(u64, u64)>,
}

pub struct MadeRow {
    pub active: bool,
    pub module: u64,
    pub time: Option<u32>,
    pub referenced: u64,
    pub fields: Vec<(&'static str, MadeField)>,
}

pub enum MadeField {
    Component(u64),
    Text(&'static str),
    Number(Decimal),
    Boolean(bool),
    Time(Option<u32>),
}

/// The edition.
pub struct Synthetic {
    pub concepts: Vec<Made>,
    /// Whether it tells at once which concepts have relationships to some, and which are members of a set.
    pub keeps_sets: bool,
}

impl Synthetic {
    pub fn made(&self, number: u32) -> &Made {
        &self.concepts[number as usize]
    }

    fn all(&self, wanted: impl Fn(u32, &Made) -> bool) -> RoaringBitmap {
        (0..).zip(&self.concepts).filter(|(number, made)| wanted(*number, made)).map(|(number, _)| number).collect()
    }
}

impl Edition for Synthetic {
    fn find(&self, sctid: u64) -> Option<Concept> {
        (0..).zip(&self.concepts).find(|(_, made)| made.id == sctid).map(|(number, _)| Concept(number))
    }

    fn sctid(&self, concept: Concept) -> u64 {
        self.made(concept.0).id
    }

    fn alternate(&self, scheme: &str, code: &str) -> Option<Concept> {
        let number: u32 = code.parse().ok().filter(|_| scheme == "N")?;
        ((number as usize) < self.concepts.len()).then_some(Concept(number))
    }

    fn active(&self) -> RoaringBitmap {
        self.all(|_, made| made.state.active)
    }

    fn inactive(&self) -> RoaringBitmap {
        self.all(|_, made| !made.state.active)
    }

    fn state(&self, concept: Concept) -> ConceptState {
        self.made(concept.0).state
    }

    fn parents(&self, concept: Concept) -> RoaringBitmap {
        self.made(concept.0).parents.iter().copied().collect()
    }

    fn children(&self, concept: Concept) -> RoaringBitmap {
        self.all(|_, made| made.parents.contains(&concept.0))
    }

    fn ancestors(&self, concept: Concept) -> RoaringBitmap {
        // Parents have lower numbers, so one pass downwards reaches all.
        let mut found = self.parents(concept);
        for number in (0..concept.0).rev().filter(|number| *number < concept.0) {
            if found.contains(number) {
                found.extend(&self.made(number).parents);
            }
        }
        found
    }

    fn descendants(&self, concept: Concept) -> RoaringBitmap {
        let mut found = RoaringBitmap::new();
        for (number, made) in (0..).zip(&self.concepts) {
            if made.parents.iter().any(|parent| *parent == concept.0 || found.contains(*parent)) {
                found.insert(number);
            }
        }
        found
    }

    fn relationships(&self, concept: Concept, see: &mut dyn FnMut(Relationship<'_>) -> ControlFlow<()>) {
        for (attribute, group, value) in &self.made(concept.0).relationships {
            let value = match value {
                MadeValue::Concept(number) => RelationshipValue::Concept(Concept(*number)),
                MadeValue::Number(number) => RelationshipValue::Number(number),
                MadeValue::Text(text) => RelationshipValue::Text(text),
                MadeValue::Boolean(boolean) => RelationshipValue::Boolean(*boolean),
            };
            if see(Relationship { attribute: Concept(*attribute), group: *group, value }).is_break() {
                return;
            }
        }
    }

    fn sources(&self, destinations: &RoaringBitmap) -> Option<RoaringBitmap> {
        let leads = |value: &MadeValue| matches!(value, MadeValue::Concept(number) if destinations.contains(*number));
        self.keeps_sets.then(|| self.all(|_, made| made.relationships.iter().any(|(.., value)| leads(value))))
    }

    fn reference_sets(&self) -> RoaringBitmap {
        self.all(|_, made| !made.rows.is_empty())
    }

    fn member_concepts(&self, reference_set: Concept) -> Option<RoaringBitmap> {
        let active = self.made(reference_set.0).rows.iter().filter(|row| row.active);
        self.keeps_sets.then(|| active.filter_map(|row| self.find(row.referenced)).map(|concept| concept.0).collect())
    }

    fn members(&self, reference_set: Concept, see: &mut dyn FnMut(Member<'_>) -> ControlFlow<()>) {
        for row in &self.made(reference_set.0).rows {
            let fields: Vec<(&str, FieldValue<'_>)> = row.fields.iter().map(|(name, field)| (*name, field.shown())).collect();
            let MadeRow { active, module, time, referenced, .. } = *row;
            if see(Member { active, module, effective_time: time, referenced, fields: &fields }).is_break() {
                return;
            }
        }
    }

    fn descriptions(&self, concept: Concept, see: &mut dyn FnMut(Description<'_>) -> ControlFlow<()>) {
        for made in &self.made(concept.0).descriptions {
            let description = Description {
                id: made.id,
                active: made.active,
                module: made.module,
                effective_time: made.time,
                term: &made.term,
                language: made.language,
                kind: made.kind,
                dialects: &made.dialects,
            };
            if see(description).is_break() {
                return;
            }
        }
    }
}

impl MadeField {
    fn shown(&self) -> FieldValue<'_> {
        match self {
            Self::Component(id) => FieldValue::Component(*id),
            Self::Text(text) => FieldValue::Text(text),
            Self::Number(number) => FieldValue::Number(number),
            Self::Boolean(boolean) => FieldValue::Boolean(*boolean),
            Self::Time(time) => FieldValue::Time(*time),
        }
    }
}
