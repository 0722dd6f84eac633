//! Evaluation: each part of the tree gives a collection, on a focus and within a scope.

mod arithmetic;
mod compare;
mod equality;
mod given;
mod logic;
mod operator;
mod scope;
mod singleton;
mod variable;

use std::cell::{Cell, OnceCell};

use smallvec::smallvec;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::functions::Call;
use crate::item::{Collection, Item, System};
use crate::places::Places;
use crate::syntax::tree::{Expr, ExprKind, Member};

pub(crate) use arithmetic::calculate;
pub(crate) use compare::{Comparison, holds, order};
pub(crate) use equality::items_equal;
pub(crate) use given::Given;
pub(crate) use scope::Scope;
pub(crate) use singleton::{boolean, single, text_of};

/// How much text may be made for one step: so the steps bound the memory too.
pub(crate) const BYTES_PER_STEP: usize = 8;

/// One evaluation of an expression.
pub(crate) struct Evaluator<'e, 'a> {
    pub(crate) context: &'e Context<'a>,
    pub(crate) input: &'e Item<'a>,
    steps_left: Cell<u64>,
    places: OnceCell<Places<'a>>,
}

impl<'e, 'a> Evaluator<'e, 'a> {
    pub(crate) fn new(context: &'e Context<'a>, input: &'e Item<'a>) -> Self {
        Self::within(context, input, context.limits.steps)
    }

    /// An evaluation that may take no more than so many steps.
    pub(crate) fn within(context: &'e Context<'a>, input: &'e Item<'a>, steps: u64) -> Self {
        Self { context, input, steps_left: Cell::new(steps), places: OnceCell::new() }
    }

    /// How many steps it may still take.
    pub(crate) fn steps_left(&self) -> u64 {
        self.steps_left.get()
    }

    /// Where the nodes of the outermost resource stand, the input when the context has none.
    pub(crate) fn places(&self) -> &Places<'a> {
        let root = self.context.root_resource.as_ref().or(self.context.resource.as_ref()).unwrap_or(self.input);
        self.places.get_or_init(|| Places::of(root))
    }

    pub(crate) fn run(&self, expr: &Expr) -> Result<Collection<'a>> {
        let focus = std::slice::from_ref(self.input);
        self.evaluate(expr, focus, &Scope::root(focus))
    }

    /// Whether an expression holds: it gives one boolean that is true, or something that is no boolean.
    pub(crate) fn holds(&self, expr: &Expr) -> Result<bool> {
        let focus = std::slice::from_ref(self.input);
        let scope = Scope::root(focus);
        if matches!(expr.kind, ExprKind::Binary { operator, .. } if operator.gives_truth()) {
            return Ok(self.truth((expr.at, "the expression"), expr, focus, &scope)? == Some(true));
        }
        Ok(match &*self.given(expr, focus, &scope)? {
            [single] => single.as_bool().unwrap_or(true),
            several => !several.is_empty(),
        })
    }

    /// Counts work against the limit.
    pub(crate) fn charge(&self, at: u32, steps: usize) -> Result<()> {
        match self.steps_left.get().checked_sub(steps as u64) {
            Some(left) => {
                self.steps_left.set(left);
                Ok(())
            }
            None => Err(Error::limit(at, format!("the evaluation takes more than {} steps", self.context.limits.steps))),
        }
    }

    /// A computed string, when it is not too long.
    pub(crate) fn text(&self, at: u32, text: String) -> Result<Item<'a>> {
        self.charge(at, text.len() / BYTES_PER_STEP)?;
        match text.len() > self.context.limits.text_bytes {
            true => Err(Error::limit(at, format!("a string becomes longer than {} bytes", self.context.limits.text_bytes))),
            false => Ok(text.into()),
        }
    }

    /// What `expr` gives on `focus`.
    pub(crate) fn evaluate<'s>(&'s self, expr: &'s Expr, focus: &'s [Item<'a>], scope: &Scope<'s, 'a>) -> Result<Collection<'a>> {
        self.charge(expr.at, 1)?;
        match &expr.kind {
            ExprKind::Empty => Ok(Collection::new()),
            ExprKind::Literal(item) => Ok(smallvec![item.clone()]),
            ExprKind::This => Ok(scope.this.iter().cloned().collect()),
            ExprKind::Index => Ok(scope.index.iter().map(|index| Item::from(*index)).collect()),
            ExprKind::Total => Ok(scope.total.unwrap_or_default().iter().cloned().collect()),
            ExprKind::External(name) => self.variable(expr.at, name, scope),
            ExprKind::Chain(parts) => self.chain(parts, focus, scope),
            ExprKind::Member { name, begins } => self.member(expr.at, name, *begins, focus),
            ExprKind::Call { function, arguments, pattern } => {
                let call = Call { evaluator: self, function, focus, arguments, pattern, scope, at: expr.at };
                (function.body)(&call)
            }
            ExprKind::Instance { id, elements } => self.instance(expr.at, *id, elements, focus, scope),
            ExprKind::Make { maker, arguments } => self.make(expr.at, maker, arguments, scope),
            // On its own it only passes its input on: what it defines is seen by the rest of a chain.
            ExprKind::DefineVariable { .. } => Ok(focus.iter().cloned().collect()),
            ExprKind::At(index) => self.at(expr.at, index, focus, scope),
            ExprKind::Polarity { negative, operand } => {
                let operand = self.given(operand, focus, scope)?;
                arithmetic::polarity(expr.at, *negative, &operand)
            }
            ExprKind::Binary { operator, left, right } => self.binary(expr, (*operator, left, right), focus, scope),
            ExprKind::Is { operand, specifier } => operator::is(expr.at, &self.given(operand, focus, scope)?, specifier),
            ExprKind::As { operand, specifier } => operator::cast(expr.at, &self.given(operand, focus, scope)?, specifier),
            ExprKind::Descending(key) => self.evaluate(key, focus, scope),
            ExprKind::Type(_) => Ok(Collection::new()),
        }
    }

    /// Each part on what the one before it gave.
    fn chain(&self, parts: &[Expr], focus: &[Item<'a>], scope: &Scope<'_, 'a>) -> Result<Collection<'a>> {
        let mut current = Given::Lent(focus);
        for (index, part) in parts.iter().enumerate() {
            let here = &*current;
            if let ExprKind::DefineVariable { name, value } = &part.kind {
                return self.chain_with_variable((part.at, name, value.as_deref()), &parts[index + 1..], here, scope);
            }
            // Only what begins a chain can be lent: what follows belongs to the collection before it.
            let next = if index == 0 { self.given(part, focus, scope)? } else { Given::Made(self.evaluate(part, here, scope)?) };
            self.charge(part.at, next.len())?;
            if next.len() > self.context.limits.items {
                return Err(Error::limit(part.at, format!("a collection has more than {} items", self.context.limits.items)));
            }
            current = next;
        }
        Ok(current.into_collection())
    }

    /// The rest of a chain after `defineVariable()`, in which the variable is known.
    fn chain_with_variable(
        &self,
        (at, name, value): (u32, &Expr, Option<&Expr>),
        rest: &[Expr],
        focus: &[Item<'a>],
        scope: &Scope<'_, 'a>,
    ) -> Result<Collection<'a>> {
        let name = self.evaluate(name, scope.this, scope)?;
        let Some(name) = text_of(at, "the name of the variable", &name)? else {
            return Err(Error::execution(at, "defineVariable() needs the name of the variable"));
        };
        if self.is_reserved(&name) || scope.variable(&name).is_some() {
            return Err(Error::semantic(at, format!("the variable %{} is already defined: choose another name", &*name)));
        }
        let items = match value {
            Some(value) => self.evaluate(value, focus, &scope.with_this(focus))?,
            None => focus.iter().cloned().collect(),
        };
        let scope = scope.with_variable(&name, &items);
        // The scope lives on the stack of this call, so the rest of the chain is evaluated inside it.
        self.chain(rest, focus, &Scope { variables: Some(&scope.0), ..scope.1 })
    }

    fn member(&self, at: u32, member: &Member, begins: bool, focus: &[Item<'a>]) -> Result<Collection<'a>> {
        let mut out = Collection::new();
        let may_name_type = begins && member.is_capital;
        for item in focus {
            match item {
                Item::Node(node) if may_name_type && node.is_named(member) => out.push(item.clone()),
                Item::Node(node) => node.push_member(member, &mut out),
                Item::System(System::Type(info)) => out.extend(info.member(&member.name)),
                Item::System(System::Quantity(quantity)) => out.extend(quantity.member(&member.name)),
                Item::System(_) => {}
            }
        }
        self.charge(at, focus.len())?;
        Ok(out)
    }

    fn at(&self, at: u32, index: &Expr, focus: &[Item<'a>], scope: &Scope<'_, 'a>) -> Result<Collection<'a>> {
        let index = self.given(index, scope.this, scope)?;
        match single(at, "the index", &index)?.and_then(Item::system) {
            None => Ok(Collection::new()),
            Some(System::Integer(index)) => {
                Ok(usize::try_from(index).ok().and_then(|index| focus.get(index)).into_iter().cloned().collect())
            }
            Some(_) => Err(Error::execution(at, "an index must be an integer")),
        }
    }
}
