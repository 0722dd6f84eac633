//! Which resources of a refused transaction are at fault.

use super::held::Refused;
use super::order::Knot;
use crate::remote::Refusal;

/// Parts a refused transaction into the resources that are at fault, with the reasons, and those that may be sent again, as one or
/// more transactions, of which the last is the first to be sent.
pub fn part(pack: Vec<Knot>, refusal: &Refusal) -> (Vec<Refused>, Vec<Vec<Knot>>) {
    let mut next = 0;
    let is_alone = pack.len() <= 1;
    let (mut faulty, mut rest) = (Vec::new(), Vec::new());
    for mut knot in pack {
        let first = next;
        next += knot.len();
        if !is_alone && !(first..next).any(|entry| refusal.names(entry)) {
            rest.push(knot);
            continue;
        }
        for (index, one) in knot.iter_mut().enumerate() {
            one.reasons = refusal.about(first + index, one.item.put.key.kind.name());
        }
        faulty.extend(knot);
    }
    if faulty.is_empty() {
        // The server blames none: halves are tried until a single one is left.
        let second = rest.split_off(rest.len() / 2);
        return (faulty, vec![second, rest]);
    }
    let rest = if rest.is_empty() { Vec::new() } else { vec![rest] };
    (faulty, rest)
}
