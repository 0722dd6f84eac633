//! erase: versions of a resource removed for good, which FHIR leaves to the server. A delete writes one more version and keeps the others; after an
//! erase there is nothing to read, and the address answers as if it had never been used.

mod custodian;
mod record;

pub use custodian::{Claim, Custodian, Withheld};
pub use record::{EraseRecordRequest, Record, erase_record};

use store::commit::{Commit, Erase, Expect, Extent, Key};

use crate::delete::{no_other_refers, refused};
use crate::{Context, Error};

/// What is to be erased.
#[derive(Clone, Debug)]
pub struct EraseRequest {
    /// Its type and id.
    pub key: Key,
    /// Which of its versions.
    pub extent: Extent,
    /// Only if this is the current version: `If-Match`.
    pub if_match: Option<u64>,
    /// Also when others refer to it: their references then lead to nothing.
    pub force: bool,
    /// Also before the time is over for which records are kept, because a law demands it.
    pub by_law: bool,
}

/// Erases versions of the resource, a deleted one included. Gives how many are gone.
///
/// References are judged as a delete judges them, at the moment of the commit, whatever the settings say of deletes: those that a search
/// parameter covers, of resources that are not deleted.
///
/// [`Error::NotFound`] when there never was such a resource, or nothing is left of it, [`Error::VersionMismatch`] when another version than the one named
/// is current, [`Error::StillReferenced`] when all of it is to go, others refer to it and `force` is not said; [`Error::Withheld`] when it has to be kept; or a failure of
/// the store.
pub async fn erase(ctx: &Context, request: EraseRequest) -> Result<u64, Error> {
    match ctx.store().read(ctx.tenant, &request.key).await? {
        None => return Err(Error::NotFound(request.key)),
        Some(current) => custodian::ask(ctx, &current, request.by_law).await?,
    }
    remove(ctx, request).await
}

/// The same for what may be erased.
async fn remove(ctx: &Context, request: EraseRequest) -> Result<u64, Error> {
    let EraseRequest { key, extent, if_match, force, .. } = request;
    let mut commit = Commit::new(ctx.tenant, &*ctx.actor, "erase");
    commit.expect.extend(if_match.map(|version| Expect::Version(key.clone(), version)));
    if extent == Extent::All && !force {
        commit.expect.extend(no_other_refers(ctx, &key));
    }
    commit.erase.push(Erase { key: key.clone(), extent });
    let committed = ctx.store().commit(commit).await.map_err(|error| refused(error, &key))?;
    Ok(committed.erased.iter().sum())
}
