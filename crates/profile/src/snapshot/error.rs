//! Why there is no snapshot.

use std::fmt;

use fhir::{Issue, IssueCode};

use crate::codes;

/// Why a differential and its base give no snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// An element has no path, or there are no elements.
    NoPath,
    /// The definition names no base, or the base is not in the library: its address.
    NoBase(Box<str>),
    /// The definition is its own base, at some distance: its address.
    Circular(Box<str>),
    /// The base has no element of this path.
    NoElement(Box<str>),
    /// What an element says does not fit the base: its path, and how.
    Unfit(Box<str>, Box<str>),
    /// There are too many elements, or they are nested too deeply.
    TooLarge,
}

impl Error {
    /// The same as an issue.
    pub fn issue(&self) -> Issue {
        let (number, code) = match self {
            Self::NoBase(_) => (codes::BASE_UNKNOWN, IssueCode::NotFound),
            Self::Circular(_) => (codes::CIRCULAR, IssueCode::Processing),
            Self::TooLarge => (codes::TOO_LARGE, IssueCode::TooCostly),
            Self::NoPath | Self::NoElement(_) | Self::Unfit(..) => (codes::DIFFERENTIAL, IssueCode::Processing),
        };
        Issue::error(number, code, "", self.to_string())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPath => f.write_str("an element of the definition has no path, or there is none: give each element its path"),
            Self::NoBase(url) => write!(f, "the base definition \"{url}\" is not known: add the package that has it"),
            Self::Circular(url) => write!(f, "the definition {url} is built on itself: break the circle of baseDefinition"),
            Self::NoElement(path) => write!(f, "the base has no element {path}: the differential may only name elements that there are"),
            Self::Unfit(path, how) => write!(f, "{path} does not fit the base: {how}"),
            Self::TooLarge => f.write_str("the definition has more elements, or nests them deeper, than a definition may"),
        }
    }
}

impl std::error::Error for Error {}
