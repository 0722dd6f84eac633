//! Whatever an answer is: no resource is in it that is hidden.

use std::collections::HashMap;
use std::sync::OnceLock;

use access::Act;
use fhir::Value;

use super::oracle;
use super::people::Person;
use super::told::{Told, place};
use super::world::{Row, World};

/// Whether each resource in an answer, wherever it stands, is one that they may read or find.
pub fn shows_only_what_is_seen(person: &Person, told: &Told) -> bool {
    let Ok(body) = fhir::json::parse(&told.body) else { return true };
    all_seen(person, &body)
}

fn all_seen(person: &Person, value: &Value) -> bool {
    let is_seen = |row: &Row| oracle::may(person, Act::Read, row) || oracle::may(person, Act::Search, row);
    match value {
        Value::Array(items) => items.iter().all(|item| all_seen(person, item)),
        Value::Object(members) => {
            let row = value.resource_type().and_then(|_| known(&place(value)));
            row.is_none_or(is_seen) && members.iter().all(|(_, value)| all_seen(person, value))
        }
        _ => true,
    }
}

/// The row of this type and id.
fn known(place: &str) -> Option<&'static Row> {
    static ROWS: OnceLock<HashMap<String, &'static Row>> = OnceLock::new();
    let rows = ROWS.get_or_init(|| {
        let world = World::shared();
        world.rows.iter().chain(&world.pointers).flatten().map(|row| (row.place(), row)).collect()
    });
    rows.get(place).copied()
}
