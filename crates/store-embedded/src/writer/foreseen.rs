//! What a commit finds in the index, looked up by whoever brings it. The writer's one thread asks only whether that is still so, which takes a
//! fraction of a look into the tree; what is not so any more, it looks up itself.

use std::sync::Arc;

use store::commit::{Commit, Expect, Key, Tenant};

use super::prepared::PreparedPut;
use crate::error::Result;
use crate::index::head::Head;
use crate::index::listed::Listed;
use crate::index::tree::Seen;
use crate::index::update::EntryChanges;
use crate::index::{Index, keys};

/// How many resources are looked up beforehand. A larger commit is one of many that are brought together, whose batches do not say what they change.
const MOST: usize = 64;

/// What was found at some moment.
pub(crate) struct Foreseen {
    index: Arc<Index>,
    seen: Seen,
    heads: Vec<(Key, Option<Head>)>,
}

impl Foreseen {
    /// Looks up what `commit` expects and writes, and what each of `puts` changes of the entries of its resource. `None` when that is too much.
    pub(crate) fn of(index: Arc<Index>, commit: &Commit, puts: &mut [PreparedPut]) -> Result<Option<Self>> {
        if puts.len() + commit.delete.len() + commit.expect.len() > MOST {
            return Ok(None);
        }
        let tenant = commit.tenant;
        index.tree.watch();
        let snapshot = index.snapshot();
        let seen = snapshot.at.seen();
        let mut heads = Vec::with_capacity(puts.len() + commit.delete.len() + commit.expect.len());
        for put in puts {
            let head = snapshot.head(tenant, &put.key)?;
            heads.push((put.key.clone(), head));
            let Some(head) = head.filter(|head| !head.is_deleted()) else { continue };
            if let Some(list) = snapshot.list(tenant, head.resource)? {
                let before = Listed::keys_of(tenant, put.key.kind, head.resource, &list)?;
                put.listed.name(head.resource);
                put.changes = Some(EntryChanges::between(&before, &put.listed.keys));
            }
        }
        for key in &commit.delete {
            heads.push((key.clone(), snapshot.head(tenant, key)?));
        }
        // Many commits expect the same: a patient, an encounter.
        snapshot.at.note();
        for expect in &commit.expect {
            if let Expect::Version(key, _) | Expect::Exists(key) | Expect::Absent(key) = expect
                && heads.iter().all(|(known, _)| known != key)
            {
                heads.push((key.clone(), snapshot.head(tenant, key)?));
            }
        }
        drop(snapshot);
        Ok(Some(Self { index, seen, heads }))
    }

    /// The current version of a resource in this index; the outer `None` when it was not looked up, or has changed since.
    pub(crate) fn head(&self, index: &Index, tenant: Tenant, key: &Key) -> Option<Option<Head>> {
        let (_, head) = self.heads.iter().find(|(known, _)| known == key)?;
        self.holds(index, &keys::current(tenant, key)).then_some(*head)
    }

    /// Whether the entries of a resource are still as they were.
    pub(crate) fn has_entries_of(&self, index: &Index, tenant: Tenant, resource: u64) -> bool {
        self.holds(index, &keys::list(tenant, resource))
    }

    fn holds(&self, index: &Index, key: &[u8]) -> bool {
        std::ptr::eq(index, &*self.index) && index.tree.is_as_seen(key, self.seen)
    }
}
