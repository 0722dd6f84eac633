//! The machine's limit for writes: the same rows and keys put into SQLite and fjall by one thread, without anything else.

use std::path::Path;
use std::time::Instant;

use fjall::KeyspaceCreateOptions;
use rusqlite::{Connection, params};

/// What one resource puts into the two stores.
pub struct Row {
    /// Its type.
    pub kind: &'static str,
    /// Its logical id.
    pub id: String,
    /// Its compressed text.
    pub body: Vec<u8>,
    /// Its keys in the index: identity, history, search entries.
    pub keys: Vec<Vec<u8>>,
    /// Its list of entries.
    pub list: Vec<u8>,
}

/// Puts `rows` into fresh stores in `folder`, synced after every `group` of them, and tells how many a second went in.
pub fn insert(folder: &Path, rows: &[Row], group: usize) -> Result<f64, Box<dyn std::error::Error>> {
    let mut truth = Connection::open(folder.join("raw.sqlite3"))?;
    truth.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE versions (row INTEGER PRIMARY KEY, sequence INTEGER, resource INTEGER, type TEXT, id TEXT, version INTEGER, body BLOB);",
    )?;
    let index = fjall::Database::builder(folder.join("raw.index")).open()?;
    let entries = index.keyspace("entries", KeyspaceCreateOptions::default)?;
    let lists = index.keyspace("lists", KeyspaceCreateOptions::default)?;

    let started = Instant::now();
    let mut number = 0_i64;
    for chunk in rows.chunks(group) {
        let transaction = truth.transaction()?;
        let mut batch = index.batch();
        let mut insert = transaction.prepare_cached("INSERT INTO versions VALUES (?1, ?2, ?1, ?3, ?4, 1, ?5)")?;
        for row in chunk {
            number += 1;
            insert.execute(params![number, number / group as i64, row.kind, row.id, row.body])?;
            for key in &row.keys {
                let mut key = key.clone();
                key.extend_from_slice(&(!number).to_be_bytes());
                batch.insert(&entries, key, "");
            }
            batch.insert(&lists, number.to_be_bytes(), row.list.as_slice());
        }
        drop(insert);
        transaction.commit()?;
        batch.commit()?;
    }
    Ok(rows.len() as f64 / started.elapsed().as_secs_f64())
}
