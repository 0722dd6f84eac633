//! Filters of descriptions, concepts and members, and supplements from history.

use super::{At, Comparison, ConceptReference, Constraint, Not, Operand, Value};

/// `{{ D … }}` or `{{ C … }}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// There is a description that meets them all.
    Description(Vec<DescriptionFilter>),
    /// The concept meets them all.
    Concept(Vec<ConceptFilter>),
}

/// A filter of descriptions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DescriptionFilter {
    /// `term = …`: one of the search terms finds it, or none does.
    Term(Not, Vec<SearchTerm>),
    /// `language = (en sv)`: two lower-case letters.
    Language(Not, Vec<Box<str>>),
    /// `type = (syn fsn)`.
    Type(Not, Vec<DescriptionType>),
    /// `typeId = …`.
    TypeId(Not, Concepts),
    /// `dialect = (en-gb (prefer))`: the aliases of dialects.
    Dialect(Not, Vec<Dialect<Box<str>>>, Option<Acceptability>),
    /// `dialectId = (900000000000508004 (prefer))`.
    DialectId(Not, Vec<Dialect<ConceptReference>>, Option<Acceptability>),
    /// `dialectId = < 900000000000507009`.
    DialectIn(Not, Box<Operand>, Option<Acceptability>),
    /// `id = 754786011`.
    Id(Not, Vec<u64>),
    /// One that concepts and members have too.
    Version(VersionFilter),
}

/// A filter of concepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConceptFilter {
    /// `definitionStatus = primitive`: whether those that are defined, and those that are primitive, are named.
    Definition(Not, Vec<DefinitionStatus>),
    /// `definitionStatusId = …`.
    DefinitionId(Not, Concepts),
    /// One that descriptions and members have too.
    Version(VersionFilter),
}

/// A filter of the rows of reference sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberFilter {
    /// `mapTarget = "J45"`: a field by its name.
    Field(Box<str>, FieldTest),
    /// One that concepts and descriptions have too.
    Version(VersionFilter),
}

/// What the field of a member has to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldTest {
    /// As for an attribute.
    Value(Value),
    /// A date.
    Time(Comparison, Vec<Time>),
}

/// A filter of what every component has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VersionFilter {
    /// `moduleId = …`.
    Module(Not, Concepts),
    /// `effectiveTime >= "20200101"`: one of the times compares so; with `!=` none is equal.
    EffectiveTime(Comparison, Vec<Time>),
    /// `active = true`; `None` for `*`.
    Active(Not, Option<bool>),
}

/// A set of concepts in a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Concepts {
    /// A constraint.
    In(Box<Operand>),
    /// Two concepts or more, in parentheses.
    Listed(Vec<ConceptReference>),
}

/// A date as `yyyymmdd`; `None` for what has not been published.
pub type Time = Option<u32>;

/// How a term is searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SearchTerm {
    /// `match:"hea att"`: each of the words begins a word of the term.
    Match(Vec<Box<str>>),
    /// `wild:"heart*"`: the whole term, with `*` for anything; as it is written, with backslashes before stars that are meant.
    Wild(Box<str>),
}

/// The types of descriptions that have names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DescriptionType {
    /// `syn`
    Synonym,
    /// `fsn`
    FullySpecifiedName,
    /// `def`
    Definition,
}

/// Whether what a concept's definition says suffices to tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefinitionStatus {
    /// It does not.
    Primitive,
    /// It does.
    Defined,
}

/// A dialect with the acceptability that is asked in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialect<Name> {
    /// Which.
    pub name: Name,
    /// Where it is its own.
    pub acceptability: Option<Acceptability>,
    /// Where it begins.
    pub at: At,
}

/// How acceptable a description has to be in a dialect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Acceptability {
    /// `(prefer accept)`: whether each of the two is named.
    Named {
        /// `prefer`
        preferred: bool,
        /// `accept`
        acceptable: bool,
    },
    /// By concepts.
    Ids(Vec<ConceptReference>),
}

/// `{{ +HISTORY-MIN }}`: the inactive concepts that are said to be what is in the set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum History {
    /// By associations that say the same.
    Minimum,
    /// By those, and some that are near.
    Moderate,
    /// By all associations.
    Maximum,
    /// By the associations in a set of reference sets.
    Subset(Box<Constraint>),
}
