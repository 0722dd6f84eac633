//! The log: commits and the versions they wrote.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::Version;
use super::body::{Dictionaries, Row, stamped};

/// How many problems of a kind are told.
const MOST_TOLD: usize = 30;

/// A row of `commits`.
pub(super) struct CommitRow {
    tenant: i64,
    sequence: i64,
    at: i64,
    first_row: i64,
    row_count: i64,
}

/// All commits in the order in which they were made, of all tenants: their sequences have no gaps, time never goes back, and their rows follow each other.
pub(super) fn commits(connection: &Connection, problems: &mut Vec<String>) -> rusqlite::Result<Vec<CommitRow>> {
    let sql = "SELECT tenant, sequence, at, first_row, row_count FROM commits ORDER BY first_row, row_count > 0, at, tenant, sequence";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| {
        Ok(CommitRow { tenant: row.get(0)?, sequence: row.get(1)?, at: row.get(2)?, first_row: row.get(3)?, row_count: row.get(4)? })
    })?;
    let commits = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    let (mut next_row, mut last_at) = (1, i64::MIN);
    for commit in &commits {
        let CommitRow { tenant, sequence, at, first_row, row_count } = commit;
        if *first_row != next_row {
            problems.push(format!("commit {sequence} of tenant {tenant} begins at row {first_row}, and not at {next_row}"));
        }
        if *at < last_at {
            problems.push(format!("commit {sequence} of tenant {tenant} was before the one before it"));
        }
        (next_row, last_at) = (first_row + row_count, *at);
    }
    let last_row: i64 = connection.query_row("SELECT coalesce(max(row), 0) FROM versions", [], |row| row.get(0))?;
    if last_row + 1 != next_row {
        problems.push(format!("commits end at row {}, and versions at {last_row}", next_row - 1));
    }
    tenants(connection, &commits, problems)?;
    problems.truncate(MOST_TOLD);
    Ok(commits)
}

/// Each tenant has the commits 1 to n, and its row names the last one.
fn tenants(connection: &Connection, commits: &[CommitRow], problems: &mut Vec<String>) -> rusqlite::Result<()> {
    let mut seen: BTreeMap<i64, (Vec<i64>, i64)> = BTreeMap::new();
    for commit in commits {
        let (sequences, at) = seen.entry(commit.tenant).or_default();
        sequences.push(commit.sequence);
        *at = commit.at.max(*at);
    }
    let mut statement = connection.prepare("SELECT tenant, sequence, at FROM tenants")?;
    let told = statement.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
    let told: BTreeMap<i64, (i64, i64)> = told.collect::<rusqlite::Result<_>>()?;
    for (tenant, (sequences, at)) in &mut seen {
        sequences.sort_unstable();
        if !sequences.iter().copied().eq(1..=sequences.len() as i64) {
            problems.push(format!("the commits of tenant {tenant} are not 1 to {}", sequences.len()));
        }
        if told.get(tenant) != Some(&(sequences.len() as i64, *at)) {
            problems.push(format!("tenant {tenant} is told to be at {:?}", told.get(tenant)));
        }
    }
    if told.len() != seen.len() {
        problems.push("a tenant has no commit".to_owned());
    }
    Ok(())
}

pub(super) fn last_sequences(commits: &[CommitRow]) -> BTreeMap<i64, i64> {
    let mut last = BTreeMap::new();
    for commit in commits {
        let sequence: &mut i64 = last.entry(commit.tenant).or_default();
        *sequence = commit.sequence.max(*sequence);
    }
    last
}

/// All versions: rows without gaps, each within its commit and at its moment, each body whole.
pub(super) fn versions(connection: &Connection, commits: &[CommitRow], problems: &mut Vec<String>) -> rusqlite::Result<Vec<Version>> {
    let dictionaries = Dictionaries::of(connection)?;
    let within: BTreeMap<(i64, i64), &CommitRow> = commits.iter().map(|commit| ((commit.tenant, commit.sequence), commit)).collect();
    let sql = "SELECT row, tenant, sequence, kind, id, version, state, at, stamp_at, dictionary, body, erased FROM versions ORDER BY row";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    let (mut versions, mut told) = (Vec::new(), Vec::new());
    while let Some(row) = rows.next()? {
        let mut version = Version {
            row: row.get(0)?,
            tenant: row.get(1)?,
            sequence: row.get(2)?,
            kind: row.get(3)?,
            id: row.get(4)?,
            version: row.get::<_, i64>(5)? as u64,
            at: row.get(7)?,
            text: None,
        };
        let number = version.row;
        if number != versions.len() as i64 + 1 {
            told.push(format!("row {} is missing", versions.len() + 1));
        }
        let commit = within.get(&(version.tenant, version.sequence));
        let fits =
            |commit: &&CommitRow| (commit.first_row..commit.first_row + commit.row_count).contains(&number) && commit.at == version.at;
        if !commit.is_some_and(fits) {
            told.push(format!("row {number} is not of the commit that it names"));
        }
        let (state, body): (i64, Option<Vec<u8>>) = (row.get(6)?, row.get(10)?);
        if let Some(body) = body {
            let Version { kind, id, version: count, at, .. } = &version;
            let (stamp_at, dictionary) = (row.get::<_, i64>(8)? as usize, row.get(9)?);
            match stamped(&dictionaries, &Row { kind, id, version: *count, at: *at, stamp_at, dictionary, body: &body }) {
                Ok(text) => version.text = Some(text),
                Err(problem) => told.push(format!("row {number}: {problem}")),
            }
        } else if state != 0 {
            told.push(format!("row {number} has no body"));
        }
        versions.push(version);
    }
    problems.extend(told.into_iter().take(MOST_TOLD));
    Ok(versions)
}

/// The versions of each resource are 1 to n, in the order of their rows.
pub(super) fn order(versions: &[Version], problems: &mut Vec<String>) {
    let mut last: BTreeMap<(i64, &str, &str), u64> = BTreeMap::new();
    let mut told = Vec::new();
    for version in versions {
        let before = last.entry((version.tenant, &version.kind, &version.id)).or_default();
        if version.version != *before + 1 {
            told.push(format!("row {} is version {} of {}, after {before}", version.row, version.version, version.key()));
        }
        *before = version.version;
    }
    problems.extend(told.into_iter().take(MOST_TOLD));
}

/// What else belongs to a version or a commit names one that is there.
pub(super) fn belongs(connection: &Connection, problems: &mut Vec<String>) -> rusqlite::Result<()> {
    const RULES: [(&str, &str); 7] = [
        ("resources that do not begin with their first row", include_str!("log/first_rows.sql")),
        ("versions whose state does not follow from the one before", include_str!("log/states.sql")),
        ("events without a commit", include_str!("log/events.sql")),
        ("events that are not counted from 0", include_str!("log/event_order.sql")),
        ("postings without a commit", include_str!("log/postings.sql")),
        ("erasures without a commit", include_str!("log/erasures.sql")),
        ("jobs that the tenant has not counted", include_str!("log/jobs.sql")),
    ];
    for (what, sql) in RULES {
        let count: i64 = connection.query_row(sql, [], |row| row.get(0))?;
        if count > 0 {
            problems.push(format!("{count} {what}"));
        }
    }
    Ok(())
}
