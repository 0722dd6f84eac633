//! Code systems (<http://hl7.org/fhir/R4/codesystem.html>).

use fhir::{Object, Value};

use crate::card::{Card, Table};
use crate::facts::{add_list, add_members, coded, designation};
use crate::line::{Fact, Line};

pub(crate) const TABLE: Table =
    Table { kind: "CodeSystem", text: include_str!("../generated/code-systems.tsv"), make: heading, finish: concepts };

fn heading(_: &Card, system: &mut Object, line: Line) {
    add_members(system, line);
    if system.get("content").is_none() {
        system.push("content", "complete");
    }
}

fn concepts(card: &Card, system: &mut Object) {
    let types: Vec<(Box<str>, Box<str>)> = system
        .get("property")
        .into_iter()
        .flat_map(Value::each)
        .filter_map(|property| Some((property.text("code")?.into(), property.text("type")?.into())))
        .collect();
    // Those that are open: each with the concepts below it so far.
    let mut open: Vec<(Object, Vec<Value>)> = vec![(Object::new(), Vec::new())];
    for line in card.lines() {
        close(&mut open, line.depth);
        open.push((concept(line, &types), Vec::new()));
    }
    close(&mut open, 1);
    let top = open.pop().map(|(_, concepts)| concepts).unwrap_or_default();
    add_list(system, "concept", top);
}

/// Closes the open concepts of this depth and below: each goes to the one above it.
fn close(open: &mut Vec<(Object, Vec<Value>)>, depth: usize) {
    while open.len() > depth.max(1) {
        let Some((mut concept, below)) = open.pop() else { return };
        add_list(&mut concept, "concept", below);
        if let Some((_, siblings)) = open.last_mut() {
            siblings.push(concept.into());
        }
    }
}

fn concept(mut line: Line, types: &[(Box<str>, Box<str>)]) -> Object {
    let mut concept = coded(line.cell(), line.cell());
    let (mut designations, mut properties) = (Vec::new(), Vec::new());
    for fact in line.facts() {
        match fact {
            Fact::Display(language, text) => designations.push(designation(language, text)),
            Fact::Property(code, text) => properties.push(property(code, text, types)),
            Fact::Member("designation", value) => designations.push(value),
            Fact::Member(name, value) => concept.push(name, value),
        }
    }
    add_list(&mut concept, "designation", designations);
    add_list(&mut concept, "property", properties);
    concept
}

/// A property of a concept, with its value in the type that the system declares.
fn property(code: &'static str, text: &'static str, types: &[(Box<str>, Box<str>)]) -> Value {
    let declared = types.iter().find(|(name, _)| **name == *code).map_or("", |(_, kind)| kind);
    let (member, value) = match declared {
        "boolean" => ("valueBoolean", Value::Bool(text == "true")),
        "dateTime" => ("valueDateTime", text.into()),
        "string" => ("valueString", text.into()),
        _ => ("valueCode", text.into()),
    };
    Object::from_iter([("code", Value::from(code)), (member, value)]).into()
}
