//! The known word nearest to an unknown one, for "did you mean".

/// The known word that takes the fewest edits to reach from `word`, when they are few enough to be a slip.
pub fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = word.len() / 3 + 1;
    known.map(|candidate| (edits(word, candidate), candidate)).filter(|(edits, _)| *edits <= allowed).min().map(|(_, candidate)| candidate)
}

/// Levenshtein's distance: insertions, deletions and replacements of bytes.
fn edits(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, a) in left.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, b) in right.bytes().enumerate() {
            let replaced = diagonal + usize::from(a != b);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}
