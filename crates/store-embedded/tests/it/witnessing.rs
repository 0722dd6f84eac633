//! The witness of the kill tests, against databases that are wrong on purpose: each rule that it checks must be able to fail.

use std::path::Path;

use rusqlite::Connection;
use store::Store;
use store::commit::{Claim, Commit, Event, Job, NumberDraw};
use witness::Raw;

use crate::fixture::{copy, fill, key, observation, open, posting, writes};

/// What is done to a database that was whole.
const DAMAGES: &[&str] = &[
    "DELETE FROM versions WHERE row = 7",
    "DELETE FROM versions WHERE row = (SELECT max(row) FROM versions)",
    "UPDATE versions SET version = version + 1 WHERE row = 7",
    "UPDATE versions SET at = at + 1 WHERE row = 7",
    "UPDATE versions SET sequence = sequence + 1 WHERE row = 7",
    "UPDATE versions SET resource = resource - 1 WHERE row = 7",
    "UPDATE versions SET state = 1 WHERE row = 7",
    "UPDATE versions SET id = 'other' WHERE row = 7",
    "UPDATE versions SET stamp_at = stamp_at + 1 WHERE row = 7",
    "UPDATE versions SET dictionary = 99 WHERE row = 7",
    "UPDATE versions SET body = (SELECT body FROM versions WHERE row = 8) WHERE row = 7",
    "UPDATE versions SET body = substr(body, 1, length(body) - 1) WHERE row = 7",
    "DELETE FROM commits WHERE sequence = 2",
    "UPDATE commits SET at = at - 1 WHERE sequence = 2",
    "UPDATE commits SET row_count = row_count + 1 WHERE sequence = 2",
    "UPDATE tenants SET sequence = sequence - 1",
    "UPDATE events SET sequence = 999",
    "UPDATE events SET ordinal = ordinal + 1",
    "UPDATE postings SET sequence = 999",
    "UPDATE postings SET amount = amount + 1 WHERE account = 'cash'",
    "UPDATE accounts SET balance = balance + 1 WHERE account = 'cash'",
    "UPDATE claims SET units = capacity",
    "UPDATE claims SET capacity = capacity + 1 WHERE holder = 'a'",
    "UPDATE jobs SET number = 999",
];

#[tokio::test]
async fn each_damage_is_noticed() {
    let place = tempfile::tempdir().expect("a folder");
    let store = open(place.path());
    fill(&store, 0..200).await;
    store.commit(guarded()).await.expect("a commit");
    store.commit(Commit { delete: vec![key("o3")], ..writes(Vec::new()) }).await.expect("a commit");
    store.commit(writes(vec![observation("o3", 3), observation("o4", 5)])).await.expect("a commit");
    store.close().await;
    drop(store);
    let raw = Raw::of(place.path());
    assert_eq!((raw.versions.len(), raw.current(1).len()), (204, 201));
    for damage in DAMAGES {
        let damaged = tempfile::tempdir().expect("a folder");
        copy(place.path(), damaged.path());
        execute(damaged.path(), damage);
        let noticed = Raw::read(damaged.path());
        assert!(noticed.is_err(), "not noticed: {damage}");
    }
}

/// A commit with something in each guarded table.
fn guarded() -> Commit {
    let claim = |holder: &str| Claim {
        subject: "Room/1".to_owned(),
        from: 0,
        until: 9,
        capacity: 2,
        units: 1,
        holder: holder.to_owned(),
        lease_until: None,
    };
    Commit {
        post: vec![posting("income", -5), posting("cash", 5)],
        claim: vec![claim("a"), claim("b")],
        number: vec![NumberDraw { sequence: "acts".to_owned(), expect: None }],
        event: vec![Event { topic: "acted".to_owned(), payload: Default::default() }],
        job: vec![Job { kind: "bill".to_owned(), payload: Default::default(), not_before: 0 }],
        ..writes(vec![observation("guarded", 1)])
    }
}

fn execute(folder: &Path, sql: &str) {
    let connection = Connection::open(folder.join("ward.sqlite3")).expect("the database opens");
    let changed = connection.execute(sql, []).unwrap_or_else(|error| panic!("{sql}: {error}"));
    assert!(changed > 0, "{sql} changes nothing");
}
