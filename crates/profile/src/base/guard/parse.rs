//! From an expression to the part that mirrors it: FHIRPath's operators by precedence, and nothing of what is inside of arguments.

use fhir::definitions::Type;

use super::Part;
use super::term::Term;
use super::token::{Token, tokens};

/// The operators with two operands, from those that bind least (<http://hl7.org/fhirpath/N1/#operator-precedence>).
const LEVELS: [&[&str]; 10] = [
    &["implies"],
    &["or", "xor"],
    &["and"],
    &["in", "contains"],
    &["=", "!=", "~", "!~"],
    &["<", ">", "<=", ">="],
    &["|"],
    &["is", "as"],
    &["+", "-", "&"],
    &["*", "/", "div", "mod"],
];

/// How deep brackets may be nested.
const MAX_DEPTH: usize = 50;

/// The part that mirrors `expression` on objects of the type `kind`; `None` when the expression cannot be read.
pub(super) fn parse(expression: &str, kind: &'static Type) -> Option<Part> {
    let tokens = tokens(expression)?;
    let mut reader = Reader { tokens: &tokens, kind, depth: 0 };
    let term = reader.operators(0)?;
    reader.tokens.is_empty().then(|| term.truth())
}

struct Reader<'t, 'a> {
    tokens: &'t [Token<'a>],
    kind: &'static Type,
    depth: usize,
}

impl<'a> Reader<'_, 'a> {
    fn peek(&self) -> Option<Token<'a>> {
        self.tokens.first().copied()
    }

    fn next(&mut self) -> Option<Token<'a>> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(*first)
    }

    fn symbol(&mut self, symbol: &str) -> bool {
        let is_next = self.peek() == Some(Token::Symbol(symbol));
        if is_next {
            self.tokens = &self.tokens[1..];
        }
        is_next
    }

    fn operators(&mut self, level: usize) -> Option<Term> {
        let Some(operators) = LEVELS.get(level) else { return self.chain() };
        let mut left = self.operators(level + 1)?;
        while let Some(Token::Name(word) | Token::Symbol(word)) = self.peek()
            && operators.contains(&word)
        {
            self.next();
            let right = self.operators(level + 1)?;
            left = left.join(word, right);
        }
        Some(left)
    }

    /// A term and the steps after it.
    fn chain(&mut self) -> Option<Term> {
        let mut term = self.head()?;
        loop {
            if self.symbol(".") {
                let Some(Token::Name(name)) = self.next() else { return None };
                term = match self.arguments()? {
                    Some(has_any) => term.call(name, has_any),
                    None => self.step(term, name),
                };
            } else if self.peek() == Some(Token::Symbol("[")) {
                return None;
            } else {
                return Some(term);
            }
        }
    }

    fn head(&mut self) -> Option<Term> {
        match self.next()? {
            Token::Symbol("(") => {
                self.depth += 1;
                let inner = if self.depth > MAX_DEPTH { None } else { self.operators(0) }?;
                self.depth -= 1;
                self.symbol(")").then_some(inner)
            }
            Token::Name("true") => Some(Term::Bool(true)),
            Token::Name("false") => Some(Term::Bool(false)),
            Token::Name(name) => match self.arguments()? {
                Some(_) => Some(Term::Open),
                None if name == self.kind.name => Some(Term::This),
                None => Some(self.step(Term::This, name)),
            },
            Token::Text(text) => Some(Term::Texts(vec![text.into()])),
            Token::Number(number) => Some(number.parse().map_or(Term::Open, Term::Number)),
            Token::Variable => Some(Term::Open),
            Token::Symbol(_) => None,
        }
    }

    /// The element `name` of what came before.
    fn step(&self, term: Term, name: &str) -> Term {
        match term {
            Term::This => {
                let place = self.kind.elements.iter().position(|element| element.name == name);
                let element = place.and_then(|place| Some((u8::try_from(place).ok()?, self.kind.elements[place].types.first()?)));
                element.map_or(Term::Open, |(place, of)| Term::Element { place, member: of.member })
            }
            Term::Element { place, .. } | Term::Below(place) => Term::Below(place),
            _ => Term::Open,
        }
    }

    /// Passes over arguments in brackets: whether there are any between the brackets, `None` inside when there are no brackets.
    fn arguments(&mut self) -> Option<Option<bool>> {
        if !self.symbol("(") {
            return Some(None);
        }
        let has_any = self.peek() != Some(Token::Symbol(")"));
        let mut open = 1;
        while open > 0 {
            match self.next()? {
                Token::Symbol("(") => open += 1,
                Token::Symbol(")") => open -= 1,
                _ => {}
            }
        }
        Some(Some(has_any))
    }
}
