//! Goes through the rules of a value set and collects its concepts: as rows of their systems, without a text for any of them.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use fhir::IssueCode;

use super::collected::{Collected, Item};
use super::exclude::Exclusions;
use crate::error::TerminologyError;
use crate::messages;
use crate::session::{Rules, Session};
use crate::system::{Concept, Content, Rows, SearchText, System};
use crate::value_set::{ConceptSet, ValueSet};
use crate::version::compare_versions;

/// Collects the concepts of value sets, one in another.
pub(crate) struct Collector<'s, 'a> {
    session: &'s Session<'a>,
    text: Option<SearchText>,
    /// The value sets on the way here.
    way: Vec<String>,
    /// How many concepts were looked at.
    work: usize,
    /// Value sets that were collected before, by address.
    done: HashMap<String, Rc<Collected>>,
}

/// What one value set is being made of.
struct Making {
    collected: Collected,
    exclusions: Exclusions,
    excludes_inactive: bool,
    versions_match: bool,
}

impl<'s, 'a> Collector<'s, 'a> {
    pub(crate) fn new(session: &'s Session<'a>, text: Option<SearchText>) -> Self {
        Self { session, text, way: Vec::new(), work: 0, done: HashMap::new() }
    }

    /// The concepts of a value set.
    pub(crate) fn collect(&mut self, value_set: &Arc<ValueSet>) -> Result<Collected, TerminologyError> {
        let canonical = value_set.canonical();
        let identity =
            if canonical.is_empty() || value_set.is_contained { format!("#{:p}", Arc::as_ptr(&value_set.resource)) } else { canonical };
        if self.way.contains(&identity) {
            return Err(TerminologyError::new(
                crate::error::Failure::Unprocessable,
                crate::issue::TxIssue::error(
                    IssueCode::Processing,
                    crate::issue::Kind::VsInvalid,
                    messages::circular(&identity, &self.way),
                ),
            ));
        }
        if self.way.len() >= self.session.engine.limits.depth {
            return Err(TerminologyError::too_costly(messages::too_deep(&identity, self.session.engine.limits.depth)));
        }
        self.way.push(identity);
        let collected = self.compose(value_set);
        self.way.pop();
        collected
    }

    fn compose(&mut self, value_set: &Arc<ValueSet>) -> Result<Collected, TerminologyError> {
        value_set.check()?;
        let mut making = Making {
            collected: Collected::default(),
            exclusions: Exclusions::default(),
            excludes_inactive: value_set.excludes_inactive || self.session.options.active_only == Some(true),
            versions_match: self.session.options.versions_match == Some(true),
        };
        if !value_set.has_compose {
            super::exclude::from_expansion(self.session, value_set, &mut making.collected)?;
            return Ok(making.collected);
        }
        for set in value_set.includes.iter().chain(&value_set.excludes) {
            self.check_set(set, value_set)?;
        }
        making.collected.tells_versions = mixes_versions(value_set);
        if self.session.options.versions_match.is_none() && compares_versions(value_set) {
            making.versions_match = true;
            making.exclusions.lists_systems = true;
            making.collected.notes.add("versionsMatch", "valueBoolean", true.into());
        }
        making.exclusions.by_version = making.collected.tells_versions && !making.versions_match;
        for excluded in &self.session.options.excluded_systems {
            making.exclusions.exclude_system(excluded);
        }
        for set in &value_set.excludes {
            self.exclude(set, value_set, &mut making)?;
        }
        for index in newest_versions_first(&value_set.includes) {
            self.include(index, value_set, &mut making)?;
        }
        Ok(making.collected)
    }

    /// Whether all that a set names is there.
    fn check_set(&self, set: &ConceptSet, value_set: &ValueSet) -> Result<(), TerminologyError> {
        set.check()?;
        for reference in &set.value_sets {
            let pinned = self.session.pinned(reference);
            if self.session.included(&pinned, value_set).is_none() {
                let canonical = fhir::canonical::Canonical::parse(&pinned);
                return Err(TerminologyError::not_found(messages::unknown_import(canonical.url, canonical.version)));
            }
        }
        if let Some(url) = &set.system {
            self.system(url, set.version.as_deref())?;
        }
        Ok(())
    }

    /// The system of a set.
    fn system(&self, url: &str, stated: Option<&str>) -> Result<Arc<dyn System>, TerminologyError> {
        let session = self.session;
        let Some(system) = session.system(url, stated, Rules::Apply)? else {
            if session.supplement(url, stated).is_some() {
                return Err(TerminologyError::definition(IssueCode::BusinessRule, messages::no_content(url, "supplement")));
            }
            let wanted = session.version_for(url, stated, false);
            let known = session.known_versions(url);
            return Err(TerminologyError::not_found(messages::unknown_system_of_expansion(url, wanted.as_deref(), &known)));
        };
        match session.version_issue(&*system) {
            Some(issue) => Err(TerminologyError::new(crate::error::Failure::Request, issue)),
            None => Ok(system),
        }
    }

    /// The value sets that a set names, collected.
    fn imports(
        &mut self,
        set: &ConceptSet,
        value_set: &Arc<ValueSet>,
        making: &mut Making,
    ) -> Result<Vec<Rc<Collected>>, TerminologyError> {
        let mut imports = Vec::new();
        for reference in &set.value_sets {
            let pinned = self.session.pinned(reference);
            let canonical = fhir::canonical::Canonical::parse(&pinned);
            let unknown = || TerminologyError::not_found(messages::unknown_import(canonical.url, canonical.version));
            let imported = self.session.included(&pinned, value_set).ok_or_else(unknown)?;
            self.session.require(&imported.supplements);
            let collected = match self.done.get(&pinned).filter(|_| !imported.is_contained) {
                Some(collected) => collected.clone(),
                None => Rc::new(self.collect(&imported)?),
            };
            if !imported.is_contained {
                self.done.insert(pinned.clone(), collected.clone());
                making.collected.notes.uri("used-valueset", imported.canonical());
            }
            making.collected.notes.warn(&imported.maturity, imported.canonical(), &value_set.maturity);
            imports.push(collected);
        }
        Ok(imports)
    }

    fn include(&mut self, index: usize, value_set: &Arc<ValueSet>, making: &mut Making) -> Result<(), TerminologyError> {
        let set = &value_set.includes[index];
        if !set.value_sets.is_empty() || !set.concepts.is_empty() || set.filters.len() > 1 {
            making.collected.is_flat = true;
        }
        let imports = self.imports(set, value_set, making)?;
        let Some(url) = &set.system else { return self.import(&imports, making) };
        let system = self.system(url, set.version.as_deref())?;
        self.note_system(&system, value_set, making);
        if !set.concepts.is_empty() {
            self.include_listed(index, value_set, &system, making, &imports)?;
        }
        if !set.filters.is_empty() {
            let rows = self.filtered(&system, set, value_set, making)?;
            self.include_rows(&system, &rows, set.filters.len() == 1, making, &imports)?;
        }
        if set.is_whole_system() {
            self.include_all(&system, value_set, making, &imports)?;
        }
        Ok(())
    }

    fn note_system(&self, system: &Arc<dyn System>, value_set: &ValueSet, making: &mut Making) {
        let about = system.about();
        let notes = &mut making.collected.notes;
        notes.uri("used-codesystem", about.canonical());
        about.supplements.iter().for_each(|supplement| notes.uri("used-supplement", supplement.to_string()));
        notes.warn(&about.maturity, about.canonical(), &value_set.maturity);
        if matches!(about.content, Content::Fragment | Content::Example) {
            notes.uri(if about.content == Content::Fragment { "used-fragment" } else { "used-example" }, about.canonical());
            making.collected.note_unclosed(format!("This extension is based on a fragment of the code system {}", about.url));
        }
    }

    /// Takes over what is in all of the imported value sets.
    fn import(&mut self, imports: &[Rc<Collected>], making: &mut Making) -> Result<(), TerminologyError> {
        let Some((first, others)) = imports.split_first() else { return Ok(()) };
        making.collected.notes.append(&first.notes);
        for reason in &first.unclosed {
            making.collected.note_unclosed(reason.clone());
        }
        for item in &first.items {
            let system = first.systems[item.system].clone();
            let code = system.code(&item.concept);
            if others.iter().all(|other| other.contains(&system.about().url, &code)) {
                let item = Item { parent: None, ..item.clone() };
                self.add(&system, item, making)?;
            }
        }
        Ok(())
    }

    fn include_listed(
        &mut self,
        index: usize,
        value_set: &Arc<ValueSet>,
        system: &Arc<dyn System>,
        making: &mut Making,
        imports: &[Rc<Collected>],
    ) -> Result<(), TerminologyError> {
        for (position, listed) in value_set.includes[index].concepts.iter().enumerate() {
            let Some(concept) = system.find(&listed.code) else { continue };
            let fits = self.text.as_ref().is_none_or(|text| {
                let mut is_found = text.matches(&listed.code);
                system.designations(&concept, &mut |designation| is_found = is_found || text.matches(designation.value));
                is_found || super::render::listed_names(listed).any(|name| text.matches(name))
            });
            if fits && is_in_all(imports, system, &listed.code) {
                let listed = Some((value_set.clone(), index, position));
                self.add(system, Item { system: 0, concept, listed, parent: None }, making)?;
            }
        }
        Ok(())
    }

    /// The rows that filters and the search text leave.
    fn filtered(
        &self,
        system: &Arc<dyn System>,
        set: &ConceptSet,
        value_set: &ValueSet,
        making: &mut Making,
    ) -> Result<Rows, TerminologyError> {
        if system.rows().is_none() {
            let why = messages::not_enumerable(&system.about().url);
            return Err(TerminologyError::too_costly(why));
        }
        if let Some(stand_in) = &system.about().stand_in {
            making.collected.note_unclosed(grammar_reason(&system.about().url, stand_in));
        }
        let rows = self.session.select(system, &set.filters, &value_set.canonical())?;
        let mut rows = (*rows).clone();
        if let Some(text) = &self.text {
            rows.intersect(&system.search(text));
        }
        Ok(rows)
    }

    /// All concepts of a system: as a tree when it is small enough to be given out whole.
    fn include_all(
        &mut self,
        system: &Arc<dyn System>,
        value_set: &Arc<ValueSet>,
        making: &mut Making,
        imports: &[Rc<Collected>],
    ) -> Result<(), TerminologyError> {
        let Some(count) = system.rows() else { return self.include_stand_in(system, value_set, making, imports) };
        if let Some(text) = &self.text {
            making.collected.is_flat = true;
            let rows = system.search(text);
            return self.include_rows(system, &rows, false, making, imports);
        }
        let options = &self.session.options;
        let is_tree =
            !making.collected.is_flat && options.exclude_nested != Some(true) && options.count.is_none() && system.has_hierarchy();
        if is_tree && count as usize <= self.session.engine.limits.expansion {
            return self.include_tree(system, count, making, imports);
        }
        self.include_rows(system, &Rows::all(count), false, making, imports)
    }

    /// The value set that stands for a grammar.
    fn include_stand_in(
        &mut self,
        system: &Arc<dyn System>,
        value_set: &Arc<ValueSet>,
        making: &mut Making,
        imports: &[Rc<Collected>],
    ) -> Result<(), TerminologyError> {
        let url = &system.about().url;
        let stand_in = system.about().stand_in.as_deref().and_then(|stand_in| self.session.value_set(stand_in, None));
        let Some(stand_in) = stand_in else { return Err(TerminologyError::too_costly(messages::not_enumerable(url))) };
        let collected = self.collect(&stand_in)?;
        making.collected.notes.warn(&stand_in.maturity, stand_in.canonical(), &value_set.maturity);
        making.collected.note_unclosed(grammar_reason(url, stand_in.url.as_deref().unwrap_or_default()));
        let fits: Vec<Item> = collected
            .items
            .iter()
            .filter(|item| is_in_all(imports, &collected.systems[item.system], &collected.systems[item.system].code(&item.concept)))
            .cloned()
            .collect();
        for item in fits {
            let system = collected.systems[item.system].clone();
            self.add(&system, item, making)?;
        }
        Ok(())
    }

    /// All concepts from the top down, each below the nearest one above it that is in.
    fn include_tree(
        &mut self,
        system: &Arc<dyn System>,
        count: u32,
        making: &mut Making,
        imports: &[Rc<Collected>],
    ) -> Result<(), TerminologyError> {
        let mut seen = Rows::none(count);
        let has_parents = |row| {
            let mut has = false;
            system.parents(row, &mut |_| has = true);
            has
        };
        let mut waiting: Vec<(u32, Option<usize>)> = (0..count).rev().filter(|row| !has_parents(*row)).map(|row| (row, None)).collect();
        while let Some((row, parent)) = waiting.pop() {
            if !seen.insert(row) {
                making.collected.is_flat = true;
                continue;
            }
            let item = Item { system: 0, concept: Concept::Row(row), listed: None, parent };
            let place = if is_in_all(imports, system, &system.code(&item.concept)) { self.add(system, item, making)? } else { None };
            let mut children = Vec::new();
            system.children(row, &mut |child| children.push((child, place.or(parent))));
            waiting.extend(children.into_iter().rev());
        }
        Ok(())
    }

    /// The concepts of these rows, in their order; each below its first parent when that is in, if `nests`.
    fn include_rows(
        &mut self,
        system: &Arc<dyn System>,
        rows: &Rows,
        nests: bool,
        making: &mut Making,
        imports: &[Rc<Collected>],
    ) -> Result<(), TerminologyError> {
        let nests = nests && !making.collected.is_flat && system.has_hierarchy();
        let mut places: HashMap<u32, usize> = HashMap::new();
        let ranked = self.text.as_ref().and_then(|text| system.ranked(text, rows));
        let order: Box<dyn Iterator<Item = u32>> = match ranked {
            Some(ranked) if !nests => Box::new(ranked.into_iter()),
            _ => Box::new(rows.iter()),
        };
        for row in order {
            let concept = Concept::Row(row);
            if !imports.is_empty() && !is_in_all(imports, system, &system.code(&concept)) {
                continue;
            }
            let mut parent = None;
            if nests {
                system.parents(row, &mut |above| parent = parent.or_else(|| places.get(&above).copied()));
            }
            if let Some(place) = self.add(system, Item { system: 0, concept, listed: None, parent }, making)?
                && nests
            {
                places.insert(row, place);
            }
        }
        Ok(())
    }

    /// Adds a concept, unless it is out or in already; the place that it got.
    fn add(&mut self, system: &Arc<dyn System>, item: Item, making: &mut Making) -> Result<Option<usize>, TerminologyError> {
        self.work += 1;
        if self.work > self.session.engine.limits.work {
            let name = self.way.first().map(String::as_str).unwrap_or_default();
            return Err(TerminologyError::too_costly(messages::too_costly(name, self.session.engine.limits.work)));
        }
        let flags = system.flags(&item.concept);
        let is_hidden = self.session.options.exclude_not_for_ui == Some(true) && flags.is_abstract;
        if (flags.is_inactive && making.excludes_inactive) || is_hidden {
            return Ok(None);
        }
        let code = system.code(&item.concept);
        if making.exclusions.exclude(&**system, &code) {
            return Ok(None);
        }
        let by_version = making.collected.tells_versions && !making.versions_match;
        Ok(making.collected.add(system, item, by_version))
    }

    fn exclude(&mut self, set: &ConceptSet, value_set: &Arc<ValueSet>, making: &mut Making) -> Result<(), TerminologyError> {
        let imports = self.imports(set, value_set, making)?;
        let Some(url) = &set.system else {
            making.exclusions.exclude_all_of(imports);
            return Ok(());
        };
        let system = self.system(url, set.version.as_deref())?;
        self.note_system(&system, value_set, making);
        if set.is_whole_system() && imports.is_empty() && !making.exclusions.lists_systems {
            making.exclusions.exclude_system(&crate::canonical(url, set.version.as_deref()));
            return Ok(());
        }
        let codes = (!set.concepts.is_empty()).then(|| set.concepts.iter().map(|listed| listed.code.clone()).collect::<HashSet<_>>());
        let rows = match set.filters.is_empty() {
            true => None,
            false => Some(self.session.select(&system, &set.filters, &value_set.canonical())?),
        };
        making.exclusions.exclude_set(system, codes, rows, imports);
        Ok(())
    }
}

fn grammar_reason(system: &str, stand_in: &str) -> String {
    format!("The code System '{system}' has a grammar and so has infinite members. This extension is based on {stand_in}")
}

fn is_in_all(imports: &[Rc<Collected>], system: &Arc<dyn System>, code: &str) -> bool {
    imports.iter().all(|import| import.contains(&system.about().url, code))
}

/// Whether it names the same system in several versions.
fn mixes_versions(value_set: &ValueSet) -> bool {
    let mut seen: HashMap<&str, Option<&str>> = HashMap::new();
    let mut sets = value_set.includes.iter().chain(&value_set.excludes);
    sets.any(|set| {
        let Some(system) = set.system.as_deref() else { return false };
        *seen.entry(system).or_insert(set.version.as_deref()) != set.version.as_deref()
    })
}

/// Whether it takes some versions of a system out of others: then a code is the same in all of them.
fn compares_versions(value_set: &ValueSet) -> bool {
    let (includes, excludes) = (&value_set.includes, &value_set.excludes);
    let system = includes.first().and_then(|set| set.system.as_deref());
    let is_versioned = |set: &ConceptSet| system.is_some() && set.system.as_deref() == system && set.version.is_some();
    let overlaps = || includes.iter().any(|include| excludes.iter().any(|exclude| exclude.version == include.version));
    !includes.is_empty() && !excludes.is_empty() && includes.iter().chain(excludes).all(is_versioned) && !overlaps()
}

/// The places of the sets, those of newer versions of a system before older ones.
pub(crate) fn newest_versions_first(sets: &[ConceptSet]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..sets.len()).collect();
    order.sort_by(|left, right| {
        let (left, right) = (&sets[*left], &sets[*right]);
        if left.system == right.system && left.version.is_some() && right.version.is_some() {
            compare_versions(right.version.as_deref(), left.version.as_deref())
        } else {
            Ordering::Equal
        }
    });
    order
}
