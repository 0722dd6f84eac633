//! Entries in natural order: newest first, then youngest first.
//!
//! What follows a value in the keys of `entries` is the resource's place in that order (its *tail*), so that the
//! entries of one value come in order by themselves, and those of several are merged.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Bound;

use super::access::Part;
use super::budget::Result;
use super::scan;
use super::sieve::Sieve;
use super::view::View;
use super::window::{Direction, Window};
use crate::index::keys::{self, TAIL};
use crate::index::tree::Pairs;

/// A resource's place in natural order: date and number, both inverted.
pub(crate) type Tail = [u8; TAIL];

/// The resources that have one of some values, in natural order or from its end, each once.
pub(crate) struct Merge<'v> {
    view: &'v View<'v>,
    sources: Vec<Pairs>,
    /// What each source has next; what is met first on top.
    heads: BinaryHeap<Reverse<(Tail, usize)>>,
    direction: Direction,
    last: Option<Tail>,
}

impl<'v> Merge<'v> {
    /// Those in the window.
    pub(crate) fn new(view: &'v View<'v>, values: &[Vec<u8>], window: Window) -> Result<Self> {
        let (sources, heads) = (Vec::with_capacity(values.len()), BinaryHeap::new());
        let mut merge = Self { view, sources, heads, direction: window.direction, last: None };
        for value in values {
            let (start, end) = scan::below(value);
            let at = |tail: Tail| [value, &tail[..]].concat();
            let start = window.after.map_or(start, |after| Bound::Excluded(at(after)));
            let end = window.until.map_or(end, |until| Bound::Included(at(until)));
            let range = (start, end);
            if !scan::is_empty(&range) {
                merge.sources.push(view.snapshot.at.range_of_value(value, range));
                merge.advance(merge.sources.len() - 1)?;
            }
        }
        Ok(merge)
    }

    fn advance(&mut self, source: usize) -> Result<()> {
        let next = self.sources.get_mut(source).and_then(|iter| match self.direction {
            Direction::Forward => iter.next(),
            Direction::Backward => iter.next_back(),
        });
        if let Some(guard) = next {
            self.view.budget.read()?;
            let (_, tail) = keys::split_tail(&guard?.0)?;
            self.heads.push(Reverse((self.direction.key(tail), source)));
        }
        Ok(())
    }

    /// The next resource.
    pub(crate) fn next(&mut self) -> Result<Option<Tail>> {
        while let Some(Reverse((key, source))) = self.heads.pop() {
            self.advance(source)?;
            if self.last != Some(key) {
                self.last = Some(key);
                return Ok(Some(self.direction.key(key)));
            }
        }
        Ok(None)
    }
}

/// The different values that begin so, in order; `None` when there are more than `most`.
pub(crate) fn distinct(view: &View<'_>, prefix: &[u8], most: usize) -> Result<Option<Vec<Vec<u8>>>> {
    let (mut start, end) = scan::below(prefix);
    let mut values = Vec::new();
    while let Some(guard) = view.snapshot.at.range((start.clone(), end.clone())).next() {
        view.budget.read()?;
        let key = guard?.0;
        let (value, _) = keys::split_tail(&key)?;
        if values.len() == most {
            return Ok(None);
        }
        values.push(value.to_vec());
        match scan::after(value) {
            Some(next) => start = Bound::Included(next),
            None => break,
        }
        if scan::is_empty(&(start.clone(), end.clone())) {
            break;
        }
    }
    Ok(Some(values))
}

/// What is found in some ranges.
pub(crate) struct Collected {
    /// The places of the resources, in natural order, each once.
    pub(crate) tails: Vec<Tail>,
    /// Whether all keys told that they pass their part's test.
    pub(crate) is_sure: bool,
}

/// What passes in the parts; `None` when it is more than `most` resources.
pub(crate) fn collect(view: &View<'_>, parts: &[Part], most: usize) -> Result<Option<Collected>> {
    let (mut tails, mut is_sure): (Vec<Tail>, _) = (Vec::new(), true);
    let tidy = |tails: &mut Vec<Tail>| {
        tails.sort_unstable();
        tails.dedup();
        tails.len() <= most
    };
    for part in parts.iter().filter(|part| !scan::is_empty(&part.range)) {
        let mut sieve = Sieve::new(view, part);
        while let Some(passed) = sieve.next()? {
            is_sure &= passed.is_sure;
            tails.push(passed.tail);
            // A resource may have many entries in a range: they count once, and are dropped now and then.
            if tails.len() > most.saturating_mul(2) && !tidy(&mut tails) {
                return Ok(None);
            }
        }
    }
    Ok(tidy(&mut tails).then_some(Collected { tails, is_sure }))
}
