//! What can be wrong with a constraint or an expression.

use std::fmt;

use crate::codes;

/// Why a text was not understood, or could not be evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What kind of error it is.
    pub kind: ErrorKind,
    /// Where in the text, in bytes from its beginning.
    pub at: usize,
    /// What could have stood there; empty where that is no matter of grammar.
    pub expected: Vec<&'static str>,
    /// What is wrong, and what helps.
    pub message: String,
}

/// The kinds of [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The grammar of constraints is not followed.
    Syntax,
    /// A limit is reached.
    Limit,
    /// The constraint asks for what has no meaning.
    Meaning,
    /// The compositional grammar is not followed.
    Expression,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, at: usize, message: impl Into<String>) -> Self {
        Self { kind, at, expected: Vec::new(), message: message.into() }
    }

    pub(crate) fn limit(at: usize, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Limit, at, message)
    }

    pub(crate) fn meaning(at: usize, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Meaning, at, message)
    }

    /// Its stable number in Ward, one of [`codes`].
    pub fn number(&self) -> u16 {
        match self.kind {
            ErrorKind::Syntax => codes::SYNTAX,
            ErrorKind::Limit => codes::LIMIT,
            ErrorKind::Meaning => codes::MEANING,
            ErrorKind::Expression => codes::EXPRESSION,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at byte {}: {}", self.at, self.message)?;
        match self.expected.split_last() {
            None => Ok(()),
            Some((only, [])) => write!(f, "; expected is {only}"),
            Some((last, others)) => write!(f, "; expected is {} or {last}", others.join(", ")),
        }
    }
}

impl std::error::Error for Error {}
