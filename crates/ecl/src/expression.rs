//! SNOMED CT's compositional grammar, in which concepts are composed of others
//! (<https://docs.snomed.org/snomed-ct-specifications/snomed-ct-compositional-grammar>): read, written, and brought to a normal form in which what says the
//! same by its structure is the same. What the concepts mean is not looked at.

mod parse;
mod print;

use crate::error::{Error, ErrorKind};
use crate::limits::MAX_BYTES;
use crate::syntax::Cursor;

/// `=== 71388002 |Procedure|: 405815000 = 122456005`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Expression {
    /// Whether it says all that there is to say, or only what is above it.
    pub status: Status,
    /// What is said.
    pub composed: Composed,
}

/// What stands before an expression.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// `===`, which is meant where nothing is written: the same as what follows.
    #[default]
    EquivalentTo,
    /// `<<<`: a subtype of what follows.
    SubtypeOf,
}

/// Concepts with a refinement.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Composed {
    /// The concepts that it is all of; one or more.
    pub focus: Vec<Named>,
    /// The attributes that stand in no group.
    pub attributes: Vec<Attribute>,
    /// The groups, none of which is empty.
    pub groups: Vec<Vec<Attribute>>,
}

/// A concept, with a term that means nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Named {
    /// The identifier.
    pub id: u64,
    /// The term that was written with it.
    pub term: Option<Box<str>>,
}

/// `363698007 = 39607008`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Attribute {
    /// Its type.
    pub name: Named,
    /// Its value.
    pub value: AttributeValue,
}

/// The value of an attribute.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AttributeValue {
    /// A concept.
    Concept(Named),
    /// An expression in parentheses.
    Composed(Box<Composed>),
    /// `#12.50`, without the sign.
    Number(Box<str>),
    /// A text.
    Text(Box<str>),
    /// `true` or `false`.
    Boolean(bool),
}

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    /// With the place and what was expected there, when the text does not follow the grammar; when it is longer than [`MAX_BYTES`] or its brackets are deeper
    /// than [`crate::MAX_DEPTH`].
    pub fn parse(text: &str) -> Result<Self, Error> {
        if text.len() > MAX_BYTES {
            return Err(Error::limit(0, format!("the expression is longer than {MAX_BYTES} bytes")));
        }
        let as_expression = |error: Error| match error.kind {
            ErrorKind::Syntax => Error { kind: ErrorKind::Expression, ..error },
            _ => error,
        };
        parse::whole(&mut Cursor::without_comments(text)).map_err(as_expression)
    }

    /// The normal form: without terms, concepts, attributes and groups in the order of their identifiers and each once, parentheses around a concept alone
    /// taken off.
    pub fn normalized(&self) -> Self {
        Self { status: self.status, composed: self.composed.normalized() }
    }

    /// The identifiers of all concepts in it, in the order in which they stand; some may stand there more than once.
    pub fn concepts(&self) -> Vec<u64> {
        let mut concepts = Vec::new();
        self.composed.collect(&mut concepts);
        concepts
    }
}

impl Named {
    fn bare(&self) -> Self {
        Self { id: self.id, term: None }
    }
}

impl Composed {
    fn normalized(&self) -> Self {
        let once = |attributes: &[Attribute]| sorted(attributes.iter().map(Attribute::normalized).collect());
        Self {
            focus: sorted(self.focus.iter().map(Named::bare).collect()),
            attributes: once(&self.attributes),
            groups: sorted(self.groups.iter().map(|group| once(group)).collect()),
        }
    }

    fn collect(&self, concepts: &mut Vec<u64>) {
        concepts.extend(self.focus.iter().map(|concept| concept.id));
        for attribute in self.attributes.iter().chain(self.groups.iter().flatten()) {
            concepts.push(attribute.name.id);
            match &attribute.value {
                AttributeValue::Concept(concept) => concepts.push(concept.id),
                AttributeValue::Composed(composed) => composed.collect(concepts),
                AttributeValue::Number(_) | AttributeValue::Text(_) | AttributeValue::Boolean(_) => {}
            }
        }
    }
}

impl Attribute {
    fn normalized(&self) -> Self {
        let value = match &self.value {
            AttributeValue::Concept(concept) => AttributeValue::Concept(concept.bare()),
            AttributeValue::Composed(composed) => {
                let composed = composed.normalized();
                match composed.focus.as_slice() {
                    [only] if composed.attributes.is_empty() && composed.groups.is_empty() => AttributeValue::Concept(only.clone()),
                    _ => AttributeValue::Composed(Box::new(composed)),
                }
            }
            AttributeValue::Number(number) => AttributeValue::Number(plain(number)),
            other => other.clone(),
        };
        Self { name: self.name.bare(), value }
    }
}

/// A number without plus, and without zeros at the end of its fraction.
fn plain(number: &str) -> Box<str> {
    let number = number.trim_start_matches('+');
    let number = if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number };
    if number == "-0" { "0".into() } else { number.into() }
}

fn sorted<T: Ord>(mut items: Vec<T>) -> Vec<T> {
    items.sort();
    items.dedup();
    items
}
