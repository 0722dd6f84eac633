//! A search, once all resources are indexed by what it asks.

use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use store::contract::{Extract, ReadError};
use store::query::{self, Explanation, Query, Version, Work};

use super::Embedded;
use super::contract::settled;
use super::turns::Turn;
use crate::error::StoreError;
use crate::index::{Index, Snapshot};
use crate::search;
use crate::search::Answer;
use crate::search::budget::{Budget, Result, SearchError};
use crate::search::kept::is_kept;
use crate::search::meter::measure;
use crate::search::past::Past;
use crate::search::view::View;
use crate::shared::{MOST_FETCHED_AT_ONCE, Shared};

/// Where a search is answered.
#[derive(Clone)]
enum Where {
    /// On the caller's thread, which serves others too: only when it is done in a moment.
    Here,
    /// On a thread of its own, in its turn.
    Beside(Rc<Turn>),
}

impl Embedded {
    /// Answers a search. One by a parameter that came in lately waits until all resources are indexed by it, as long as a search may take; an
    /// answer from part of the index would be a wrong one.
    ///
    /// To hand it to another thread costs more than most searches do: each is begun here, and begun again beside when it takes longer.
    pub(super) async fn once_indexed(&self, query: &Query) -> std::result::Result<query::Answer, ReadError> {
        let deadline = tokio::time::Instant::now() + self.search_time;
        let mut indexing = self.shared.indexing();
        loop {
            indexing.mark_unchanged();
            match self.answered(query).await {
                Err(ReadError::Indexing(_)) => {}
                answered => return answered,
            }
            let waited = tokio::time::timeout_at(deadline, indexing.wait_for(Option::is_none)).await;
            if waited.is_err() {
                return Err(ReadError::Indexing(self.shared.indexing_now()));
            }
        }
    }

    async fn answered(&self, query: &Query) -> std::result::Result<query::Answer, ReadError> {
        self.is_open()?;
        let (time, extract) = (self.search_time, Arc::clone(&self.extract));
        match found(&self.shared, query, &*extract, time, &Where::Here) {
            Err(SearchError::Long | SearchError::Store(StoreError::Erased | StoreError::Keys(_))) => {}
            answered => return indexed(&self.shared, answered),
        }
        let query = query.clone();
        let beside = move |shared: &Shared, turn| {
            let place = Where::Beside(Rc::new(turn));
            indexed(shared, settled(|| found(shared, &query, &*extract, time, &place)))
        };
        self.blocking(beside).await
    }
}

/// The answer, unless it has to wait.
fn indexed(shared: &Shared, answered: Result<Option<query::Answer>>) -> std::result::Result<query::Answer, ReadError> {
    answered?.ok_or_else(|| ReadError::Indexing(shared.indexing_now()))
}

/// What a search finds; `None` when not all resources are indexed by what it asks. [`SearchError::Long`] when it cannot be answered where it should.
fn found(shared: &Shared, query: &Query, extract: &dyn Extract, time: Duration, place: &Where) -> Result<Option<query::Answer>> {
    let (index, missing) = (shared.index(), shared.missing());
    if !missing.is_empty() && query.mentions(&|param| missing.contains(&param)) {
        return Ok(None);
    }
    let query = &*index.query(query)?;
    if is_kept(query)
        && let Some(kept) = index.kept.get(&index.tree, query)
    {
        drop(missing);
        return Ok(Some(with_texts(shared, query, &kept, place)?));
    }
    // The snapshot has what was indexed when it was looked, and nothing is defined before it is taken.
    let snapshot = index.snapshot();
    drop(missing);
    let budget = match place {
        Where::Here => Budget::short(time),
        Where::Beside(turn) => Budget::in_turn(turn, time),
    };
    let mut view = View::new(&snapshot, None, query.tenant, budget);
    view.is_explained = query.is_explained();
    view.past = query.as_of.map(|at| Past::new(at, (shared, &index), extract));
    if query.is_explained() {
        explained(shared, &view, query, place).map(Some)
    } else {
        kept(shared, &index, &snapshot, &view, query, place).map(Some)
    }
}

fn kept(shared: &Shared, index: &Index, snapshot: &Snapshot, view: &View<'_>, query: &Query, place: &Where) -> Result<query::Answer> {
    if is_kept(query) {
        snapshot.at.note();
    }
    let answer = Arc::new(search::search(view, query)?);
    if is_kept(query)
        && let Some(noted) = snapshot.at.noted()
    {
        index.kept.put(&index.tree, query, &answer, noted);
    }
    with_texts(shared, query, &answer, place)
}

fn explained(shared: &Shared, view: &View<'_>, query: &Query, place: &Where) -> Result<query::Answer> {
    let started = Instant::now();
    let mut answer = search::search(view, query)?;
    let mut steps = std::mem::take(&mut answer.steps);
    let (mut answer, step) =
        measure(view, Work::Read, |answer: &query::Answer| answer.matches.len(), || with_texts(shared, query, &answer, place))?;
    steps.push(step);
    answer.explanation = Some(Explanation { steps, took_us: started.elapsed().as_micros() as u64 });
    Ok(answer)
}

/// The answer with the versions themselves.
fn with_texts(shared: &Shared, query: &Query, answer: &Answer, place: &Where) -> Result<query::Answer> {
    let most_bytes = query.most_bytes.unwrap_or(usize::MAX);
    let mut left = if matches!(place, Where::Here) { MOST_FETCHED_AT_ONCE } else { usize::MAX };
    let mut versions = |hits, most_bytes| shared.versions_fetching(hits, &mut left, most_bytes)?.ok_or(SearchError::Long);
    let matches = versions(&answer.page.matches, most_bytes)?;
    let bytes: usize = matches.iter().filter_map(Version::text).map(Bytes::len).sum();
    let included = versions(&answer.included, most_bytes.saturating_sub(bytes))?;
    let is_short = included.len() < answer.included.len();
    let page = &answer.page;
    let mut answer = query::Answer {
        matches,
        places: page.places.clone(),
        scores: answer.scores.clone(),
        inside: answer.inside.clone(),
        included,
        truncated: answer.truncated || is_short,
        prev: page.prev.clone(),
        next: page.next.clone(),
        total: page.total,
        explanation: None,
    };
    answer.keep_to(most_bytes);
    Ok(answer)
}
