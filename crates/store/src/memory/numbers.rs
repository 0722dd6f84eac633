//! Sequences of numbers without gaps.

use std::collections::BTreeMap;

use crate::commit::{Conflict, NumberDraw};

/// The last number drawn of each sequence.
pub(super) type Numbers = BTreeMap<String, u64>;

/// The next number of a sequence.
pub(super) fn next(numbers: &Numbers, sequence: &str) -> u64 {
    numbers.get(sequence).copied().unwrap_or(0) + 1
}

/// The sequences after the draws, and the numbers drawn.
pub(super) fn judge(numbers: &Numbers, draws: &[NumberDraw]) -> Result<(Numbers, Vec<u64>), Conflict> {
    let mut after = numbers.clone();
    let mut drawn = Vec::with_capacity(draws.len());
    for draw in draws {
        let next = next(&after, &draw.sequence);
        if draw.expect.is_some_and(|expected| expected != next) {
            return Err(Conflict::Number { sequence: draw.sequence.clone(), next });
        }
        after.insert(draw.sequence.clone(), next);
        drawn.push(next);
    }
    Ok((after, drawn))
}
