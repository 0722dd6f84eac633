//! Searches: a filter is read from the index as one leading clause, in the order of the answer where that goes, and the
//! other clauses are checked against what it brings.
//!
//! - [`view`]: what a search sees.
//! - [`access`]: the ways in which the index can find what passes a clause: [`reach`] for the values of a parameter, [`written`] for the time of
//!   writing, [`chain`] for chains and `_has`.
//! - [`pairing`]: clauses that the index answers together.
//! - [`probe`]: which clause leads.
//! - [`stream`], [`scan`]: reading entries in order; [`sieve`]: those whose values pass a test.
//! - [`found`]: what passes of one type, one at a time; [`passing`]: the same at a moment that is past; [`union`] of several types.
//! - [`past`]: what a search of the past has to know beside the index.
//! - [`window`]: the part of the natural order that dates and pages leave.
//! - [`mod@page`]: the page that is asked for; [`order`]: orders that are not the natural one; [`mod@walk`]: those that the index has.
//! - [`mod@include`]: resources that come along.
//! - [`kept`]: what was found, for whoever asks the same again.
//! - [`budget`]: what it may cost; [`meter`]: what it did cost.
//!
//! What a filter *means* is stated in `store::matches`; whatever is found here by a shorter way is the same.

pub(crate) mod access;
pub(crate) mod budget;
pub(crate) mod chain;
pub(crate) mod found;
pub(crate) mod include;
pub(crate) mod kept;
pub(crate) mod meter;
pub(crate) mod order;
pub(crate) mod page;
pub(crate) mod pairing;
pub(crate) mod passing;
pub(crate) mod past;
pub(crate) mod probe;
pub(crate) mod reach;
pub(crate) mod scan;
pub(crate) mod sieve;
pub(crate) mod stream;
pub(crate) mod union;
pub(crate) mod view;
pub(crate) mod walk;
pub(crate) mod window;
pub(crate) mod written;

use fhir::definitions::ResourceType;
use store::commit::Key;
use store::matches::{passes, passing_inside, score};
use store::query::{Filter, Query, Step, Work};

use crate::index::keys;
use budget::Result;
use found::Found;
use include::Hit;
use meter::measure;
use page::Page;
use view::View;
use window::Window;

/// What a search finds, without the texts.
#[derive(Default)]
pub(crate) struct Answer {
    pub(crate) page: Page,
    pub(crate) scores: Vec<u16>,
    pub(crate) inside: Vec<Vec<Key>>,
    pub(crate) included: Vec<Hit>,
    pub(crate) truncated: bool,
    /// What was done, when it is explained.
    pub(crate) steps: Vec<Step>,
}

/// Runs a search.
pub(crate) fn search(view: &View<'_>, query: &Query) -> Result<Answer> {
    let mut steps = Vec::new();
    let page = page::page(view, query, &mut steps)?;
    let mut scores = Vec::new();
    if !query.rank.is_empty() {
        for (head, _) in &page.matches {
            scores.push(score(&query.rank, &view.entries(head.resource)?));
        }
    }
    let mut inside = Vec::new();
    if !query.inside.is_empty() {
        for (head, key) in &page.matches {
            inside.push(passing_inside(&query.inside, &view.candidate(head, key.clone())?, view)?);
        }
    }
    let include = || include::include(view, &page.matches, query);
    let ((included, truncated), step) = measure(view, Work::Include, |(included, _)| included.len(), include)?;
    if !query.include.is_empty() {
        steps.push(step);
    }
    Ok(Answer { page, scores, inside, included, truncated, steps })
}

/// The first two resources that pass, in natural order, as the commits of a group that came before have left them.
pub(crate) fn first_matches(view: &View<'_>, kind: ResourceType, filter: &Filter) -> Result<Vec<Key>> {
    let mut tails = Vec::new();
    let mut found = Found::new(view, kind, filter, Window::default())?;
    while tails.len() < 2
        && let Some(tail) = found.next()?
    {
        let (_, key) = view.by_number(keys::tail_parts(tail).1)?;
        if !view.is_changed(&key) {
            tails.push((tail, key));
        }
    }
    for (tail, candidate) in view.changed(kind) {
        if passes(filter, &candidate, view)? {
            tails.push((tail, candidate.key.into_owned()));
        }
    }
    tails.sort_unstable();
    tails.truncate(2);
    Ok(tails.into_iter().map(|(_, key)| key).collect())
}
