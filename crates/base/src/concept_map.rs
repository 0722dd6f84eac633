//! Concept maps (<http://hl7.org/fhir/R4/conceptmap.html>).

use fhir::{Object, Value};

use crate::card::{Card, Table};
use crate::facts::{add_list, add_members, add_text, coded};
use crate::line::Line;

pub(crate) const TABLE: Table =
    Table { kind: "ConceptMap", text: include_str!("../generated/concept-maps.tsv"), make: heading, finish: groups };

/// The names of the lists that the lines of each depth are in.
const LISTS: [&str; 3] = ["group", "element", "target"];

fn heading(_: &Card, map: &mut Object, line: Line) {
    add_members(map, line);
}

fn groups(card: &Card, map: &mut Object) {
    // What is open at each depth, and what is in each of its lists so far.
    let mut open: Vec<(Object, Vec<Value>)> = vec![(std::mem::take(map), Vec::new())];
    for line in card.lines() {
        close(&mut open, line.depth);
        open.push((part(line), Vec::new()));
    }
    close(&mut open, 1);
    if let Some((whole, groups)) = open.pop() {
        *map = whole;
        add_list(map, LISTS[0], groups);
    }
}

fn close(open: &mut Vec<(Object, Vec<Value>)>, depth: usize) {
    while open.len() > depth.max(1) {
        let Some((mut part, below)) = open.pop() else { return };
        if let Some(list) = LISTS.get(open.len()) {
            add_list(&mut part, list, below);
        }
        if let Some((_, siblings)) = open.last_mut() {
            siblings.push(part.into());
        }
    }
}

fn part(mut line: Line) -> Object {
    let mut part = match line.depth {
        1 => {
            let mut group = Object::with_capacity(4);
            line.cell();
            add_text(&mut group, "source", line.cell());
            add_text(&mut group, "target", line.cell());
            group
        }
        2 => {
            line.cell();
            coded(line.cell(), line.cell())
        }
        _ => {
            let equivalence = line.cell();
            let mut target = coded(line.cell(), line.cell());
            add_text(&mut target, "equivalence", equivalence);
            target
        }
    };
    add_members(&mut part, line);
    part
}
