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
    /// What is wrong and what would be right.
    pub message: String,
}

/// What evaluation returns.
pub(crate) type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub(crate) fn new(kind: ErrorKind, position: u32, message: impl Into<String>) -> Self {
        Self { kind, position: position as usize, message: message.into() }
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
        write!(f, "{} (at byte {} of the expression)", self.message, self.position)
    }
}

impl std::error::Error for Error {}
