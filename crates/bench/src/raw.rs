//! The machine's limit for writes: the same rows and keys put into SQLite and fjall by one thread, without anything else.
//!
//! | store | for each version | for each commit |
//! |---|---|---|
//! | SQLite, WAL, `synchronous=FULL` | a row with the compressed body | a row |
//! | fjall, not synced | the current version twice (by id and by number), the version, its place in two histories, the list of entries; a key for each search entry that is new or gone | |
//!
//! The keys of a group go in sorted, as one batch. Nothing is looked up, compared or kept in memory.

use std::path::Path;
use std::time::Instant;

use fjall::KeyspaceCreateOptions;
use rusqlite::{Connection, Statement, params};

use crate::Failure;
use crate::rows::{Row, TENANT};

/// The tables of the truth that are written to.
const TABLES: &str = "
    PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 16384; PRAGMA cache_size = -16384;
    CREATE TABLE commits (tenant INTEGER NOT NULL, sequence INTEGER NOT NULL, at INTEGER NOT NULL, actor TEXT NOT NULL, reason TEXT NOT NULL,
        first_row INTEGER NOT NULL, row_count INTEGER NOT NULL, PRIMARY KEY (tenant, sequence)) STRICT, WITHOUT ROWID;
    CREATE TABLE versions (row INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, sequence INTEGER NOT NULL, resource INTEGER NOT NULL, kind TEXT NOT NULL,
        id TEXT NOT NULL, version INTEGER NOT NULL, state INTEGER NOT NULL, at INTEGER NOT NULL, stamp_at INTEGER NOT NULL,
        dictionary INTEGER NOT NULL, body BLOB) STRICT;";

/// How rows go in.
#[derive(Clone, Copy)]
pub struct Grouping {
    /// How many rows one sync covers.
    pub rows_a_sync: usize,
    /// How many rows one commit has.
    pub rows_a_commit: usize,
}

/// The two stores.
pub struct Stores {
    truth: Connection,
    database: fjall::Database,
    index: fjall::Keyspace,
    /// The last row.
    row: i64,
}

impl Stores {
    /// Fresh ones.
    pub fn open(folder: &Path) -> Result<Self, Failure> {
        let truth = Connection::open(folder.join("raw.sqlite3"))?;
        truth.execute_batch(TABLES)?;
        let database = fjall::Database::builder(folder.join("raw.index")).open()?;
        let index = database.keyspace("index", KeyspaceCreateOptions::default)?;
        Ok(Self { truth, database, index, row: 0 })
    }

    /// Puts `rows` in, and tells how many a second went in. `resource` gives the number of the `n`-th row's resource; `None`: it is new.
    pub fn insert(&mut self, rows: &[Row], grouping: Grouping, resource: impl Fn(usize) -> Option<i64>) -> Result<f64, Failure> {
        let started = Instant::now();
        let mut at = 0;
        for group in rows.chunks(grouping.rows_a_sync) {
            let transaction = self.truth.unchecked_transaction()?;
            let mut insert = transaction.prepare_cached("INSERT INTO versions VALUES (?1, 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 1, ?10)")?;
            let mut commit = transaction.prepare_cached("INSERT INTO commits VALUES (1, ?1, 1, 'Device/bench', 'measure', ?2, ?3)")?;
            let mut changes: Vec<(Vec<u8>, Option<Vec<u8>>)> = Vec::new();
            for (place, row) in group.iter().enumerate() {
                self.row += 1;
                let before = resource(at + place);
                let number = before.unwrap_or(self.row);
                put_version(&mut insert, row, self.row, number, before.is_some())?;
                if (at + place).is_multiple_of(grouping.rows_a_commit) {
                    commit.execute(params![self.row, self.row, grouping.rows_a_commit as i64])?;
                }
                changes.extend(keys(row, self.row, number).map(|(key, value)| (key, Some(value))));
                // The number of the resource in five bytes.
                let with_number = |key: &Vec<u8>| [&key[..], &(!number).to_be_bytes()[3..]].concat();
                changes.extend(row.entries.iter().map(|key| (with_number(key), Some(Vec::new()))));
                changes.extend(row.gone.iter().map(|key| (with_number(key), None)));
            }
            changes.sort_unstable();
            let mut batch = self.database.batch();
            for (key, value) in changes {
                match value {
                    Some(value) => batch.insert(&self.index, key, value),
                    None => batch.remove(&self.index, key),
                }
            }
            drop((insert, commit));
            transaction.commit()?;
            batch.commit()?;
            at += group.len();
        }
        Ok(rows.len() as f64 / started.elapsed().as_secs_f64())
    }
}

fn put_version(insert: &mut Statement, row: &Row, place: i64, number: i64, is_update: bool) -> rusqlite::Result<usize> {
    let (version, state) = if is_update { (2, 1) } else { (1, 2) };
    // The moment: some millisecond of this decade.
    let at = 1_790_000_000_000_i64 + place;
    insert.execute(params![place, place, number, row.kind, row.id, version, state, at, row.stamp_at, row.body])
}

/// What the index knows of a version beside its entries: keys as Ward makes them, values of the lengths that Ward's have.
fn keys(row: &Row, place: i64, number: i64) -> [(Vec<u8>, Vec<u8>); 6] {
    let key = |space: u8, rest: &[&[u8]]| [&[&[space], &TENANT[..]].concat(), &rest.concat()[..]].concat();
    let (code, number, row_inverted) = ([row.code], number.to_be_bytes(), (!place).to_be_bytes());
    [
        (key(2, &[&code, row.id.as_bytes()]), vec![7; 12]),
        (key(3, &[&number]), vec![7; 13 + row.id.len()]),
        (key(4, &[&number]), row.list.clone()),
        (key(5, &[&number, &row_inverted]), vec![7; 10]),
        (key(6, &[&code, &row_inverted]), vec![7; 12]),
        (key(6, &[&[u8::MAX], &row_inverted]), vec![7; 12]),
    ]
}
