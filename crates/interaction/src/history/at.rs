//! `_at`: the versions that were current at some moment of a time.

use std::collections::HashSet;

use bytes::Bytes;
use store::commit::{Instant, Key};
use store::query::{Content, History, HistoryQuery, Version};

use crate::{Context, Error};

/// How many versions are gone through at most.
const MAX_VERSIONS: usize = 10_000;

/// How many bytes the texts of those that were current may have together, over all pages: they are collected before one page is cut out of them.
const MAX_BYTES: usize = 64 << 20;

/// The versions that were current between `first` and `last`: those written in between, and of each resource the one before them, unless it
/// was deleted. `query` says of what, and on from which place in the list a page goes.
///
/// [`Error::TooCostly`] when more than 10,000 versions would have to be gone through, or those that were current have more than 64 MiB, or a failure
/// of the store.
pub(super) async fn current(ctx: &Context, mut query: HistoryQuery, (first, last): (Instant, Instant)) -> Result<History, Error> {
    let (skip, count) = (query.before.take().unwrap_or(0), query.count);
    query.until = Some(last);
    query.count = ctx.settings().max_count.max(1);
    let (mut looked_at, mut bytes) = (0, 0);
    let mut settled: HashSet<Key> = HashSet::new();
    let mut found: Vec<Version> = Vec::new();
    loop {
        let page = ctx.store().history(&query).await?;
        looked_at += page.versions.len();
        for version in page.versions {
            let is_within = version.last_updated > first;
            if is_within || settled.insert(version.key.clone()) && version.content != Content::Deleted {
                bytes += version.text().map_or(0, Bytes::len);
                found.push(version);
            }
        }
        if bytes > MAX_BYTES {
            return Err(Error::TooCostly(format!("what _at asks for has more than {MAX_BYTES} bytes: ask for one resource's history")));
        }
        let Some(next) = page.next else { break };
        if looked_at >= MAX_VERSIONS {
            return Err(Error::TooCostly(format!(
                "_at would go through more than {MAX_VERSIONS} versions: ask for one resource's history"
            )));
        }
        query.before = Some(next);
    }
    let total = found.len() as u64;
    let end = skip.saturating_add(u64::from(count));
    let versions = found.into_iter().skip(usize::try_from(skip).unwrap_or(usize::MAX)).take(count as usize).collect();
    Ok(History { versions, next: (end < total && count > 0).then_some(end), total })
}
