//! Sets of codes that a search names and does not list: those of a value set, and those below or above a code
//! (`:in`, `:not-in`, `:below`, `:above`, <http://hl7.org/fhir/R4/search.html#modifiers>).
//!
//! What is in them is asked of whoever knows terminology. A query is a plan only when it is known: engines compare tokens, and know no value set.

use std::fmt;

use store::entry::Token;
use store::query::TokenSet;

use crate::fold;

/// A set of codes, by what it is called.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CodeSet {
    /// Which codes.
    pub of: SetOf,
    /// Whether they are compared without case, as the values of the parameter are ([`crate::Parameter::folds_case`]).
    pub folds_case: bool,
}

/// Which codes a set has.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SetOf {
    /// Those of a value set.
    ValueSet {
        /// The id of the ValueSet of this server that is meant when there is one: the address leads to it.
        id: Option<Box<str>>,
        /// The address as it was given, without a version: a canonical one when there is no such resource.
        url: Box<str>,
        /// The version that was asked for.
        version: Option<Box<str>>,
    },
    /// A code and all that it subsumes.
    Below {
        /// Its system.
        system: Box<str>,
        /// The code.
        code: Box<str>,
    },
    /// A code and all that subsume it.
    Above {
        /// Its system.
        system: Box<str>,
        /// The code.
        code: Box<str>,
    },
}

impl CodeSet {
    /// The tokens that a search compares, of codes each with its system before it: written as those of the index are.
    pub fn tokens(&self, codes: impl IntoIterator<Item = (Box<str>, Box<str>)>) -> TokenSet {
        let token = |(system, code): (Box<str>, Box<str>)| {
            let code = bounded(code);
            let code = if self.folds_case { fold::code(&code).into() } else { code };
            Token { code, system: bounded(system) }
        };
        codes.into_iter().map(token).collect()
    }
}

fn bounded(text: Box<str>) -> Box<str> {
    let kept = fold::bounded(&text).len();
    if kept == text.len() { text } else { Box::from(&text[..kept]) }
}

/// Knows what is in sets of codes.
pub trait CodeSets: fmt::Debug + Sync {
    /// The tokens of a set.
    ///
    /// # Errors
    /// Why nobody can tell.
    fn tokens(&self, asked: &CodeSet) -> Result<TokenSet, NoTokens>;
}

/// Why nobody can tell what is in a set of codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoTokens {
    /// Nobody here knows terminology.
    NoTerminology,
    /// There is no value set of this address.
    UnknownValueSet(String),
    /// There is no code system of this address.
    UnknownSystem(String),
    /// The system is known, and the code is none of its codes.
    UnknownCode,
    /// It has more codes than this, or they cannot be listed at all.
    TooMany(usize),
    /// It cannot be worked out: why, in a sentence.
    Unworkable(String),
}

/// Knows no set of codes.
#[derive(Clone, Copy, Debug)]
pub struct NoCodeSets;

impl CodeSets for NoCodeSets {
    fn tokens(&self, _: &CodeSet) -> Result<TokenSet, NoTokens> {
        Err(NoTokens::NoTerminology)
    }
}
