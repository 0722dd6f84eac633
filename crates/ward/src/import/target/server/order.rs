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

/// Ordered knots as transactions, to be sent one after the other. No transaction has a key twice.
pub fn packs(knots: Vec<Knot>) -> Vec<Vec<Knot>> {
    let mut packs: Vec<Pack> = Vec::new();
    for knot in knots {
        match packs.last_mut() {
            Some(pack) if pack.has_room(&knot) => pack.add(knot),
            _ => {
                let mut pack = Pack::default();
                pack.add(knot);
                packs.push(pack);
            }
        }
    }
    packs.into_iter().map(|pack| pack.knots).collect()
}

/// A transaction to be.
#[derive(Default)]
struct Pack {
    knots: Vec<Knot>,
    keys: HashSet<Key>,
    bytes: usize,
}

impl Pack {
    fn has_room(&self, knot: &Knot) -> bool {
        self.keys.len() + knot.len() <= PACK_SIZE
            && self.bytes + bytes(knot) <= PACK_BYTES
            && !knot.iter().any(|one| self.keys.contains(&one.item.put.key))
    }

    fn add(&mut self, knot: Knot) {
        self.keys.extend(knot.iter().map(|one| one.item.put.key.clone()));
        self.bytes += bytes(&knot);
        self.knots.push(knot);
    }
}

fn bytes(knot: &Knot) -> usize {
    knot.iter().map(|one| one.item.put.body.text.len()).sum()
}
