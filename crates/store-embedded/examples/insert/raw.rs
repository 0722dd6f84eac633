//! The two stores by themselves: the same rows and keys, one thread, no questions asked.

use std::path::Path;
use std::time::Instant;

use fjall::{Database, KeyspaceCreateOptions};
use store::commit::Put;
use store::encoding::{encode_entries, value_key};

use crate::report;

/// Everything that is written for a resource, made ready before the clock starts.
struct Ready {
    kind: &'static str,
    id: String,
    body: Vec<u8>,
    entries: Vec<Vec<u8>>,
    list: Vec<u8>,
}

pub(crate) fn measure(directory: &Path, puts: &[Put], size: usize) {
    std::fs::create_dir_all(directory).expect("a folder");
    let ready = prepare(puts);
    let truth = rusqlite::Connection::open(directory.join("raw.sqlite3")).expect("a database");
    for (name, value) in [("journal_mode", "WAL"), ("synchronous", "FULL"), ("wal_autocheckpoint", "16384"), ("cache_size", "-16384")] {
        truth.pragma_update(None, name, value).expect("a setting");
    }
    truth.execute_batch(include_str!("../../sql/migrations/0001-truth.sql")).expect("the schema");
    let index = Database::builder(directory.join("raw-index")).worker_threads(2).open().expect("an index");
    let names = ["current", "resources", "entries", "lists", "versions", "history"];
    let spaces: Vec<fjall::Keyspace> = names
        .iter()
        .map(|name| index.keyspace(name, || KeyspaceCreateOptions::default().max_memtable_size(32 << 20)).expect("a keyspace"))
        .collect();
    let started = Instant::now();
    let mut row = 0_u64;
    for group in ready.chunks(size) {
        let mut batch = index.batch();
        truth.execute_batch("BEGIN IMMEDIATE").expect("a transaction");
        let mut insert = truth.prepare_cached(include_str!("../../sql/insert_version.sql")).expect("a statement");
        for each in group {
            row += 1;
            let values = rusqlite::params![row as i64, 1, row as i64, row as i64, each.kind, each.id, 1, 2, 0, 60, 1, each.body];
            insert.execute(values).expect("a row");
            let number = row.to_be_bytes();
            batch.insert(&spaces[0], [each.id.as_bytes(), &[1; 5]].concat(), vec![7; 33]);
            batch.insert(&spaces[1], [&[1; 4], &number[..]].concat(), vec![7; 34 + each.id.len()]);
            batch.insert(&spaces[3], [&[1; 4], &number[..]].concat(), &each.list[..]);
            batch.insert(&spaces[4], [each.id.as_bytes(), &[1; 15]].concat(), vec![7; 17]);
            batch.insert(&spaces[5], [&[1; 5], &(!row).to_be_bytes()[..]].concat(), vec![7; 8]);
            batch.insert(&spaces[5], [&[2; 5], &(!row).to_be_bytes()[..]].concat(), vec![7; 8]);
            for entry in &each.entries {
                batch.insert(&spaces[2], [entry, &number[..]].concat(), &[][..]);
            }
        }
        drop(insert);
        let commit = (1, row as i64, 0, "Device/bench", "measure", row as i64, 1);
        truth.prepare_cached(include_str!("../../sql/insert_commit.sql")).expect("a statement").execute(commit).expect("a row");
        truth.execute_batch("COMMIT").expect("a commit");
        batch.commit().expect("a batch");
    }
    report(&format!("raw, groups of {size}"), ready.len(), started);
}

fn prepare(puts: &[Put]) -> Vec<Ready> {
    let samples: Vec<&[u8]> = puts.iter().take(4000).map(|put| &put.body.text[..]).collect();
    let dictionary = zstd::dict::from_samples(&samples, 112 * 1024).expect("a dictionary");
    let mut compressor = zstd::bulk::Compressor::with_dictionary(1, &dictionary).expect("a compressor");
    let ready = |put: &Put| {
        let key = |entry: &store::entry::Entry| [&[1; 8], &value_key(&entry.value)[..], &put.date.to_be_bytes()].concat();
        let mut entries: Vec<Vec<u8>> = put.entries.iter().map(key).collect();
        entries.push([1; 16].to_vec());
        Ready {
            kind: put.key.kind.name(),
            id: put.key.id.to_string(),
            body: compressor.compress(&put.body.text).expect("a body"),
            entries,
            list: encode_entries(&put.entries),
        }
    };
    puts.iter().map(ready).collect()
}
