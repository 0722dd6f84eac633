//! The part of the natural order in which a search for dates has to look.

use store::commit::{Instant, NO_DATE};
use store::entry::Span;
use store::query::{Compare, Filter, Test};

use super::budget::Result;
use super::stream::Tail;
use super::view::View;
use crate::index::dates::{self, DateUse};
use crate::index::keys;

/// A part of the natural order.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Window {
    /// It begins behind this place.
    pub(crate) after: Option<Tail>,
    /// It ends with this place.
    pub(crate) until: Option<Tail>,
}

impl Window {
    /// Whether the place lies behind the window.
    pub(crate) fn is_over(&self, tail: Tail) -> bool {
        self.until.is_some_and(|until| tail > until)
    }

    /// The part of it behind a place.
    pub(crate) fn behind(self, place: Option<Tail>) -> Self {
        Self { after: self.after.max(place), ..self }
    }

    /// Leaves out what cannot pass the clause. Says whether it could: whether the clause is about the date of the type.
    pub(crate) fn narrow(&mut self, view: &View<'_>, clause: &Filter) -> Result<bool> {
        let Filter::Match(param, Test::Date(compare, asked)) = clause else {
            return Ok(false);
        };
        let Some(known) = dates::known(view.snapshot, view.tenant, *param)?.filter(|known| known.is_natural) else {
            return Ok(false);
        };
        let (oldest, newest) = bounds(*compare, *asked, known);
        // No resource has the highest number: the place before the first of the newest date.
        self.after = self.after.max(newest.map(|date| keys::tail(date, u64::MAX)));
        let until = oldest.map(|date| keys::tail(date, 0));
        self.until = [self.until, until].into_iter().flatten().min();
        Ok(oldest.is_some() || newest.is_some())
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
