//! The operators with two operands, and the types `is` and `as`.

use smallvec::smallvec;

use super::singleton::optional;
use super::{Evaluator, Scope, arithmetic, equality, single, text_of};
use crate::error::{Error, Result};
use crate::functions::combining;
use crate::item::{Collection, Item};
use crate::syntax::tree::{Expr, Operator};
use crate::types::TypeSpecifier;

impl<'a> Evaluator<'_, 'a> {
    /// What an operator gives, on the operands that `expr` holds.
    pub(super) fn binary<'s>(
        &'s self,
        expr: &'s Expr,
        (operator, left, right): (Operator, &'s Expr, &'s Expr),
        focus: &'s [Item<'a>],
        scope: &Scope<'s, 'a>,
    ) -> Result<Collection<'a>> {
        if operator.gives_truth() {
            return Ok(optional(self.truth((expr.at, "an operand"), expr, focus, scope)?));
        }
        let (left, right) = (self.given(left, focus, scope)?, self.given(right, focus, scope)?);
        self.apply(expr.at, operator, &left, &right)
    }

    fn apply(&self, at: u32, operator: Operator, left: &[Item<'a>], right: &[Item<'a>]) -> Result<Collection<'a>> {
        match operator {
            Operator::Equivalent => Ok(smallvec![self.equivalent(at, left, right)?.into()]),
            Operator::NotEquivalent => Ok(smallvec![(!self.equivalent(at, left, right)?).into()]),
            Operator::Union => combining::union(self, at, left, right),
            Operator::In => self.contains(at, right, left),
            Operator::Contains => self.contains(at, left, right),
            Operator::Concatenate => {
                let part = |items| Ok(text_of(at, "an operand of &", items)?.map_or(String::new(), |text| text.to_string()));
                Ok(smallvec![self.text(at, part(left)? + &part(right)?)?])
            }
            _ => arithmetic::calculate(self, at, operator, left, right),
        }
    }

    fn equivalent(&self, at: u32, left: &[Item<'a>], right: &[Item<'a>]) -> Result<bool> {
        self.charge(at, left.len().saturating_mul(right.len()))?;
        Ok(equality::equivalent(left, right))
    }

    /// Whether `item` is in `items`: empty when there is no item, false when there are no items.
    fn contains(&self, at: u32, items: &[Item<'a>], item: &[Item<'a>]) -> Result<Collection<'a>> {
        let Some(item) = single(at, "the item looked for", item)? else { return Ok(Collection::new()) };
        self.charge(at, items.len())?;
        Ok(smallvec![items.iter().any(|other| equality::items_equal(item, other) == Some(true)).into()])
    }
}

/// Whether the one item is of a type.
pub(super) fn is<'a>(at: u32, items: &[Item<'a>], specifier: &TypeSpecifier) -> Result<Collection<'a>> {
    specifier.check(at)?;
    Ok(optional(single(at, "the operand of 'is'", items)?.map(|item| specifier.matches(item))))
}

/// The item, when it is of a type. Of elements of a resource several may stand here: FHIR's search parameters have it so.
pub(super) fn cast<'a>(at: u32, items: &[Item<'a>], specifier: &TypeSpecifier) -> Result<Collection<'a>> {
    specifier.check(at)?;
    if items.iter().any(|item| item.node().and_then(|node| node.type_id()).is_none()) {
        single(at, "the operand of 'as'", items)?;
    }
    Ok(items.iter().filter(|item| specifier.casts(item)).cloned().collect())
}

impl TypeSpecifier {
    /// An error when there is no such type.
    pub(crate) fn check(&self, at: u32) -> Result<()> {
        match self {
            TypeSpecifier::Unknown(name) => Err(Error::semantic(at, format!("there is no type {name}"))),
            _ => Ok(()),
        }
    }
}
