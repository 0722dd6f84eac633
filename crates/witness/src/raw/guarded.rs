//! The guarded tables: accounts, claims, numbers.

use std::collections::BTreeMap;

use rusqlite::Connection;

/// What accounts hold: the sum of their postings; the postings of a commit sum to zero in each ledger and unit.
pub(super) fn balances(connection: &Connection, problems: &mut Vec<String>) -> rusqlite::Result<BTreeMap<(i64, String, String), i64>> {
    let unbalanced: i64 = connection.query_row(include_str!("guarded/unbalanced.sql"), [], |row| row.get(0))?;
    let wrong: i64 = connection.query_row(include_str!("guarded/balances.sql"), [], |row| row.get(0))?;
    if unbalanced > 0 {
        problems.push(format!("the postings of {unbalanced} commits do not sum to zero"));
    }
    if wrong > 0 {
        problems.push(format!("{wrong} accounts do not hold what was posted to them, or less than they may"));
    }
    let mut statement = connection.prepare("SELECT tenant, ledger, account, balance FROM accounts")?;
    let rows = statement.query_map([], |row| Ok(((row.get(0)?, row.get(1)?, row.get(2)?), row.get(3)?)))?;
    rows.collect()
}

/// Claims of one subject agree on its capacity, and never exceed it.
pub(super) fn claims(connection: &Connection, problems: &mut Vec<String>) -> rusqlite::Result<BTreeMap<(i64, String), u64>> {
    let over: i64 = connection.query_row(include_str!("guarded/claims.sql"), [], |row| row.get(0))?;
    if over > 0 {
        problems.push(format!("{over} claims begin where their subject is full, or has another capacity"));
    }
    let mut statement = connection.prepare("SELECT tenant, subject, count(*) FROM claims GROUP BY tenant, subject")?;
    let rows = statement.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get::<_, i64>(2)? as u64)))?;
    rows.collect()
}

/// The number that each sequence gives next.
pub(super) fn numbers(connection: &Connection) -> rusqlite::Result<BTreeMap<(i64, String), i64>> {
    let mut statement = connection.prepare("SELECT tenant, name, next FROM numbers")?;
    let rows = statement.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?;
    rows.collect()
}
