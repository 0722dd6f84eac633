//! Which clause leads: the one that fewest resources pass, found by looking a little into each.

use super::access::{Access, MOST_SIDE_BY_SIDE, Path, Range};
use super::budget::Result;
use super::scan;
use super::stream::{Merge, Tail};
use super::view::View;
use super::window::Window;
use crate::index::tree::Pairs;

/// How far is looked into each clause at first, round by round, until one comes to its end. Each goes on where it was.
const SHALLOW: [usize; 9] = [16, 32, 64, 96, 128, 160, 192, 224, 256];

/// How far is looked when a clause has led for a while and brought little.
const DEEP: [usize; 2] = [4_096, 65_536];

/// The clause to lead.
#[derive(Debug)]
pub(crate) struct Leader {
    /// Its place.
    pub(crate) place: usize,
    /// How many entries it has, when they are few.
    pub(crate) count: Option<usize>,
    /// The places of its resources in natural order, in the direction of the window, when they were all met on the way.
    pub(crate) tails: Option<Vec<Tail>>,
}

impl Leader {
    /// Whether it is known to be small.
    pub(crate) fn is_small(&self) -> bool {
        self.count.is_some()
    }
}

/// The clause to lead a search: a small one, or else the one of those in natural order whose first entries reach furthest,
/// for it is the sparsest. `None` when no clause is either.
///
/// Whichever leads, the same is found: what is read here is not noted.
pub(crate) fn leader(view: &View<'_>, accesses: &[Option<Access>], window: Window) -> Result<Option<Leader>> {
    view.snapshot.at.aside(|| look_for_leader(view, accesses, window))
}

fn look_for_leader(view: &View<'_>, accesses: &[Option<Access>], window: Window) -> Result<Option<Leader>> {
    let known = known(accesses);
    if let [(place, Access { path: Path::Values(_), .. })] = known.as_slice() {
        return Ok(Some(Leader { place: *place, count: None, tails: None }));
    }
    let mut looks = Vec::with_capacity(known.len());
    for (place, access) in &known {
        looks.push((*place, Look::new(view, &access.path, window)?));
    }
    for most in SHALLOW {
        let mut least: Option<(usize, usize, usize)> = None;
        for (at, (place, look)) in looks.iter_mut().enumerate() {
            if let Some(count) = look.count(view, most)? {
                least = Some(least.map_or((count, *place, at), |least| least.min((count, *place, at))));
            }
        }
        if let Some((count, place, at)) = least {
            let tails = looks.into_iter().nth(at).and_then(|(_, look)| look.tails());
            return Ok(Some(Leader { place, count: Some(count), tails }));
        }
    }
    // Places met later have larger keys, whichever way the search goes.
    let furthest = looks.iter().filter_map(|(place, look)| Some((window.direction.key(look.furthest()?), *place))).max();
    Ok(furthest.map(|(_, place)| Leader { place, count: None, tails: None }))
}

/// A look into a clause that goes on where it ended.
enum Look<'v> {
    /// What has an end that is known.
    Known(usize),
    /// The entries of values, in natural order, and the places met so far.
    Values(Merge<'v>, Vec<Tail>),
    /// Ranges that were not looked into, the one that is being looked into, and how many entries were met so far.
    Ranges(Vec<Range>, Option<Pairs>, usize),
}

impl<'v> Look<'v> {
    fn new(view: &'v View<'v>, path: &Path, window: Window) -> Result<Self> {
        Ok(match path {
            Path::Keys(keys) => Look::Known(keys.len()),
            Path::Written(rows) => Look::Known(rows.count),
            Path::Values(values) if values.len() <= MOST_SIDE_BY_SIDE => Look::Values(Merge::new(view, values, window)?, Vec::new()),
            Path::Values(values) => Look::Ranges(values.iter().rev().map(|value| scan::below(value)).collect(), None, 0),
            Path::Ranges(parts) => {
                let ranges = parts.iter().rev().map(|part| part.range.clone()).filter(|range| !scan::is_empty(range));
                Look::Ranges(ranges.collect(), None, 0)
            }
        })
    }

    /// How many entries there are, when they are `most` or fewer.
    fn count(&mut self, view: &View<'_>, most: usize) -> Result<Option<usize>> {
        match self {
            Look::Known(count) => Ok((*count <= most).then_some(*count)),
            Look::Values(merge, tails) => {
                while tails.len() <= most {
                    match merge.next()? {
                        Some(tail) => tails.push(tail),
                        None => return Ok(Some(tails.len())),
                    }
                }
                Ok(None)
            }
            Look::Ranges(ranges, open, count) => {
                while *count <= most {
                    if let Some(pair) = open.as_mut().and_then(Iterator::next) {
                        view.budget.read()?;
                        pair?;
                        *count += 1;
                        continue;
                    }
                    match ranges.pop() {
                        Some(range) => *open = Some(view.snapshot.at.range(range)),
                        None => return Ok(Some(*count)),
                    }
                }
                Ok(None)
            }
        }
    }

    /// The place that was reached, when the clause is in natural order.
    fn furthest(&self) -> Option<Tail> {
        match self {
            Look::Values(_, tails) => tails.last().copied(),
            Look::Known(_) | Look::Ranges(..) => None,
        }
    }

    /// The places that were met.
    fn tails(self) -> Option<Vec<Tail>> {
        match self {
            Look::Values(_, tails) => Some(tails),
            Look::Known(_) | Look::Ranges(..) => None,
        }
    }
}

/// How many entries a way has, when they are few.
pub(crate) fn few(view: &View<'_>, access: &Access, window: Window) -> Result<Option<usize>> {
    view.snapshot.at.aside(|| Look::new(view, &access.path, window)?.count(view, SHALLOW[SHALLOW.len() - 1]))
}

/// The smallest clause and its size, when it is known after a deeper look.
pub(crate) fn smallest(view: &View<'_>, accesses: &[Option<Access>], window: Window) -> Result<Option<(usize, usize)>> {
    view.snapshot.at.aside(|| look_for_smallest(view, accesses, window))
}

fn look_for_smallest(view: &View<'_>, accesses: &[Option<Access>], window: Window) -> Result<Option<(usize, usize)>> {
    let known = known(accesses);
    let mut looks = Vec::with_capacity(known.len());
    for (place, access) in &known {
        looks.push((*place, Look::new(view, &access.path, window)?));
    }
    for most in DEEP {
        let mut least: Option<(usize, usize)> = None;
        for (place, look) in &mut looks {
            // A clause larger than the least so far does not matter, nor how much larger it is.
            let most = least.map_or(most, |(count, _)| count);
            if let Some(count) = look.count(view, most)? {
                least = Some((count, *place));
            }
        }
        if let Some((count, place)) = least {
            return Ok(Some((place, count)));
        }
    }
    Ok(None)
}

fn known(accesses: &[Option<Access>]) -> Vec<(usize, &Access)> {
    accesses.iter().enumerate().filter_map(|(place, access)| Some((place, access.as_ref()?))).collect()
}
