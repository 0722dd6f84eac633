//! What does not belong to a value set, and value sets that are only a list.

use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

use fhir::Value;
use fhir::canonical::Canonical;

use super::collected::{Collected, Item};
use crate::error::TerminologyError;
use crate::session::{Rules, Session};
use crate::system::{Rows, System};
use crate::value_set::ValueSet;

/// The sets that are taken out.
#[derive(Default)]
pub(super) struct Exclusions {
    /// Whole systems, with a version or without.
    systems: Vec<(Box<str>, Option<Box<str>>)>,
    sets: Vec<Excluded>,
    /// Whether a code of another version is another code.
    pub(super) by_version: bool,
    /// Whether a whole system is taken out code by code.
    pub(super) lists_systems: bool,
}

/// One set: what all its parts agree on.
struct Excluded {
    system: Option<Arc<dyn System>>,
    codes: Option<HashSet<Box<str>>>,
    rows: Option<Arc<Rows>>,
    imports: Vec<Rc<Collected>>,
}

impl Exclusions {
    pub(super) fn exclude_system(&mut self, canonical: &str) {
        let canonical = Canonical::parse(canonical);
        self.systems.push((canonical.url.into(), canonical.version.map(Box::from)));
    }

    pub(super) fn exclude_all_of(&mut self, imports: Vec<Rc<Collected>>) {
        if !imports.is_empty() {
            self.sets.push(Excluded { system: None, codes: None, rows: None, imports });
        }
    }

    pub(super) fn exclude_set(
        &mut self,
        system: Arc<dyn System>,
        codes: Option<HashSet<Box<str>>>,
        rows: Option<Arc<Rows>>,
        imports: Vec<Rc<Collected>>,
    ) {
        self.sets.push(Excluded { system: Some(system), codes, rows, imports });
    }

    /// Whether a code of a system is taken out.
    pub(super) fn exclude(&self, system: &dyn System, code: &str) -> bool {
        let about = system.about();
        let is_system = |(url, version): &(Box<str>, Option<Box<str>>)| {
            *url == about.url && (version.is_none() || !self.by_version || *version == about.version)
        };
        self.systems.iter().any(is_system) || self.sets.iter().any(|set| set.contains(system, code, self.by_version))
    }
}

impl Excluded {
    fn contains(&self, system: &dyn System, code: &str, by_version: bool) -> bool {
        let url = &system.about().url;
        if let Some(own) = &self.system {
            let about = own.about();
            if about.url != *url || (by_version && about.version != system.about().version) {
                return false;
            }
            let is_listed = self.codes.as_ref().map(|codes| codes.contains(code));
            let row = || own.find(code).and_then(|concept| concept.row());
            let is_selected = self.rows.as_ref().map(|rows| row().is_some_and(|row| rows.contains(row)));
            let is_in = match (is_listed, is_selected) {
                (None, None) => own.find(code).is_some(),
                (listed, selected) => listed == Some(true) || selected == Some(true),
            };
            if !is_in {
                return false;
            }
        }
        self.imports.iter().all(|import| import.contains(url, code))
    }
}

/// A value set that has an expansion and no rules: the concepts in it that its systems have.
pub(super) fn from_expansion(session: &Session<'_>, value_set: &Arc<ValueSet>, collected: &mut Collected) -> Result<(), TerminologyError> {
    let Some(expansion) = value_set.resource.get("expansion") else { return Ok(()) };
    let mut waiting: Vec<&Value> = expansion.list("contains").collect();
    waiting.reverse();
    while let Some(entry) = waiting.pop() {
        let (url, code) = (entry.text("system").unwrap_or_default(), entry.text("code").unwrap_or_default());
        if let Some(system) = session.system(url, entry.text("version"), Rules::Apply)?
            && let Some(concept) = system.find(code)
        {
            collected.is_flat = true;
            collected.add(&system, Item { system: 0, concept, listed: None, parent: None }, false);
        }
        let children: Vec<&Value> = entry.list("contains").collect();
        waiting.extend(children.into_iter().rev());
    }
    Ok(())
}
