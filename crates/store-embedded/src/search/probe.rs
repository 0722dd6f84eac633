//! Which clause leads: the one that fewest resources pass, found by looking a little into each.

use super::access::{Access, Path};
use super::budget::Result;
use super::scan;
use super::stream::{Merge, Tail};
use super::view::View;
use super::window::Window;
use fjall::Readable;

/// How far is looked into each clause at first, round by round, until one comes to its end.
const SHALLOW: [usize; 2] = [32, 256];

/// How far is looked when a clause has led for a while and brought little.
const DEEP: [usize; 2] = [4_096, 65_536];

/// How large a clause is, as far as was looked.
#[derive(Clone, Copy, Debug)]
enum Size {
    /// So many entries.
    Count(usize),
    /// More; in natural order, those looked at reach to here.
    Reaches(Tail),
    /// More, and in no order.
    Many,
}

/// The clause to lead.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leader {
    /// Its place.
    pub(crate) place: usize,
    /// Whether it is known to be small.
    pub(crate) is_small: bool,
}

/// The clause to lead a search: a small one, or else the one of those in natural order whose first entries reach furthest,
/// for it is the sparsest. `None` when no clause is either.
pub(crate) fn leader(view: &View<'_>, accesses: &[Option<Access>], window: Window) -> Result<Option<Leader>> {
    let known = known(accesses);
    if let [(place, Access { path: Path::Values(_), .. })] = known.as_slice() {
        return Ok(Some(Leader { place: *place, is_small: false }));
    }
    let mut furthest: Option<(Tail, usize)> = None;
    for most in SHALLOW {
        furthest = None;
        let mut least: Option<(usize, usize)> = None;
        for (place, access) in &known {
            match size(view, &access.path, most, window)? {
                Size::Count(count) => least = Some(least.map_or((count, *place), |least| least.min((count, *place)))),
                Size::Reaches(tail) => furthest = furthest.max(Some((tail, *place))),
                Size::Many => {}
            }
        }
        if let Some((_, place)) = least {
            return Ok(Some(Leader { place, is_small: true }));
        }
    }
    Ok(furthest.map(|(_, place)| Leader { place, is_small: false }))
}

/// The smallest clause, when it is known after a deeper look.
pub(crate) fn smallest(view: &View<'_>, accesses: &[Option<Access>], window: Window) -> Result<Option<usize>> {
    let known = known(accesses);
    for most in DEEP {
        let mut least: Option<(usize, usize)> = None;
        for (place, access) in &known {
            // A clause larger than the least so far does not matter, nor how much larger it is.
            let most = least.map_or(most, |(count, _)| count);
            if let Size::Count(count) = size(view, &access.path, most, window)? {
                least = Some((count, *place));
            }
        }
        if let Some((_, place)) = least {
            return Ok(Some(place));
        }
    }
    Ok(None)
}

fn known(accesses: &[Option<Access>]) -> Vec<(usize, &Access)> {
    accesses.iter().enumerate().filter_map(|(place, access)| Some((place, access.as_ref()?))).collect()
}

fn size(view: &View<'_>, path: &Path, most: usize, window: Window) -> Result<Size> {
    match path {
        Path::Keys(keys) if keys.len() <= most => Ok(Size::Count(keys.len())),
        Path::Keys(_) => Ok(Size::Many),
        Path::Values(values) => {
            let mut merge = Merge::new(view, values, window.after)?;
            let (mut count, mut last) = (0, None);
            while let Some(tail) = merge.next()? {
                view.budget.step()?;
                if window.is_over(tail) {
                    return Ok(Size::Count(count));
                }
                (count, last) = (count + 1, Some(tail));
                if count > most {
                    break;
                }
            }
            Ok(last.filter(|_| count > most).map_or(Size::Count(count), Size::Reaches))
        }
        Path::Ranges(ranges) => {
            let mut count = 0;
            for range in ranges.iter().filter(|range| !scan::is_empty(range)) {
                for guard in view.snapshot.at.range(&view.snapshot.index.entries, range.clone()).take(most + 1 - count) {
                    view.budget.step()?;
                    guard.key()?;
                    count += 1;
                }
                if count > most {
                    return Ok(Size::Many);
                }
            }
            Ok(Size::Count(count))
        }
    }
}
