//! Whether the index says what the truth says.
//!
//! Every version is looked up under every key that it must have; then the keys are counted, so that none is too many.

use std::collections::HashMap;

use rusqlite::Connection;
use store::commit::Tenant;
use store::contract::Extract;

use super::head::{Head, VersionAt, Written};
use super::keys::Space;
use super::listed::Listed;
use super::{Index, Snapshot, keys, pairs, replay};
use crate::error::Result;
use crate::options::Progress;
use crate::truth::bodies::Bodies;
use crate::truth::log::{self, LogRow, State};

/// How many rows are looked at in one go.
const CHUNK: u32 = 4096;

/// How many differences are told; the others are only counted.
const MOST_TOLD: usize = 100;

/// What a check of the index found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IndexReport {
    /// Versions looked at.
    pub versions: u64,
    /// Resources that are not deleted.
    pub resources: u64,
    /// Their search entries.
    pub entries: u64,
    /// How many differences there are.
    pub differences: u64,
    /// The first hundred of them, by row: what is missing, other, or too much.
    pub told: Vec<String>,
}

impl IndexReport {
    /// Whether the index is as it should be.
    pub fn is_clean(&self) -> bool {
        self.differences == 0
    }

    fn tell(&mut self, what: impl FnOnce() -> String) {
        self.differences += 1;
        if self.told.len() < MOST_TOLD {
            self.told.push(what());
        }
    }
}

struct Check<'a> {
    snapshot: &'a Snapshot,
    report: IndexReport,
    /// How many versions each history has so far.
    ordinals: HashMap<(Tenant, u8), u64>,
    /// How many resources there are, deleted ones included.
    keys: u64,
    /// How many versions were erased.
    erased: u64,
}

/// Compares the index with the truth, as far as the index covers it.
pub(crate) fn check(
    connection: &Connection,
    bodies: &Bodies,
    (index, snapshot): (&Index, &Snapshot),
    extract: &dyn Extract,
    on_progress: &mut dyn FnMut(Progress),
) -> Result<IndexReport> {
    let applied = snapshot.applied()?;
    let mut check = Check { snapshot, report: IndexReport::default(), ordinals: HashMap::new(), keys: 0, erased: 0 };
    let mut done = 0;
    while done < applied {
        let mut rows = log::from(connection, done + 1, CHUNK)?;
        rows.retain(|row| row.row <= applied);
        let Some(last) = rows.last() else { break };
        done = last.row;
        let listed = replay::extract_all(bodies, (extract, index), &rows)?;
        for (row, listed) in rows.iter().zip(listed) {
            check.row(row, listed)?;
        }
        on_progress(Progress { done, total: applied });
    }
    if done < applied {
        check.report.tell(|| format!("the index covers rows up to {applied}, and the database has {done}"));
    }
    check.count()?;
    Ok(check.report)
}

impl Check<'_> {
    fn row(&mut self, row: &LogRow, listed: Option<Listed>) -> Result<()> {
        self.report.versions += 1;
        self.keys += u64::from(row.row == row.resource);
        self.erased += u64::from(row.state == State::Erased);
        self.version(row)?;
        match self.snapshot.head(row.tenant, &row.key)? {
            None => self.report.tell(|| format!("row {}: its resource is missing", row.row)),
            Some(head) if head.row < row.row => self.report.tell(|| format!("row {}: an older version counts as the current one", row.row)),
            Some(head) if head.row == row.row => self.current(row, head, listed)?,
            Some(_) => {}
        }
        Ok(())
    }

    fn version(&mut self, row: &LogRow) -> Result<()> {
        let found = self.snapshot.version(row.tenant, row.resource, row.version)?;
        if found != Some(VersionAt { row: row.row, at: row.at, state: row.state }) {
            self.report.tell(|| format!("row {}: the version is missing, or another one", row.row));
        }
        for code in [keys::kind_code(row.key.kind), keys::ALL_KINDS] {
            let ordinal = self.ordinals.entry((row.tenant, code)).or_default();
            *ordinal += 1;
            let found = self.snapshot.at.get(keys::history(row.tenant, code, row.row))?;
            let expected = Written { ordinal: *ordinal, at: row.at, resource: row.resource }.encode();
            if found.as_deref() != Some(&expected[..]) {
                self.report.tell(|| format!("row {}: it is missing in a history, or has another place in it", row.row));
            }
            let is_erased = self.snapshot.at.has(keys::erased(row.tenant, code, row.row))?;
            if is_erased != (row.state == State::Erased) {
                self.report.tell(|| format!("row {}: a history is wrong about whether it was erased", row.row));
            }
        }
        Ok(())
    }

    /// The row is the current version of its resource.
    fn current(&mut self, row: &LogRow, head: Head, listed: Option<Listed>) -> Result<()> {
        let expected = Head { resource: row.resource, row: row.row, version: row.version, at: row.at, state: row.state };
        let by_number = self.snapshot.resource(row.tenant, row.resource)?;
        if head != expected || by_number != Some((expected, row.key.clone())) {
            self.report.tell(|| format!("row {}: the current version is described otherwise", row.row));
        }
        let list = self.snapshot.list(row.tenant, row.resource)?;
        if list.as_deref() != listed.as_ref().map(|listed| &listed.list[..]) {
            self.report.tell(|| format!("row {}: the list of its entries is missing, or another one", row.row));
        }
        let Some(listed) = listed else {
            return Ok(());
        };
        self.report.resources += 1;
        self.report.entries += listed.keys.len() as u64;
        if listed.keys.is_wide() && pairs::find_all(self.snapshot, row.tenant, row.key.kind)? {
            self.report.tell(|| format!("row {}: it has too many values for pairs, and the index does not say so", row.row));
        }
        for key in listed.keys.iter() {
            if !self.snapshot.at.has(key)? {
                self.report.tell(|| format!("row {}: one of its entries is missing", row.row));
            }
        }
        Ok(())
    }

    /// Finds what is too much.
    fn count(&mut self) -> Result<()> {
        let report = &self.report;
        let expected = [
            ("entries", Space::Entries, report.entries),
            ("lists", Space::Lists, report.resources),
            ("current versions", Space::Current, self.keys),
            ("resources", Space::Resources, self.keys),
            ("versions", Space::Versions, report.versions),
            ("places in histories", Space::History, report.versions * 2),
            ("erased places", Space::Erased, self.erased * 2),
        ];
        for (name, space, expected) in expected {
            let mut found = 0;
            for pair in self.snapshot.at.prefix([space as u8]) {
                pair?;
                found += 1;
            }
            if found != expected {
                self.report.tell(|| format!("there are {found} {name}, and there should be {expected}"));
            }
        }
        Ok(())
    }
}
