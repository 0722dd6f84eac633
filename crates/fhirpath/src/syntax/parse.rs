//! The parser: recursive descent for terms, precedence climbing for operators.

use super::call::call;
use super::literal;
use super::token::{Token, TokenKind, tokens};
use super::tree::{Expr, ExprKind, Member, Operator};
use crate::error::{Error, Result};
use crate::item::Item;
use crate::types::TypeSpecifier;

/// How high a tree may be: it bounds the recursion of parsing and evaluating.
const MAX_HEIGHT: u16 = 100;
/// How long an expression may be, in bytes.
const MAX_LENGTH: usize = 1 << 20;

/// The tree of an expression.
pub(crate) fn parse(text: &str) -> Result<Expr> {
    if text.len() > MAX_LENGTH {
        return Err(Error::limit(0, format!("an expression may have at most {MAX_LENGTH} bytes")));
    }
    let mut parser = Parser { tokens: tokens(text)?, at: 0, depth: 0 };
    let expr = parser.expression(0)?;
    match parser.peek() {
        TokenKind::End => Ok(expr),
        _ => parser.fail("the expression should end here, or go on with an operator or a '.'"),
    }
}

pub(super) struct Parser<'t> {
    tokens: Vec<Token<'t>>,
    at: usize,
    depth: u16,
}

/// What may stand between two operands.
enum Infix {
    Binary(Operator),
    Is,
    As,
}

impl<'t> Parser<'t> {
    pub(super) fn peek(&self) -> &TokenKind<'t> {
        self.tokens.get(self.at).map_or(&TokenKind::End, |token| &token.kind)
    }

    /// The token so many places after this one.
    pub(super) fn ahead(&self, places: usize) -> &TokenKind<'t> {
        self.tokens.get(self.at + places).map_or(&TokenKind::End, |token| &token.kind)
    }

    pub(super) fn position(&self) -> u32 {
        self.tokens.get(self.at).map_or(0, |token| token.at)
    }

    pub(super) fn advance(&mut self) {
        self.at = (self.at + 1).min(self.tokens.len() - 1);
    }

    pub(super) fn eat(&mut self, symbol: &str) -> bool {
        let found = matches!(self.peek(), TokenKind::Symbol(found) if *found == symbol);
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn expect(&mut self, symbol: &str) -> Result<()> {
        if self.eat(symbol) { Ok(()) } else { self.fail(&format!("expected '{symbol}' here")) }
    }

    pub(super) fn fail<T>(&self, message: &str) -> Result<T> {
        Err(Error::syntax(self.position(), message))
    }

    /// An expression whose operators bind at least as strongly as `least`.
    pub(super) fn expression(&mut self, least: u8) -> Result<Expr> {
        self.depth += 1;
        if self.depth > MAX_HEIGHT {
            return Err(too_deep(self.position()));
        }
        let mut left = self.signed()?;
        while let Some((infix, strength)) = self.infix().filter(|(_, strength)| *strength >= least) {
            let at = self.position();
            self.advance();
            left = match infix {
                Infix::Binary(operator) => {
                    let right = self.expression(strength + 1)?;
                    let height = left.height.max(right.height);
                    node(at, height, ExprKind::Binary { operator, left: Box::new(left), right: Box::new(right) })?
                }
                Infix::Is => node(at, left.height, ExprKind::Is { specifier: self.type_specifier()?, operand: Box::new(left) })?,
                Infix::As => node(at, left.height, ExprKind::As { specifier: self.type_specifier()?, operand: Box::new(left) })?,
            };
        }
        self.depth -= 1;
        Ok(left)
    }

    /// The operator here and how strongly it binds (<http://hl7.org/fhirpath/N1/#operator-precedence>).
    fn infix(&self) -> Option<(Infix, u8)> {
        let name: &str = match self.peek() {
            TokenKind::Symbol(symbol) => symbol,
            TokenKind::Word(word) => word,
            _ => return None,
        };
        let (operator, strength) = match name {
            "*" => (Operator::Multiply, 10),
            "/" => (Operator::Divide, 10),
            "div" => (Operator::IntegerDivide, 10),
            "mod" => (Operator::Modulo, 10),
            "+" => (Operator::Add, 9),
            "-" => (Operator::Subtract, 9),
            "&" => (Operator::Concatenate, 9),
            "is" => return Some((Infix::Is, 8)),
            "as" => return Some((Infix::As, 8)),
            "|" => (Operator::Union, 7),
            "<=" => (Operator::LessOrEqual, 6),
            "<" => (Operator::Less, 6),
            ">" => (Operator::Greater, 6),
            ">=" => (Operator::GreaterOrEqual, 6),
            "=" => (Operator::Equal, 5),
            "~" => (Operator::Equivalent, 5),
            "!=" => (Operator::NotEqual, 5),
            "!~" => (Operator::NotEquivalent, 5),
            "in" => (Operator::In, 4),
            "contains" => (Operator::Contains, 4),
            "and" => (Operator::And, 3),
            "or" => (Operator::Or, 2),
            "xor" => (Operator::Xor, 2),
            "implies" => (Operator::Implies, 1),
            _ => return None,
        };
        Some((Infix::Binary(operator), strength))
    }

    fn signed(&mut self) -> Result<Expr> {
        let at = self.position();
        let negative = match self.peek() {
            TokenKind::Symbol("-") => true,
            TokenKind::Symbol("+") => false,
            _ => return self.chain(),
        };
        self.advance();
        self.depth += 1;
        if self.depth > MAX_HEIGHT {
            return Err(too_deep(at));
        }
        let operand = self.signed()?;
        self.depth -= 1;
        node(at, operand.height, ExprKind::Polarity { negative, operand: Box::new(operand) })
    }

    /// A term and all `.name`, `.call()` and `[index]` after it.
    fn chain(&mut self) -> Result<Expr> {
        let first = self.term()?;
        let at = first.at;
        let mut parts = vec![first];
        loop {
            let position = self.position();
            let is_factory = matches!(parts.as_slice(), [Expr { kind: ExprKind::External(name), .. }] if **name == *"factory");
            if is_factory && self.eat(".") {
                parts = vec![self.made()?];
            } else if let Some((namespace, name)) = self.qualified_instance(&parts) {
                parts = vec![self.instance(at, Some(&namespace), &name)?];
            } else if self.eat(".") {
                let next = self.invocation(false)?;
                parts.push(next);
            } else if self.eat("[") {
                let index = self.expression(0)?;
                self.expect("]")?;
                parts.push(node(position, index.height, ExprKind::At(Box::new(index)))?);
            } else {
                break;
            }
        }
        if parts.len() == 1 {
            return parts.pop().ok_or_else(|| too_deep(at));
        }
        // Evaluation recurses at each variable, since the rest of the chain knows it.
        let variables = parts.iter().filter(|part| matches!(part.kind, ExprKind::DefineVariable { .. })).count();
        let height = parts.iter().map(|part| part.height).max().unwrap_or(0);
        let height = height.saturating_add(u16::try_from(variables).unwrap_or(u16::MAX));
        node(at, height, ExprKind::Chain(parts.into()))
    }

    fn term(&mut self) -> Result<Expr> {
        let at = self.position();
        let kind = match self.peek().clone() {
            TokenKind::Symbol("(") => {
                self.advance();
                let inner = self.expression(0)?;
                self.expect(")")?;
                return Ok(inner);
            }
            TokenKind::Symbol("{") => {
                self.advance();
                self.expect("}")?;
                return node(at, 0, ExprKind::Empty);
            }
            TokenKind::Symbol("%") => {
                self.advance();
                return self.external(at);
            }
            TokenKind::Word("true") => Item::from(true),
            TokenKind::Word("false") => Item::from(false),
            TokenKind::String(text) => Item::from(text),
            TokenKind::Number(number) => {
                self.advance();
                return self.number(at, number);
            }
            TokenKind::Long(digits) => literal::long(at, digits)?,
            TokenKind::Temporal(text) => literal::temporal(at, text)?,
            _ => return self.invocation(true),
        };
        self.advance();
        node(at, 0, ExprKind::Literal(kind))
    }

    /// `12`, `1.5`, or the quantity `4 'mg'` or `3 days`.
    fn number(&mut self, at: u32, number: &str) -> Result<Expr> {
        let literal = match self.peek().clone() {
            TokenKind::String(unit) => literal::quantity(at, number, &unit)?,
            TokenKind::Word(word) => match literal::calendar_quantity(at, number, word)? {
                Some(quantity) => quantity,
                None => return node(at, 0, ExprKind::Literal(literal::number(at, number)?)),
            },
            _ => return node(at, 0, ExprKind::Literal(literal::number(at, number)?)),
        };
        self.advance();
        node(at, 0, ExprKind::Literal(literal))
    }

    fn external(&mut self, at: u32) -> Result<Expr> {
        let name = match self.peek() {
            TokenKind::Word(name) => (*name).into(),
            TokenKind::Quoted(name) | TokenKind::String(name) => name.as_str().into(),
            _ => return self.fail("expected the name of a variable after '%', as in %resource or %`vs-name`"),
        };
        self.advance();
        node(at, 0, ExprKind::External(name))
    }

    /// `name`, `name(arguments)`, `$this`, `$index` or `$total`.
    fn invocation(&mut self, begins: bool) -> Result<Expr> {
        let at = self.position();
        let name = match self.peek() {
            TokenKind::Word(word) if !(begins && is_operator(word)) => (*word).to_owned(),
            TokenKind::Quoted(name) => name.clone(),
            TokenKind::Dollar(word) => {
                let kind = match *word {
                    "this" => ExprKind::This,
                    "index" => ExprKind::Index,
                    "total" => ExprKind::Total,
                    _ => return self.fail("after '$' comes this, index or total"),
                };
                self.advance();
                return node(at, 0, kind);
            }
            TokenKind::End => return self.fail("the expression ends where a name, a literal or '(' was expected"),
            _ => return self.fail("expected a name, a literal or '(' here"),
        };
        self.advance();
        if begins && self.eat("{") {
            return self.instance(at, None, &name);
        }
        if !self.eat("(") {
            return node(at, 0, ExprKind::Member { name: Member::new(&name), begins });
        }
        let arguments = self.arguments(name == "sort")?;
        call(at, &name, arguments)
    }

    /// `Patient`, `FHIR.Patient` or `System.String`.
    fn type_specifier(&mut self) -> Result<TypeSpecifier> {
        let first = self.type_name()?;
        if !self.eat(".") {
            return Ok(TypeSpecifier::find(None, &first));
        }
        let second = self.type_name()?;
        Ok(TypeSpecifier::find(Some(&first), &second))
    }

    pub(super) fn type_name(&mut self) -> Result<String> {
        let name = match self.peek() {
            TokenKind::Word(word) => (*word).to_owned(),
            TokenKind::Quoted(name) => name.clone(),
            _ => return self.fail("expected the name of a type here, as in FHIR.Patient or System.String"),
        };
        self.advance();
        Ok(name)
    }
}

/// A part of the tree above parts of that `height`.
pub(super) fn node(at: u32, height: u16, kind: ExprKind) -> Result<Expr> {
    if height >= MAX_HEIGHT { Err(too_deep(at)) } else { Ok(Expr { at, height: height + 1, kind }) }
}

fn too_deep(at: u32) -> Error {
    Error::limit(at, format!("the expression is nested deeper than {MAX_HEIGHT} levels: split it"))
}

/// Words that are operators and cannot begin a term.
fn is_operator(word: &str) -> bool {
    matches!(word, "and" | "or" | "xor" | "implies" | "div" | "mod")
}
