//! The resources of one type in a snapshot that pass a filter, in natural order, one at a time.
//!
//! One clause leads: its entries are the candidates. When it is not known to be small and brings little, a deeper look
//! may find a smaller one, which then takes over behind the place reached.

use std::borrow::Cow;
use std::rc::Rc;

use fhir::definitions::ResourceType;
use store::commit::Key;
use store::entry::Entry;
use store::matches::{Candidate, passes};
use store::query::{AccessPath, Filter, Step, Work};

use super::access::{self, Access, MOST_LINKED, Part, Path};
use super::budget::{MOST_SORTED, Result, SearchError};
use super::meter::Meter;
use super::past::Changed;
use super::stream::{self, Collected, Merge, Tail};
use super::view::View;
use super::window::Window;
use super::{pairing, probe, scan, written};
use crate::index::head::Head;
use crate::index::{keys, listed};

/// How many values of a clause are looked up one by one for each candidate.
const MOST_LOOKUPS: usize = 4;

/// How many candidates a clause of unknown size may bring, before a smaller one is looked for.
const PATIENCE: usize = 1_000;

/// After how many candidates it is looked whether a `_has` should rather be turned into resources, and how many found among them are enough to go on.
const LINK_PATIENCE: usize = 128;
const LINKS_FOUND: u64 = 4;

/// How many are counted before the rest may be estimated. By then the leader has been chosen for good.
const SURE: u64 = 2 * PATIENCE as u64;

/// How many found among these are too many for reading another clause whole.
const LITTLE: u64 = 20;

/// What passes, in natural order or from its end.
pub(crate) struct Found<'v> {
    view: &'v View<'v>,
    pub(crate) kind: ResourceType,
    /// The filters of each clause: two that are found together are one.
    clauses: Vec<Vec<&'v Filter>>,
    /// How the index finds what passes each clause.
    accesses: Vec<Option<Access>>,
    source: Source<'v>,
    /// The clause whose entries are the candidates; `None`: all resources of the type in the window are.
    leader: Option<usize>,
    /// How many candidates the leader was taken to have.
    estimate: Option<usize>,
    /// Whether all that the leader brings pass its clause.
    is_sure: bool,
    /// How many candidates it brings before a smaller one is looked for; `None`: it stays.
    left: Option<usize>,
    /// The part of the natural order that is left to look in.
    window: Window,
    /// The clause that the window says.
    said: Option<usize>,
    /// How many candidates the leader has brought, and how many had been found before it led.
    met: u64,
    found_before: u64,
    /// How many had been found when it was last looked for a smaller clause.
    found_then: u64,
    /// What is passed over.
    left_out: Option<Rc<Changed>>,
    meter: Meter,
}

enum Source<'v> {
    Ordered(Merge<'v>),
    Sorted(std::vec::IntoIter<Tail>),
}

impl<'v> Found<'v> {
    /// What lies in the window, in its direction.
    pub(crate) fn new(view: &'v View<'v>, kind: ResourceType, filter: &'v Filter, window: Window) -> Result<Self> {
        let mut meter = Meter::default();
        let measured = meter.start(view);
        let mut clauses = Vec::new();
        flatten(filter, &mut clauses);
        let mut accesses = Vec::with_capacity(clauses.len());
        let (mut window, mut said) = (window, None);
        for (place, clause) in clauses.iter().enumerate() {
            // What the window says need not be found by another way.
            let is_said = window.narrow(view, clause)?;
            if is_said {
                said = Some(place);
            }
            accesses.push(if is_said { None } else { access::access(view, kind, clause)? });
        }
        let mut clauses: Vec<Vec<&Filter>> = clauses.into_iter().map(|clause| vec![clause]).collect();
        pairing::pair(view, kind, &mut clauses, &mut accesses)?;
        let mut leader = probe::leader(view, &accesses, window)?;
        let met = leader.as_mut().and_then(|leader| leader.tails.take());
        let path = leader.as_ref().and_then(|leader| accesses.get(leader.place)?.as_ref());
        let (source, is_sure) = match (path, met) {
            (Some(Access { path: Path::Values(values), is_exact, .. }), Some(tails)) => {
                values.iter().for_each(|value| view.snapshot.at.note_value(value));
                (Source::Sorted(tails.into_iter()), *is_exact)
            }
            (Some(access), _) => source(view, access, window)?,
            (None, _) => (Source::Ordered(Merge::new(view, &access::every(view, kind), window)?), true),
        };
        let choices = accesses.iter().flatten().count();
        let is_settled = leader.as_ref().map_or(choices == 0, |leader| leader.is_small() || choices == 1);
        let left = if has_links(&clauses, &accesses) { Some(LINK_PATIENCE) } else { (!is_settled).then_some(PATIENCE) };
        let estimate = leader.as_ref().and_then(|leader| leader.count);
        let leader = leader.map(|leader| leader.place);
        meter.stop(view, measured);
        Ok(Self {
            view,
            kind,
            clauses,
            accesses,
            source,
            leader,
            estimate,
            is_sure,
            left,
            window,
            said,
            met: 0,
            found_before: 0,
            found_then: 0,
            left_out: None,
            meter,
        })
    }

    /// Without these resources.
    pub(crate) fn without(self, left_out: Rc<Changed>) -> Self {
        Self { left_out: Some(left_out), ..self }
    }

    /// The next that passes.
    pub(crate) fn next(&mut self) -> Result<Option<Tail>> {
        let measured = self.meter.start(self.view);
        let found = self.find();
        self.meter.stop(self.view, measured);
        if let Ok(Some(_)) = found {
            self.meter.found += 1;
        }
        found
    }

    /// How many more pass. When that may be an estimate and many have passed, the keys of the candidates that are left are read and no more, and
    /// as large a part of them is taken to pass as before.
    pub(crate) fn count(&mut self, is_estimate: bool) -> Result<u64> {
        let mut more = 0;
        while !is_estimate || self.meter.found < SURE {
            if self.next()?.is_none() {
                return Ok(more);
            }
            more += 1;
        }
        let measured = self.meter.start(self.view);
        // The leader has been chosen for good.
        self.left = None;
        let (met, passed) = (self.met, self.meter.found.saturating_sub(self.found_before));
        while self.candidate()?.is_some() {}
        self.meter.stop(self.view, measured);
        let left = u128::from(self.met.saturating_sub(met));
        let share = (left * u128::from(passed)).checked_div(u128::from(met)).unwrap_or(left);
        Ok(more + share as u64)
    }

    fn find(&mut self) -> Result<Option<Tail>> {
        while let Some(tail) = self.candidate()? {
            let is_left_out = self.left_out.as_ref().is_some_and(|left_out| left_out.has(keys::tail_parts(tail).1));
            if !is_left_out && self.passes(tail)? {
                return Ok(Some(tail));
            }
        }
        Ok(None)
    }

    /// Whether few candidates are looked at, however many are asked for. A clause that leads because it is the only one is looked into now.
    pub(crate) fn is_small(&mut self) -> Result<bool> {
        if self.estimate.is_none()
            && let Some(access) = self.leader.and_then(|place| self.accesses.get(place)?.as_ref())
        {
            self.estimate = probe::few(self.view, access, self.window)?;
        }
        Ok(self.estimate.is_some())
    }

    /// What it did.
    pub(crate) fn explain(&self) -> Step {
        let leading = self.leader.and_then(|place| self.accesses.get(place)?.as_ref());
        let (leader, access) = match (leading, self.said) {
            (Some(access), _) => (self.leader, access.name),
            (None, Some(said)) => (Some(said), AccessPath::Range),
            (None, None) => (None, AccessPath::Every),
        };
        let leader = leader.and_then(|place| self.clauses.get(place)).map(|clause| match clause.as_slice() {
            [only] => (*only).clone(),
            several => Filter::All(several.iter().map(|filter| (*filter).clone()).collect()),
        });
        let estimate = self.estimate.map(|count| count as u64);
        self.meter.step(Work::Find { kind: self.kind, leader, access, estimate })
    }

    fn candidate(&mut self) -> Result<Option<Tail>> {
        match &mut self.left {
            Some(0) => self.choose_again()?,
            Some(left) => *left -= 1,
            None => {}
        }
        let tail = match &mut self.source {
            Source::Ordered(merge) => merge.next()?,
            Source::Sorted(tails) => tails.next(),
        };
        if let Some(tail) = tail {
            self.met += 1;
            self.window = self.window.beyond(tail);
        }
        Ok(tail)
    }

    /// Lets the smallest clause lead from here on. When none is small and little was found, one whose keys tell what passes it is read
    /// whole: that costs less than looking at the resources.
    fn choose_again(&mut self) -> Result<()> {
        self.left = None;
        let found = self.meter.found - std::mem::replace(&mut self.found_then, self.meter.found);
        if found >= LINKS_FOUND && has_links(&self.clauses, &self.accesses) {
            self.left = Some(LINK_PATIENCE);
            return Ok(());
        }
        (self.met, self.found_before) = (0, self.meter.found);
        for (clause, access) in self.clauses.iter().zip(&mut self.accesses).filter(|(_, access)| access.is_none()) {
            if let [has @ Filter::Has(..)] = clause.as_slice() {
                *access = access::access_linking(self.view, self.kind, has, MOST_LINKED)?;
            }
        }
        if let Some((place, count)) = probe::smallest(self.view, &self.accesses, self.window)? {
            if self.leader != Some(place)
                && let Some(Some(access)) = self.accesses.get(place)
            {
                (self.source, self.is_sure) = source(self.view, access, self.window)?;
                (self.leader, self.estimate) = (Some(place), Some(count));
            }
            return Ok(());
        }
        if self.meter.found >= LITTLE {
            return Ok(());
        }
        for (place, access) in self.accesses.iter().enumerate() {
            let is_told = |parts: &[Part]| parts.iter().all(|part| part.test.is_some());
            let told = access.as_ref().filter(|access| match &access.path {
                Path::Ranges(parts) => is_told(parts),
                Path::Written(rows) => rows.count <= MOST_SORTED,
                Path::Values(_) | Path::Keys(_) => false,
            });
            if let Some(access) = told
                && let Some((tails, is_sure)) = sorted(self.view, access)?
            {
                (self.leader, self.estimate, self.is_sure) = (Some(place), Some(tails.len()), is_sure);
                self.source = Source::Sorted(self.window.cut(tails).into_iter());
                return Ok(());
            }
        }
        Ok(())
    }

    /// Whether a candidate passes all clauses. Those that ask for few exact values are looked up at its place in natural
    /// order; for the others its entries are looked at.
    fn passes(&self, tail: Tail) -> Result<bool> {
        let mut checks: Vec<&Filter> = Vec::new();
        for (place, (clause, access)) in self.clauses.iter().zip(&self.accesses).enumerate() {
            match access {
                Some(_) if self.is_sure && self.leader == Some(place) => {}
                Some(Access { path: Path::Values(values), is_exact: true, .. }) if values.len() <= MOST_LOOKUPS => {
                    if !self.has_one_of(values, tail)? {
                        return Ok(false);
                    }
                }
                _ => checks.extend(clause.iter().copied()),
            }
        }
        if checks.is_empty() {
            return Ok(true);
        }
        self.view.budget.check()?;
        let resource = keys::tail_parts(tail).1;
        // Most checks look at nothing but entries.
        let (key, last_updated) = if checks.iter().any(|check| needs_head(check)) {
            let (head, key) = self.view.by_number(resource)?;
            (key, head.at)
        } else {
            (Key::new(self.kind, ""), 0)
        };
        let entries = entries_for(self.view, &checks, resource)?;
        let candidate = Candidate { key: Cow::Owned(key), last_updated, entries: entries.into() };
        for check in checks {
            if !passes(check, &candidate, self.view)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn has_one_of(&self, values: &[Vec<u8>], tail: Tail) -> Result<bool> {
        for value in values {
            let key = [value, &tail[..]].concat();
            self.view.budget.read()?;
            if self.view.snapshot.at.has(key)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Whether there is a `_has` that was not turned into few resources.
fn has_links(clauses: &[Vec<&Filter>], accesses: &[Option<Access>]) -> bool {
    clauses.iter().zip(accesses).any(|(clause, access)| access.is_none() && matches!(clause.as_slice(), [Filter::Has(..)]))
}

/// The entries of a resource that the checks look at.
fn entries_for(view: &View<'_>, checks: &[&Filter], resource: u64) -> Result<Vec<Entry>> {
    if !checks.iter().any(|check| needs_entries(check)) {
        return Ok(Vec::new());
    }
    // A chain may lead into what the resource contains.
    let looks_inside = checks.iter().any(|check| looks_inside(check));
    view.some_entries(resource, |param| looks_inside || checks.iter().any(|check| check.mentions(&|mentioned| mentioned == param)))
}

/// Whether one resource passes, whatever the index has to find others by.
pub(crate) fn one_passes(view: &View<'_>, filter: &Filter, head: Head, key: &Key) -> Result<bool> {
    view.budget.check()?;
    let entries = entries_for(view, &[filter], head.resource)?;
    passes(filter, &Candidate { key: Cow::Borrowed(key), last_updated: head.at, entries: entries.into() }, view)
}

/// Whether the answer depends on the resource's entries, and not on its key and time alone.
pub(crate) fn needs_entries(filter: &Filter) -> bool {
    match filter {
        Filter::Id(_) | Filter::LastUpdated(..) | Filter::Has(..) => false,
        Filter::All(filters) | Filter::Any(filters) => filters.iter().any(needs_entries),
        Filter::Not(filter) => needs_entries(filter),
        Filter::Match(..) | Filter::Present(_) | Filter::Chain(..) | Filter::Contained(..) => true,
    }
}

/// Whether the answer depends on the resource's key or time.
fn needs_head(filter: &Filter) -> bool {
    match filter {
        Filter::All(filters) | Filter::Any(filters) => filters.iter().any(needs_head),
        Filter::Not(filter) => needs_head(filter),
        Filter::Match(..) | Filter::Present(_) => false,
        Filter::Id(_) | Filter::LastUpdated(..) | Filter::Has(..) | Filter::Chain(..) | Filter::Contained(..) => true,
    }
}

/// Whether it asks about resources that a resource contains.
fn looks_inside(filter: &Filter) -> bool {
    match filter {
        Filter::All(filters) | Filter::Any(filters) => filters.iter().any(looks_inside),
        Filter::Not(filter) => looks_inside(filter),
        Filter::Chain(..) | Filter::Contained(..) => true,
        Filter::Id(_) | Filter::LastUpdated(..) | Filter::Match(..) | Filter::Present(_) | Filter::Has(..) => false,
    }
}

/// The candidates that a way brings, and whether all of them pass its clause.
fn source<'v>(view: &'v View<'v>, access: &Access, window: Window) -> Result<(Source<'v>, bool)> {
    if let Path::Values(values) = &access.path {
        return Ok((Source::Ordered(Merge::new(view, values, window)?), access.is_exact));
    }
    let (tails, is_sure) = sorted(view, access)?.ok_or_else(|| {
        let narrow = "narrow the search, or its range of values";
        SearchError::TooCostly(format!("more than {MOST_SORTED} resources would have to be sorted: {narrow}"))
    })?;
    Ok((Source::Sorted(window.cut(tails).into_iter()), is_sure))
}

/// All places that a way brings, in natural order, and whether all of them pass its clause; `None` when they are too many.
fn sorted(view: &View<'_>, access: &Access) -> Result<Option<(Vec<Tail>, bool)>> {
    let collected = match &access.path {
        Path::Values(values) => {
            let parts: Vec<Part> = values.iter().map(|value| Part::all(scan::below(value))).collect();
            stream::collect(view, &parts, MOST_SORTED)?
        }
        Path::Ranges(parts) => stream::collect(view, parts, MOST_SORTED)?,
        Path::Keys(keys) => Some(Collected { tails: tails_of(view, keys)?, is_sure: true }),
        Path::Written(rows) => written::collect(view, *rows)?.map(|tails| Collected { tails, is_sure: true }),
    };
    Ok(collected.map(|Collected { tails, is_sure }| (tails, is_sure && access.is_exact)))
}

/// The clauses of a filter that all have to be true.
pub(crate) fn flatten<'f>(filter: &'f Filter, clauses: &mut Vec<&'f Filter>) {
    match filter {
        Filter::All(filters) => filters.iter().for_each(|each| flatten(each, clauses)),
        other => clauses.push(other),
    }
}

/// The places of the resources that are there.
fn tails_of(view: &View<'_>, keys: &[Key]) -> Result<Vec<Tail>> {
    let mut tails = Vec::with_capacity(keys.len());
    for key in keys {
        view.budget.read()?;
        let Some(head) = view.snapshot.head(view.tenant, key)?.filter(|head| !head.is_deleted()) else {
            continue;
        };
        if let Some(list) = view.snapshot.list(view.tenant, head.resource)? {
            tails.push(keys::tail(listed::date(&list)?, head.resource));
        }
    }
    tails.sort_unstable();
    tails.dedup();
    Ok(tails)
}
