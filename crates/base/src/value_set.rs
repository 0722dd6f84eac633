//! Value sets (<http://hl7.org/fhir/R4/valueset.html>).

use fhir::{Object, Value};

use crate::card::{Card, Table};
use crate::facts::{add_list, add_members, add_text, coded, designation};
use crate::line::{Fact, Line};

pub(crate) const TABLE: Table =
    Table { kind: "ValueSet", text: include_str!("../generated/value-sets.tsv"), make: heading, finish: compose };

fn heading(_: &Card, set: &mut Object, line: Line) {
    add_members(set, line);
}

fn compose(card: &Card, set: &mut Object) {
    let mut compose = Object::new();
    let (mut includes, mut excludes) = (Vec::new(), Vec::new());
    // The component that is open: which list it is for, itself, its concepts so far.
    let mut open: Option<(&str, Object, Vec<Value>)> = None;
    for line in card.lines().map(Some).chain([None]) {
        match line {
            Some(line) if line.clone().cell() == "compose" => {
                add_members(&mut compose, line);
                continue;
            }
            Some(line) if line.depth > 1 => {
                if let Some((_, _, concepts)) = &mut open {
                    concepts.push(concept(line));
                }
                continue;
            }
            next => {
                if let Some((list, mut component, concepts)) = open.take() {
                    add_list(&mut component, "concept", concepts);
                    let done = if list == "exclude" { &mut excludes } else { &mut includes };
                    done.push(Value::Object(component));
                }
                open = next.map(component);
            }
        }
    }
    add_list(&mut compose, "include", includes);
    add_list(&mut compose, "exclude", excludes);
    if !compose.is_empty() {
        set.push("compose", compose);
    }
}

fn component(mut line: Line) -> (&'static str, Object, Vec<Value>) {
    let list = line.cell();
    let mut component = Object::with_capacity(4);
    add_text(&mut component, "system", line.cell());
    add_text(&mut component, "version", line.cell());
    add_members(&mut component, line);
    (list, component, Vec::new())
}

fn concept(mut line: Line) -> Value {
    let mut concept = coded(line.cell(), line.cell());
    let mut designations = Vec::new();
    for fact in line.facts() {
        match fact {
            Fact::Display(language, text) => designations.push(designation(language, text)),
            Fact::Member("designation", value) => designations.push(value),
            Fact::Member(name, value) => concept.push(name, value),
            Fact::Property(..) => {}
        }
    }
    add_list(&mut concept, "designation", designations);
    concept.into()
}
