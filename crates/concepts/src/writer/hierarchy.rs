//! Parents, children, and the ranges of ranks that say who is below whom: see `table/hierarchy.rs`.

use std::io;
use std::path::Path;

use super::spill::Pieces;
use super::{Summary, limit};
use crate::limits::MAX_RANGES;
use crate::table::ascending;
use crate::table::layout::{FileWriter, Section};
use crate::table::records::{Records, RecordsWriter};
use crate::{Concept, Failure};

/// Writes the hierarchy; nothing when there is none. Pieces are concept and code of its parent.
pub fn write(
    mut pieces: Pieces,
    codes: Records<'_>,
    find: impl Fn(&str) -> Option<Concept>,
    folder: &Path,
    out: &mut FileWriter,
    summary: &mut Summary,
) -> Result<(), Failure> {
    let mut edges: Vec<(Concept, Concept)> = Vec::new();
    let mut piece = Vec::new();
    while pieces.next(&mut piece)? {
        let (child, parent) = piece.split_at(4);
        let child = Concept::from_be_bytes([child[0], child[1], child[2], child[3]]);
        match std::str::from_utf8(parent).ok().and_then(&find) {
            Some(parent) => edges.push((child, parent)),
            None => summary.left_out += 1,
        }
    }
    edges.sort_unstable();
    edges.dedup();
    summary.parents = edges.len() as u64;
    if edges.is_empty() {
        return Ok(());
    }
    let parents = Neighbours::new(codes.len(), &edges);
    edges.iter_mut().for_each(|edge| *edge = (edge.1, edge.0));
    edges.sort_unstable();
    let children = Neighbours::new(codes.len(), &edges);
    drop(edges);
    let order = from_the_top(&parents, &children)
        .map_err(|concept| Failure::Circle { code: String::from_utf8_lossy(codes.get(concept as usize)).into_owned() })?;
    let tree = Tree::new(&parents, &children, &order);
    let ranges = tree.ranges(&children, &order)?;
    let written = write_sections(&parents, &children, &tree, &ranges, out);
    written.map_err(Failure::at(folder))
}

/// For each concept some others, ascending.
struct Neighbours {
    starts: Vec<u32>,
    others: Vec<Concept>,
}

impl Neighbours {
    /// From pairs of a concept and another one, sorted.
    fn new(count: usize, edges: &[(Concept, Concept)]) -> Self {
        let mut starts = vec![0; count + 1];
        for (concept, _) in edges {
            starts[*concept as usize + 1] += 1;
        }
        for index in 1..starts.len() {
            starts[index] += starts[index - 1];
        }
        Self { starts, others: edges.iter().map(|(_, other)| *other).collect() }
    }

    fn count(&self) -> usize {
        self.starts.len() - 1
    }

    fn of(&self, concept: Concept) -> &[Concept] {
        let concept = concept as usize;
        &self.others[self.starts[concept] as usize..self.starts[concept + 1] as usize]
    }

    fn write(&self, section: Section, out: &mut FileWriter) -> io::Result<()> {
        let mut record = Vec::new();
        out.section(section, |out| {
            let mut records = RecordsWriter::new(out);
            for concept in 0..self.count() as Concept {
                record.clear();
                let mut last = None;
                for &other in self.of(concept) {
                    ascending::put(&mut record, last, other);
                    last = Some(other);
                }
                records.push(&record)?;
            }
            records.finish().map(drop)
        })
    }
}

/// The concepts in an order in which parents stand before their children; or a concept on a circle.
fn from_the_top(parents: &Neighbours, children: &Neighbours) -> Result<Vec<Concept>, Concept> {
    let count = parents.count();
    let mut missing: Vec<u32> = (0..count as Concept).map(|concept| parents.of(concept).len() as u32).collect();
    let mut order: Vec<Concept> = (0..count as Concept).filter(|&concept| missing[concept as usize] == 0).collect();
    let mut next = 0;
    while let Some(&concept) = order.get(next) {
        next += 1;
        for &child in children.of(concept) {
            missing[child as usize] -= 1;
            if missing[child as usize] == 0 {
                order.push(child);
            }
        }
    }
    if order.len() == count {
        return Ok(order);
    }
    // What is left is on a circle or below one. Going up from it ends on one: after as many steps as there are concepts at the latest.
    let is_left = |concept: &Concept| missing[*concept as usize] > 0;
    let mut concept = (0..count as Concept).find(is_left).unwrap_or_default();
    for _ in 0..count {
        concept = parents.of(concept).iter().copied().find(is_left).unwrap_or(concept);
    }
    Err(concept)
}

/// Ranges of ranks: where each begins, and what is the first after it.
type Ranges = Box<[(u32, u32)]>;

/// The hierarchy as a tree: each concept hangs from its deepest parent, which leaves the fewest ranges outside of the tree.
struct Tree {
    parent: Vec<Option<Concept>>,
    rank: Vec<u32>,
    /// How many ranks a concept has with all that hangs from it.
    size: Vec<u32>,
}

impl Tree {
    fn new(parents: &Neighbours, children: &Neighbours, order: &[Concept]) -> Self {
        let count = parents.count();
        let mut depth = vec![0u32; count];
        let mut parent = vec![None; count];
        for &concept in order {
            let deepest = parents.of(concept).iter().copied().max_by_key(|&parent| (depth[parent as usize], std::cmp::Reverse(parent)));
            depth[concept as usize] = deepest.map_or(0, |deepest| depth[deepest as usize] + 1);
            parent[concept as usize] = deepest;
        }
        let mut size = vec![1; count];
        for &concept in order.iter().rev() {
            if let Some(parent) = parent[concept as usize] {
                size[parent as usize] += size[concept as usize];
            }
        }
        let mut tree = Self { parent, rank: vec![0; count], size };
        let mut next = 0;
        for root in 0..count as Concept {
            if tree.parent[root as usize].is_none() {
                tree.rank[root as usize] = next;
                next += tree.size[root as usize];
            }
        }
        for &concept in order {
            let mut next = tree.rank[concept as usize] + 1;
            for &child in children.of(concept) {
                if tree.parent[child as usize] == Some(concept) {
                    tree.rank[child as usize] = next;
                    next += tree.size[child as usize];
                }
            }
        }
        tree
    }

    /// For each concept the ranks below it, as ascending ranges that do not touch.
    fn ranges(&self, children: &Neighbours, order: &[Concept]) -> Result<Vec<Ranges>, Failure> {
        let mut all: Vec<Ranges> = vec![Box::default(); self.rank.len()];
        let mut total = 0;
        let mut below = Vec::new();
        for &concept in order.iter().rev() {
            if children.of(concept).is_empty() {
                continue;
            }
            below.clear();
            let rank = self.rank[concept as usize];
            let own = (rank + 1, rank + self.size[concept as usize]);
            below.push(own);
            for &child in children.of(concept) {
                let rank = self.rank[child as usize];
                below.push((rank, rank + 1));
                below.extend(all[child as usize].iter().filter(|range| range.0 < own.0 || range.1 > own.1));
            }
            let merged = merged(&mut below);
            total += merged.len();
            limit("ranges of descendants: the hierarchy is too tangled", total, MAX_RANGES)?;
            all[concept as usize] = merged;
        }
        Ok(all)
    }
}

fn merged(ranges: &mut Vec<(u32, u32)>) -> Ranges {
    ranges.retain(|range| range.0 < range.1);
    ranges.sort_unstable();
    let mut merged: Vec<(u32, u32)> = Vec::new();
    for &(start, end) in ranges.iter() {
        match merged.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => merged.push((start, end)),
        }
    }
    merged.into()
}

fn write_sections(parents: &Neighbours, children: &Neighbours, tree: &Tree, ranges: &[Ranges], out: &mut FileWriter) -> io::Result<()> {
    parents.write(Section::Parents, out)?;
    children.write(Section::Children, out)?;
    let mut by_rank = vec![0; tree.rank.len()];
    for (concept, &rank) in tree.rank.iter().enumerate() {
        by_rank[rank as usize] = concept as Concept;
    }
    let ranks: Vec<u8> = tree.rank.iter().chain(&by_rank).flat_map(|number| number.to_le_bytes()).collect();
    out.bytes(Section::Ranks, &ranks)?;
    let mut record = Vec::new();
    out.section(Section::Ranges, |out| {
        let mut records = RecordsWriter::new(out);
        for ranges in ranges {
            record.clear();
            ranges.iter().for_each(|(start, end)| record.extend([start.to_le_bytes(), end.to_le_bytes()].concat()));
            records.push(&record)?;
        }
        records.finish().map(drop)
    })
}
