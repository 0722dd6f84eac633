//! vread: a certain version of a resource (<http://hl7.org/fhir/R4/http.html#vread>).

use store::commit::Key;
use store::query::Version;

use crate::{Context, Error, builtin};

/// Which version is asked for.
#[derive(Clone, Debug)]
pub struct VreadRequest {
    /// The type and id of the resource.
    pub key: Key,
    /// The number of the version; 0 for one that no server of this kind gives.
    pub version: u64,
}

/// What [`crate::vread()`] answers, once it is permitted.
pub async fn vread(ctx: &Context, request: VreadRequest) -> Result<Version, Error> {
    let VreadRequest { key, version } = request;
    match ctx.store().vread(ctx.tenant, &key, version).await? {
        Some(found) if found.text().is_some() => Ok(found),
        Some(_) => Err(Error::Deleted { key, version }),
        None if ctx.store().read(ctx.tenant, &key).await?.is_some() => Err(Error::NoSuchVersion { key, version }),
        None => match builtin::read(ctx, &key).await? {
            Some(found) if found.version == version => Ok(found),
            Some(_) => Err(Error::NoSuchVersion { key, version }),
            None => Err(Error::NotFound(key)),
        },
    }
}
