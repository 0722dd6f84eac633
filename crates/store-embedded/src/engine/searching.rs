//! A search, once all resources are indexed by what it asks.

use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use store::contract::{Extract, ReadError};
use store::query::{Answer, Explanation, Query, Version, Work};

use super::Embedded;
use super::contract::settled;
use super::turns::Turn;
use crate::search;
use crate::search::budget::Budget;
use crate::search::meter::measure;
use crate::search::past::Past;
use crate::search::view::View;
use crate::shared::Shared;

impl Embedded {
    /// Answers a search. One by a parameter that came in lately waits until all resources are indexed by it, as long as a search may take; an
    /// answer from part of the index would be a wrong one.
    pub(super) async fn once_indexed(&self, query: &Query) -> Result<Answer, ReadError> {
        let deadline = tokio::time::Instant::now() + self.search_time;
        let mut indexing = self.shared.indexing();
        loop {
            indexing.mark_unchanged();
            let (query, time, extract) = (query.clone(), self.search_time, Arc::clone(&self.extract));
            match self.blocking(move |shared, turn| found(shared, &query, &*extract, time, turn)).await {
                Err(ReadError::Indexing(_)) => {}
                answered => return answered,
            }
            let waited = tokio::time::timeout_at(deadline, indexing.wait_for(Option::is_none)).await;
            if waited.is_err() {
                return Err(ReadError::Indexing(self.shared.indexing_now()));
            }
        }
    }
}

fn found(shared: &Shared, query: &Query, extract: &dyn Extract, time: Duration, turn: Turn) -> Result<Answer, ReadError> {
    let turn = Rc::new(turn);
    let mut indexing = None;
    let answer = settled(|| {
        let (index, missing) = (shared.index(), shared.missing());
        if !missing.is_empty() && query.mentions(&|param| missing.contains(&param)) {
            indexing = Some(shared.indexing_now());
            return Ok(None);
        }
        // The snapshot has what was indexed when it was looked, and nothing is defined before it is taken.
        let snapshot = index.snapshot();
        drop(missing);
        let mut view = View::new(&snapshot, None, query.tenant, Budget::new(time).in_turn(&turn));
        view.is_explained = query.explain;
        view.past = query.as_of.map(|at| Past::new(at, shared, extract));
        answer(shared, &view, query).map(Some)
    })?;
    answer.ok_or(ReadError::Indexing(indexing.unwrap_or_default()))
}

fn answer(shared: &Shared, view: &View<'_>, query: &Query) -> search::budget::Result<Answer> {
    let started = Instant::now();
    let search::Answer { page, scores, inside, included, truncated, mut steps } = search::search(view, query)?;
    let most_bytes = query.most_bytes.unwrap_or(usize::MAX);
    let (matches, step) = measure(view, Work::Read, Vec::len, || Ok(shared.versions(page.matches, most_bytes)?))?;
    steps.push(step);
    let bytes: usize = matches.iter().filter_map(Version::text).map(Bytes::len).sum();
    let wanted = included.len();
    let included = shared.versions(included, most_bytes.saturating_sub(bytes))?;
    let truncated = truncated || included.len() < wanted;
    let took_us = started.elapsed().as_micros() as u64;
    let explanation = query.explain.then_some(Explanation { steps, took_us });
    let (places, prev, next, total) = (page.places, page.prev, page.next, page.total);
    let mut answer = Answer { matches, places, scores, inside, included, truncated, prev, next, total, explanation };
    answer.keep_to(most_bytes);
    Ok(answer)
}
