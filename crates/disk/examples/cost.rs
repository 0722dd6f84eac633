//! Measures what checksums cost: the same rows in a database with them and in one without, by turns.
//!
//! `cargo run --release -p disk --example cost`, in the folder that `WARD_BENCH_DIR` names, or a temporary one. The rows are like versions of resources; each transaction
//! is synced, and the reads are of random rows, most of whose pages are not in SQLite's cache. What is measured is processor time.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

/// How many rows a transaction writes.
const GROUP: u64 = 64;

/// How many rows are written, and how many are read.
const ROWS: u64 = 64_000;

/// How often each is measured.
const ROUNDS: usize = 5;

fn open(path: &Path, is_sealed: bool) -> Connection {
    let connection = match is_sealed {
        true => disk::open(path, OpenFlags::default()),
        false => Connection::open(path),
    };
    let connection = connection.expect("a connection");
    for (name, value) in [("journal_mode", "WAL"), ("synchronous", "FULL"), ("wal_autocheckpoint", "16384"), ("cache_size", "-2048")] {
        connection.pragma_update(None, name, value).expect("a setting");
    }
    connection
}

/// The nanoseconds that this thread has had a processor: what others do on the machine is not in them.
fn busy() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("the time of this thread");
    text.split(' ').next().and_then(|nanoseconds| nanoseconds.parse().ok()).expect("a number")
}

/// Microseconds of processor time for a row, written and read.
fn measure(folder: &Path, is_sealed: bool) -> (f64, f64) {
    let path = folder.join(format!("{is_sealed}.sqlite3"));
    let connection = open(&path, is_sealed);
    connection.execute_batch("CREATE TABLE t (row INTEGER PRIMARY KEY, body BLOB)").expect("a table");
    let mut number = 0_u64;
    let started = busy();
    for _ in 0..ROWS / GROUP {
        let transaction = connection.unchecked_transaction().expect("a transaction");
        for _ in 0..GROUP {
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let body = [number as u8; 700];
            let size = 200 + (number >> 33) as usize % 500;
            transaction
                .prepare_cached("INSERT INTO t (body) VALUES (?1)")
                .and_then(|mut insert| insert.execute([&body[..size]]))
                .expect("a row");
        }
        transaction.commit().expect("a commit");
    }
    let written = (busy() - started) / 1000.0 / ROWS as f64;
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).expect("a checkpoint");
    let started = busy();
    for _ in 0..ROWS {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let row = 1 + (number >> 33) % ROWS;
        let mut select = connection.prepare_cached("SELECT body FROM t WHERE row = ?1").expect("a statement");
        let _: Vec<u8> = select.query_row([row as i64], |row| row.get(0)).expect("a row");
    }
    let read = (busy() - started) / 1000.0 / ROWS as f64;
    drop(connection);
    std::fs::remove_file(path).expect("a file that goes");
    (written, read)
}

fn main() {
    let folder = std::env::var("WARD_BENCH_DIR").map_or_else(|_| tempfile::tempdir(), tempfile::tempdir_in).expect("a folder");
    let mut ratios = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (without, with) = (measure(folder.path(), false), measure(folder.path(), true));
        println!("µs to write {:.2} without, {:.2} with; to read {:.2} without, {:.2} with", without.0, with.0, without.1, with.1);
        ratios.0.push(with.0 / without.0);
        ratios.1.push(with.1 / without.1);
    }
    for (name, mut ratios) in [("written", ratios.0), ("read", ratios.1)] {
        ratios.sort_by(f64::total_cmp);
        println!("{name}: {:.2} times the time without, in the median of {ROUNDS}", ratios[ROUNDS / 2]);
    }
}
