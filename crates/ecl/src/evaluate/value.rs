//! What values have to be.

use fhir::primitive::Decimal;
use roaring::RoaringBitmap;

use super::Evaluation;
use super::term::{TermTest, folded};
use crate::error::Error;
use crate::tree::{Comparison, Value};

/// A [`Value`] whose sets have been evaluated. A value of another kind than the one that is asked for meets none of them.
pub(super) enum ValueTest {
    Concepts(bool, RoaringBitmap),
    Number(Comparison, Decimal),
    Text(bool, Vec<TermTest>),
    Boolean(bool, bool),
}

impl Evaluation<'_> {
    pub(super) fn value_test(&self, value: &Value) -> Result<ValueTest, Error> {
        Ok(match value {
            Value::Concepts(not, operand) => ValueTest::Concepts(*not, self.operand(operand)?),
            Value::Number(comparison, number) => {
                let decimal = Decimal::parse(&number.text);
                ValueTest::Number(*comparison, decimal.ok_or_else(|| Error::limit(number.at.0, "the number has too many digits"))?)
            }
            Value::Text(not, terms) => ValueTest::Text(*not, terms.iter().map(TermTest::new).collect()),
            Value::Boolean(not, boolean) => ValueTest::Boolean(*not, *boolean),
        })
    }
}

impl ValueTest {
    pub(super) fn concept(&self, concept: u32) -> bool {
        matches!(self, Self::Concepts(not, set) if set.contains(concept) != *not)
    }

    pub(super) fn number(&self, number: &Decimal) -> bool {
        matches!(self, Self::Number(comparison, asked) if comparison.holds(number.cmp(asked)))
    }

    pub(super) fn text(&self, text: &str) -> bool {
        let Self::Text(not, terms) = self else { return false };
        let text = folded(text);
        terms.iter().any(|term| term.finds(&text)) != *not
    }

    pub(super) fn boolean(&self, boolean: bool) -> bool {
        matches!(self, Self::Boolean(not, asked) if (boolean == *asked) != *not)
    }
}
