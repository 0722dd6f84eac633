//! Databases without checksums, and copies of them that have some.

use disk::{State, state_of};
use rusqlite::Connection;

use crate::place::{Place, count, insert};

#[test]
fn a_copy_has_checksums() {
    let (old, new) = (Place::fresh(), Place::fresh());
    assert_eq!(state_of(&old.file()).expect("a state"), State::Empty);
    let connection = Connection::open(old.file()).expect("a connection");
    connection.execute_batch("CREATE TABLE t (n INTEGER PRIMARY KEY, text TEXT)").expect("a table");
    insert(&connection, 50);
    connection.pragma_update(None, "user_version", 7).expect("a version");
    assert_eq!(state_of(&old.file()).expect("a state"), State::Unsealed);
    disk::copy_sealed(&connection, &new.file()).expect("a copy");
    assert_eq!(state_of(&new.file()).expect("a state"), State::Sealed);
    let copy = new.open();
    assert_eq!(count(&copy), Ok(50));
    assert_eq!(copy.query_row("PRAGMA user_version", [], |row| row.get(0)), Ok(7));
    insert(&copy, 50);
    drop(copy);
    assert_eq!(count(&new.open()), Ok(100));
    assert!(disk::copy_sealed(&connection, &new.file()).is_err(), "a copy over something");
}
