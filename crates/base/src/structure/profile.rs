//! HL7's profiles and extension definitions. They have differentials; who needs a snapshot makes it.

use fhir::{Object, Value, object};

use super::element::limit_binding;
use super::{FHIR_VERSION, address};
use crate::card::{Card, Table};
use crate::facts::add_text;
use crate::line::{Fact, Line};

pub(crate) const PROFILES: Table =
    Table { kind: "StructureDefinition", text: include_str!("../../generated/profiles.tsv"), make: heading, finish: differential };

fn heading(_: &Card, structure: &mut Object, mut line: Line) {
    let (kind, of, base) = (line.cell(), line.cell(), line.cell());
    structure.push("fhirVersion", FHIR_VERSION);
    structure.push("kind", kind);
    structure.push("abstract", false);
    let (mut derivation, mut contexts) = (Value::from("constraint"), Vec::new());
    for fact in line.facts() {
        match fact {
            Fact::Member("derivation", value) => derivation = value,
            Fact::Member(name @ ("context" | "contextInvariant"), value) => contexts.push((name, value)),
            Fact::Member(name, value) => structure.set(name, value),
            Fact::Property(..) | Fact::Display(..) => {}
        }
    }
    contexts.into_iter().for_each(|(name, value)| structure.push(name, value));
    structure.push("type", of);
    structure.push("baseDefinition", address(base));
    structure.push("derivation", derivation);
}

fn differential(card: &Card, structure: &mut Object) {
    let elements: Vec<Value> = card.lines().map(element).collect();
    structure.push("differential", object! { "element": elements });
}

fn element(mut line: Line) -> Value {
    let (id, cardinality, types, flags) = (line.cell(), line.cell(), line.cell(), line.cell());
    let (strength, value_set) = (line.cell(), line.cell());
    let mut element = Object::from_iter([("id", Value::from(id)), ("path", path(id).into())]);
    let last = id.rsplit('.').next().unwrap_or_default();
    if let Some((_, slice)) = last.split_once(':') {
        element.push("sliceName", slice);
    }
    let (min, max) = cardinality.split_once("..").unwrap_or_default();
    if !min.is_empty() {
        element.push("min", Value::Number(min.into()));
    }
    add_text(&mut element, "max", max);
    if !types.is_empty() {
        element.push("type", types.split(' ').map(one_type).collect::<Vec<_>>());
    }
    for (flag, member) in [('U', "mustSupport"), ('M', "isModifier"), ('S', "isSummary")] {
        if flags.contains(flag) {
            element.push(member, true);
        }
    }
    if flags.contains('M') {
        element.push("isModifierReason", "http://hl7.org/fhir/R4/conformance-rules.html#isModifier");
    }
    if !strength.is_empty() {
        let mut binding = Object::from_iter([("strength", strength)]);
        add_text(&mut binding, "valueSet", value_set);
        element.push("binding", binding);
    }
    for fact in line.facts() {
        match fact {
            Fact::Member("maxValueSet", address) => limit_binding(&mut element, address),
            Fact::Member("constraint", constraints) => element.push("constraint", spoken(constraints)),
            Fact::Member(name, value) => element.push(name, value),
            Fact::Property(..) | Fact::Display(..) => {}
        }
    }
    element.into()
}

/// The path that an id says: without the names of slices.
fn path(id: &str) -> String {
    id.split('.').map(|part| part.split(':').next().unwrap_or_default()).collect::<Vec<_>>().join(".")
}

/// One type of the column: `code[profile|profile](target|target)`.
fn one_type(column: &'static str) -> Value {
    let code = column.split(['[', '(']).next().unwrap_or_default();
    let listed = |open, close| {
        let inside = column.split_once(open).and_then(|(_, rest)| rest.split_once(close)).map_or("", |(inside, _)| inside);
        inside.split_terminator('|').map(|name| address(name).into()).collect::<Vec<Value>>()
    };
    let mut kind = Object::from_iter([("code", Value::from(code))]);
    for (member, addresses) in [("profile", listed('[', ']')), ("targetProfile", listed('(', ')'))] {
        if !addresses.is_empty() {
            kind.push(member, addresses);
        }
    }
    kind.into()
}

/// Constraints need a text for people: here it is the expression.
fn spoken(mut constraints: Value) -> Value {
    if let Value::Array(items) = &mut constraints {
        for constraint in items.iter_mut().filter_map(Value::as_object_mut) {
            let expression = constraint.get("expression").cloned();
            constraint.set("human", expression.unwrap_or_else(|| "".into()));
        }
    }
    constraints
}
