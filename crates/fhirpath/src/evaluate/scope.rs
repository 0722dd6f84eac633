//! What a part of an expression sees besides its focus.

use crate::item::{Collection, Item};

/// `$this`, `$index`, `$total`, and the variables that `defineVariable()` made.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'s, 'a> {
    pub(crate) this: &'s [Item<'a>],
    pub(crate) index: Option<i32>,
    pub(crate) total: Option<&'s [Item<'a>]>,
    pub(crate) variables: Option<&'s Variable<'s, 'a>>,
}

/// A variable, and those defined before it.
pub(crate) struct Variable<'s, 'a> {
    name: &'s str,
    items: &'s [Item<'a>],
    before: Option<&'s Variable<'s, 'a>>,
}

impl<'s, 'a> Scope<'s, 'a> {
    /// The scope of a whole expression.
    pub(crate) fn root(this: &'s [Item<'a>]) -> Self {
        Self { this, index: None, total: None, variables: None }
    }

    /// The same with another `$this`.
    pub(crate) fn with_this(&self, this: &'s [Item<'a>]) -> Self {
        Self { this, ..*self }
    }

    /// The scope of an iteration over items.
    pub(crate) fn with_item(&self, item: &'s Item<'a>, index: usize) -> Self {
        Self { this: std::slice::from_ref(item), index: Some(i32::try_from(index).unwrap_or(i32::MAX)), ..*self }
    }

    /// The variable to be added, and the scope to which it is added.
    pub(crate) fn with_variable(&self, name: &'s str, items: &'s Collection<'a>) -> (Variable<'s, 'a>, Self) {
        (Variable { name, items, before: self.variables }, *self)
    }

    /// What `defineVariable()` gave that name.
    pub(crate) fn variable(&self, name: &str) -> Option<&'s [Item<'a>]> {
        let mut next = self.variables;
        while let Some(variable) = next {
            if variable.name == name {
                return Some(variable.items);
            }
            next = variable.before;
        }
        None
    }
}
