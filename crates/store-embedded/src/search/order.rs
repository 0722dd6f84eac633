//! Orders that are asked for: everything that passes is looked at, and the first of it kept.

use std::cmp::{Ordering, Reverse};

use store::commit::{Instant, Key, NO_DATE};
use store::encoding::key::ordered_i64;
use store::encoding::sort_key;
use store::entry::Param;
use store::matches::score;
use store::query::{Page as QueryPage, Place, Query, Sort, SortBy};

use super::budget::{MOST_SORTED, Result};
use super::stream::Tail;
use super::view::View;
use crate::index::head::Head;
use crate::index::keys;

/// Whether the order is that of the index: by date, newest first.
pub(crate) fn is_natural(order: &[Sort]) -> bool {
    matches!(order, [] | [Sort { by: SortBy::Date, descending: true }])
}

/// The place of a resource in natural order.
pub(crate) fn natural_place(tail: Tail) -> Place {
    let (date, resource) = keys::tail_parts(tail);
    Place { keys: vec![(date != NO_DATE).then(|| moment(date))], resource }
}

/// The tail of a place in natural order; `None` when it is not of that order.
pub(crate) fn natural_tail(place: &Place) -> Option<Tail> {
    let date = match place.keys.as_slice() {
        [None] => NO_DATE,
        [Some(bytes)] => (u64::from_be_bytes(bytes.as_slice().try_into().ok()?) ^ (1 << 63)).cast_signed(),
        _ => return None,
    };
    Some(keys::tail(date, place.resource))
}

fn moment(at: Instant) -> Vec<u8> {
    ordered_i64(at).to_vec()
}

/// A resource and its place.
pub(crate) struct Placed {
    pub(crate) place: Place,
    pub(crate) head: Head,
    pub(crate) key: Key,
}

/// Keeps the first resources of an order that come behind a place.
pub(crate) struct First<'q> {
    order: &'q [Sort],
    page: &'q QueryPage,
    rank: &'q [(Param, Box<str>)],
    most: usize,
    kept: Vec<Placed>,
}

impl<'q> First<'q> {
    /// Keeps `most`, at most [`MOST_SORTED`].
    pub(crate) fn new(order: &'q [Sort], query: &'q Query, most: usize) -> Self {
        Self { order, page: &query.page, rank: &query.rank, most: most.min(MOST_SORTED), kept: Vec::new() }
    }

    /// Looks at one more resource.
    pub(crate) fn add(&mut self, view: &View<'_>, tail: Tail) -> Result<()> {
        let placed = self.placed(view, tail)?;
        let is_on_page = match self.page {
            QueryPage::First => true,
            QueryPage::After(place) => compare(self.order, &placed.place, place).is_gt(),
            QueryPage::Before(place) => compare(self.order, &placed.place, place).is_lt(),
        };
        if !is_on_page {
            return Ok(());
        }
        self.kept.push(placed);
        // Sorting now and then keeps memory at twice the page, and costs little for each.
        if self.kept.len() >= self.most.max(64) * 2 {
            self.tidy();
        }
        Ok(())
    }

    fn tidy(&mut self) {
        // Before a place, those nearest to it are kept.
        let is_backward = matches!(self.page, QueryPage::Before(_));
        self.kept.sort_by(|left, right| {
            let forward = compare(self.order, &left.place, &right.place);
            if is_backward { forward.reverse() } else { forward }
        });
        self.kept.truncate(self.most);
    }

    /// The first, in order; the last, in reverse order, before a place.
    pub(crate) fn finish(mut self) -> Vec<Placed> {
        self.tidy();
        self.kept
    }

    fn placed(&self, view: &View<'_>, tail: Tail) -> Result<Placed> {
        let (date, resource) = keys::tail_parts(tail);
        let (head, key) = view.by_number(resource)?;
        let needs_entries = self.order.iter().any(|sort| matches!(sort.by, SortBy::Params(_) | SortBy::Score));
        let entries = if needs_entries { view.entries(resource)? } else { Vec::new() };
        let sort_keys = self.order.iter().map(|sort| match &sort.by {
            SortBy::Id => Some(key.id.as_bytes().to_vec()),
            SortBy::LastUpdated => Some(moment(head.at)),
            SortBy::Date => (date != NO_DATE).then(|| moment(date)),
            SortBy::Score => Some(score(self.rank, &entries).to_be_bytes().to_vec()),
            SortBy::Params(params) => {
                let keys = entries.iter().filter(|entry| params.contains(&entry.param)).map(|entry| sort_key(&entry.value));
                if sort.descending { keys.max() } else { keys.min() }
            }
        });
        Ok(Placed { place: Place { keys: sort_keys.collect(), resource }, head, key })
    }
}

/// Which of two places comes first.
fn compare(order: &[Sort], left: &Place, right: &Place) -> Ordering {
    let pairs = order.iter().zip(left.keys.iter().zip(&right.keys));
    for (sort, (left, right)) in pairs {
        let each = match (left, right) {
            (Some(left), Some(right)) if sort.descending => right.cmp(left),
            (Some(left), Some(right)) => left.cmp(right),
            _ => left.is_none().cmp(&right.is_none()),
        };
        if each.is_ne() {
            return each;
        }
    }
    Reverse(left.resource).cmp(&Reverse(right.resource))
}
