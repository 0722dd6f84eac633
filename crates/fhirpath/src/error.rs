//! Why an expression was refused, and where in its text.

use std::fmt;

use crate::codes;

/// Which kind of mistake an [`Error`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The text does not follow the grammar.
    Syntax,
    /// It names something that does not exist, or that does not fit, whatever the data.
    Semantic,
    /// It does not fit the data it was evaluated on.
    Execution,
    /// It takes more than [`Limits`](crate::Limits) allow.
    Limit,
}

/// What is wrong with an expression or its evaluation. The message never holds data of the resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Which kind of mistake it is.
    pub kind: ErrorKind,
    /// Where in the expression, in bytes from its start.
    pub position: usize,
    /// The line of that place, the first being 1.
    pub line: u32,
    /// Which character of the line it is, the first being 1.
    pub column: u32,
    /// What is wrong and what would be right.
    pub message: String,
}

/// What evaluation returns.
pub(crate) type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub(crate) fn new(kind: ErrorKind, position: u32, message: impl Into<String>) -> Self {
        Self { kind, position: position as usize, line: 1, column: position + 1, message: message.into() }
    }

    /// The same, with line and column counted in the text of the expression.
    pub(crate) fn located(mut self, text: &str) -> Self {
        let before = text.get(..self.position).unwrap_or(text);
        let (lines, last) = before.rsplit_once('\n').map_or((0, before), |(lines, last)| (1 + lines.matches('\n').count(), last));
        (self.line, self.column) = (1 + lines as u32, 1 + last.chars().count() as u32);
        self
    }

    pub(crate) fn syntax(position: u32, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Syntax, position, message)
    }

    pub(crate) fn semantic(position: u32, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Semantic, position, message)
    }

    pub(crate) fn execution(position: u32, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Execution, position, message)
    }

    pub(crate) fn limit(position: u32, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Limit, position, message)
    }

    /// Its stable number in Ward, one of [`codes`].
    pub fn number(&self) -> u16 {
        match self.kind {
            ErrorKind::Syntax => codes::SYNTAX,
            ErrorKind::Semantic => codes::SEMANTIC,
            ErrorKind::Execution => codes::EXECUTION,
            ErrorKind::Limit => codes::LIMIT,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (line {}, column {} of the expression)", self.message, self.line, self.column)
    }
}

impl std::error::Error for Error {}
