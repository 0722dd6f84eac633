//! patch: a new version of a resource, told by what changes (<http://hl7.org/fhir/R4/http.html#patch>).

use ::patch::Patch;
use fhir::definitions::ResourceType;
use fhir::primitive::from_base64;
use fhir::{Issue, IssueCode, Value, json};
use store::commit::{Expect, Key};
use store::query::{Filter, Version};

use crate::condition::{self, Choice};
use crate::written::commit_one;
use crate::{Context, Error, ReadRequest, Written, codes, read};

/// What is to be patched, and how.
#[derive(Clone, Debug)]
pub struct PatchRequest {
    /// Which resource.
    pub target: PatchTarget,
    /// The changes.
    pub patch: Patch,
    /// Only if this is the current version: `If-Match`.
    pub if_match: Option<u64>,
}

/// Which resource is to be patched.
#[derive(Clone, Debug)]
pub enum PatchTarget {
    /// The one of this type and id.
    Instance(Key),
    /// The one of this type that matches these search criteria.
    Matching(ResourceType, String),
}

/// What [`crate::patch()`] answers, once it is permitted.
pub async fn patch(ctx: &Context, request: PatchRequest) -> Result<Written, Error> {
    for _ in 0..ctx.settings().transaction_attempts.max(1) {
        match attempt(ctx, &request).await {
            Err(Error::LostRace) => {}
            Err(Error::VersionMismatch { .. }) if request.if_match.is_none() => {}
            done => return done,
        }
    }
    Err(Error::Contended)
}

async fn attempt(ctx: &Context, request: &PatchRequest) -> Result<Written, Error> {
    let (version, mut expect) = match &request.target {
        PatchTarget::Instance(key) => (read(ctx, ReadRequest { key: key.clone() }).await?, Vec::new()),
        PatchTarget::Matching(kind, criteria) => {
            let (version, filter) = matching(ctx, *kind, criteria, "").await?;
            let expect = vec![Expect::OnlyMatch(version.key.clone(), filter)];
            (version, expect)
        }
    };
    let resource = patched(&version, &request.patch, request.if_match)?;
    let key = version.key;
    let prepared = ctx.prepare(&resource, key.clone()).await.map_err(not_processable)?;
    expect.push(Expect::Version(key, version.version));
    commit_one(ctx, "patch", &resource, prepared, expect).await
}

/// The one resource that matches the criteria, and the criteria as the commit is to expect them.
///
/// [`Error::NoMatch`] and [`Error::MultipleMatches`] when it is not one.
pub(crate) async fn matching(ctx: &Context, kind: ResourceType, criteria: &str, expression: &str) -> Result<(Version, Filter), Error> {
    let filter = condition::parse(ctx, kind, criteria, expression).await?;
    match condition::choose(ctx, kind, &filter).await? {
        Choice::One(version) => Ok((*version, filter)),
        Choice::None => Err(Error::NoMatch { kind: kind.name(), expression: expression.to_owned() }),
        Choice::Many => Err(Error::MultipleMatches { kind: kind.name(), expression: expression.to_owned() }),
    }
}

/// The resource that the patch makes of this version.
///
/// [`Error::VersionMismatch`] when `if_match` names another, [`Error::Unprocessable`] when the patch cannot be applied, or changes what
/// names the resource.
pub(crate) fn patched(version: &Version, patch: &Patch, if_match: Option<u64>) -> Result<Value, Error> {
    if if_match.is_some_and(|wanted| wanted != version.version) {
        return Err(Error::VersionMismatch { key: version.key.clone(), found: version.version });
    }
    let stored = version.text().and_then(|text| json::parse(text).ok());
    let stored = stored.ok_or_else(|| Error::Engine("a stored text is not JSON".to_owned()))?;
    let resource = patch.apply(&stored).map_err(Error::Unprocessable)?;
    let key = &version.key;
    if resource.resource_type() == Some(key.kind.name()) && resource.text("id") == Some(&key.id) {
        return Ok(resource);
    }
    let remedy = "a patch must leave resourceType and id as they are: create another resource instead";
    let place = if resource.resource_type() == Some(key.kind.name()) { "id" } else { "resourceType" };
    Err(Error::Unprocessable(vec![Issue::error(codes::PATCH_IDENTITY, IssueCode::BusinessRule, place, remedy)]))
}

/// A result that breaks rules is the patch's fault, and not that the request is malformed.
pub(crate) fn not_processable(error: Error) -> Error {
    match error {
        Error::Invalid(issues) => Error::Unprocessable(issues),
        other => other,
    }
}

/// The patch in an entry of a Bundle: a Parameters resource, or a Binary with a patch in another language.
///
/// The errors are what is wrong with it, their places within the entry's resource.
pub(crate) fn of_entry(resource: &Value) -> Result<Patch, Vec<Issue>> {
    let refuse = |place: &str, remedy| Err(vec![Issue::error(codes::PATCH_FORMAT, IssueCode::NotSupported, place, remedy)]);
    match resource.resource_type() {
        Some("Parameters") => Patch::parameters(resource),
        Some("Binary") => {
            let Some(data) = resource.text("data").and_then(from_base64) else {
                return refuse("Binary.data", "the Binary needs the text of the patch as data, in base64");
            };
            let content_type = resource.text("contentType").unwrap_or_default();
            match content_type.split(';').next().unwrap_or_default().trim() {
                "application/json-patch+json" => Patch::json(&data),
                "application/xml-patch+xml" => Patch::xml(&data),
                "application/merge-patch+json" => Patch::merge(&data),
                _ => refuse(
                    "Binary.contentType",
                    "the contentType must be application/json-patch+json, application/xml-patch+xml or application/merge-patch+json",
                ),
            }
        }
        _ => refuse("", "a PATCH needs a Parameters resource, or a Binary with a JSON Patch or an XML Patch"),
    }
}
