//! Questions of other rooms: FHIRPath's `memberOf` and `subsumes`, and the `:in`, `:not-in`, `:above` and `:below` of a search.

use std::sync::Arc;

use fhir::Value;

use crate::engine::Terminology;
use crate::error::TerminologyError;
use crate::request::Options;
use crate::session::{Rules, Session};
use crate::subsumes::{Subsumption, compare};
use crate::system::{Concept, Rows, System, rows};
use crate::value_set::ValueSet;
use crate::value_set::compiled::{CompiledSet, Membership};

/// The address of a code system, and a code of it.
pub type SystemCode = (Box<str>, Box<str>);

/// Why the codes of a value set, or those around a code, cannot be listed.
#[derive(Clone, Debug, PartialEq)]
pub enum Unlisted {
    /// There is no value set of this address: the one that is asked for, or one that it includes.
    UnknownValueSet(String),
    /// There is no code system of this address, and it would have to say what is in.
    UnknownSystem(String),
    /// The code system has no such code.
    UnknownCode,
    /// There are more codes than were asked for, or they have no end.
    TooMany,
    /// The value set or code system cannot be worked with.
    Unworkable(TerminologyError),
}

impl From<TerminologyError> for Unlisted {
    fn from(error: TerminologyError) -> Self {
        match error {
            TerminologyError { unknown_value_set: Some(address), .. } => Unlisted::UnknownValueSet(address),
            TerminologyError { unknown_system: Some(address), .. } => Unlisted::UnknownSystem(address),
            error => Unlisted::Unworkable(error),
        }
    }
}

impl fhirpath::Terminology for Terminology<'_> {
    fn member_of(&self, value_set: &str, system: Option<&str>, code: &str) -> Option<bool> {
        let compiled = self.compiled(value_set).ok()?;
        let membership = system.map_or_else(|| compiled.contains_code(code), |system| compiled.contains(system, None, code));
        match membership {
            Membership::In => Some(true),
            Membership::NotIn => Some(false),
            Membership::CannotTell => None,
        }
    }

    fn subsumes(&self, system: &str, code: &str, other: &str) -> Option<bool> {
        let system = self.code_system(system).ok()??;
        let outcome = compare(&system, code, other).ok()?;
        Some(matches!(outcome, Subsumption::Equivalent | Subsumption::Subsumes))
    }
}

impl Terminology<'_> {
    /// The newest version of a code system; `None` when it is not known.
    ///
    /// # Errors
    /// When it is too large.
    pub fn code_system(&self, url: &str) -> Result<Option<Arc<dyn System>>, TerminologyError> {
        Session::new(*self, Options::default()).system(url, None, Rules::Apply)
    }

    /// The codes of a value set, `most` at most, by its canonical address: what [`Terminology::compiled`] says of each code, as a list. A list in a
    /// value set counts also when its code system is not known.
    ///
    /// # Errors
    /// When it is not known or cannot be worked out, or when there are more.
    pub fn members(&self, value_set: &str, most: usize) -> Result<Vec<SystemCode>, Unlisted> {
        self.compiled(value_set)?.list(most)
    }

    /// The same for a ValueSet that need not be in the library.
    ///
    /// # Errors
    /// As [`Terminology::members`].
    pub fn members_of(&self, value_set: Value, most: usize) -> Result<Vec<SystemCode>, Unlisted> {
        let session = Session::new(*self, Options::default());
        CompiledSet::compile(&session, &ValueSet::read(Arc::new(value_set)))?.list(most)
    }

    /// A code and all that stand below it, `most` at most.
    ///
    /// # Errors
    /// When the system or the code is not known, or when there are more.
    pub fn below(&self, system: &str, code: &str, most: usize) -> Result<Vec<SystemCode>, Unlisted> {
        self.around(system, code, most, |system, row| system.descendants(row))
    }

    /// A code and all that stand above it, `most` at most.
    ///
    /// # Errors
    /// As [`Terminology::below`].
    pub fn above(&self, system: &str, code: &str, most: usize) -> Result<Vec<SystemCode>, Unlisted> {
        self.around(system, code, most, |system, row| rows::above(system, row))
    }

    fn around(&self, url: &str, code: &str, most: usize, find: impl Fn(&dyn System, u32) -> Rows) -> Result<Vec<SystemCode>, Unlisted> {
        let system = self.code_system(url)?.ok_or_else(|| Unlisted::UnknownSystem(url.to_owned()))?;
        let concept = system.find(code).ok_or(Unlisted::UnknownCode)?;
        let mut codes = vec![(Box::from(url), Box::from(&*system.code(&concept)))];
        if let Some(row) = concept.row() {
            let rows = find(&*system, row);
            if rows.len() as usize >= most {
                return Err(Unlisted::TooMany);
            }
            let others = rows.iter().filter(|other| *other != row);
            codes.extend(others.map(|row| (Box::from(url), Box::from(&*system.code(&Concept::Row(row))))));
        }
        Ok(codes)
    }
}
