//! The order in which a server that checks references takes resources: what others refer to comes first, and what refers to each other in a
//! circle goes together.

mod circles;

use std::collections::{HashMap, HashSet};

use store::commit::Key;

use super::held::Refused;

/// How many resources go into one transaction, unless a circle has more.
const PACK_SIZE: usize = 500;

/// How many bytes of text go into one transaction, unless a circle has more.
const PACK_BYTES: usize = 4 << 20;

/// Resources that refer to each other in a circle; most often a single one that is in none.
pub type Knot = Vec<Refused>;

/// The knots, each after those that it refers to.
pub fn knots(resources: Vec<Refused>) -> Vec<Knot> {
    let order = circles::find(&references(&resources));
    let mut resources: Vec<Option<Refused>> = resources.into_iter().map(Some).collect();
    order.into_iter().map(|members| members.into_iter().filter_map(|index| resources.get_mut(index)?.take()).collect()).collect()
}

/// For each resource, the others that it refers to.
fn references(resources: &[Refused]) -> Vec<Vec<usize>> {
    let places: HashMap<&Key, usize> = resources.iter().enumerate().map(|(index, one)| (&one.item.put.key, index)).collect();
    resources.iter().map(|one| one.item.targets.iter().filter_map(|key| places.get(key).copied()).collect()).collect()
}

/// Parts ordered knots into those that refer to nothing but each other, directly or over others, and the rest.
pub fn self_contained(knots: Vec<Knot>) -> (Vec<Knot>, Vec<Knot>) {
    let mut known = HashSet::new();
    knots.into_iter().partition(|knot| {
        let own: HashSet<&Key> = knot.iter().map(|one| &one.item.put.key).collect();
        let is_closed = knot.iter().flat_map(|one| &one.item.targets).all(|key| own.contains(key) || known.contains(key));
        if is_closed {
            known.extend(own.into_iter().cloned());
        }
        is_closed
    })
}

/// Ordered knots as transactions, to be sent one after the other.
pub fn packs(knots: Vec<Knot>) -> Vec<Vec<Knot>> {
    let mut packs: Vec<Vec<Knot>> = Vec::new();
    let (mut size, mut bytes) = (0, 0);
    for knot in knots {
        let (knot_size, knot_bytes) = (knot.len(), knot.iter().map(|one| one.item.put.body.text.len()).sum::<usize>());
        match packs.last_mut() {
            Some(pack) if size + knot_size <= PACK_SIZE && bytes + knot_bytes <= PACK_BYTES => {
                (size, bytes) = (size + knot_size, bytes + knot_bytes);
                pack.push(knot);
            }
            _ => {
                (size, bytes) = (knot_size, knot_bytes);
                packs.push(vec![knot]);
            }
        }
    }
    packs
}
