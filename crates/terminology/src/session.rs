//! One request at work: the library with what came along, the rules for versions, the supplements, and what was noted on the way.

mod systems;
mod value_sets;

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use fhir::library::Shelf;
use fhir::{IssueCode, Value};

use crate::cache::Index;
use crate::engine::Terminology;
use crate::error::{Failure, TerminologyError};
use crate::issue::{Kind, TxIssue};
use crate::messages;
use crate::request::{Mode, Options, VersionRule};
use crate::system::resource::ResourceSystem;
use crate::system::{Filter, Rows, System, Unsupported};
use crate::version;

/// One request at work.
pub(crate) struct Session<'a> {
    pub(crate) engine: Terminology<'a>,
    pub(crate) options: Options,
    /// What came with the request.
    shelf: Shelf,
    has_shelf: bool,
    shelf_index: Index,
    /// Compiled from what came with the request.
    compiled: RefCell<HashMap<SystemKey, Arc<ResourceSystem>>>,
    selections: RefCell<HashMap<SelectionKey, Arc<Rows>>>,
    /// Supplements that are needed, by the request or the value set.
    required: RefCell<Vec<String>>,
    /// Those of them that were found.
    used: RefCell<Vec<String>>,
    /// Rules for versions that were applied: the parameter, and what it said.
    applied: RefCell<Vec<(&'static str, String)>>,
}

/// A system by address and version.
type SystemKey = (Box<str>, Option<Box<str>>);

/// The same, and filters on it.
type SelectionKey = (Box<str>, Option<Box<str>>, Vec<Filter>);

/// Which versions a search for a code system is allowed to find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rules {
    /// The parameters of the request apply.
    Apply,
    /// What is asked for, no matter what the request says.
    Ignore,
}

impl<'a> Session<'a> {
    pub(crate) fn new(engine: Terminology<'a>, mut options: Options) -> Self {
        let resources = std::mem::take(&mut options.resources);
        let has_shelf = !resources.is_empty();
        // Of two with the same address and version the first one is meant.
        let shelf = Shelf::new(resources.into_iter().rev());
        let shelf_index = if has_shelf { Index::of(&shelf) } else { Index::default() };
        if options.request_language.is_none() {
            options.request_language = engine.languages.cloned();
        }
        let required = RefCell::new(options.supplements.clone());
        Self {
            engine,
            options,
            shelf,
            has_shelf,
            shelf_index,
            compiled: RefCell::default(),
            selections: RefCell::default(),
            required,
            used: RefCell::default(),
            applied: RefCell::default(),
        }
    }

    /// The version to use for an address, where `stated` is what a value set or code says.
    pub(crate) fn version_for(&self, url: &str, stated: Option<&str>, is_value_set: bool) -> Option<String> {
        let rules = || self.options.version_rules.iter().filter(|rule| rule.url == url && rule.is_for_value_sets == is_value_set);
        let apply = |rule: &VersionRule| {
            let noted = (rule.parameter(), format!("{}|{}", rule.url, rule.version));
            let mut applied = self.applied.borrow_mut();
            if !applied.contains(&noted) {
                applied.push(noted);
            }
            Some(rule.version.clone())
        };
        let of_mode = |mode| rules().find(|rule| rule.mode == mode);
        if let Some(rule) = of_mode(Mode::Force) {
            return apply(rule);
        }
        if let Some(stated) = stated {
            return Some(stated.to_owned());
        }
        of_mode(Mode::Default).or_else(|| of_mode(Mode::Check)).and_then(apply)
    }

    /// The rules that were applied, as parameters of an expansion.
    pub(crate) fn applied_rules(&self) -> Vec<(&'static str, String)> {
        self.applied.borrow().clone()
    }

    /// The issue for a version of a code system that the request does not allow.
    pub(crate) fn version_issue(&self, system: &dyn System) -> Option<TxIssue> {
        let about = system.about();
        let found = about.version.as_deref()?;
        let mut checks = self.options.version_rules.iter().filter(|rule| rule.mode == Mode::Check && *rule.url == *about.url);
        let broken = checks.find(|rule| !version::matches(&rule.version, found))?;
        let message = messages::version_not_allowed(&about.url, found, &broken.version);
        Some(TxIssue::error(IssueCode::Exception, Kind::VersionError, message))
    }

    /// Notes that a value set needs supplements.
    pub(crate) fn require(&self, supplements: &[String]) {
        let mut required = self.required.borrow_mut();
        for supplement in supplements {
            if !required.contains(supplement) {
                required.push(supplement.clone());
            }
        }
    }

    /// An error when a supplement that is needed belongs to no system that was used.
    pub(crate) fn check_supplements(&self) -> Result<(), TerminologyError> {
        let used = self.used.borrow();
        let missing: Vec<String> = self.required.borrow().iter().filter(|supplement| !used.contains(supplement)).cloned().collect();
        if missing.is_empty() {
            return Ok(());
        }
        let issue = TxIssue::error(IssueCode::NotFound, Kind::NotFound, messages::supplements_missing(&missing));
        Err(TerminologyError::new(Failure::Unprocessable, issue))
    }

    /// The rows of a system that all the filters let through.
    pub(crate) fn select(&self, system: &Arc<dyn System>, filters: &[Filter], value_set: &str) -> Result<Arc<Rows>, TerminologyError> {
        let make = || self.evaluate(&**system, filters, value_set);
        let about = system.about();
        // What supplements or the request brought along is this request's own.
        if about.supplements.is_empty() && !self.is_on_shelf("CodeSystem", &about.url) {
            return self.engine.cache.selection(self.engine.generation(), &**system, filters, make);
        }
        let key = (about.url.clone(), about.version.clone(), filters.to_vec());
        if let Some(rows) = self.selections.borrow().get(&key) {
            return Ok(rows.clone());
        }
        let rows = Arc::new(make()?);
        self.selections.borrow_mut().insert(key, rows.clone());
        Ok(rows)
    }

    fn evaluate(&self, system: &dyn System, filters: &[Filter], value_set: &str) -> Result<Rows, TerminologyError> {
        let mut found: Option<Rows> = None;
        for filter in filters {
            let rows = match system.select(filter) {
                Ok(rows) => rows,
                Err(Unsupported::Filter) if &*filter.property == "constraint" => self.ecl(system, filter, value_set)?,
                Err(why) => return Err(not_understood(system, filter, value_set, why)),
            };
            match &mut found {
                Some(found) => found.intersect(&rows),
                None => found = Some(rows),
            }
        }
        Ok(found.unwrap_or_default())
    }

    fn ecl(&self, system: &dyn System, filter: &Filter, value_set: &str) -> Result<Rows, TerminologyError> {
        let Some(ecl) = self.engine.ecl else { return Err(not_understood(system, filter, value_set, Unsupported::Filter)) };
        ecl.select(system, &filter.value).map_err(|why| {
            let message = messages::Message {
                id: None,
                text: format!("The expression of the value set {value_set} cannot be evaluated: {why}"),
                number: crate::codes::DEFINITION,
            };
            TerminologyError::definition(IssueCode::Invalid, message)
        })
    }

    /// Whether a concept passes all filters: by its row, or by what the grammar says. The text says why not, where there is more to say.
    pub(crate) fn passes(
        &self,
        system: &Arc<dyn System>,
        concept: &crate::system::Concept,
        filters: &[Filter],
        value_set: &str,
    ) -> Result<Result<(), Option<String>>, TerminologyError> {
        if let Some(row) = concept.row() {
            let rows = self.select(system, filters, value_set)?;
            return Ok(if rows.contains(row) { Ok(()) } else { Err(None) });
        }
        for filter in filters {
            match system.passes(concept, filter) {
                Ok(Ok(())) => {}
                Ok(Err(why)) => return Ok(Err(Some(why))),
                Err(why) => return Err(not_understood(&**system, filter, value_set, why)),
            }
        }
        Ok(Ok(()))
    }
}

fn not_understood(system: &dyn System, filter: &Filter, value_set: &str, why: Unsupported) -> TerminologyError {
    let message = match why {
        Unsupported::Filter => {
            let operator = filter.operator.code();
            messages::filter_not_understood(&filter.property, operator, &filter.value, value_set, &system.about().url)
        }
        Unsupported::Pattern => messages::bad_pattern(filter, value_set),
    };
    TerminologyError::definition(IssueCode::NotSupported, message).with_failure(Failure::Request)
}

impl Session<'_> {
    /// What came with the request.
    pub(crate) fn brought(&self) -> &Shelf {
        &self.shelf
    }

    /// Whether a resource of this type and address came with the request.
    fn is_on_shelf(&self, kind: &str, url: &str) -> bool {
        use fhir::library::Library;
        self.has_shelf && !self.shelf.versions(kind, url).is_empty()
    }

    /// A resource of the shelf or the library, by address and exactly this version.
    fn exact(&self, kind: &str, url: &str, version: Option<&str>) -> Option<Arc<Value>> {
        use fhir::library::Library;
        let canonical = fhir::canonical::Canonical { url, version, fragment: None };
        let fits = |resource: &Arc<Value>| resource.text("version") == version;
        self.shelf.find(kind, &canonical).filter(fits).or_else(|| self.engine.library.find(kind, &canonical).filter(fits))
    }
}
