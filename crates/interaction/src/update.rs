//! update: a new version of a resource, or its first one under an id of the client's choice
//! (<http://hl7.org/fhir/R4/http.html#update>).

use fhir::Value;
use store::commit::{Expect, Key};

use crate::written::commit_one;
use crate::{Context, Error, Written};

/// What is to be written.
#[derive(Clone, Debug)]
pub struct UpdateRequest {
    /// The type and id in the address.
    pub key: Key,
    /// The resource, with the same id.
    pub resource: Value,
    /// Only if this is the current version: `If-Match`.
    pub if_match: Option<u64>,
    /// Only if the resource does not exist: `If-None-Match: *`.
    pub if_absent: bool,
}

/// What [`crate::update()`] answers, once it is permitted.
pub async fn update(ctx: &Context, request: UpdateRequest) -> Result<Written, Error> {
    let UpdateRequest { key, resource, if_match, if_absent } = request;
    if resource.resource_type() == Some(key.kind.name()) && resource.text("id") != Some(&key.id) {
        return Err(Error::IdMismatch { expected: key.id });
    }
    let prepared = ctx.prepare(&resource, key.clone()).await?;
    let expect = expectations(ctx, &key, if_match, if_absent);
    commit_one(ctx, "update", &resource, prepared, expect).await
}

/// What must hold for the update to be done.
pub(crate) fn expectations(ctx: &Context, key: &Key, if_match: Option<u64>, if_absent: bool) -> Vec<Expect> {
    let mut expect = Vec::new();
    if let Some(version) = if_match {
        expect.push(Expect::Version(key.clone(), version));
    }
    if if_absent {
        expect.push(Expect::Absent(key.clone()));
    }
    if !ctx.settings().update_create {
        expect.push(Expect::Exists(key.clone()));
    }
    expect
}
