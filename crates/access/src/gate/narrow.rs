//! A search with the rules in it: every type that it asks about, from wherever, is asked about as far as it may be seen.

use fhir::definitions::ResourceType;
use store::contract::ReadError;
use store::query::{Filter, Query, Subject, Visible};

use crate::grant::{Act, Grant, Verdict};

/// How deep a filter may be nested when the rules are in it: the engines go through it by recursion.
const MAX_DEPTH: usize = 64;

/// How many clauses a filter may have when the rules are in it: a chain that names no type has the rule of every type it may lead to.
const MAX_CLAUSES: usize = 200_000;

/// The rule of a type for whatever looks for its resources.
pub(super) trait Rules {
    /// Which resources of the type there are.
    fn rule(&self, kind: ResourceType) -> &Verdict;
}

impl Rules for Grant {
    fn rule(&self, kind: ResourceType) -> &Verdict {
        self.verdict(kind, Act::Search)
    }
}

/// What no resource passes.
pub(super) fn nothing() -> Filter {
    Filter::Any(Vec::new())
}

/// Whether the rules leave the search as it is: it asks about no type of which not everything may be seen.
pub(super) fn is_open(grant: &Grant, query: &Query) -> bool {
    let is_free = |subject: &Subject| *grant.rule(subject.kind) == Verdict::Allowed && asks_freely(grant, &subject.filter);
    query.subjects.iter().all(is_free)
        && query.inside.iter().all(|subject| asks_freely(grant, &subject.filter))
        && (query.include.is_empty() || grant.allows_all(Act::Search))
}

/// Whether a filter asks about no type of which not everything may be seen.
pub(super) fn asks_freely(grant: &Grant, filter: &Filter) -> bool {
    match filter {
        Filter::All(filters) | Filter::Any(filters) => filters.iter().all(|filter| asks_freely(grant, filter)),
        Filter::Not(filter) | Filter::Contained(_, filter) => asks_freely(grant, filter),
        Filter::Chain(_, ways) => ways.iter().all(|(kind, filter)| *grant.rule(*kind) == Verdict::Allowed && asks_freely(grant, filter)),
        Filter::Has(kind, _, filter) => *grant.rule(*kind) == Verdict::Allowed && asks_freely(grant, filter),
        Filter::Id(_) | Filter::LastUpdated(..) | Filter::Match(..) | Filter::Present(_) => true,
    }
}

/// The types that a filter asks about through chains and `_has`, each as often as it does.
pub(super) fn others(filter: &Filter, found: &mut Vec<ResourceType>) {
    match filter {
        Filter::All(filters) | Filter::Any(filters) => filters.iter().for_each(|filter| others(filter, found)),
        Filter::Not(filter) | Filter::Contained(_, filter) => others(filter, found),
        Filter::Chain(_, ways) => ways.iter().for_each(|(kind, filter)| {
            found.push(*kind);
            others(filter, found);
        }),
        Filter::Has(kind, _, filter) => {
            found.push(*kind);
            others(filter, found);
        }
        Filter::Id(_) | Filter::LastUpdated(..) | Filter::Match(..) | Filter::Present(_) => {}
    }
}

/// The search as the rules leave it; the store does the rest ([`Query::visible`]).
///
/// [`ReadError::TooCostly`] when the rules make a filter too large.
pub(super) fn query(rules: &dyn Rules, visible: &Visible, query: &Query) -> Result<Query, ReadError> {
    let mut narrowing = Narrowing { rules, clauses: 0 };
    let mut subjects = Vec::with_capacity(query.subjects.len());
    for Subject { kind, filter } in &query.subjects {
        subjects.extend(narrowing.ruled(*kind, filter, 0)?.map(|filter| Subject { kind: *kind, filter }));
    }
    if subjects.is_empty() {
        subjects.extend(query.subjects.first().map(|first| Subject { kind: first.kind, filter: nothing() }));
    }
    let mut inside = Vec::with_capacity(query.inside.len());
    for Subject { kind, filter } in &query.inside {
        // What a resource contains is part of it, and seen with it.
        inside.push(Subject { kind: *kind, filter: narrowing.filter(filter, 0)? });
    }
    let visible = if query.include.is_empty() { Visible::nothing() } else { visible.clone() };
    Ok(Query { subjects, inside, visible: Some(visible), ..query.clone() })
}

/// A filter on resources of a type, with the rule of the type; `None` when none of them may be seen. Fails as [`query`] does.
pub(super) fn ruled(rules: &dyn Rules, kind: ResourceType, asked: &Filter) -> Result<Option<Filter>, ReadError> {
    Narrowing { rules, clauses: 0 }.ruled(kind, asked, 0)
}

/// Filters as they get their rules, and how many clauses those have by now.
struct Narrowing<'a> {
    rules: &'a dyn Rules,
    clauses: usize,
}

impl Narrowing<'_> {
    fn ruled(&mut self, kind: ResourceType, asked: &Filter, depth: usize) -> Result<Option<Filter>, ReadError> {
        Ok(match self.rules.rule(kind) {
            Verdict::Refused => None,
            Verdict::Allowed => Some(self.filter(asked, depth)?),
            Verdict::Where(rule) => {
                let (clauses, below) = size(rule);
                self.clauses += clauses;
                self.check(depth + below)?;
                // The rule first: of what it hides, nothing else need be asked.
                Some(Filter::All(vec![Filter::clone(rule), self.filter(asked, depth + 1)?]))
            }
        })
    }

    /// A filter whose chains and `_has` see what may be seen. The rule of the type that it is itself about is not in it.
    fn filter(&mut self, asked: &Filter, depth: usize) -> Result<Filter, ReadError> {
        self.clauses += 1;
        self.check(depth)?;
        Ok(match asked {
            Filter::All(filters) => Filter::All(self.each(filters, depth + 1)?),
            Filter::Any(filters) => Filter::Any(self.each(filters, depth + 1)?),
            Filter::Not(inner) => Filter::Not(Box::new(self.filter(inner, depth + 1)?)),
            Filter::Contained(kind, inner) => Filter::Contained(*kind, Box::new(self.filter(inner, depth + 1)?)),
            Filter::Chain(param, ways) => {
                let mut open = Vec::with_capacity(ways.len());
                for (kind, inner) in ways {
                    open.extend(self.ruled(*kind, inner, depth + 1)?.map(|inner| (*kind, inner)));
                }
                if open.is_empty() { nothing() } else { Filter::Chain(*param, open) }
            }
            Filter::Has(kind, param, inner) => match self.ruled(*kind, inner, depth + 1)? {
                Some(inner) => Filter::Has(*kind, *param, Box::new(inner)),
                None => nothing(),
            },
            Filter::Id(_) | Filter::LastUpdated(..) | Filter::Match(..) | Filter::Present(_) => asked.clone(),
        })
    }

    fn each(&mut self, filters: &[Filter], depth: usize) -> Result<Vec<Filter>, ReadError> {
        filters.iter().map(|filter| self.filter(filter, depth)).collect()
    }

    fn check(&self, depth: usize) -> Result<(), ReadError> {
        if depth <= MAX_DEPTH && self.clauses <= MAX_CLAUSES {
            return Ok(());
        }
        let remedy = "with your rules in it the search is too large: follow fewer chains, or name the types that they lead to";
        Err(ReadError::TooCostly(remedy.into()))
    }
}

/// How many clauses a rule has, and how deep it is nested.
fn size(rule: &Filter) -> (usize, usize) {
    let of = |filters: &mut dyn Iterator<Item = &Filter>| {
        filters.map(size).fold((0, 0), |(clauses, depth), (more, below)| (clauses + more, depth.max(below)))
    };
    let (clauses, depth) = match rule {
        Filter::All(filters) | Filter::Any(filters) => of(&mut filters.iter()),
        Filter::Not(inner) | Filter::Contained(_, inner) | Filter::Has(_, _, inner) => size(inner),
        Filter::Chain(_, ways) => of(&mut ways.iter().map(|(_, inner)| inner)),
        Filter::Id(_) | Filter::LastUpdated(..) | Filter::Match(..) | Filter::Present(_) => (0, 0),
    };
    (clauses + 1, depth + 1)
}
