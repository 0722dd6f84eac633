//! The question of whoever validates resources: is what is coded here in the value set that it is bound to?

use std::sync::Arc;

use fhir::Value;
use fhir::canonical::Canonical;

use crate::designation::same_text;
use crate::engine::Terminology;
use crate::error::TerminologyError;
use crate::issue::TxIssue;
use crate::request::{Coded, Coding, Options, Subject};
use crate::session::Session;
use crate::validate::answer_in;
use crate::value_set::compiled::{CompiledSet, Membership};

/// An element that is bound to a value set.
#[derive(Clone, Copy, Debug)]
pub enum Bound<'v> {
    /// A `code`, or a `string` or `uri` that is bound: it is looked for in all systems of the value set.
    Code(&'v str),
    /// A `Coding`, or a `Quantity`, whose `system` and `code` are those of a Coding.
    Coding(&'v Value),
    /// A `CodeableConcept`: one of its codings is enough.
    Concept(&'v Value),
}

/// A coding of an element.
#[derive(Clone, Copy)]
struct Part<'v> {
    system: Option<&'v str>,
    version: Option<&'v str>,
    code: Option<&'v str>,
    display: Option<&'v str>,
}

impl<'v> Part<'v> {
    fn read(coding: &'v Value) -> Self {
        Self { system: coding.text("system"), version: coding.text("version"), code: coding.text("code"), display: coding.text("display") }
    }
}

impl<'v> Bound<'v> {
    fn each(self, mut each: impl FnMut(Part<'v>)) {
        match self {
            Bound::Code(code) => each(Part { system: None, version: None, code: Some(code), display: None }),
            Bound::Coding(coding) => each(Part::read(coding)),
            Bound::Concept(concept) => concept.list("coding").map(Part::read).for_each(each),
        }
    }

    fn coded(self) -> Coded {
        match self {
            Bound::Code(code) => Coded::Code(Coding { code: Some(code.to_owned()), ..Coding::default() }),
            Bound::Coding(coding) => Coded::Coding(Coding::read(coding)),
            Bound::Concept(concept) => Coded::Concept(concept.clone()),
        }
    }
}

/// What is to be said of something coded and the value set that it is bound to.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Whether it is in: a CodeableConcept is when one of its codings is.
    pub membership: Membership,
    /// Why it is not, or why nobody can tell, in a sentence; `None` when it is in.
    pub reason: Option<String>,
    /// What else there is to say, with an expression that begins at the coded element (`Coding.display`, `CodeableConcept.coding[0].code`, `code`): a display
    /// that is not the code's, a code that its system does not have, a concept that should not be used any more.
    pub issues: Vec<TxIssue>,
}

impl Terminology<'_> {
    /// The value set of an address, compiled for questions of membership. It is kept: as long as the library does not change, asking again costs one
    /// look into a table. Hold it where many codes are asked about.
    ///
    /// # Errors
    /// When it, or one that it includes, cannot be found, includes itself, or has a filter that cannot be worked with. That a code system is not known is
    /// no error.
    pub fn compiled(&self, value_set: &str) -> Result<Arc<CompiledSet>, TerminologyError> {
        self.cache.compiled(self.generation(), value_set, || {
            let session = Session::new(*self, Options::default());
            let subject = Subject::Url { url: value_set.to_owned(), version: None };
            let value_set = session.subject(&subject)?;
            CompiledSet::compile(&session, &value_set).map(Arc::new)
        })
    }

    /// Whether an element is in a value set, named by its canonical address, with a version or without.
    ///
    /// What is in, with a display that is one of the code's or none, is told without an allocation, by a look into the compiled value set; only what
    /// is wrong is looked into. A display that does not fit is a warning. An unknown value set is [`Membership::CannotTell`].
    pub fn validate_binding(&self, value_set: &str, bound: Bound<'_>) -> Verdict {
        let compiled = match self.compiled(value_set) {
            Ok(compiled) => compiled,
            Err(error) => {
                return Verdict { membership: Membership::CannotTell, reason: Some(error.text().to_owned()), issues: error.issues };
            }
        };
        let mut membership = Membership::NotIn;
        let mut has_more_to_say = false;
        bound.each(|part| match of_part(&compiled, part, matches!(bound, Bound::Code(_))) {
            Membership::In => {
                membership = Membership::In;
                has_more_to_say |= !is_plain(&compiled, part);
            }
            Membership::CannotTell if membership == Membership::NotIn => membership = Membership::CannotTell,
            _ => {}
        });
        if membership == Membership::In && !has_more_to_say {
            return Verdict { membership, reason: None, issues: Vec::new() };
        }
        let issues = self.explained(value_set, &bound.coded()).unwrap_or_else(|error| error.issues);
        let reason = (membership != Membership::In).then(|| reason(value_set, membership, &issues));
        Verdict { membership, reason, issues }
    }

    fn explained(&self, value_set: &str, coded: &Coded) -> Result<Vec<TxIssue>, TerminologyError> {
        let infers_system = matches!(coded, Coded::Code(coding) if coding.system.is_none());
        let options = Options { is_lenient: Some(true), infers_system, ..Options::default() };
        let session = Session::new(*self, options);
        let canonical = Canonical::parse(value_set);
        let subject = Subject::Url { url: canonical.url.to_owned(), version: canonical.version.map(str::to_owned) };
        let value_set = session.subject(&subject)?;
        session.require(&value_set.supplements);
        Ok(answer_in(&session, &value_set, coded)?.issues)
    }
}

/// Whether a coding is in. A code alone is looked for in all systems of the value set; a Coding without a system has no meaning.
fn of_part(compiled: &CompiledSet, part: Part<'_>, is_code_alone: bool) -> Membership {
    match (part.system, part.code) {
        (Some(system), Some(code)) => compiled.contains(system, part.version, code),
        (None, Some(code)) if is_code_alone => compiled.contains_code(code),
        _ => Membership::NotIn,
    }
}

/// Whether there is nothing more to say of a coding that is in: its concept is in use, and its display is one of the concept's.
fn is_plain(compiled: &CompiledSet, part: Part<'_>) -> bool {
    let (Some(url), Some(code)) = (part.system, part.code) else { return true };
    let Some(system) = compiled.known(url) else { return true };
    let Some(concept) = system.find(code) else { return false };
    let flags = system.flags(&concept);
    let mut fits = part.display.is_none();
    if let Some(display) = part.display {
        system.designations(&concept, &mut |designation| fits = fits || same_text(designation.value, display));
    }
    fits && !flags.is_inactive && !flags.is_deprecated && (system.about().is_case_sensitive || system.code(&concept) == code)
}

fn reason(value_set: &str, membership: Membership, issues: &[TxIssue]) -> String {
    let errors = issues.iter().filter(|issue| issue.severity >= fhir::Severity::Error);
    let because = errors.map(|issue| issue.text.as_str()).collect::<Vec<_>>().join("; ");
    match (membership, because.is_empty()) {
        (_, false) => because,
        (Membership::CannotTell, true) => {
            format!("Nobody here can tell whether it is in the value set '{value_set}': a code system is not known")
        }
        (_, true) => format!("It is not in the value set '{value_set}'"),
    }
}
