//! A parsed expression.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use fhir::Value;
use fhir::definitions::TypeId;

use crate::check;
use crate::context::Context;
use crate::error::Error;
use crate::evaluate::Evaluator;
use crate::item::{Collection, Item};
use crate::syntax::{self, tree::Expr};
use crate::types;

/// An expression, parsed once and evaluated as often as needed, from any thread. Clones share the tree.
#[derive(Clone)]
pub struct Expression {
    text: Arc<str>,
    tree: Arc<Expr>,
}

impl Expression {
    /// Parses an expression of FHIRPath 2.0 (<http://hl7.org/fhirpath/N1/>) with FHIR's functions.
    ///
    /// # Errors
    /// `Syntax` when the text does not follow the grammar, `Semantic` for an unknown function or a wrong number of arguments, `Limit`
    /// when it is longer than a megabyte or nested deeper than 100 levels.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let tree = syntax::parse(text).map_err(|error| error.located(text))?;
        Ok(Self { tree: Arc::new(tree), text: text.into() })
    }

    /// The text it was parsed from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The tree of the expression as JSON, in the form that the FHIRPath Lab shows: `ExpressionType`, `Name`, `Position` in bytes, `Arguments`.
    /// `None` when it is deeper than some hundred levels or has more than some thousand nodes.
    pub fn outline(&self) -> Option<Value> {
        syntax::outline(&self.tree)
    }

    /// The items that the expression gives on `input`, in order; empty when it gives nothing.
    ///
    /// # Errors
    /// `Execution` when the data does not fit the expression, `Semantic` for unknown types and variables, `Limit` when it takes more
    /// than [`Context::with_limits`] allows.
    pub fn evaluate<'a>(&self, context: &Context<'a>, input: &Item<'a>) -> Result<Collection<'a>, Error> {
        Evaluator::new(context, input).run(&self.tree).map_err(|error| error.located(&self.text))
    }

    /// Checks the expression against the definitions, for input of the type `root`: `Patient`, `HumanName`. What it cannot know
    /// (the content of Bundles, targets of references, variables) it takes as it is.
    ///
    /// # Errors
    /// `Semantic` for the first element that no type has which may stand there, with the nearest name that there is.
    pub fn check(&self, root: &str) -> Result<(), Error> {
        self.checked(root, false).map(|_| ())
    }

    /// The names of the types that the items may have which the expression yields for input of the type `root`: `HumanName`. `None` when that
    /// cannot be told before there is data.
    ///
    /// # Errors
    /// As [`Expression::check`].
    pub fn result_types(&self, root: &str) -> Result<Option<Vec<&'static str>>, Error> {
        let types = self.checked(root, false)?;
        Ok(types.map(|types| types.into_iter().map(|id| types::get(id).name).collect()))
    }

    /// The same, and that no function which depends on the order of items is used where there is none, as after `children()`.
    ///
    /// # Errors
    /// As [`Expression::check`], and `Semantic` for such a function.
    pub fn check_order(&self, root: &str) -> Result<(), Error> {
        self.checked(root, true).map(|_| ())
    }

    fn checked(&self, root: &str, refuses_unordered: bool) -> Result<Option<Vec<TypeId>>, Error> {
        check::check(&self.tree, root, refuses_unordered).map_err(|error| error.located(&self.text))
    }

    /// Whether the expression holds on `input`, as invariants ask: one boolean that is true, or something that is no boolean.
    ///
    /// # Errors
    /// As [`Expression::evaluate`].
    pub fn is_true<'a>(&self, context: &Context<'a>, input: &Item<'a>) -> Result<bool, Error> {
        Evaluator::new(context, input).holds(&self.tree).map_err(|error| error.located(&self.text))
    }

    /// The same, for many expressions that together may take no more than `steps_left`, from which the steps are taken.
    ///
    /// # Errors
    /// As [`Expression::evaluate`].
    pub fn is_true_within<'a>(&self, context: &Context<'a>, input: &Item<'a>, steps_left: &mut u64) -> Result<bool, Error> {
        let evaluator = Evaluator::within(context, input, *steps_left);
        let holds = evaluator.holds(&self.tree);
        *steps_left = evaluator.steps_left();
        holds.map_err(|error| error.located(&self.text))
    }
}

impl FromStr for Expression {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Expression").field(&self.text).finish()
    }
}
