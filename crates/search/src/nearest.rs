//! The name that was probably meant.

/// Longer names are not compared.
const MAX_LENGTH: usize = 64;

/// The one of `known` that differs least from `name`; `None` when all differ in more than half of it.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if name.len() > MAX_LENGTH {
        return None;
    }
    let name = name.to_lowercase();
    known
        .filter(|candidate| candidate.len() <= MAX_LENGTH)
        .map(|candidate| (distance(&name, &candidate.to_lowercase()), candidate))
        .min()
        .filter(|&(distance, candidate)| distance <= name.len().max(candidate.len()) / 2)
        .map(|(_, candidate)| candidate)
}

/// How many letters must be put in, taken out, changed or swapped with the next to make one text of the other.
fn distance(left: &str, right: &str) -> usize {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
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
