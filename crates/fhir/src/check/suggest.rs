//! What was probably meant.

/// The candidate that is most like `name`, when one is like enough to be what was meant: the same but for capitals, or
/// with a letter or two (one for each three) added, left out or changed. Bounded: long names have no nearest.
pub fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (name.len() / 3).clamp(1, 2);
    if name.is_empty() || name.len() > 64 {
        return None;
    }
    let ranked = candidates.filter_map(|candidate| Some((distance(name, candidate, limit)?, candidate)));
    ranked.min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate)
}

/// `: did you mean "birthDate"?`, or nothing.
pub(super) fn did_you_mean<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> String {
    nearest(name, candidates).map(|found| format!(": did you mean \"{found}\"?")).unwrap_or_default()
}

/// How many letters must be added, left out or changed, capitals aside; `None` for more than `limit`.
fn distance(left: &str, right: &str, limit: usize) -> Option<usize> {
    if left.len().abs_diff(right.len()) > limit {
        return None;
    }
    let (left, right) = (left.to_ascii_lowercase().into_bytes(), right.to_ascii_lowercase().into_bytes());
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (above, left) in left.iter().enumerate() {
        let mut diagonal = above;
        row[0] = above + 1;
        for (at, right) in right.iter().enumerate() {
            let changed = diagonal + usize::from(left != right);
            diagonal = row[at + 1];
            row[at + 1] = changed.min(row[at] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().filter(|distance| *distance <= limit)
}
