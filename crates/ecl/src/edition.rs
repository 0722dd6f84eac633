//! What an edition of SNOMED CT has to answer, so that constraints can be evaluated over it.

use std::ops::ControlFlow;

use fhir::primitive::Decimal;
use roaring::RoaringBitmap;

use crate::sctid;

/// A concept, by the number that an edition gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Concept(pub u32);

/// An edition of SNOMED CT: its concepts and what is said of them, active or not. Whatever it does not keep it answers with nothing.
///
/// The four relations of the hierarchy are those of active concepts.
pub trait Edition {
    /// The concept of an identifier; `None` when the edition has none.
    fn find(&self, sctid: u64) -> Option<Concept>;

    /// The identifier of a concept.
    fn sctid(&self, concept: Concept) -> u64;

    /// The concept of an identifier in another scheme, such as `LOINC` and `54486-6`.
    fn alternate(&self, _scheme: &str, _code: &str) -> Option<Concept> {
        None
    }

    /// All concepts that are active.
    fn active(&self) -> RoaringBitmap;

    /// All concepts that are inactive.
    fn inactive(&self) -> RoaringBitmap;

    /// What a concept says of itself.
    fn state(&self, concept: Concept) -> ConceptState;

    /// The direct supertypes.
    fn parents(&self, concept: Concept) -> RoaringBitmap;

    /// The direct subtypes.
    fn children(&self, concept: Concept) -> RoaringBitmap;

    /// All supertypes, without the concept itself.
    fn ancestors(&self, concept: Concept) -> RoaringBitmap;

    /// All subtypes, without the concept itself.
    fn descendants(&self, concept: Concept) -> RoaringBitmap;

    /// Shows the active relationships of a concept, until told to stop.
    fn relationships(&self, concept: Concept, see: &mut dyn FnMut(Relationship<'_>) -> ControlFlow<()>);

    /// The concepts that have an active relationship to one of these, so that not all have to be looked at; `None` when the edition does not keep that.
    fn sources(&self, _destinations: &RoaringBitmap) -> Option<RoaringBitmap> {
        None
    }

    /// The concepts of all reference sets.
    fn reference_sets(&self) -> RoaringBitmap;

    /// The concepts that the active rows of a reference set are about, so that not all have to be looked at; `None` when the edition does not keep that.
    fn member_concepts(&self, _reference_set: Concept) -> Option<RoaringBitmap> {
        None
    }

    /// Shows the rows of a reference set, until told to stop; none for a concept that is no reference set.
    fn members(&self, reference_set: Concept, see: &mut dyn FnMut(Member<'_>) -> ControlFlow<()>);

    /// Shows the descriptions of a concept, until told to stop.
    fn descriptions(&self, concept: Concept, see: &mut dyn FnMut(Description<'_>) -> ControlFlow<()>);

    /// The language reference set of a dialect's alias such as `en-gb`; those that the specification lists need not be known.
    fn dialect(&self, alias: &str) -> Option<u64> {
        sctid::dialect(alias)
    }
}

/// What a concept says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConceptState {
    /// Whether it is active.
    pub active: bool,
    /// Whether its definition suffices to tell it.
    pub defined: bool,
    /// The identifier of its module.
    pub module: u64,
    /// When it came to be so, as `yyyymmdd`; `None` when it has not been published.
    pub effective_time: Option<u32>,
}

/// One relationship of a concept, seen from it.
#[derive(Clone, Copy, Debug)]
pub struct Relationship<'a> {
    /// Its type.
    pub attribute: Concept,
    /// The number of its group; 0 when it stands alone.
    pub group: u32,
    /// Its destination.
    pub value: RelationshipValue<'a>,
}

/// The destination of a relationship.
#[derive(Clone, Copy, Debug)]
pub enum RelationshipValue<'a> {
    /// A concept.
    Concept(Concept),
    /// A number.
    Number(&'a Decimal),
    /// A text.
    Text(&'a str),
    /// True or false.
    Boolean(bool),
}

/// One row of a reference set.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    /// Whether it is active.
    pub active: bool,
    /// The identifier of its module.
    pub module: u64,
    /// When it came to be so, as `yyyymmdd`; `None` when it has not been published.
    pub effective_time: Option<u32>,
    /// The identifier of the component that it is about, which need not be a concept.
    pub referenced: u64,
    /// The fields that its pattern has beside those, by their names: `targetComponentId`, `mapTarget`.
    pub fields: &'a [(&'a str, FieldValue<'a>)],
}

/// The value of a field of a row.
#[derive(Clone, Copy, Debug)]
pub enum FieldValue<'a> {
    /// The identifier of a component.
    Component(u64),
    /// A text.
    Text(&'a str),
    /// A number.
    Number(&'a Decimal),
    /// True or false.
    Boolean(bool),
    /// A date as `yyyymmdd`; `None` where there is none.
    Time(Option<u32>),
}

/// One description of a concept.
#[derive(Clone, Copy, Debug)]
pub struct Description<'a> {
    /// Its identifier.
    pub id: u64,
    /// Whether it is active.
    pub active: bool,
    /// The identifier of its module.
    pub module: u64,
    /// When it came to be so, as `yyyymmdd`; `None` when it has not been published.
    pub effective_time: Option<u32>,
    /// The term.
    pub term: &'a str,
    /// The two lower-case letters of its language.
    pub language: &'a str,
    /// The identifier of its type.
    pub kind: u64,
    /// The identifiers of the language reference sets that it is in, each with that of its acceptability there.
    pub dialects: &'a [(u64, u64)],
}
