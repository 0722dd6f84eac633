//! Which clause leads: the one that fewest resources pass, found by looking a little into each.

use fjall::Readable;

use super::access::{Access, Path};
use super::budget::Result;
use super::scan;
use super::view::View;

/// How far is looked into each clause, round by round, until one comes to its end.
const ROUNDS: [usize; 3] = [32, 512, 4096];

/// The clause to lead, by its place in `accesses`, and how many entries it has; `None` for the number when it is more than
/// was looked at. `None` when there is no clause that the index can find.
pub(crate) fn leader(view: &View<'_>, accesses: &[Option<Access>]) -> Result<Option<(usize, Option<usize>)>> {
    let known: Vec<(usize, &Access)> = accesses.iter().enumerate().filter_map(|(place, access)| Some((place, access.as_ref()?))).collect();
    if let [(place, Access { path: Path::Values(_), .. })] = known.as_slice() {
        return Ok(Some((*place, None)));
    }
    for most in ROUNDS {
        let mut best: Option<(usize, usize)> = None;
        for (place, access) in &known {
            if let Some(count) = count(view, &access.path, most)?
                && best.is_none_or(|(_, least)| count < least)
            {
                best = Some((*place, count));
            }
        }
        if let Some((place, count)) = best {
            return Ok(Some((place, Some(count))));
        }
    }
    // All are large. One that comes in order can stop early.
    let ordered = known.iter().find(|(_, access)| matches!(access.path, Path::Values(_)));
    Ok(ordered.or(known.first()).map(|(place, _)| (*place, None)))
}

/// How many entries the path has; `None` when there are more than `most`.
fn count(view: &View<'_>, path: &Path, most: usize) -> Result<Option<usize>> {
    let mut count = 0;
    let mut add = |range| -> Result<bool> {
        if scan::is_empty(&range) {
            return Ok(true);
        }
        for guard in view.snapshot.at.range(&view.snapshot.index.entries, range).take(most + 1 - count) {
            view.budget.step()?;
            guard.key()?;
            count += 1;
        }
        Ok(count <= most)
    };
    match path {
        Path::Keys(keys) => count = keys.len(),
        Path::Values(values) => {
            for value in values {
                if !add(scan::below(value))? {
                    return Ok(None);
                }
            }
        }
        Path::Ranges(ranges) => {
            for range in ranges {
                if !add(range.clone())? {
                    return Ok(None);
                }
            }
        }
    }
    Ok((count <= most).then_some(count))
}
