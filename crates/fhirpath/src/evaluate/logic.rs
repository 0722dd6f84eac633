//! Where a truth is wanted: criteria, and `and`, `or`, `xor`, `implies` in three-valued logic (<http://hl7.org/fhirpath/N1/#boolean-logic>).

use super::{Evaluator, Scope, boolean, compare, equality};
use crate::error::Result;
use crate::item::Item;
use crate::syntax::tree::{Expr, ExprKind, Operator};

impl<'a> Evaluator<'_, 'a> {
    /// The truth of what `expr` gives on `focus`; `None` when it gives nothing. `what` says in a message whose truth it is, and `at` where
    /// it is asked for.
    pub(crate) fn truth<'s>(
        &'s self,
        (at, what): (u32, &str),
        expr: &'s Expr,
        focus: &'s [Item<'a>],
        scope: &Scope<'s, 'a>,
    ) -> Result<Option<bool>> {
        let ExprKind::Binary { operator, left, right } = &expr.kind else {
            return boolean(at, what, &self.given(expr, focus, scope)?);
        };
        match operator {
            Operator::And | Operator::Or | Operator::Xor | Operator::Implies => {
                self.charge(expr.at, 1)?;
                let left = self.truth((expr.at, "the left operand"), left, focus, scope)?;
                if let Some(decided) = decided(*operator, left) {
                    return Ok(Some(decided));
                }
                let right = self.truth((expr.at, "the right operand"), right, focus, scope)?;
                Ok(combine(*operator, left, right))
            }
            Operator::Equal | Operator::NotEqual => {
                self.charge(expr.at, 1)?;
                let (left, right) = (self.given(left, focus, scope)?, self.given(right, focus, scope)?);
                Ok(equality::equal(&left, &right).map(|equal| equal == (*operator == Operator::Equal)))
            }
            Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
                self.charge(expr.at, 1)?;
                let (left, right) = (self.given(left, focus, scope)?, self.given(right, focus, scope)?);
                compare::holds(expr.at, *operator, &left, &right)
            }
            _ => boolean(at, what, &self.evaluate(expr, focus, scope)?),
        }
    }
}

/// The answer when the left operand alone decides.
fn decided(operator: Operator, left: Option<bool>) -> Option<bool> {
    match (operator, left) {
        (Operator::And, Some(false)) => Some(false),
        (Operator::Or, Some(true)) | (Operator::Implies, Some(false)) => Some(true),
        _ => None,
    }
}

/// The answer of two operands; `None` for empty.
fn combine(operator: Operator, left: Option<bool>, right: Option<bool>) -> Option<bool> {
    match operator {
        Operator::And => match (left, right) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        },
        Operator::Or => match (left, right) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        },
        Operator::Implies => match (left, right) {
            (Some(false), _) | (_, Some(true)) => Some(true),
            (Some(true), right) => right,
            (None, _) => None,
        },
        _ => Some(left? != right?),
    }
}
