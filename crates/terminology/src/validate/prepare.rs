//! A value set made ready for validation: what it includes is there, and its filters can be worked with.

use std::collections::HashMap;
use std::sync::Arc;

use fhir::{IssueCode, Severity};

use crate::error::{Failure, TerminologyError};
use crate::issue::{Kind, TxIssue};
use crate::messages;
use crate::session::{Rules, Session};
use crate::value_set::{ConceptSet, ValueSet};

/// A value set and those that it includes.
pub(crate) struct Prepared {
    pub(crate) value_set: Arc<ValueSet>,
    /// By the reference as it is pinned.
    pub(crate) others: HashMap<String, Arc<Prepared>>,
}

impl Prepared {
    /// Makes a value set ready.
    ///
    /// # Errors
    /// When a value set that it includes cannot be found or includes it again, a filter cannot be worked with, or a supplement is missing.
    pub(crate) fn new(session: &Session<'_>, value_set: &Arc<ValueSet>) -> Result<Self, TerminologyError> {
        let prepared = prepare(session, value_set, &mut Vec::new(), &mut HashMap::new())?;
        session.check_supplements()?;
        Ok(prepared)
    }

    /// The value set that a reference names.
    pub(crate) fn other(&self, session: &Session<'_>, reference: &str) -> Option<&Arc<Prepared>> {
        self.others.get(&session.pinned(reference))
    }
}

/// Value sets that are ready, by address.
type Ready = HashMap<String, Arc<Prepared>>;

fn prepare(
    session: &Session<'_>,
    value_set: &Arc<ValueSet>,
    way: &mut Vec<String>,
    ready: &mut Ready,
) -> Result<Prepared, TerminologyError> {
    let identity = match value_set.canonical() {
        canonical if canonical.is_empty() || value_set.is_contained => format!("#{:p}", Arc::as_ptr(&value_set.resource)),
        canonical => canonical,
    };
    if way.contains(&identity) {
        let issue = TxIssue::new(Severity::Error, IssueCode::Processing, Kind::VsInvalid, messages::circular(&identity, way));
        return Err(TerminologyError::new(Failure::Unprocessable, issue));
    }
    if way.len() >= session.engine.limits.depth {
        return Err(TerminologyError::too_costly(messages::too_deep(&identity, session.engine.limits.depth)));
    }
    value_set.check()?;
    way.push(identity);
    let mut prepared = Prepared { value_set: value_set.clone(), others: HashMap::new() };
    for set in value_set.includes.iter().chain(&value_set.excludes) {
        prepare_set(session, set, &mut prepared, way, ready)?;
    }
    way.pop();
    Ok(prepared)
}

fn prepare_set(
    session: &Session<'_>,
    set: &ConceptSet,
    prepared: &mut Prepared,
    way: &mut Vec<String>,
    ready: &mut Ready,
) -> Result<(), TerminologyError> {
    set.check()?;
    session.require(&set.supplements);
    for reference in &set.value_sets {
        let pinned = session.pinned(reference);
        if prepared.others.contains_key(&pinned) {
            continue;
        }
        let is_own = pinned.starts_with('#');
        if let Some(other) = ready.get(&pinned).filter(|_| !is_own) {
            prepared.others.insert(pinned, other.clone());
            continue;
        }
        let unknown = || TerminologyError::not_found(messages::unknown_value_set(&pinned)).into_answer();
        let included = session.included(&pinned, &prepared.value_set).ok_or_else(unknown)?;
        session.require(&included.supplements);
        let other = Arc::new(prepare(session, &included, way, ready)?);
        if !is_own {
            ready.insert(pinned.clone(), other.clone());
        }
        prepared.others.insert(pinned, other);
    }
    let Some(url) = &set.system else { return Ok(()) };
    // An unknown system is told of with the code; a filter that its system does not know is an error.
    if let Some(system) = session.system(url, set.version.as_deref(), Rules::Apply)?
        && !set.filters.is_empty()
        && system.rows().is_some()
    {
        session.select(&system, &set.filters, &prepared.value_set.canonical())?;
    }
    Ok(())
}
