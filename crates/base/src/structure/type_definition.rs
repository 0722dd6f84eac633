//! The StructureDefinitions of types.

use fhir::definitions::{Type, TypeKind, definitions};
use fhir::{Object, Value, object};

use super::snapshot::{Facts, snapshot};
use super::{FHIR_VERSION, address};
use crate::card::{Card, Table};
use crate::facts::add_members;
use crate::line::Line;

pub(crate) const TYPES: Table =
    Table { kind: "StructureDefinition", text: include_str!("../../generated/types.tsv"), make: heading, finish };

fn heading(card: &Card, structure: &mut Object, line: Line) {
    add_members(structure, line);
    let Some(kind) = defined(card) else { return };
    structure.push("fhirVersion", FHIR_VERSION);
    structure.push("kind", kind_code(kind.kind));
    structure.push("abstract", kind.is_abstract);
    structure.push("type", kind.name);
    if let Some(base) = kind.base {
        structure.push("baseDefinition", address(definitions().get(base).name));
        structure.push("derivation", "specialization");
    }
}

fn finish(card: &Card, structure: &mut Object) {
    let Some(kind) = defined(card) else { return };
    let facts: Facts = card.lines().map(|mut line| (line.cell(), line)).collect();
    structure.push("snapshot", object! { "element": Value::Array(snapshot(kind, facts)) });
}

/// The type that the card's StructureDefinition defines.
fn defined(card: &Card) -> Option<&'static Type> {
    definitions().type_by_name(card.id())
}

fn kind_code(kind: TypeKind) -> &'static str {
    match kind {
        TypeKind::Resource => "resource",
        TypeKind::Complex | TypeKind::Backbone => "complex-type",
        TypeKind::Primitive => "primitive-type",
    }
}
