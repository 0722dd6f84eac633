//! Random filters.

use crate::entry::Span;
use crate::query::{Filter, Test};
use crate::suite::prng::Prng;
use crate::suite::sample::kind;
use crate::suite::world::START;

use super::values::{CODES, IDS, KINDS, compare, param, test};

/// A filter for resources of a type, nested at most `depth` deep.
pub(super) fn filter(prng: &mut Prng, of: &str, depth: u32) -> Filter {
    if depth == 0 || prng.chance(40) {
        return leaf(prng, of);
    }
    let below = depth - 1;
    match prng.below(12) {
        11 => together(prng, of),
        10 => {
            let inner = prng.pick(&KINDS);
            Filter::Contained(kind(inner), Box::new(filter(prng, inner, below)))
        }
        0..=3 => Filter::All(prng.several(3, |prng| filter(prng, of, below))),
        4 | 5 => Filter::Any(prng.several(3, |prng| filter(prng, of, below))),
        6 | 7 => Filter::Not(Box::new(filter(prng, of, below))),
        8 => {
            let ways = prng.several(2, |prng| {
                let target = prng.pick(&KINDS);
                (kind(target), filter(prng, target, below))
            });
            Filter::Chain(param(of, "patient"), ways)
        }
        _ => {
            let source = prng.pick(&KINDS);
            Filter::Has(kind(source), param(source, "patient"), Box::new(filter(prng, source, below)))
        }
    }
}

/// Two clauses that are often asked for together, which an engine may find together.
fn together(prng: &mut Prng, of: &str) -> Filter {
    let codes = if prng.chance(60) { ["patient", "code"] } else { ["code", "value-quantity"] };
    Filter::All(codes.map(|code| Filter::Match(param(of, code), test(prng, code))).to_vec())
}

fn leaf(prng: &mut Prng, of: &str) -> Filter {
    match prng.below(12) {
        0 => Filter::Id(prng.several(3, |prng| Box::from(prng.pick(&IDS)))),
        1 => {
            let first = START + prng.between(0, 1500);
            Filter::LastUpdated(compare(prng), Span { first, last: first + prng.between(0, 300) })
        }
        2 => Filter::Present(param(of, prng.pick(&CODES))),
        3 => Filter::everything(),
        _ => {
            let code = prng.pick(&CODES);
            Filter::Match(param(of, code), fitting_test(prng, code))
        }
    }
}

/// A test for values of the parameter, rarely of another kind.
fn fitting_test(prng: &mut Prng, code: &str) -> Test {
    let tested = if prng.chance(97) { code } else { prng.pick(&CODES) };
    test(prng, tested)
}
