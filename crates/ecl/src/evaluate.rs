//! The concepts of an edition that meet a constraint.
//!
//! What the specification leaves open is decided so:
//! - `*` is every active concept, and every concept where a filter of concepts asks for `active`. A concept that is named is there whether active or not.
//! - A concept, or an alias, that the edition does not know is an empty set; [`Answer::unknown`] says which.
//! - Descriptions and rows of reference sets count only when they are active, unless a filter asks for `active`.
//! - The filters in one pair of braces have to be met by one description or row.
//! - A relationship of group 0 is a group of its own.
//! - Reversed, an attribute counts the relationships that lead to the concept; in a group, those of one group of one source.
//! - `!=` wants a value of the same kind that differs: it finds no concept without the attribute.

mod budget;
mod concept_filter;
mod description_filter;
mod dialect;
mod hierarchy;
mod history;
mod members;
mod operand;
mod refinement;
mod relationship;
mod rows;
mod term;
mod value;
mod version;

use std::cell::RefCell;

use fhir::primitive::Decimal;
use roaring::RoaringBitmap;

use crate::edition::{Concept, Edition};
use crate::error::Error;
use crate::limits::Limits;
use crate::tree::{At, Constraint, MemberOf, Operand};
use budget::Budget;

/// What a constraint found.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The concepts or rows.
    pub found: Found,
    /// The identifiers in the constraint that the edition does not know, in the order in which they were met.
    pub unknown: Vec<String>,
}

/// Concepts, or rows where `^ [field]` asks for them.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// The numbers of concepts in the edition.
    Concepts(RoaringBitmap),
    /// The fields asked for and the rows, in the order of the reference sets and of the edition.
    Rows(Vec<Row>),
}

/// One row of a reference set: its fields, or those that were asked for, by name.
pub type Row = Vec<(Box<str>, Field)>;

/// The value of a field in a [`Row`].
#[derive(Clone, Debug, PartialEq)]
pub enum Field {
    /// The identifier of a component.
    Component(u64),
    /// A text.
    Text(Box<str>),
    /// A number.
    Number(Decimal),
    /// True or false.
    Boolean(bool),
    /// A date as `yyyymmdd`; `None` where there is none.
    Time(Option<u32>),
}

/// The concepts of the edition that meet the constraint; rows, when the whole of it is `^ [field] …`.
///
/// # Errors
/// [`crate::ErrorKind::Limit`] when it takes more steps than the limits allow; [`crate::ErrorKind::Meaning`] when it asks for what has no meaning: a filter
/// of members behind what is no reference set, or fields that are no concepts within a constraint.
pub fn evaluate(constraint: &Constraint, edition: &dyn Edition, limits: Limits) -> Result<Answer, Error> {
    let evaluation = Evaluation { edition, budget: Budget::new(limits.steps), unknown: RefCell::default() };
    let found = match constraint {
        Constraint::Simple(operand) => match evaluation.asks_for_rows(operand) {
            true => Found::Rows(evaluation.rows(operand)?),
            false => Found::Concepts(evaluation.operand(operand)?),
        },
        _ => Found::Concepts(evaluation.constraint(constraint)?),
    };
    Ok(Answer { found, unknown: evaluation.unknown.into_inner() })
}

/// An evaluation on its way.
struct Evaluation<'a> {
    edition: &'a dyn Edition,
    budget: Budget,
    unknown: RefCell<Vec<String>>,
}

impl Evaluation<'_> {
    /// Whether an operand is nothing but rows with fields.
    fn asks_for_rows(&self, operand: &Operand) -> bool {
        let has_fields = matches!(operand.member_of, Some(MemberOf::Fields(_) | MemberOf::AllFields));
        has_fields && operand.operator.is_none() && operand.filters.is_empty() && operand.history.is_none()
    }

    fn constraint(&self, constraint: &Constraint) -> Result<RoaringBitmap, Error> {
        match constraint {
            Constraint::Simple(operand) => self.operand(operand),
            Constraint::And(operands) => {
                let mut sets = operands.iter().map(|operand| self.operand(operand));
                let first = sets.next().unwrap_or_else(|| Ok(RoaringBitmap::new()))?;
                sets.try_fold(first, |found, set| {
                    self.budget.merge(&found, At::default())?;
                    Ok(found & set?)
                })
            }
            Constraint::Or(operands) => operands.iter().try_fold(RoaringBitmap::new(), |found, operand| {
                let set = self.operand(operand)?;
                self.budget.merge(&set, operand.at)?;
                Ok(found | set)
            }),
            Constraint::Minus(from, excluded) => Ok(self.operand(from)? - self.operand(excluded)?),
            Constraint::Refined(focus, refinement) => self.refined(self.operand(focus)?, refinement),
            Constraint::Dotted(focus, attributes) => {
                attributes.iter().try_fold(self.operand(focus)?, |found, attribute| self.values(&found, attribute))
            }
        }
    }

    /// The concept of an identifier; notes the identifier when there is none.
    fn find(&self, sctid: u64) -> Option<Concept> {
        let found = self.edition.find(sctid);
        if found.is_none() {
            self.note_unknown(sctid.to_string());
        }
        found
    }

    fn note_unknown(&self, identifier: String) {
        let mut unknown = self.unknown.borrow_mut();
        if !unknown.contains(&identifier) && unknown.len() < MAX_UNKNOWN {
            unknown.push(identifier);
        }
    }
}

/// So many unknown identifiers are noted.
const MAX_UNKNOWN: usize = 100;
