//! A constraint as a tree. Two trees are equal when they say the same, wherever in a text it stood.

mod filter;
mod refinement;

pub use filter::*;
pub use refinement::*;

/// Where something stood in the text, in bytes from its beginning; no part of what is said, so any two are equal.
#[derive(Clone, Copy, Debug, Default)]
pub struct At(pub usize);

impl PartialEq for At {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for At {}

/// A whole constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// One set of concepts.
    Simple(Box<Operand>),
    /// `A AND B AND C`: what is in all.
    And(Vec<Operand>),
    /// `A OR B OR C`: what is in any.
    Or(Vec<Operand>),
    /// `A MINUS B`: what is in the first and not in the second.
    Minus(Box<Operand>, Box<Operand>),
    /// `A: …`: what meets a refinement.
    Refined(Box<Operand>, Refinement),
    /// `A . b . c`: the values of attributes.
    Dotted(Box<Operand>, Vec<Operand>),
}

/// A set of concepts with what is taken of it (`subExpressionConstraint` in the grammar).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operand {
    /// `<<`, `>!`.
    pub operator: Option<Operator>,
    /// `^`.
    pub member_of: Option<MemberOf>,
    /// What it begins with.
    pub focus: Focus,
    /// `{{ M … }}`: one for each pair of braces, whose filters have to be met together.
    pub members: Vec<Vec<MemberFilter>>,
    /// `{{ D … }}` and `{{ C … }}`.
    pub filters: Vec<Filter>,
    /// `{{ +HISTORY … }}`.
    pub history: Option<History>,
    /// Where it begins.
    pub at: At,
}

/// What an [`Operand`] begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Focus {
    /// A concept by its identifier.
    Concept(ConceptReference),
    /// A concept by an identifier of another scheme.
    Alternate(Alternate),
    /// `*`: every concept.
    Any,
    /// A constraint in parentheses.
    Nested(Box<Constraint>),
}

/// `73211009 |Diabetes mellitus|`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConceptReference {
    /// The identifier.
    pub id: u64,
    /// The term that was written with it, which means nothing.
    pub term: Option<Box<str>>,
    /// Where it begins.
    pub at: At,
}

/// `LOINC#54486-6`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternate {
    /// The alias of the scheme.
    pub scheme: Box<str>,
    /// The code.
    pub code: Box<str>,
    /// The term that was written with it, which means nothing.
    pub term: Option<Box<str>>,
}

/// The operators before a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `<`
    DescendantOf,
    /// `<<`
    DescendantOrSelfOf,
    /// `<!`
    ChildOf,
    /// `<<!`
    ChildOrSelfOf,
    /// `>`
    AncestorOf,
    /// `>>`
    AncestorOrSelfOf,
    /// `>!`
    ParentOf,
    /// `>>!`
    ParentOrSelfOf,
    /// `!!>`: those that have no ancestor in the set.
    Top,
    /// `!!<`: those that have no descendant in the set.
    Bottom,
}

impl Operator {
    /// Each with its brief and its long form.
    pub(crate) const ALL: [(Self, &'static str, &'static str); 10] = [
        (Self::ChildOrSelfOf, "<<!", "childOrSelfOf"),
        (Self::DescendantOrSelfOf, "<<", "descendantOrSelfOf"),
        (Self::ChildOf, "<!", "childOf"),
        (Self::DescendantOf, "<", "descendantOf"),
        (Self::ParentOrSelfOf, ">>!", "parentOrSelfOf"),
        (Self::AncestorOrSelfOf, ">>", "ancestorOrSelfOf"),
        (Self::ParentOf, ">!", "parentOf"),
        (Self::AncestorOf, ">", "ancestorOf"),
        (Self::Top, "!!>", "top"),
        (Self::Bottom, "!!<", "bottom"),
    ];

    pub(crate) fn brief(self) -> &'static str {
        Self::ALL.iter().find(|(operator, ..)| *operator == self).map_or("", |(_, brief, _)| brief)
    }
}

/// What `^` takes of the members of reference sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberOf {
    /// `^`: the components that are referenced.
    Referenced,
    /// `^ [mapTarget, mapGroup]`: these fields.
    Fields(Vec<Box<str>>),
    /// `^ [*]`: all fields.
    AllFields,
}
