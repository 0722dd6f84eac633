//! What was probably meant by a name that is not known.

/// Longer names are not compared.
const MAX_LENGTH: usize = 64;

/// The candidate that is most like `name`, when one is like enough to be what was meant: the same but for capitals, or with a letter
/// or two (one for each three) put in, taken out, changed or swapped with the next. Long names have no nearest.
pub fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (name.len() / 3).clamp(1, 2);
    if name.is_empty() || name.len() > MAX_LENGTH {
        return None;
    }
    let name: Vec<char> = name.to_lowercase().chars().collect();
    candidates
        .filter(|candidate| candidate.len() <= name.len() * 4 + limit)
        .map(|candidate| (distance(&name, &candidate.to_lowercase().chars().collect::<Vec<_>>()), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// How many letters must be put in, taken out, changed or swapped with the next to make one text of the other.
fn distance(left: &[char], right: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (line, letter) in left.iter().enumerate() {
        let mut row = Vec::with_capacity(above.len());
        row.push(line + 1);
        for (column, other) in right.iter().enumerate() {
            let changed = above[column] + usize::from(letter != other);
            let mut best = changed.min(above[column + 1] + 1).min(row[column] + 1);
            if line > 0 && column > 0 && (letter, &left[line - 1]) == (&right[column - 1], other) {
                best = best.min(before[column - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[right.len()]
}
