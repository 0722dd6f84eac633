//! Orders that are asked for.

use store::commit::{Instant, NO_DATE};
use store::encoding::key::ordered_i64;
use store::encoding::sort_key;
use store::entry::{Entry, Param};
use store::matches::{compare_places, score};
use store::query::{Page as QueryPage, Place, Query, Sort, SortBy};

use super::budget::{MOST_SORTED, Result};
use super::include::Hit;
use super::stream::Tail;
use super::view::View;
use crate::index::keys;

/// The order of a search that asks for none.
const NEWEST_FIRST: [Sort; 1] = [Sort { by: SortBy::Date, descending: true }];

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
        [Some(bytes)] => instant(bytes)?,
        _ => return None,
    };
    Some(keys::tail(date, place.resource))
}

/// The key of a moment.
pub(crate) fn moment(at: Instant) -> Vec<u8> {
    ordered_i64(at).to_vec()
}

/// The moment of a key.
pub(crate) fn instant(key: &[u8]) -> Option<Instant> {
    Some((u64::from_be_bytes(key.try_into().ok()?) ^ (1 << 63)).cast_signed())
}

/// A resource and its place.
pub(crate) struct Placed {
    pub(crate) place: Place,
    pub(crate) hit: Hit,
}

/// An order, and which part of it is asked for.
#[derive(Clone, Copy)]
pub(crate) struct Order<'q> {
    pub(crate) sort: &'q [Sort],
    pub(crate) page: &'q QueryPage,
    rank: &'q [(Param, Box<str>)],
}

impl<'q> Order<'q> {
    pub(crate) fn new(query: &'q Query) -> Self {
        let sort = if query.sort.is_empty() { &NEWEST_FIRST[..] } else { &query.sort };
        Self { sort, page: &query.page, rank: &query.rank }
    }

    /// Whether the page is gone to from its end: before a place, what is nearest to it counts.
    pub(crate) fn is_backward(&self) -> bool {
        matches!(self.page, QueryPage::Before(_))
    }

    /// The place that the page comes after or before.
    pub(crate) fn bound(&self) -> Option<&'q Place> {
        match self.page {
            QueryPage::First => None,
            QueryPage::After(place) | QueryPage::Before(place) => Some(place),
        }
    }

    /// Whether the place comes after the one, or before the one, that the page is bounded by.
    pub(crate) fn is_beyond(&self, place: &Place) -> bool {
        match self.page {
            QueryPage::First => true,
            QueryPage::After(bound) => compare_places(self.sort, place, bound).is_gt(),
            QueryPage::Before(bound) => compare_places(self.sort, place, bound).is_lt(),
        }
    }

    /// Puts what is met first on the way to the page first.
    pub(crate) fn sort(&self, found: &mut [Placed]) {
        found.sort_by(|left, right| {
            let forward = compare_places(self.sort, &left.place, &right.place);
            if self.is_backward() { forward.reverse() } else { forward }
        });
    }

    /// Whether places depend on the resources' entries.
    pub(crate) fn needs_entries(&self) -> bool {
        self.sort.iter().any(|sort| matches!(sort.by, SortBy::Params(_) | SortBy::Score))
    }

    /// Whether places depend on entries of the parameter.
    fn mentions(&self, param: Param) -> bool {
        let sorts = self.sort.iter().any(|sort| matches!(&sort.by, SortBy::Params(params) if params.contains(&param)));
        sorts || self.rank.iter().any(|(ranked, _)| *ranked == param)
    }

    /// The place of a resource.
    pub(crate) fn place(&self, (head, key): &Hit, date: Instant, entries: &[Entry]) -> Place {
        let keys = self.sort.iter().map(|sort| match &sort.by {
            SortBy::Id => Some(key.id.as_bytes().to_vec()),
            SortBy::LastUpdated => Some(moment(head.at)),
            SortBy::Date => (date != NO_DATE).then(|| moment(date)),
            SortBy::Score => Some(score(self.rank, entries).to_be_bytes().to_vec()),
            SortBy::Params(params) => {
                let keys = entries.iter().filter(|entry| params.contains(&entry.param)).map(|entry| sort_key(&entry.value));
                if sort.descending { keys.max() } else { keys.min() }
            }
        });
        Place { keys: keys.collect(), resource: head.resource }
    }
}

/// Keeps what of the resources that it is shown is nearest to the bound of the page.
pub(crate) struct First<'q> {
    order: Order<'q>,
    most: usize,
    kept: Vec<Placed>,
}

impl<'q> First<'q> {
    /// Keeps `most`, at most [`MOST_SORTED`].
    pub(crate) fn new(order: Order<'q>, most: usize) -> Self {
        Self { order, most: most.min(MOST_SORTED), kept: Vec::new() }
    }

    /// The same, with what is kept already.
    pub(crate) fn holding(order: Order<'q>, most: usize, kept: Vec<Placed>) -> Self {
        Self { kept, ..Self::new(order, most) }
    }

    /// Looks at one more resource.
    pub(crate) fn add(&mut self, view: &View<'_>, tail: Tail) -> Result<()> {
        let (date, resource) = keys::tail_parts(tail);
        view.budget.check()?;
        let hit = view.by_number(resource)?;
        let entries =
            if self.order.needs_entries() { view.some_entries(resource, |param| self.order.mentions(param))? } else { Vec::new() };
        let place = self.order.place(&hit, date, &entries);
        if self.order.is_beyond(&place) {
            self.kept.push(Placed { place, hit });
        }
        // Sorting now and then keeps memory at twice the page, and costs little for each.
        if self.kept.len() >= self.most.max(64) * 2 {
            self.tidy();
        }
        Ok(())
    }

    fn tidy(&mut self) {
        self.order.sort(&mut self.kept);
        self.kept.truncate(self.most);
    }

    /// What was kept, the nearest first.
    pub(crate) fn finish(mut self) -> Vec<Placed> {
        self.tidy();
        self.kept
    }
}
