//! What a commit does, told in the same commit.

use std::collections::HashMap;

use store::commit::{Commit, Expect, Key};
use store::query::Version;

use crate::event::Scribe;
use crate::happening::{Entity, Happening, Interaction, What};
use crate::patients;

/// What a commit did to one resource, and the patients in whose records that is.
pub type Written = (Happening, [Vec<Box<str>>; 1]);

impl Scribe {
    /// Adds to a commit the AuditEvents of all that it puts, deletes and erases: each a create, update or delete of `request`, whose
    /// moment, request, actor, address, purpose and tenant they have. What is told of must be complete in the commit; AuditEvents of its
    /// own (in [`Commit::audit`]) are not told of.
    ///
    /// `before` has the current version of each resource that is there already: of what it has not, a put is a create. A resource that
    /// moves from one patient's record to another's is told to both. A deletion of what is not there is told of nevertheless, because it
    /// was asked for.
    ///
    /// An update that `request` says was a patch is told as one. The version is named where the commit expects the one before it, and so
    /// cannot become another.
    ///
    /// What was told comes back, each with the patients that it touched.
    pub fn tell(&self, commit: &mut Commit, request: &Happening, before: &HashMap<Key, Version>) -> Vec<Written> {
        let mut written: Vec<Written> = Vec::new();
        for put in &commit.put {
            let there = before.get(&put.key).filter(|version| version.text().is_some());
            let interaction = match (there, &request.what) {
                (None, _) => Interaction::Create,
                (Some(_), What::Rest(Interaction::Patch)) => Interaction::Patch,
                (Some(_), _) => Interaction::Update,
            };
            let mut touched = patients::of_entries(&put.key, &put.entries);
            touched.extend(there.into_iter().flat_map(|version| patients::of_version(&self.registry(), version)));
            let entity = Entity { key: put.key.clone(), version: next_version(commit, &put.key) };
            written.push((part(request, interaction, entity), [touched]));
        }
        for key in commit.delete.iter().chain(commit.erase.iter().map(|erase| &erase.key)) {
            let there = before.get(key);
            let touched = there.map_or_else(Vec::new, |version| patients::of_version(&self.registry(), version));
            let entity = Entity { key: key.clone(), version: 0 };
            written.push((part(request, Interaction::Delete, entity), [touched]));
        }
        commit.audit.extend(written.iter().flat_map(|(happening, touched)| self.puts(happening, touched)));
        written
    }
}

/// The version that a put will be, when the commit lets it be no other; else 0.
fn next_version(commit: &Commit, key: &Key) -> u64 {
    let expected = commit.expect.iter().find_map(|expect| match expect {
        Expect::Version(of, version) if of == key => Some(version + 1),
        _ => None,
    });
    expected.unwrap_or(0)
}

/// What a request did to one resource.
fn part(request: &Happening, interaction: Interaction, entity: Entity) -> Happening {
    Happening {
        what: What::Rest(interaction),
        query: None,
        entities: vec![entity],
        patients: Vec::new(),
        outcome: crate::happening::Outcome::Done,
        ..request.clone()
    }
}
