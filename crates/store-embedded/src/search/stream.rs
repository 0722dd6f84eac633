//! Entries in natural order: newest first, then youngest first.
//!
//! What follows a value in the keys of `entries` is the resource's place in that order (its *tail*), so that the
//! entries of one value come in order by themselves, and those of several are merged.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::ops::Bound;

use super::access::{MOST_SIDE_BY_SIDE, Part};
use super::budget::Result;
use super::scan;
use super::sieve::Sieve;
use super::view::View;
use super::window::{Direction, Window};
use crate::index::keys::{self, TAIL};
use crate::index::tree::Pairs;

/// A resource's place in natural order: date and number, both inverted.
pub(crate) type Tail = [u8; TAIL];

/// How many entries of a value are read first when there are many values, and how many times as many then each time.
const FIRST_SIZE: usize = 4;
const GROWTH: usize = 8;

/// The resources that have one of some values, in natural order or from its end, each once.
pub(crate) struct Merge<'v> {
    view: &'v View<'v>,
    sources: Vec<Source>,
    /// What each source has next; what is met first on top.
    heads: BinaryHeap<Reverse<(Tail, usize)>>,
    direction: Direction,
    last: Option<Tail>,
}

/// The entries of a value that are left.
enum Source {
    /// Where they are being read.
    Open(Pairs),
    /// Some that were read, and where the rest is read from when it is wanted: beside many others, hardly any is.
    Some { met: VecDeque<Tail>, value: Vec<u8>, rest: Option<Window>, next_size: usize },
}

impl Source {
    fn next(&mut self, view: &View<'_>, direction: Direction) -> Result<Option<Tail>> {
        match self {
            Source::Open(pairs) => next_of(view, pairs, direction),
            Source::Some { met, value, rest, next_size } => {
                if met.is_empty()
                    && let Some(window) = rest.take()
                    && let Some(mut pairs) = open(view, value, window)
                {
                    while met.len() < *next_size
                        && let Some(tail) = next_of(view, &mut pairs, direction)?
                    {
                        met.push_back(tail);
                    }
                    *rest = met.back().filter(|_| met.len() == *next_size).map(|last| window.beyond(*last));
                    *next_size *= GROWTH;
                }
                Ok(met.pop_front())
            }
        }
    }
}

/// The next entry of those that are being read.
fn next_of(view: &View<'_>, pairs: &mut Pairs, direction: Direction) -> Result<Option<Tail>> {
    let next = match direction {
        Direction::Forward => pairs.next(),
        Direction::Backward => pairs.next_back(),
    };
    let Some(guard) = next else { return Ok(None) };
    view.budget.read()?;
    Ok(Some(keys::split_tail(&guard?.0)?.1))
}

/// The entries of a value in a window; `None` when there can be none.
fn open(view: &View<'_>, value: &[u8], window: Window) -> Option<Pairs> {
    let (start, end) = scan::below(value);
    let at = |tail: Tail| [value, &tail[..]].concat();
    let start = window.after.map_or(start, |after| Bound::Excluded(at(after)));
    let end = window.until.map_or(end, |until| Bound::Included(at(until)));
    let range = (start, end);
    (!scan::is_empty(&range)).then(|| view.snapshot.at.range_of_value(value, range))
}

impl<'v> Merge<'v> {
    /// Those in the window.
    pub(crate) fn new(view: &'v View<'v>, values: &[Vec<u8>], window: Window) -> Result<Self> {
        let (sources, heads) = (Vec::with_capacity(values.len()), BinaryHeap::new());
        let mut merge = Self { view, sources, heads, direction: window.direction, last: None };
        for value in values {
            merge.sources.extend(if values.len() <= MOST_SIDE_BY_SIDE {
                open(view, value, window).map(Source::Open)
            } else {
                Some(Source::Some { met: VecDeque::new(), value: value.clone(), rest: Some(window), next_size: FIRST_SIZE })
            });
        }
        for source in 0..merge.sources.len() {
            merge.advance(source)?;
        }
        Ok(merge)
    }

    fn advance(&mut self, source: usize) -> Result<()> {
        if let Some(of) = self.sources.get_mut(source)
            && let Some(tail) = of.next(self.view, self.direction)?
        {
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
