//! Which clause leads: the one that fewest resources pass, found by looking a little into each.

use super::access::{Access, Path};
use super::budget::Result;
use super::scan;
use super::stream::{Merge, Tail};
use super::view::View;
use super::window::Window;

/// How far is looked into each clause at first, round by round, until one comes to its end.
const SHALLOW: [usize; 2] = [32, 256];

/// How far is looked when a clause has led for a while and brought little.
const DEEP: [usize; 2] = [4_096, 65_536];

/// How large a clause is, as far as was looked.
#[derive(Clone, Copy, Debug)]
enum Size {
    /// So many entries.
    Count(usize),
    /// More; those looked at reach to the place with this key.
    Reaches(Tail),
    /// More, and in no order.
    Many,
}

/// The clause to lead.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leader {
    /// Its place.
    pub(crate) place: usize,
    /// How many entries it has, when they are few.
    pub(crate) count: Option<usize>,
}

impl Leader {
    /// Whether it is known to be small.
    pub(crate) fn is_small(&self) -> bool {
        self.count.is_some()
    }
}

/// The clause to lead a search: a small one, or else the one of those in natural order whose first entries reach furthest,
/// for it is the sparsest. `None` when no clause is either.
pub(crate) fn leader(view: &View<'_>, accesses: &[Option<Access>], window: Window) -> Result<Option<Leader>> {
    let known = known(accesses);
    if let [(place, Access { path: Path::Values(_), .. })] = known.as_slice() {
        return Ok(Some(Leader { place: *place, count: None }));
    }
    // Places met later have larger keys, whichever way the search goes.
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
        if let Some((count, place)) = least {
            return Ok(Some(Leader { place, count: Some(count) }));
        }
    }
    Ok(furthest.map(|(_, place)| Leader { place, count: None }))
}

/// The smallest clause and its size, when it is known after a deeper look.
pub(crate) fn smallest(view: &View<'_>, accesses: &[Option<Access>], window: Window) -> Result<Option<(usize, usize)>> {
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
        if let Some((count, place)) = least {
            return Ok(Some((place, count)));
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
        Path::Written(rows) if rows.count <= most => Ok(Size::Count(rows.count)),
        Path::Written(_) => Ok(Size::Many),
        Path::Values(values) => {
            let mut merge = Merge::new(view, values, window)?;
            let (mut count, mut last) = (0, None);
            while let Some(tail) = merge.next()? {
                (count, last) = (count + 1, Some(window.direction.key(tail)));
                if count > most {
                    break;
                }
            }
            Ok(last.filter(|_| count > most).map_or(Size::Count(count), Size::Reaches))
        }
        Path::Ranges(parts) => {
            let mut count = 0;
            for part in parts.iter().filter(|part| !scan::is_empty(&part.range)) {
                for guard in view.snapshot.at.range(part.range.clone()).take(most + 1 - count) {
                    view.budget.read()?;
                    guard?.0;
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
