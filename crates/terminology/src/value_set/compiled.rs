//! A value set compiled for membership: a question is answered from hash tables and bits, without a message and without an allocation.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::error::TerminologyError;
use crate::messages;
use crate::session::{Rules, Session};
use crate::system::{Filter, Rows, System};
use crate::value_set::{ConceptSet, ValueSet};
use crate::version;

/// Whether a code is in a value set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Membership {
    /// It is.
    In,
    /// It is not.
    NotIn,
    /// Nobody can tell: a code system or a value set is not known.
    CannotTell,
}

/// A value set, compiled. What it was compiled from does not change: it is made anew when the library has changed.
pub struct CompiledSet {
    pub(super) includes: Vec<Rule>,
    pub(super) excludes: Vec<Rule>,
    systems: Vec<Box<str>>,
    excludes_inactive: bool,
    bytes: usize,
}

/// An `include` or `exclude`.
pub(super) struct Rule {
    /// The address and the version that it names.
    pub(super) system: Option<(Box<str>, Option<Box<str>>)>,
    /// The system, when it is known.
    pub(super) known: Option<Arc<dyn System>>,
    pub(super) codes: Option<HashSet<Box<str>>>,
    pub(super) rows: Option<Arc<Rows>>,
    /// Of a grammar.
    pub(super) filters: Vec<Filter>,
    pub(super) imports: Vec<Arc<CompiledSet>>,
}

impl CompiledSet {
    /// About how many bytes it takes.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether a code is in. Without a version any version that the value set takes codes from does.
    pub fn contains(&self, system: &str, version: Option<&str>, code: &str) -> Membership {
        let mut result = Membership::NotIn;
        for rule in &self.includes {
            match rule.contains(system, version, code, self.excludes_inactive) {
                Membership::In => {
                    result = Membership::In;
                    break;
                }
                Membership::CannotTell => result = Membership::CannotTell,
                Membership::NotIn => {}
            }
        }
        if result == Membership::NotIn {
            return result;
        }
        for rule in &self.excludes {
            match rule.contains(system, version, code, false) {
                Membership::In => return Membership::NotIn,
                Membership::CannotTell => result = Membership::CannotTell,
                Membership::NotIn => {}
            }
        }
        result
    }

    /// Whether a code whose system is not stated is in with some system.
    pub fn contains_code(&self, code: &str) -> Membership {
        let mut result = Membership::NotIn;
        for system in &self.systems {
            match self.contains(system, None, code) {
                Membership::In => return Membership::In,
                Membership::CannotTell => result = Membership::CannotTell,
                Membership::NotIn => {}
            }
        }
        result
    }

    /// The addresses of the systems that it takes codes from, each once.
    pub fn systems(&self) -> &[Box<str>] {
        &self.systems
    }

    /// The known systems of its own rules.
    pub(crate) fn known(&self, system: &str) -> Option<&Arc<dyn System>> {
        let own = self.includes.iter().filter_map(|rule| rule.known.as_ref()).find(|known| *known.about().url == *system);
        own.or_else(|| self.includes.iter().flat_map(|rule| &rule.imports).find_map(|import| import.known(system)))
    }

    /// Compiles a value set and those that it includes.
    ///
    /// # Errors
    /// When one of them cannot be found, includes itself, or has a filter that cannot be worked with.
    pub(crate) fn compile(session: &Session<'_>, value_set: &ValueSet) -> Result<Self, TerminologyError> {
        compile(session, value_set, &mut Vec::new(), &mut HashMap::new())
    }
}

type Ready = HashMap<String, Arc<CompiledSet>>;

fn compile(session: &Session<'_>, value_set: &ValueSet, way: &mut Vec<String>, ready: &mut Ready) -> Result<CompiledSet, TerminologyError> {
    let canonical = value_set.canonical();
    if way.contains(&canonical) && !canonical.is_empty() {
        return Err(TerminologyError::definition(fhir::IssueCode::Processing, messages::circular(&canonical, way)));
    }
    if way.len() >= session.engine.limits.depth {
        return Err(TerminologyError::too_costly(messages::too_deep(&canonical, session.engine.limits.depth)));
    }
    value_set.check()?;
    way.push(canonical);
    let mut rules = |sets: &[ConceptSet]| -> Result<Vec<Rule>, TerminologyError> {
        sets.iter().map(|set| rule(session, value_set, set, way, ready)).collect()
    };
    let mut includes = rules(&value_set.includes)?;
    let excludes = rules(&value_set.excludes)?;
    way.pop();
    if !value_set.has_compose {
        includes = listed(session, value_set)?;
    }
    let of_rule =
        |rule: &Rule| 200 + rule.codes.as_ref().map_or(0, |codes| codes.len() * 48) + rule.rows.as_ref().map_or(0, |rows| rows.bytes());
    let bytes = 100 + includes.iter().chain(&excludes).map(of_rule).sum::<usize>();
    let systems = systems(&includes);
    Ok(CompiledSet { includes, excludes, systems, excludes_inactive: value_set.excludes_inactive, bytes })
}

fn systems(includes: &[Rule]) -> Vec<Box<str>> {
    let of_rule = |rule: &Rule| {
        let own = rule.system.iter().map(|(url, _)| url.clone());
        own.chain(rule.imports.iter().flat_map(|import| import.systems.clone())).collect::<Vec<_>>()
    };
    let mut systems: Vec<Box<str>> = includes.iter().flat_map(of_rule).collect();
    systems.sort();
    systems.dedup();
    systems
}

fn rule(
    session: &Session<'_>,
    value_set: &ValueSet,
    set: &ConceptSet,
    way: &mut Vec<String>,
    ready: &mut Ready,
) -> Result<Rule, TerminologyError> {
    set.check()?;
    let mut imports = Vec::new();
    for reference in &set.value_sets {
        let pinned = session.pinned(reference);
        if let Some(other) = ready.get(&pinned) {
            imports.push(other.clone());
            continue;
        }
        let unknown = || TerminologyError::unknown_value_set(&pinned);
        let other = session.included(&pinned, value_set).ok_or_else(unknown)?;
        let compiled = Arc::new(compile(session, &other, way, ready)?);
        if !pinned.starts_with('#') {
            ready.insert(pinned, compiled.clone());
        }
        imports.push(compiled);
    }
    let known = match &set.system {
        Some(url) => session.system(url, set.version.as_deref(), Rules::Apply)?,
        None => None,
    };
    let rows = match &known {
        Some(system) if !set.filters.is_empty() && system.rows().is_some() => {
            Some(session.select(system, &set.filters, &value_set.canonical())?)
        }
        _ => None,
    };
    let folds = known.as_ref().is_some_and(|system| !system.about().is_case_sensitive);
    let code = |listed: &crate::value_set::Listed| if folds { listed.code.to_lowercase().into() } else { listed.code.clone() };
    Ok(Rule {
        system: set.system.clone().map(|url| (url, set.version.clone())),
        codes: (!set.concepts.is_empty()).then(|| set.concepts.iter().map(code).collect()),
        filters: if rows.is_none() { set.filters.clone() } else { Vec::new() },
        known,
        rows,
        imports,
    })
}

/// The rules of a value set that is only a list: one for each system in it.
fn listed(session: &Session<'_>, value_set: &ValueSet) -> Result<Vec<Rule>, TerminologyError> {
    let mut by_system: HashMap<Box<str>, HashSet<Box<str>>> = HashMap::new();
    let mut waiting: Vec<&fhir::Value> =
        value_set.resource.get("expansion").into_iter().flat_map(|expansion| expansion.list("contains")).collect();
    while let Some(entry) = waiting.pop() {
        if let (Some(system), Some(code)) = (entry.text("system"), entry.text("code")) {
            by_system.entry(system.into()).or_default().insert(code.into());
        }
        waiting.extend(entry.list("contains"));
    }
    let mut rules = Vec::new();
    for (system, codes) in by_system {
        let known = session.system(&system, None, Rules::Apply)?;
        rules.push(Rule { system: Some((system, None)), known, codes: Some(codes), rows: None, filters: Vec::new(), imports: Vec::new() });
    }
    Ok(rules)
}

impl Rule {
    fn contains(&self, system: &str, version: Option<&str>, code: &str, active_only: bool) -> Membership {
        let own = match &self.system {
            None => Membership::In,
            Some((url, _)) if **url != *system => Membership::NotIn,
            Some((_, wanted)) => self.contains_own(wanted.as_deref(), version, code, active_only),
        };
        let mut result = own;
        for import in &self.imports {
            if result == Membership::NotIn {
                break;
            }
            match import.contains(system, version, code) {
                Membership::In => {}
                Membership::NotIn => result = Membership::NotIn,
                Membership::CannotTell => result = Membership::CannotTell,
            }
        }
        result
    }

    /// Whether a code of the rule's own system is in.
    fn contains_own(&self, wanted: Option<&str>, version: Option<&str>, code: &str, active_only: bool) -> Membership {
        let is_it = |is_in: bool| if is_in { Membership::In } else { Membership::NotIn };
        if let (Some(wanted), Some(version)) = (wanted, version)
            && !version::matches(wanted, version)
            && !version::matches(version, wanted)
        {
            return Membership::NotIn;
        }
        let Some(system) = &self.known else {
            // A list says itself what is in it.
            return match &self.codes {
                Some(codes) if codes.contains(code) => Membership::In,
                Some(_) if self.filters.is_empty() => Membership::NotIn,
                _ => Membership::CannotTell,
            };
        };
        if let Some(codes) = &self.codes {
            let folds = !system.about().is_case_sensitive;
            let is_listed = codes.contains(code) || (folds && codes.contains(&*code.to_lowercase()));
            if is_listed && !active_only {
                return Membership::In;
            }
            if !is_listed && self.rows.is_none() && self.filters.is_empty() {
                return Membership::NotIn;
            }
        }
        let Some(concept) = system.find(code) else {
            let is_whole = system.about().content == crate::system::Content::Complete;
            return if is_whole { Membership::NotIn } else { Membership::CannotTell };
        };
        if active_only && system.flags(&concept).is_inactive {
            return Membership::NotIn;
        }
        match (concept.row(), &self.rows) {
            (Some(row), Some(rows)) => is_it(rows.contains(row)),
            _ => is_it(self.filters.iter().all(|filter| matches!(system.passes(&concept, filter), Ok(Ok(()))))),
        }
    }
}
