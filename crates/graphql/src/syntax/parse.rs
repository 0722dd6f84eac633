//! Tokens to tree. Recursion ends where the limit of depth does.

use fhir::IssueCode;

use super::token::{Token, Tokens};
use super::tree::*;
use crate::codes;
use crate::error::Error;
use crate::limits::Limits;

/// Reads a document of operations and fragments.
///
/// # Errors
/// WARD-0920 where the text does not follow the grammar, WARD-0921 when it is longer or nests deeper than the limits allow.
pub fn parse(text: &str, limits: &Limits) -> Result<Document, Error> {
    let start = Position { line: 1, column: 1 };
    if text.len() > limits.query_bytes {
        let message =
            format!("the query has {} bytes, and may have {}: ask for less, or in several queries", text.len(), limits.query_bytes);
        return Err(Error::new(codes::QUERY_TOO_LARGE, IssueCode::TooLong, start, message));
    }
    let mut parser = Parser { tokens: Tokens::new(text), token: Token::End, at: start, depth: 0, max_depth: limits.deepest() };
    parser.advance()?;
    parser.document()
}

struct Parser<'a> {
    tokens: Tokens<'a>,
    token: Token,
    at: Position,
    depth: usize,
    max_depth: usize,
}

type Parsed<T> = Result<T, Error>;

impl Parser<'_> {
    fn advance(&mut self) -> Parsed<Token> {
        let (token, at) = self.tokens.next()?;
        self.at = at;
        Ok(std::mem::replace(&mut self.token, token))
    }

    fn is(&self, mark: char) -> bool {
        self.token == Token::Mark(mark)
    }

    fn is_name(&self, name: &str) -> bool {
        matches!(&self.token, Token::Name(found) if found == name)
    }

    /// Takes the mark when it is there.
    fn take(&mut self, mark: char) -> Parsed<bool> {
        let there = self.is(mark);
        if there {
            self.advance()?;
        }
        Ok(there)
    }

    fn expect(&mut self, mark: char) -> Parsed<()> {
        if self.take(mark)? { Ok(()) } else { Err(self.expected(&format!("`{mark}`"))) }
    }

    fn name(&mut self) -> Parsed<String> {
        match self.advance_if_name()? {
            Some(name) => Ok(name),
            None => Err(self.expected("a name")),
        }
    }

    fn advance_if_name(&mut self) -> Parsed<Option<String>> {
        if !matches!(self.token, Token::Name(_)) {
            return Ok(None);
        }
        match self.advance()? {
            Token::Name(name) => Ok(Some(name)),
            _ => Ok(None),
        }
    }

    fn expected(&self, what: &str) -> Error {
        let found = match &self.token {
            Token::Mark(mark) => format!("`{mark}`"),
            Token::Spread => "`...`".to_owned(),
            Token::Name(_) => "a name".to_owned(),
            Token::Number(_) => "a number".to_owned(),
            Token::String(_) => "a string".to_owned(),
            Token::End => "the end of the query".to_owned(),
        };
        self.tokens.wrong(self.at, format!("{what} is expected here, not {found}"))
    }

    /// Does something one level deeper.
    fn deeper<T>(&mut self, work: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.depth += 1;
        if self.depth > self.max_depth {
            let message = format!("the query nests deeper than {} levels: ask for less at once", self.max_depth);
            return Err(Error::new(codes::QUERY_TOO_LARGE, IssueCode::TooCostly, self.at, message));
        }
        let done = work(self);
        self.depth -= 1;
        done
    }

    fn document(&mut self) -> Parsed<Document> {
        let mut document = Document::default();
        while self.token != Token::End {
            if self.is_name("fragment") {
                document.fragments.push(self.fragment()?);
            } else {
                document.operations.push(self.operation()?);
            }
        }
        if document.operations.is_empty() { Err(self.expected("a query")) } else { Ok(document) }
    }

    fn operation(&mut self) -> Parsed<Operation> {
        let at = self.at;
        let mut operation =
            Operation { kind: OperationKind::Query, name: None, variables: Vec::new(), directives: Vec::new(), selections: Vec::new(), at };
        if !self.is('{') {
            operation.kind = match &self.token {
                Token::Name(name) if name == "query" => OperationKind::Query,
                Token::Name(name) if name == "mutation" => OperationKind::Mutation,
                Token::Name(name) if name == "subscription" => OperationKind::Subscription,
                _ => return Err(self.expected("`{`, `query` or `fragment`")),
            };
            self.advance()?;
            operation.name = self.advance_if_name()?;
            if self.take('(')? {
                while !self.take(')')? {
                    operation.variables.push(self.variable_definition()?);
                }
            }
            operation.directives = self.directives()?;
        }
        operation.selections = self.selections()?;
        Ok(operation)
    }

    fn fragment(&mut self) -> Parsed<Fragment> {
        let at = self.at;
        self.advance()?;
        if self.is_name("on") {
            return Err(self.expected("the name of the fragment, which cannot be `on`,"));
        }
        let name = self.name()?;
        if !self.is_name("on") {
            return Err(self.expected("`on`"));
        }
        self.advance()?;
        Ok(Fragment { name, on: self.name()?, directives: self.directives()?, selections: self.selections()?, at })
    }

    fn variable_definition(&mut self) -> Parsed<VariableDefinition> {
        let at = self.at;
        self.expect('$')?;
        let name = self.name()?;
        self.expect(':')?;
        let kind = self.type_reference()?;
        let default = if self.take('=')? { Some(self.input()?) } else { None };
        self.directives()?;
        Ok(VariableDefinition { name, kind, default, at })
    }

    fn type_reference(&mut self) -> Parsed<TypeReference> {
        let kind = if self.take('[')? {
            let inner = self.deeper(Self::type_reference)?;
            self.expect(']')?;
            TypeReference::List(Box::new(inner))
        } else {
            TypeReference::Named(self.name()?)
        };
        Ok(if self.take('!')? { TypeReference::NonNull(Box::new(kind)) } else { kind })
    }

    fn selections(&mut self) -> Parsed<Vec<Selection>> {
        self.expect('{')?;
        self.deeper(|parser| {
            let mut selections = Vec::new();
            while !parser.take('}')? {
                selections.push(parser.selection()?);
            }
            if selections.is_empty() {
                Err(parser.tokens.wrong(parser.at, "these braces are empty: name a field in them"))
            } else {
                Ok(selections)
            }
        })
    }

    fn selection(&mut self) -> Parsed<Selection> {
        let at = self.at;
        if self.token != Token::Spread {
            return self.field().map(Selection::Field);
        }
        self.advance()?;
        if !self.is_name("on")
            && let Some(name) = self.advance_if_name()?
        {
            return Ok(Selection::Spread(Spread { name, directives: self.directives()?, at }));
        }
        let on = if self.is_name("on") {
            self.advance()?;
            Some(self.name()?)
        } else {
            None
        };
        Ok(Selection::Inline(Inline { on, directives: self.directives()?, selections: self.selections()?, at }))
    }

    fn field(&mut self) -> Parsed<Field> {
        let at = self.at;
        let mut name = self.name()?;
        let mut alias = None;
        if self.take(':')? {
            alias = Some(std::mem::replace(&mut name, self.name()?));
        }
        let (arguments, directives) = (self.arguments()?, self.directives()?);
        let selections = if self.is('{') { self.selections()? } else { Vec::new() };
        Ok(Field { alias, name, arguments, directives, selections, at })
    }

    /// Also takes `()`, as FHIR's examples have it.
    fn arguments(&mut self) -> Parsed<Vec<Argument>> {
        let mut arguments = Vec::new();
        if self.take('(')? {
            while !self.take(')')? {
                let at = self.at;
                let name = self.name()?;
                self.expect(':')?;
                arguments.push(Argument { name, value: self.input()?, at });
            }
        }
        Ok(arguments)
    }

    fn directives(&mut self) -> Parsed<Vec<Directive>> {
        let mut directives = Vec::new();
        while self.is('@') {
            let at = self.at;
            self.advance()?;
            directives.push(Directive { name: self.name()?, arguments: self.arguments()?, at });
        }
        Ok(directives)
    }

    fn input(&mut self) -> Parsed<Input> {
        if self.take('$')? {
            return self.name().map(Input::Variable);
        }
        if self.take('[')? {
            return self.deeper(|parser| {
                let mut items = Vec::new();
                while !parser.take(']')? {
                    items.push(parser.input()?);
                }
                Ok(Input::List(items))
            });
        }
        if self.take('{')? {
            return self.deeper(|parser| {
                let mut members = Vec::new();
                while !parser.take('}')? {
                    let name = parser.name()?;
                    parser.expect(':')?;
                    members.push((name, parser.input()?));
                }
                Ok(Input::Object(members))
            });
        }
        if matches!(self.token, Token::Mark(_) | Token::Spread | Token::End) {
            return Err(self.expected("a value"));
        }
        Ok(match self.advance()? {
            Token::Number(text) => Input::Number(text),
            Token::String(text) => Input::String(text),
            Token::Name(name) if name == "true" || name == "false" => Input::Boolean(name == "true"),
            Token::Name(name) if name == "null" => Input::Null,
            Token::Name(name) => Input::Enum(name),
            _ => Input::Null,
        })
    }
}
