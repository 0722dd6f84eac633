//! read: the current version of a resource (<http://hl7.org/fhir/R4/http.html#read>).

use store::commit::Key;
use store::query::Version;

use crate::{Context, Error, builtin};

/// Which resource is asked for.
#[derive(Clone, Debug)]
pub struct ReadRequest {
    /// Its type and id.
    pub key: Key,
}

/// What [`crate::read()`] answers, once it is permitted.
pub async fn read(ctx: &Context, request: ReadRequest) -> Result<Version, Error> {
    match ctx.store().read(ctx.tenant, &request.key).await? {
        Some(version) if version.text().is_some() => Ok(version),
        Some(deleted) => Err(Error::Deleted { key: request.key, version: deleted.version }),
        None => builtin::read(ctx, &request.key).await?.ok_or(Error::NotFound(request.key)),
    }
}
