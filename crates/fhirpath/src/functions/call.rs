//! A call of a function: what it is called on, and its arguments.

use smallvec::smallvec;

use super::Function;
use crate::error::{Error, Result};
use crate::evaluate::{Evaluator, Given, Scope, single, text_of};
use crate::item::{Collection, Item, System};
use crate::syntax::tree::{Expr, ExprKind, Pattern};
use crate::text::Text;
use crate::types::TypeSpecifier;

pub(crate) struct Call<'e, 'a> {
    pub(crate) evaluator: &'e Evaluator<'e, 'a>,
    pub(crate) function: &'static Function,
    /// What it is called on.
    pub(crate) focus: &'e [Item<'a>],
    pub(crate) arguments: &'e [Expr],
    /// Where the call keeps a compiled regular expression.
    pub(crate) pattern: &'e Pattern,
    pub(crate) scope: &'e Scope<'e, 'a>,
    pub(crate) at: u32,
}

impl<'a> Call<'_, 'a> {
    /// All of the focus.
    pub(super) fn input(&self) -> Collection<'a> {
        self.focus.iter().cloned().collect()
    }

    pub(super) fn has_argument(&self, index: usize) -> bool {
        index < self.arguments.len()
    }

    /// What an argument gives, evaluated once, on `$this` of where the call stands; empty when it is not there.
    pub(super) fn argument(&self, index: usize) -> Result<Collection<'a>> {
        self.given_argument(index).map(Given::into_collection)
    }

    /// The same, to be looked at only.
    pub(super) fn given_argument(&self, index: usize) -> Result<Given<'_, 'a>> {
        match self.arguments.get(index) {
            Some(argument) => self.evaluator.given(argument, self.scope.this, self.scope),
            None => Ok(Given::Lent(&[])),
        }
    }

    /// What an argument gives for an item of the focus.
    pub(super) fn for_item(&self, argument: usize, item: &Item<'a>, index: usize) -> Result<Collection<'a>> {
        match self.arguments.get(argument) {
            Some(argument) => self.evaluator.evaluate(argument, std::slice::from_ref(item), &self.scope.with_item(item, index)),
            None => Ok(Collection::new()),
        }
    }

    /// Whether the criterion holds for an item: an empty one does not.
    pub(super) fn holds(&self, argument: usize, item: &Item<'a>, index: usize) -> Result<bool> {
        let Some(criterion) = self.arguments.get(argument) else { return Ok(false) };
        let scope = self.scope.with_item(item, index);
        let answer = self.evaluator.truth((self.at, "the criterion"), criterion, std::slice::from_ref(item), &scope)?;
        Ok(answer == Some(true))
    }

    /// The one item of the focus.
    pub(super) fn single(&self) -> Result<Option<&Item<'a>>> {
        match self.focus {
            [] => Ok(None),
            [item] => Ok(Some(item)),
            several => single(self.at, format_args!("the input of {}()", self.function.name), several),
        }
    }

    /// The value of the one item of the focus; `None` when there is none, an error when it is complex.
    pub(super) fn value(&self) -> Result<Option<System<'a>>> {
        let Some(item) = self.single()? else { return Ok(None) };
        match item.operand() {
            Some(value) => Ok(Some(value)),
            None if item.is_absent() => Ok(None),
            None => Err(self.wrong_input(item)),
        }
    }

    /// The string that is the one item of the focus.
    pub(super) fn text(&self) -> Result<Option<Text<'a>>> {
        match self.focus {
            [] => Ok(None),
            focus => text_of(self.at, format_args!("the input of {}()", self.function.name), focus),
        }
    }

    /// A string argument.
    pub(super) fn text_argument(&self, index: usize) -> Result<Option<Text<'a>>> {
        text_of(self.at, format_args!("an argument of {}()", self.function.name), &self.given_argument(index)?)
    }

    /// An integer argument.
    pub(super) fn integer_argument(&self, index: usize) -> Result<Option<i32>> {
        let items = self.given_argument(index)?;
        let Some(item) = single(self.at, format_args!("an argument of {}()", self.function.name), &items)? else { return Ok(None) };
        match item.system() {
            Some(System::Integer(integer)) => Ok(Some(integer)),
            Some(System::Long(long)) => Ok(i32::try_from(long).ok()),
            None if item.is_absent() => Ok(None),
            _ => self.fail(&format!("an argument of {}() must be an integer", self.function.name)),
        }
    }

    /// The type that the argument names.
    pub(super) fn type_argument(&self) -> Result<&TypeSpecifier> {
        match self.arguments.first().map(|argument| &argument.kind) {
            Some(ExprKind::Type(specifier)) => specifier.check(self.at).map(|()| specifier),
            _ => self.fail("expected the name of a type"),
        }
    }

    pub(super) fn fail<T>(&self, message: &str) -> Result<T> {
        Err(Error::execution(self.at, message))
    }

    pub(super) fn wrong_input(&self, item: &Item<'a>) -> Error {
        Error::execution(self.at, format!("{}() does not work on {}", self.function.name, item.type_name()))
    }

    pub(super) fn charge(&self, steps: usize) -> Result<()> {
        self.evaluator.charge(self.at, steps)
    }

    /// A collection of one string.
    pub(super) fn string(&self, text: String) -> Result<Collection<'a>> {
        Ok(smallvec![self.evaluator.text(self.at, text)?])
    }

    /// A collection of one item.
    pub(super) fn one(&self, item: impl Into<Item<'a>>) -> Result<Collection<'a>> {
        Ok(smallvec![item.into()])
    }

    /// A collection of one item or none.
    pub(super) fn optional(&self, item: Option<impl Into<Item<'a>>>) -> Result<Collection<'a>> {
        Ok(item.into_iter().map(Into::into).collect())
    }
}
