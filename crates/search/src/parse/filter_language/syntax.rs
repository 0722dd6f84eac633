//! The grammar of `_filter`.

use fhir::Issue;

use super::refused;

/// How deep parentheses, brackets and `not` may be nested.
const MAX_DEPTH: usize = 20;
/// How many names a path may have.
const MAX_STEPS: usize = 10;

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expression {
    All(Vec<Expression>),
    Any(Vec<Expression>),
    Not(Box<Expression>),
    Condition(Condition),
}

/// `path operator value`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Condition {
    pub(super) path: Vec<Step>,
    pub(super) operator: String,
    pub(super) value: String,
}

/// A name in a path: `subject`, `subject:Patient`, `subject[filter]`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    pub(super) name: String,
    pub(super) filter: Option<Box<Expression>>,
}

/// Reads a whole expression.
pub(super) fn parse(text: &str) -> Result<Expression, Issue> {
    let mut reader = Reader { rest: text };
    let expression = reader.either(0)?;
    reader.blanks();
    if reader.rest.is_empty() {
        Ok(expression)
    } else {
        Err(refused("goes on where it should end, or joins conditions without `and` or `or`"))
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// Takes a sign, if it is next.
    fn sign(&mut self, sign: char) -> bool {
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Takes a word, if it is next and ends there.
    fn word(&mut self, word: &str) -> bool {
        self.blanks();
        let Some(rest) =
            self.rest.get(word.len()..).filter(|_| self.rest.get(..word.len()).is_some_and(|next| next.eq_ignore_ascii_case(word)))
        else {
            return false;
        };
        let ends = rest.chars().next().is_none_or(|next| next.is_whitespace() || next == '(');
        if ends {
            self.rest = rest;
        }
        ends
    }

    /// Takes what comes before the first letter that ends it.
    fn until(&mut self, ends: impl Fn(char) -> bool) -> &'a str {
        let (taken, rest) = self.rest.split_at(self.rest.find(ends).unwrap_or(self.rest.len()));
        self.rest = rest;
        taken
    }

    fn either(&mut self, depth: usize) -> Result<Expression, Issue> {
        let mut parts = vec![self.both(depth)?];
        while self.word("or") {
            parts.push(self.both(depth)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expression::Any(parts) })
    }

    fn both(&mut self, depth: usize) -> Result<Expression, Issue> {
        let mut parts = vec![self.one(depth)?];
        while self.word("and") {
            parts.push(self.one(depth)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expression::All(parts) })
    }

    fn one(&mut self, depth: usize) -> Result<Expression, Issue> {
        if depth > MAX_DEPTH {
            return Err(refused(&format!("is nested more than {MAX_DEPTH} deep")));
        }
        self.blanks();
        let before = self.rest;
        if self.word("not") {
            self.blanks();
            if self.sign('(') {
                return Ok(Expression::Not(Box::new(self.closed(depth, ')')?)));
            }
            self.rest = before;
        }
        if self.sign('(') { self.closed(depth, ')') } else { self.condition(depth) }
    }

    /// An expression up to the sign that closes it.
    fn closed(&mut self, depth: usize, close: char) -> Result<Expression, Issue> {
        let inner = self.either(depth + 1)?;
        self.blanks();
        if self.sign(close) { Ok(inner) } else { Err(refused(&format!("misses a `{close}`"))) }
    }

    fn condition(&mut self, depth: usize) -> Result<Expression, Issue> {
        let path = self.path(depth)?;
        let before = self.rest.len();
        self.blanks();
        let operator = self.until(char::is_whitespace).to_ascii_lowercase();
        let is_apart = self.rest.len() < before && !operator.is_empty() && self.rest.starts_with(char::is_whitespace);
        self.blanks();
        if !is_apart || self.rest.is_empty() {
            return Err(refused("has a condition that is not `parameter operator value` with blanks between"));
        }
        let value = if self.rest.starts_with('"') {
            self.string()?
        } else {
            self.until(|next| next.is_whitespace() || matches!(next, ')' | ']')).to_owned()
        };
        if value.is_empty() {
            return Err(refused("has a condition without a value"));
        }
        Ok(Expression::Condition(Condition { path, operator, value }))
    }

    fn path(&mut self, depth: usize) -> Result<Vec<Step>, Issue> {
        let mut path = Vec::new();
        loop {
            let name = self.until(|next| !(next.is_ascii_alphanumeric() || matches!(next, '_' | '-' | ':'))).to_owned();
            if name.is_empty() || path.len() == MAX_STEPS {
                return Err(refused(&format!("has a condition that does not begin with a parameter, or a path of more than {MAX_STEPS}")));
            }
            let filter = if self.sign('[') { Some(Box::new(self.closed(depth, ']')?)) } else { None };
            path.push(Step { name, filter });
            if !self.sign('.') {
                return Ok(path);
            }
        }
    }

    /// A string as JSON writes it.
    fn string(&mut self) -> Result<String, Issue> {
        let mut escaped = false;
        let end = self.rest.char_indices().skip(1).find(|&(_, letter)| {
            let ends = letter == '"' && !escaped;
            escaped = letter == '\\' && !escaped;
            ends
        });
        let Some((end, _)) = end else { return Err(refused("has a quotation mark without its second")) };
        let (text, rest) = self.rest.split_at(end + 1);
        self.rest = rest;
        let parsed = fhir::json::parse(format!("[{text}]").as_bytes()).ok();
        let string = parsed.as_ref().and_then(|list| list.as_array()?.first()?.as_str());
        string.map(str::to_owned).ok_or_else(|| refused("has a string that is not written as in JSON"))
    }
}
