//! Commits that use everything a commit can do, what a database holds row by row, and the database that the first so many of the commits make.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use store::commit::{Claim, Commit, Erase, Event, Extent, Instant, Job, NumberDraw, Posting, Release, Sequence};
use store::suite::ManualClock;
use store::{CommitError, Store};
use store_embedded::Embedded;

use crate::fixture::{TENANT, key, observation, open_at, writes};

/// How many resources the commits write again and again.
const RESOURCES: u64 = 60;

/// The commit of a number: it writes, deletes, erases, claims and releases, posts, draws, queues and finishes, tells and moves a cursor.
pub(crate) fn act(number: u64) -> Commit {
    let id = format!("o{}", number * 7 % RESOURCES);
    let posting =
        |account: String, amount| Posting { ledger: "money".to_owned(), account, amount, unit: "EUR-cent".to_owned(), guarded: false };
    let mut commit = Commit {
        number: vec![NumberDraw { sequence: "acts".to_owned(), expect: None }],
        post: vec![posting("income".to_owned(), -3), posting(format!("cash{}", number % 5), 3)],
        event: vec![Event { topic: "acts".to_owned(), payload: Bytes::from(number.to_string()) }],
        job: vec![Job { kind: "call".to_owned(), payload: Bytes::from(format!("call {number}")), not_before: 0 }],
        advance: vec![("follower".to_owned(), number)],
        ..writes(vec![observation(&id, number), observation(&format!("n{number}"), number)])
    };
    let subject = format!("Room/{}", number % 9);
    let holder = format!("Appointment/{number}");
    match number % 5 {
        0 if number > 0 => commit.delete.push(key(&format!("n{}", number / 2))),
        1 => commit.claim.push(Claim {
            subject,
            holder,
            from: number as i64,
            until: number as i64 + 1,
            capacity: 50,
            units: 1,
            lease_until: None,
        }),
        2 if number % 10 == 2 => {
            commit.release.push(Release { subject: format!("Room/{}", (number - 1) % 9), holder: format!("Appointment/{}", number - 1) })
        }
        _ => {}
    }
    if number % 37 == 36 {
        commit.erase.push(Erase { key: key(&format!("n{}", number / 3)), extent: Extent::All });
    }
    commit
}

/// What was acknowledged: by its place in the order of all, what it was and when.
pub(crate) type Acknowledged = BTreeMap<Sequence, (u64, Instant)>;

/// Applies the acts of these numbers, and notes them. A store that closes meanwhile ends it.
pub(crate) async fn perform(store: &Embedded, numbers: impl Iterator<Item = u64>, done: &parking_lot::Mutex<Acknowledged>) {
    for number in numbers {
        match store.commit(act(number)).await {
            Ok(committed) => drop(done.lock().insert(committed.sequence, (number, committed.at))),
            Err(CommitError::Closed) => return,
            Err(e) => panic!("act {number}: {e:?}"),
        }
    }
}

/// The rows of each table of a database as texts, in the order of their keys; what names the file is left out.
pub(crate) fn rows(directory: &Path) -> BTreeMap<String, Vec<String>> {
    try_rows(directory).expect("a database that can be read")
}

/// The same of a database that may be damaged.
pub(crate) fn try_rows(directory: &Path) -> rusqlite::Result<BTreeMap<String, Vec<String>>> {
    let path = directory.join(store_embedded::FILE_NAME);
    let connection = disk::open(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut names = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'meta'")?;
    let names: Vec<String> = names.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    names.into_iter().map(|name| Ok((name.clone(), table(&connection, &name)?))).collect()
}

fn table(connection: &Connection, name: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare(&format!("SELECT * FROM {name}"))?;
    let columns = statement.column_count();
    let cell = |value: ValueRef<'_>| match value {
        ValueRef::Null => "-".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
    };
    let text =
        |row: &rusqlite::Row<'_>| Ok((0..columns).map(|at| Ok(cell(row.get_ref(at)?))).collect::<rusqlite::Result<Vec<_>>>()?.join(" "));
    statement.query_map([], text)?.collect()
}

/// The rows of the database that the first `count` of the acknowledged commits make, each at its own time.
pub(crate) async fn made_of(acknowledged: &Acknowledged, count: u64) -> BTreeMap<String, Vec<String>> {
    let place = tempfile::tempdir().expect("a folder");
    let clock = Arc::new(ManualClock::new(0));
    let store = open_at(place.path(), Arc::clone(&clock));
    let wanted: Vec<_> = acknowledged.iter().take(count as usize).collect();
    for same in wanted.chunk_by(|(_, (_, one)), (_, (_, other))| one == other) {
        clock.set(same[0].1.1);
        // They are queued in this order, and so applied in it.
        let done = futures_util::future::join_all(same.iter().map(|(_, (number, _))| store.commit(act(*number)))).await;
        for ((sequence, (_, at)), committed) in same.iter().zip(done) {
            let committed = committed.expect("a commit that was applied before");
            assert_eq!((committed.sequence, committed.at), (**sequence, *at));
        }
    }
    store.close().await;
    drop(store);
    rows(place.path())
}

/// Says which tables differ.
#[track_caller]
pub(crate) fn assert_same(one: &BTreeMap<String, Vec<String>>, other: &BTreeMap<String, Vec<String>>) {
    let differing: Vec<&String> = one.keys().chain(other.keys()).filter(|name| one.get(*name) != other.get(*name)).collect();
    assert!(differing.is_empty(), "these tables differ: {differing:?}");
}

/// The last commit of the tests' tenant.
pub(crate) fn last_commit(restored: &store_embedded::Restored) -> Sequence {
    restored.commits.iter().find(|(tenant, _)| *tenant == TENANT).map_or(0, |(_, sequence)| *sequence)
}
