//! Histories of what is seen.
//!
//! The engines keep no entries of versions that are past: where a rule has a filter, all versions that are asked for are gone through, each is judged by its own
//! content, and total and pages are made of those that pass.

use std::collections::{HashMap, HashSet};

use search::Registry;
use store::commit::Key;
use store::contract::ReadError;
use store::query::{History, HistoryQuery, Scope, Version};

use super::judge::Judge;
use super::visible::{self, Seen};
use super::{Gate, shelter};
use crate::grant::{Act, Verdict};

/// How many versions are gone through at most.
const MAX_VERSIONS: u64 = 10_000;

/// How many are read at once.
const STEP: u32 = 500;

/// How many bytes of texts are read at once, beyond the first.
const STEP_BYTES: usize = 16 << 20;

/// A history as it is seen: of an instance by the right to read, of a type or the system by the right to search.
///
/// [`ReadError::TooCostly`] when more than 10,000 versions would have to be gone through, hidden ones among them.
pub(super) async fn history(gate: &Gate, query: &HistoryQuery) -> Result<History, ReadError> {
    let act = if matches!(query.scope, Scope::Instance(_)) { Act::Read } else { Act::Search };
    let verdict = match &query.scope {
        Scope::Instance(key) => Some(gate.grant.verdict(key.kind, act)),
        Scope::Type(kind) => Some(gate.grant.verdict(*kind, act)),
        Scope::System => None,
    };
    match verdict {
        Some(Verdict::Refused) => return Ok(nothing()),
        Some(Verdict::Allowed) => {
            if let Scope::Instance(key) = &query.scope
                && shelter::shelters(&gate.grant, key.kind)
                && visible::current(gate, act, query.tenant, key).await?.is_none()
            {
                return Ok(nothing());
            }
            return gate.store.history(query).await;
        }
        None if gate.grant.allows_all(act) => return gate.store.history(query).await,
        None if gate.grant.refuses_all(act) => return Ok(nothing()),
        _ => {}
    }
    if let Scope::Instance(key) = &query.scope
        && visible::current(gate, act, query.tenant, key).await?.is_none()
    {
        return Ok(nothing());
    }
    let registry = gate.parameters.current();
    let walk = Walk::new(gate, act, query, &registry);
    let page = if query.count == 0 { nothing() } else { walk.page(query).await? };
    let total = Walk::new(gate, act, query, &registry).total(query).await?;
    Ok(History { total, ..page })
}

fn nothing() -> History {
    History { versions: Vec::new(), next: None, total: 0 }
}

/// A way through all versions, and what has been learnt on it.
struct Walk<'a> {
    gate: &'a Gate,
    act: Act,
    judge: Judge<'a>,
    /// Of each resource which versions are seen; `None` when its current one is not.
    seen: HashMap<Key, Option<Seen<'a>>>,
}

impl<'a> Walk<'a> {
    fn new(gate: &'a Gate, act: Act, query: &HistoryQuery, registry: &'a Registry) -> Self {
        Self { gate, act, judge: Judge::new(&*gate.store, query.tenant, registry), seen: HashMap::new() }
    }

    /// The page that is asked for, without the total.
    async fn page(mut self, query: &HistoryQuery) -> Result<History, ReadError> {
        let mut step = HistoryQuery { count: STEP, most_bytes: Some(STEP_BYTES), ..query.clone() };
        let mut page: Vec<Version> = Vec::new();
        // Where the last version of the page stands: the step, and its place in it.
        let mut last = (step.clone(), 0);
        let mut bytes = 0;
        loop {
            let read = self.gate.store.history(&step).await?;
            check(read.total)?;
            let end = read.next;
            let seen = self.those_seen(query, &read.versions).await?;
            for (place, version) in read.versions.into_iter().enumerate().filter(|(place, _)| seen.contains(place)) {
                bytes += version.text().map_or(0, bytes::Bytes::len);
                let is_full = page.len() == query.count as usize || query.most_bytes.is_some_and(|most| bytes > most);
                if is_full && !page.is_empty() {
                    return Ok(History { next: self.row(last).await?, versions: page, total: 0 });
                }
                page.push(version);
                last = (step.clone(), place);
            }
            match end {
                Some(row) => step.before = Some(row),
                None => return Ok(History { versions: page, next: None, total: 0 }),
            }
        }
    }

    /// The row of the version at a place of a step. A version does not tell its row; a page that ends with it does.
    async fn row(&self, (step, place): (HistoryQuery, usize)) -> Result<Option<u64>, ReadError> {
        let count = place as u32 + 1;
        Ok(self.gate.store.history(&HistoryQuery { count, ..step }).await?.next)
    }

    /// How many versions are seen in all pages.
    async fn total(mut self, query: &HistoryQuery) -> Result<u64, ReadError> {
        let mut step = HistoryQuery { count: STEP, most_bytes: Some(STEP_BYTES), before: None, ..query.clone() };
        let mut total = 0;
        loop {
            let read = self.gate.store.history(&step).await?;
            check(read.total)?;
            total += self.those_seen(query, &read.versions).await?.len() as u64;
            match read.next {
                Some(row) => step.before = Some(row),
                None => return Ok(total),
            }
        }
    }

    /// The places of those that are seen.
    async fn those_seen(&mut self, query: &HistoryQuery, versions: &[Version]) -> Result<HashSet<usize>, ReadError> {
        let fresh: HashSet<Key> = versions.iter().map(|version| &version.key).filter(|key| !self.seen.contains_key(key)).cloned().collect();
        let found = visible::among(self.gate, self.act, query.tenant, fresh.clone()).await?;
        self.seen.extend(fresh.into_iter().map(|key| (found.get(&key).copied(), key)).map(|(seen, key)| (key, seen)));
        let mut seen = HashSet::new();
        for (place, version) in versions.iter().enumerate() {
            let Some(Some(versions)) = self.seen.get(&version.key) else { continue };
            if versions.has(self.gate, &mut self.judge, query.tenant, version).await? {
                seen.insert(place);
            }
        }
        Ok(seen)
    }
}

fn check(total: u64) -> Result<(), ReadError> {
    if total <= MAX_VERSIONS {
        return Ok(());
    }
    let remedy = format!(
        "more than {MAX_VERSIONS} versions would have to be judged by your rules, one by one: narrow it with _since, or ask for the history of a resource"
    );
    Err(ReadError::TooCostly(remedy))
}
