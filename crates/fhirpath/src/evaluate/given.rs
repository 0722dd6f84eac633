//! What a part of an expression gives: made for it, or there before.

use std::ops::Deref;

use super::{Evaluator, Scope};
use crate::error::Result;
use crate::item::{Collection, Item};
use crate::syntax::tree::{Expr, ExprKind};

/// The items of a part. Literals, `$this` and variables are lent, so that nothing is copied where they are only looked at.
pub(crate) enum Given<'s, 'a> {
    Lent(&'s [Item<'a>]),
    Made(Collection<'a>),
}

impl<'a> Deref for Given<'_, 'a> {
    type Target = [Item<'a>];
    fn deref(&self) -> &[Item<'a>] {
        match self {
            Given::Lent(items) => items,
            Given::Made(items) => items,
        }
    }
}

impl<'a> Given<'_, 'a> {
    pub(crate) fn into_collection(self) -> Collection<'a> {
        match self {
            Given::Lent(items) => items.iter().cloned().collect(),
            Given::Made(items) => items,
        }
    }
}

impl<'a> Evaluator<'_, 'a> {
    /// What `expr` gives on `focus`, without a copy of what is there anyway.
    pub(crate) fn given<'s>(&'s self, expr: &'s Expr, focus: &'s [Item<'a>], scope: &Scope<'s, 'a>) -> Result<Given<'s, 'a>> {
        let lent: &'s [Item<'a>] = match &expr.kind {
            ExprKind::Literal(item) => std::slice::from_ref(item),
            ExprKind::This => scope.this,
            ExprKind::Total => scope.total.unwrap_or_default(),
            ExprKind::External(name) => match self.lent_variable(name, scope) {
                Some(items) => items,
                None => return self.evaluate(expr, focus, scope).map(Given::Made),
            },
            _ => return self.evaluate(expr, focus, scope).map(Given::Made),
        };
        self.charge(expr.at, 1)?;
        Ok(Given::Lent(lent))
    }
}
