//! The order in which a server that checks references takes resources: what others refer to comes first, and what refers to each other in a
//! circle goes together.

use std::collections::HashMap;

use store::commit::Key;

use super::held::Unit;
use crate::remote::Refusal;

/// How many resources go into one transaction, unless a circle has more.
const PACK_SIZE: usize = 500;

/// How many bytes of text go into one transaction, unless a unit has more.
const PACK_BYTES: usize = 4 << 20;

/// Units that refer to each other in a circle; most often a single one that is in none.
pub struct Knot {
    /// The units.
    pub units: Vec<Unit>,
}

impl Knot {
    /// Its units, each with the server's reasons against its resources.
    pub fn refused(self, refusal: &Refusal) -> impl Iterator<Item = Unit> {
        let mut first = 0;
        self.units.into_iter().map(move |mut unit| {
            let places = unit.items.iter().enumerate();
            unit.reasons = places.map(|(index, item)| refusal.about(first + index, item.put.key.kind.name())).collect();
            first += unit.items.len();
            unit
        })
    }
}

/// The units as transactions, to be sent one after the other.
pub fn packs(units: Vec<Unit>) -> Vec<Vec<Knot>> {
    let order = Walk::of(&references(&units)).knots;
    let mut units: Vec<Option<Unit>> = units.into_iter().map(Some).collect();
    let mut packs: Vec<Vec<Knot>> = Vec::new();
    let (mut size, mut bytes) = (PACK_SIZE, PACK_BYTES);
    for members in order {
        let knot = Knot { units: members.into_iter().filter_map(|index| units.get_mut(index)?.take()).collect() };
        size += knot.units.iter().map(|unit| unit.items.len()).sum::<usize>();
        bytes += knot.units.iter().map(Unit::bytes).sum::<usize>();
        match packs.last_mut() {
            Some(pack) if size <= PACK_SIZE && bytes <= PACK_BYTES => pack.push(knot),
            _ => {
                size = knot.units.iter().map(|unit| unit.items.len()).sum();
                bytes = knot.units.iter().map(Unit::bytes).sum();
                packs.push(vec![knot]);
            }
        }
    }
    packs
}

/// For each unit, the others that it refers to.
fn references(units: &[Unit]) -> Vec<Vec<usize>> {
    let mut places: HashMap<&Key, usize> = HashMap::new();
    for (index, unit) in units.iter().enumerate() {
        places.extend(unit.items.iter().map(|item| (&item.put.key, index)));
    }
    let of_unit = |unit: &Unit| unit.items.iter().flat_map(|item| &item.targets).filter_map(|key| places.get(key).copied()).collect();
    units.iter().map(of_unit).collect()
}

/// Tarjan's walk, which finds the circles of a graph and leaves each after all that can be reached from it. It keeps its own stack, as a chain
/// of references may be as long as the import.
struct Walk {
    knots: Vec<Vec<usize>>,
    /// When each was met, from 1; 0 for those that were not.
    met: Vec<usize>,
    /// The earliest that can be reached from each.
    earliest: Vec<usize>,
    is_open: Vec<bool>,
    open: Vec<usize>,
    count: usize,
}

impl Walk {
    fn of(edges: &[Vec<usize>]) -> Self {
        let size = edges.len();
        let mut walk =
            Self { knots: Vec::new(), met: vec![0; size], earliest: vec![0; size], is_open: vec![false; size], open: Vec::new(), count: 0 };
        for start in 0..size {
            if walk.met[start] == 0 {
                walk.from(start, edges);
            }
        }
        walk
    }

    fn meet(&mut self, node: usize) {
        self.count += 1;
        self.met[node] = self.count;
        self.earliest[node] = self.count;
        self.is_open[node] = true;
        self.open.push(node);
    }

    fn from(&mut self, start: usize, edges: &[Vec<usize>]) {
        self.meet(start);
        let mut way = vec![(start, 0)];
        while let Some((node, next)) = way.last_mut() {
            let node = *node;
            if let Some(&other) = edges[node].get(*next) {
                *next += 1;
                if self.met[other] == 0 {
                    self.meet(other);
                    way.push((other, 0));
                } else if self.is_open[other] {
                    self.earliest[node] = self.earliest[node].min(self.met[other]);
                }
                continue;
            }
            way.pop();
            if let Some(&(before, _)) = way.last() {
                self.earliest[before] = self.earliest[before].min(self.earliest[node]);
            }
            if self.earliest[node] == self.met[node] {
                self.close(node);
            }
        }
    }

    /// All that was met since `node`, and is open still, is one knot.
    fn close(&mut self, node: usize) {
        let mut knot = Vec::new();
        while let Some(member) = self.open.pop() {
            self.is_open[member] = false;
            knot.push(member);
            if member == node {
                break;
            }
        }
        knot.reverse();
        self.knots.push(knot);
    }
}
