//! The database file, read with SQL and no line of Ward's: every row checked, every body unpacked and parsed.

mod body;
mod guarded;
mod log;

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

/// A version as the database has it.
#[derive(Clone, Debug)]
pub struct Version {
    /// Its row.
    pub row: i64,
    /// Whose it is.
    pub tenant: i64,
    /// The commit that wrote it.
    pub sequence: i64,
    /// The type.
    pub kind: String,
    /// The logical id.
    pub id: String,
    /// The version number.
    pub version: u64,
    /// When it was written, in milliseconds since 1970.
    pub at: i64,
    /// The text as it goes out, with its stamp; `None` for a deletion.
    pub text: Option<String>,
}

impl Version {
    /// `Patient/1`.
    pub fn key(&self) -> String {
        format!("{}/{}", self.kind, self.id)
    }

    /// The word that stands after `mark:` in the text.
    pub fn mark(&self) -> Option<&str> {
        let (_, rest) = self.text.as_deref()?.split_once("mark:")?;
        let end = rest.find(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
        Some(&rest[..end.unwrap_or(rest.len())])
    }
}

/// All that a database holds, found whole. By default: nothing.
#[derive(Debug, Default)]
pub struct Raw {
    /// All versions, in the order of their rows.
    pub versions: Vec<Version>,
    /// How many commits each tenant has.
    pub commits: BTreeMap<i64, i64>,
    /// The number that each sequence gives next, by tenant and name.
    pub numbers: BTreeMap<(i64, String), i64>,
    /// What accounts hold, by tenant, ledger and account.
    pub balances: BTreeMap<(i64, String, String), i64>,
    /// How many claims are held, by tenant and subject.
    pub claims: BTreeMap<(i64, String), u64>,
}

impl Raw {
    /// Reads the database of a data directory as its files are at this moment, when no process writes to it; empty when there is none yet. It is read from a copy: what finds the
    /// original, finds it as it was left.
    ///
    /// # Panics
    /// With everything that is wrong.
    pub fn of(folder: &Path) -> Self {
        match Self::read(folder) {
            Ok(raw) => raw,
            Err(problems) => panic!("{}: {} problems\n{}", folder.display(), problems.len(), problems.join("\n")),
        }
    }

    /// As [`Raw::of`].
    ///
    /// # Errors
    /// A line for each thing that is wrong, at most some dozens of a kind.
    pub fn read(folder: &Path) -> Result<Self, Vec<String>> {
        let copy = tempfile::tempdir().expect("a temporary folder");
        for name in ["ward.sqlite3", "ward.sqlite3-wal"] {
            let from = folder.join(name);
            if from.exists() {
                std::fs::copy(from, copy.path().join(name)).expect("the file is copied");
            }
        }
        // Its log can be read by nothing else: there, too, the end of each page is a checksum.
        let connection = disk::open(&copy.path().join("ward.sqlite3"), OpenFlags::default()).expect("the database opens");
        Self::check(&connection).map_err(|error| vec![format!("the database cannot be read: {error}")])?
    }

    fn check(connection: &Connection) -> rusqlite::Result<Result<Self, Vec<String>>> {
        let mut problems = Vec::new();
        let sound: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
        if sound != "ok" {
            return Ok(Err(vec![sound]));
        }
        // A database that is just being made: its first tables may be there, and nothing in them.
        let is_made = has(connection, "SELECT 1 FROM pragma_table_info('versions') WHERE name = 'erased'")?;
        if !is_made {
            let is_empty =
                !has(connection, "SELECT 1 FROM sqlite_schema WHERE name = 'versions'")? || !has(connection, "SELECT 1 FROM versions")?;
            return Ok(if is_empty {
                Ok(Self::default())
            } else {
                Err(vec!["versions stand in a schema that has just been begun".to_owned()])
            });
        }
        let commits = log::commits(connection, &mut problems)?;
        let versions = log::versions(connection, &commits, &mut problems)?;
        log::order(&versions, &mut problems);
        log::belongs(connection, &mut problems)?;
        let raw = Self {
            versions,
            commits: log::last_sequences(&commits),
            numbers: guarded::numbers(connection)?,
            balances: guarded::balances(connection, &mut problems)?,
            claims: guarded::claims(connection, &mut problems)?,
        };
        Ok(if problems.is_empty() { Ok(raw) } else { Err(problems) })
    }

    /// The current versions that are not deletions, by type and id, of a tenant.
    pub fn current(&self, tenant: i64) -> BTreeMap<String, &Version> {
        let mut current = BTreeMap::new();
        for version in self.versions.iter().filter(|version| version.tenant == tenant) {
            match version.text {
                Some(_) => current.insert(version.key(), version),
                None => current.remove(&version.key()),
            };
        }
        current
    }
}

fn has(connection: &Connection, sql: &str) -> rusqlite::Result<bool> {
    connection.prepare(sql)?.exists([])
}
