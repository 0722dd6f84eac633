//! Questions of other rooms: FHIRPath's `memberOf` and `subsumes`, and the `:in`, `:not-in`, `:above` and `:below` of a search.

use crate::engine::Terminology;
use crate::error::TerminologyError;
use crate::expand::Collector;
use crate::messages;
use crate::request::{Options, Subject};
use crate::session::{Rules, Session};
use crate::subsumes::{Subsumption, compare};
use crate::system::{Concept, Rows, System, rows};
use crate::value_set::compiled::Membership;

/// A code and the address of its system.
pub type SystemCode = (Box<str>, Box<str>);

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
    pub fn code_system(&self, url: &str) -> Result<Option<std::sync::Arc<dyn System>>, TerminologyError> {
        Session::new(*self, Options::default()).system(url, None, Rules::Apply)
    }

    /// The codes of a value set, `most` at most: for `:in` and `:not-in`. Where there are more, ask [`Terminology::compiled`] of each code.
    ///
    /// # Errors
    /// When it cannot be expanded, or has more codes.
    pub fn members(&self, value_set: &str, most: usize) -> Result<Vec<SystemCode>, TerminologyError> {
        let session = Session::new(*self, Options::default());
        let subject = Subject::Url { url: value_set.to_owned(), version: None };
        let value_set = session.subject(&subject)?;
        let collected = Collector::new(&session, None).collect(&value_set)?;
        if collected.items.len() > most || collected.is_unclosed() {
            return Err(TerminologyError::too_costly(messages::too_costly(&value_set.canonical(), most)));
        }
        let code = |item: &crate::expand::Item| {
            let system = &collected.systems[item.system];
            (system.about().url.clone(), Box::from(&*system.code(&item.concept)))
        };
        Ok(collected.items.iter().map(code).collect())
    }

    /// A code and all that stand below it, `most` at most: for `:below`. Nothing when the system or the code is not known.
    ///
    /// # Errors
    /// When there are more.
    pub fn below(&self, system: &str, code: &str, most: usize) -> Result<Vec<SystemCode>, TerminologyError> {
        self.around(system, code, most, |system, row| system.descendants(row))
    }

    /// A code and all that stand above it, `most` at most: for `:above`. Nothing when the system or the code is not known.
    ///
    /// # Errors
    /// When there are more.
    pub fn above(&self, system: &str, code: &str, most: usize) -> Result<Vec<SystemCode>, TerminologyError> {
        self.around(system, code, most, |system, row| rows::above(system, row))
    }

    fn around(
        &self,
        url: &str,
        code: &str,
        most: usize,
        find: impl Fn(&dyn System, u32) -> Rows,
    ) -> Result<Vec<SystemCode>, TerminologyError> {
        let Some(system) = self.code_system(url)? else { return Ok(Vec::new()) };
        let Some(concept) = system.find(code) else { return Ok(Vec::new()) };
        let mut codes = vec![(Box::from(url), Box::from(&*system.code(&concept)))];
        if let Some(row) = concept.row() {
            let rows = find(&*system, row);
            if rows.len() as usize >= most {
                return Err(TerminologyError::too_costly(messages::too_costly(&format!("{url}#{code}"), most)));
            }
            codes.extend(
                rows.iter().filter(|other| *other != row).map(|row| (Box::from(url), Box::from(&*system.code(&Concept::Row(row))))),
            );
        }
        Ok(codes)
    }
}
