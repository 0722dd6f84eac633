//! The operators with two operands, and the types `is` and `as`.

use smallvec::smallvec;

use super::singleton::optional;
use super::{Evaluator, Scope, arithmetic, boolean, compare, equality, logic, single, text_of};
use crate::error::{Error, Result};
use crate::functions::combining;
use crate::item::{Collection, Item};
use crate::syntax::tree::{Expr, Operator};
use crate::types::TypeSpecifier;

impl<'a> Evaluator<'_, 'a> {
    pub(super) fn binary(
        &self,
        at: u32,
        operator: Operator,
        (left, right): (&Expr, &Expr),
        focus: &[Item<'a>],
        scope: &Scope<'_, 'a>,
    ) -> Result<Collection<'a>> {
        let left = self.evaluate(left, focus, scope)?;
        if matches!(operator, Operator::And | Operator::Or | Operator::Xor | Operator::Implies) {
            let left = boolean(at, "the left operand", &left)?;
            if let Some(decided) = logic::decided(operator, left) {
                return Ok(smallvec![decided.into()]);
            }
            let right = boolean(at, "the right operand", &self.evaluate(right, focus, scope)?)?;
            return Ok(optional(logic::combine(operator, left, right)));
        }
        let right = self.evaluate(right, focus, scope)?;
        self.apply(at, operator, &left, &right)
    }

    fn apply(&self, at: u32, operator: Operator, left: &[Item<'a>], right: &[Item<'a>]) -> Result<Collection<'a>> {
        match operator {
            Operator::Equal => Ok(optional(equality::equal(left, right))),
            Operator::NotEqual => Ok(optional(equality::equal(left, right).map(|equal| !equal))),
            Operator::Equivalent => Ok(smallvec![self.equivalent(at, left, right)?.into()]),
            Operator::NotEquivalent => Ok(smallvec![(!self.equivalent(at, left, right)?).into()]),
            Operator::Union => combining::union(self, at, left, right),
            Operator::In => self.contains(at, right, left),
            Operator::Contains => self.contains(at, left, right),
            Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
                Ok(optional(compare::holds(at, operator, left, right)?))
            }
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
