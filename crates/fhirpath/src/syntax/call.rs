//! Calls: of functions, and of what `%factory` makes.

use std::sync::OnceLock;

use super::parse::{Parser, node};
use super::token::TokenKind;
use super::tree::{Expr, ExprKind};
use crate::error::{Error, Result};
use crate::factory::Maker;
use crate::functions::{self, Function};
use crate::types::TypeSpecifier;

impl Parser<'_> {
    /// What comes after `%factory.`: the name of what is made, and its parts.
    pub(super) fn made(&mut self) -> Result<Expr> {
        let at = self.position();
        let name = self.type_name()?;
        self.expect("(")?;
        let mut arguments = self.arguments(false)?;
        let maker = Maker::find(&name).ok_or_else(|| Error::semantic(at, format!("%factory makes no {name}")))?;
        if !maker.arguments().contains(&arguments.len()) {
            return Err(Error::semantic(at, format!("%factory.{name}() does not take {} arguments", arguments.len())));
        }
        if matches!(maker, Maker::Create) {
            arguments = arguments.into_iter().map(type_argument).collect::<Result<_>>()?;
        }
        let height = arguments.iter().map(|argument| argument.height).max().unwrap_or(0);
        node(at, height, ExprKind::Make { maker, arguments: arguments.into() })
    }

    pub(super) fn arguments(&mut self, sorts: bool) -> Result<Vec<Expr>> {
        let mut arguments = Vec::new();
        if self.eat(")") {
            return Ok(arguments);
        }
        loop {
            let argument = self.expression(0)?;
            arguments.push(if sorts { self.sort_key(argument)? } else { argument });
            if self.eat(")") {
                return Ok(arguments);
            }
            self.expect(",")?;
        }
    }

    /// A key of `sort()`: descending when it is written `-key` or `key desc`.
    fn sort_key(&mut self, key: Expr) -> Result<Expr> {
        let word = match self.peek() {
            TokenKind::Word(word @ ("asc" | "desc")) => Some(*word),
            _ => None,
        };
        if word.is_some() {
            self.advance();
        }
        let (at, height) = (key.at, key.height);
        match key.kind {
            ExprKind::Polarity { negative: true, operand } if word.is_none() => node(at, height, ExprKind::Descending(operand)),
            kind if word == Some("desc") => node(at, height, ExprKind::Descending(Box::new(Expr { at, height, kind }))),
            kind => Ok(Expr { at, height, kind }),
        }
    }
}

/// A call of the function of that name.
pub(super) fn call(at: u32, name: &str, mut arguments: Vec<Expr>) -> Result<Expr> {
    let height = arguments.iter().map(|argument| argument.height).max().unwrap_or(0);
    let Some(function) = functions::find(name) else {
        let nearest = functions::nearest(name).map(|near| format!(": did you mean {near}()?")).unwrap_or_default();
        return Err(Error::semantic(at, format!("there is no function {name}(){nearest}")));
    };
    check_count(at, function, arguments.len())?;
    if name == "defineVariable" {
        let mut arguments = arguments.into_iter();
        let (Some(name), value) = (arguments.next(), arguments.next().map(Box::new)) else {
            return Err(Error::semantic(at, "defineVariable() needs the name of the variable"));
        };
        return node(at, height, ExprKind::DefineVariable { name: Box::new(name), value });
    }
    if function.takes_type {
        arguments = arguments.into_iter().map(type_argument).collect::<Result<_>>()?;
    }
    node(at, height, ExprKind::Call { function, arguments: arguments.into(), pattern: OnceLock::new() })
}

fn check_count(at: u32, function: &Function, count: usize) -> Result<()> {
    let (least, most) = (usize::from(function.arguments.0), usize::from(function.arguments.1));
    if (least..=most).contains(&count) {
        return Ok(());
    }
    let wanted = if least == most { format!("{least}") } else { format!("{least} to {most}") };
    Err(Error::semantic(at, format!("{}() takes {wanted} arguments, here are {count}", function.name)))
}

/// The type that an argument of `is()`, `as()` or `ofType()` names.
fn type_argument(argument: Expr) -> Result<Expr> {
    let member = |expr: &Expr| match &expr.kind {
        ExprKind::Member { name, .. } => Some(name.name.clone()),
        _ => None,
    };
    let names: Option<Vec<_>> = match &argument.kind {
        ExprKind::Chain(parts) => parts.iter().map(member).collect(),
        _ => member(&argument).map(|name| vec![name]),
    };
    let specifier = match names.as_deref() {
        Some([name]) => TypeSpecifier::find(None, name),
        Some([namespace, name]) => TypeSpecifier::find(Some(namespace), name),
        _ => return Err(Error::semantic(argument.at, "expected the name of a type here, as in FHIR.Patient or System.String")),
    };
    node(argument.at, 0, ExprKind::Type(specifier))
}
