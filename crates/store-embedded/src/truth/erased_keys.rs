//! What destroyed keys have sealed, taken out of the database when it is opened.
//!
//! The database notes how many erasures of keys it has been through. A backup that is put back has been through fewer, and a process that died in the middle of an
//! erasure has left some: either way the rows are emptied before anything is served, and the index, which has the values of their entries, is made anew.

use std::collections::{HashMap, HashSet};

use rusqlite::Connection;
use store::commit::{Instant, Key, Tenant};
use vault::{KeyId, Keyring, VaultError, sealed};

use super::bodies::BodySeal;
use super::{log, sql};
use crate::error::{Result, StoreError};
use crate::truth;

/// The name of the count in the database's facts.
const ERASED_KEYS: &str = "erased_keys";

/// The name of the fact that bodies are sealed.
const SEALS_BODIES: &str = "seals_bodies";

/// The name of the fact up to which number dictionaries were trained from bodies in clear; 0: none.
pub(crate) const CLEAR_DICTIONARIES: &str = "clear_dictionaries";

/// Empties the rows of destroyed keys, in one transaction. Says how many rows.
///
/// [`StoreError::Keys`] when bodies are sealed and no keys were given, or when the list of erasures has fewer than the database has been through.
pub(crate) fn sweep(connection: &mut Connection, seal: Option<&BodySeal>, now: Instant) -> Result<u64> {
    let Some(seal) = seal else {
        return match truth::meta(connection, SEALS_BODIES)? {
            None => Ok(0),
            Some(_) => Err(StoreError::Keys(VaultError::UnknownKey)),
        };
    };
    if truth::meta(connection, SEALS_BODIES)?.is_none() {
        truth::set_meta(connection, SEALS_BODIES, now.max(1))?;
        // What was trained before has texts of bodies in it.
        truth::set_meta(connection, CLEAR_DICTIONARIES, connection.query_row(sql::NEWEST_DICTIONARY, [], |row| row.get(0))?)?;
    }
    let known = truth::meta(connection, ERASED_KEYS)?.unwrap_or_default() as u64;
    let found = seal.keys.erasures();
    if found < known {
        return Err(StoreError::Keys(VaultError::ErasuresBehind { found, known }));
    }
    if found == known {
        return Ok(0);
    }
    let transaction = connection.transaction()?;
    let rows = empty(&transaction, &seal.keys, known)?;
    truth::set_meta(&transaction, ERASED_KEYS, found as i64)?;
    transaction.commit()?;
    Ok(rows)
}

/// A resource of which versions go: how many, and the last of them.
#[derive(Default)]
struct Gone {
    number: u64,
    versions: u64,
    through: u64,
}

fn empty(connection: &Connection, keys: &Keyring, after: u64) -> Result<u64> {
    let destroyed: HashSet<KeyId> = keys.erased_after(after).into_iter().filter(|id| keys.is_destroyed(*id)).collect();
    let mut erasure = log::last_erasure(connection)?;
    let mut gone: HashMap<(Tenant, Key), Gone> = HashMap::new();
    let mut statement = connection.prepare(sql::SEALED_VERSIONS)?;
    let mut rows = statement.query([])?;
    let mut emptied = Vec::new();
    while let Some(found) = rows.next()? {
        let head = found.get_ref(5)?.as_blob().map_err(rusqlite::Error::from)?;
        if sealed::key_id_of(head).is_none_or(|id| !destroyed.contains(&id)) {
            continue;
        }
        let key = log::key_of(found.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?, found.get(3)?)?;
        let version = found.get::<_, i64>(4)? as u64;
        let of = gone.entry((Tenant(found.get(1)?), key)).or_insert_with(|| {
            erasure += 1;
            Gone { number: erasure, ..Gone::default() }
        });
        of.versions += 1;
        of.through = of.through.max(version);
        emptied.push((found.get::<_, i64>(0)? as u64, of.number));
    }
    for (row, number) in &emptied {
        log::erase(connection, *row, *number)?;
    }
    for ((tenant, key), Gone { number, versions, through }) in gone {
        // Of no commit: nobody has committed it.
        let row = (number as i64, tenant.0, 0, key.kind.name(), &*key.id, through as i64, versions as i64);
        connection.prepare_cached(sql::INSERT_ERASURE)?.execute(row)?;
    }
    Ok(emptied.len() as u64)
}

/// What of a database is sealed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sealing {
    /// Since when bodies are sealed, in milliseconds since 1970, where that is known, else 1; `None` when they are not.
    pub since: Option<Instant>,
    /// How many versions have a body.
    pub versions: u64,
    /// How many of those are sealed.
    pub sealed: u64,
}

/// Counts what is sealed.
pub(crate) fn sealing(connection: &Connection) -> Result<Sealing> {
    let since = truth::meta(connection, SEALS_BODIES)?;
    let (versions, sealed): (i64, i64) = connection.query_row(sql::COUNT_SEALED, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(Sealing { since, versions: versions as u64, sealed: sealed as u64 })
}

/// The lowest version of a key that any body is sealed with.
pub(crate) fn lowest_version(connection: &Connection, id: KeyId) -> Result<Option<u32>> {
    let lowest: Option<Vec<u8>> = connection.query_row(sql::LOWEST_KEY_VERSION, [sealed::prefix_of(id)], |row| row.get(0))?;
    Ok(lowest.and_then(|bytes| Some(u32::from_be_bytes(bytes.try_into().ok()?))))
}
