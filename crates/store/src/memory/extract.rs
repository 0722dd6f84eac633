//! What resources define: when a commit changes it, all entries are extracted again at once.

use std::collections::BTreeMap;

use crate::commit::{Commit, DEFINING, Key, Put};
use crate::contract::Extract;

use super::state::{Row, State};

/// Whether the commit writes or deletes a resource that defines entries.
pub(super) fn changes_definitions(extract: &dyn Extract, commit: &Commit) -> bool {
    let defines = |key: &Key| commit.tenant == DEFINING && Some(key.kind) == extract.definitions();
    let put = commit.put.iter().chain(&commit.audit).map(|put| &put.key);
    put.chain(&commit.delete).chain(commit.erase.iter().map(|erase| &erase.key)).any(defines)
}

/// The commit, with the entries that another extractor made extracted again.
pub(super) fn renewed(extract: Option<&dyn Extract>, mut commit: Commit) -> Commit {
    let Some(extract) = extract else { return commit };
    let renew = |put: &mut Put| {
        if put.extractor != 0 && put.extractor != extract.identity() {
            (put.entries, put.date) = extract.extract(put.key.kind, &put.body.text);
        }
    };
    let trails = commit.trails.iter_mut().flat_map(|(_, audit)| audit);
    commit.put.iter_mut().chain(&mut commit.audit).chain(trails).for_each(renew);
    commit
}

impl State {
    /// Takes what resources define now, and extracts the entries of every current version again.
    pub(super) fn define(&mut self, extract: &dyn Extract) {
        let Some(kind) = extract.definitions() else { return };
        let mut definitions = BTreeMap::new();
        let defining = self.tenants.get(&DEFINING).into_iter().flat_map(|tenant| &tenant.rows);
        for row in defining.filter(|row| row.key.kind == kind) {
            definitions.insert(row.resource, (row.key.clone(), row.version().text().cloned()));
        }
        let current = definitions.into_values().filter_map(|(key, text)| Some((key, text?)));
        extract.define(&current.collect::<Vec<_>>());
        for row in self.rows_mut() {
            if let Some(text) = row.version().text() {
                (row.entries, row.date) = extract.extract(row.key.kind, text);
            }
        }
    }

    fn rows_mut(&mut self) -> impl Iterator<Item = &mut Row> {
        self.tenants.values_mut().flat_map(|tenant| &mut tenant.rows)
    }
}
