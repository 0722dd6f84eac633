//! The part of the natural order in which a search has to look, and which way it goes.

use store::commit::{Instant, NO_DATE};
use store::entry::Span;
use store::query::{Compare, Filter, Test};

use super::budget::Result;
use super::stream::Tail;
use super::view::View;
use crate::index::dates::{self, DateUse};
use crate::index::keys;

/// Which way a search goes through an order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Direction {
    /// As the order goes.
    #[default]
    Forward,
    /// From its end.
    Backward,
}

impl Direction {
    /// The place, so that places met later are larger.
    pub(crate) fn key(self, tail: Tail) -> Tail {
        match self {
            Direction::Forward => tail,
            Direction::Backward => tail.map(|byte| !byte),
        }
    }
}

/// A part of the natural order.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Window {
    /// It begins behind this place.
    pub(crate) after: Option<Tail>,
    /// It ends with this place.
    pub(crate) until: Option<Tail>,
    /// Which way it is gone through.
    pub(crate) direction: Direction,
}

impl Window {
    /// What comes behind a place.
    pub(crate) fn after(place: Tail) -> Self {
        Self { after: Some(place), ..Self::default() }
    }

    /// What comes before a place, from there to the start.
    pub(crate) fn before(place: Tail) -> Self {
        Self { direction: Direction::Backward, ..Self::default() }.beyond(place)
    }

    /// The part of it that is left when a place is reached.
    pub(crate) fn beyond(mut self, place: Tail) -> Self {
        match (self.direction, keys::before(place)) {
            (Direction::Forward, _) => self.after = self.after.max(Some(place)),
            (Direction::Backward, Some(before)) => self.end(before),
            // Nothing comes before the first place.
            (Direction::Backward, None) => self.after = Some([u8::MAX; keys::TAIL]),
        }
        self
    }

    fn end(&mut self, until: Tail) {
        self.until = Some(self.until.map_or(until, |known| known.min(until)));
    }

    /// The places of a sorted list that lie in it, in the order in which they are met.
    pub(crate) fn cut(&self, mut tails: Vec<Tail>) -> Vec<Tail> {
        if let Some(until) = self.until {
            tails.truncate(tails.partition_point(|tail| *tail <= until));
        }
        if let Some(after) = self.after {
            tails.drain(..tails.partition_point(|tail| *tail <= after));
        }
        if self.direction == Direction::Backward {
            tails.reverse();
        }
        tails
    }

    /// Leaves out what cannot pass the clause. Says whether little else is left: whether the clause is about the date of the type, and bounds it.
    pub(crate) fn narrow(&mut self, view: &View<'_>, clause: &Filter) -> Result<bool> {
        let Filter::Match(param, Test::Date(compare, asked)) = clause else {
            return Ok(false);
        };
        let Some(known) = dates::known(view.snapshot, view.tenant, *param)?.filter(|known| known.is_natural) else {
            return Ok(false);
        };
        let (oldest, newest) = bounds(*compare, *asked, known);
        if let Some(date) = newest {
            // No resource has the highest number: the place before the first of the newest date.
            self.after = self.after.max(Some(keys::tail(date, u64::MAX)));
        }
        if let Some(date) = oldest {
            self.end(keys::tail(date, 0));
        }
        // Where some entries have no end, all older ones are left.
        let is_open = oldest.is_none() && *compare == Compare::Approximately;
        Ok(!is_open && (oldest.is_some() || newest.is_some()))
    }
}

/// Between which dates an entry begins that compares so.
fn bounds(compare: Compare, asked: Span, known: DateUse) -> (Option<Instant>, Option<Instant>) {
    // An entry that ends behind `moment` begins at most the longest time before it; one without a beginning may be longer than can be said.
    let reaching = |moment: Instant| moment.checked_sub(known.longest).filter(|from| *from > NO_DATE && known.longest < i64::MAX);
    match compare {
        Compare::Equal => (Some(asked.first), Some(asked.last)),
        Compare::Less | Compare::EndsBefore => (None, Some(asked.first)),
        Compare::LessOrEqual => (None, Some(asked.last)),
        Compare::StartsAfter => (Some(asked.last), None),
        Compare::Greater => (reaching(asked.last), None),
        Compare::GreaterOrEqual => (reaching(asked.last).map(|from| from.min(asked.first)), None),
        Compare::Approximately => (reaching(asked.first), Some(asked.last)),
        Compare::NotEqual => (None, None),
    }
}
