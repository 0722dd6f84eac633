//! Refinements: what the attributes of a concept have to be.

use super::{At, Operand, SearchTerm};

/// What is asked of the attributes of a concept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refinement {
    /// `a, b` and `a AND b`: all of them, of which there are two or more.
    All(Vec<Refinement>),
    /// `a OR b`: any of them, of which there are two or more.
    Any(Vec<Refinement>),
    /// One attribute.
    Attribute(Box<Attribute>),
    /// `{ … }`: attributes that stand together in a group.
    Group(Cardinality, Box<Refinement>),
}

/// `[0..1] R name = value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// How many there have to be.
    pub cardinality: Cardinality,
    /// Whether it is followed from its value to what has it.
    pub reverse: bool,
    /// The attributes that count.
    pub name: Operand,
    /// What their values have to be.
    pub value: Value,
}

/// How often something has to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cardinality {
    /// At least so often.
    pub min: u32,
    /// At most so often; `None` for any number.
    pub max: Option<u32>,
}

impl Cardinality {
    /// `[1..*]`, which is meant where none is written.
    pub const SOME: Self = Self { min: 1, max: None };

    /// Whether so many are as many as there have to be.
    pub fn holds(self, count: usize) -> bool {
        count >= self.min as usize && self.max.is_none_or(|max| count <= max as usize)
    }
}

/// What the value of an attribute, or of a field of a reference set, has to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// In a set of concepts, or with `true` a concept outside of it.
    Concepts(Not, Operand),
    /// A number.
    Number(Comparison, Number),
    /// A text that one of the search terms finds, or none of them.
    Text(Not, Vec<SearchTerm>),
    /// `true` or `false`.
    Boolean(Not, bool),
}

/// Whether it is `!=` that is asked.
pub type Not = bool;

/// The operators between values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the operator of the same name")]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    /// Whether two values in this order meet it.
    pub fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::NotEqual => ordering.is_ne(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        }
    }

    pub(crate) fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

/// `#-12.50`: a decimal as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// The digits with sign and point.
    pub text: Box<str>,
    /// Where it begins.
    pub at: At,
}
