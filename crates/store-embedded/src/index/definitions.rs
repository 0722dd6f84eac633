//! The resources that define parameters, in their current versions.

use std::collections::HashMap;

use bytes::Bytes;
use fhir::definitions::ResourceType;
use rusqlite::Connection;
use store::commit::{DEFINING, Key, Tenant};

use super::head::Head;
use super::{Index, keys};
use crate::error::{Result, StoreError};
use crate::truth::bodies::Bodies;
use crate::truth::log::{self, State};
use crate::truth::sql;

/// Those of the tenant that defines: as the index knows them, and as the rows say that it does not cover yet.
pub(crate) fn current(connection: &Connection, bodies: &Bodies, index: &Index, kind: ResourceType) -> Result<Vec<(Key, Bytes)>> {
    let mut rows: HashMap<Key, Option<u64>> = HashMap::new();
    let snapshot = index.snapshot();
    let prefix = keys::current(DEFINING, &Key::new(kind, ""));
    for guard in snapshot.at.prefix(&prefix) {
        let (key, head) = guard?;
        let id = key.get(prefix.len()..).and_then(|id| std::str::from_utf8(id).ok());
        let id = id.ok_or_else(|| StoreError::Damaged("the index has an id that is no text".to_owned()))?;
        let head = Head::decode(&head)?;
        rows.insert(Key::new(kind, id), (!head.is_deleted()).then_some(head.row));
    }
    let mut statement = connection.prepare_cached(sql::VERSIONS_OF_KIND)?;
    let mut later = statement.query((snapshot.applied()? as i64, kind.name()))?;
    while let Some(found) = later.next()? {
        if Tenant(found.get(1)?) != DEFINING {
            continue;
        }
        let row = found.get::<_, i64>(0)? as u64;
        let is_deleted = matches!(log::state_of(found.get(3)?, row)?, State::Deleted | State::Erased);
        rows.insert(Key::new(kind, found.get::<_, String>(2)?), (!is_deleted).then_some(row));
    }
    let living = rows.into_iter().filter_map(|(key, row)| Some((key, row?)));
    let mut found = Vec::new();
    for (key, row) in living {
        match log::text(connection, bodies, row) {
            Ok(text) => found.push((key, text)),
            // What cannot be read any more defines nothing.
            Err(StoreError::Destroyed) => {}
            Err(e) => return Err(e),
        }
    }
    Ok(found)
}
