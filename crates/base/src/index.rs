//! Where in the tables' text each resource stands.

use fhir::canonical::compare_versions;

use crate::card::{Card, Table};
use crate::{code_system, compartment, concept_map, structure, value_set};

const TABLES: [Table; 6] =
    [code_system::TABLE, compartment::TABLE, concept_map::TABLE, structure::TYPES, structure::PROFILES, value_set::TABLE];

/// All resources, sorted by type and address; of several versions the newest is first.
pub(crate) fn cards() -> Vec<Card> {
    let mut cards: Vec<Card> = TABLES.iter().flat_map(of_table).collect();
    cards.sort_by(|left, right| {
        let address = (left.kind(), left.url()).cmp(&(right.kind(), right.url()));
        address.then_with(|| compare_versions(right.version(), left.version()))
    });
    cards
}

/// A resource begins with a line that is not indented; the first line of a table says what it is.
fn of_table(table: &Table) -> Vec<Card> {
    let mut cards = Vec::new();
    let mut rest = table.text.split_once('\n').map_or("", |(_, rest)| rest);
    while let Some((heading, below)) = rest.split_once('\n') {
        let length = indented(below);
        cards.push(Card::new(table, heading, &below[..length]));
        rest = &below[length..];
    }
    cards
}

/// How many bytes of lines at the beginning of the text are indented.
fn indented(text: &str) -> usize {
    if !text.starts_with('\t') {
        return 0;
    }
    text.as_bytes().windows(2).position(|pair| pair[0] == b'\n' && pair[1] != b'\t').map_or(text.len(), |at| at + 1)
}
