//! How well a resource fits what it is ranked by.

use super::similarity;
use crate::entry::{Entry, EntryValue, Param};

/// The score of a resource with these entries, from 0 to 1000. Every text asked for counts as much as the text of its parameters that is most
/// like it ([`similarity()`]); the mean of them is the score. One text may be asked for under several parameters: the same one of several types.
pub fn score(rank: &[(Param, Box<str>)], entries: &[Entry]) -> u16 {
    let mut best: Vec<(&str, u16)> = Vec::new();
    for (param, asked) in rank {
        let texts = entries.iter().filter(|entry| entry.param == *param).filter_map(|entry| match &entry.value {
            EntryValue::String(text) => Some(similarity(asked, &text.folded)),
            _ => None,
        });
        let found = texts.max().unwrap_or(0);
        match best.iter_mut().find(|(text, _)| **text == **asked) {
            Some((_, best)) => *best = found.max(*best),
            None => best.push((asked, found)),
        }
    }
    let sum: u32 = best.iter().map(|(_, best)| u32::from(*best)).sum();
    sum.checked_div(best.len() as u32).unwrap_or(0) as u16
}
