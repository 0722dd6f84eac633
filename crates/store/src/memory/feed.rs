//! The history, and the change feed.

use bytes::Bytes;

use crate::commit::Sequence;
use crate::query::{Change, History, HistoryQuery, Scope};

use super::resources::View;
use super::state::Row;

/// A page of a history.
pub(super) fn history(view: &View<'_>, query: &HistoryQuery) -> History {
    let in_scope = |row: &&Row| match &query.scope {
        Scope::Instance(key) => row.key == *key,
        Scope::Type(kind) => row.key.kind == *kind,
        Scope::System => true,
    };
    let is_there = |row: &&Row| !row.is_erased;
    let in_time = |row: &&Row| query.since.is_none_or(|since| row.at >= since) && query.until.is_none_or(|until| row.at <= until);
    let all: Vec<&Row> = view.tenant.rows.iter().rev().filter(is_there).filter(in_scope).filter(in_time).collect();
    let rest: Vec<&Row> = all.iter().copied().filter(|row| query.before.is_none_or(|before| row.number < before)).collect();
    let most_bytes = query.most_bytes.unwrap_or(usize::MAX);
    let mut bytes = 0usize;
    let fits = |(place, row): &(usize, &&Row)| {
        bytes = bytes.saturating_add(row.version().text().map_or(0, Bytes::len));
        bytes <= most_bytes || *place == 0
    };
    let page = &rest[..rest.iter().take(query.count as usize).enumerate().take_while(fits).count()];
    History {
        versions: page.iter().map(|row| row.version()).collect(),
        next: page.last().filter(|_| page.len() < rest.len()).map(|row| row.number),
        total: all.len() as u64,
    }
}

/// The commits after a place.
pub(super) fn changes(view: &View<'_>, after: Sequence, limit: u32) -> Vec<Change> {
    view.tenant.changes.iter().filter(|change| change.sequence > after).take(limit as usize).cloned().collect()
}
