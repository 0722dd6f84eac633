//! An entry done on its own: through the same interactions as a request of its own.

use ::search::url::query_pairs;
use fhir::Value;
use store::query::Version;

use crate::bundle::{Address, Answer, Entry, Method};
use crate::patch::{self, PatchRequest, PatchTarget, of_entry};
use crate::{Context, CreateRequest, DeleteRequest, Error, HistoryRequest, ReadRequest, SearchRequest, UpdateRequest, VreadRequest};
use crate::{capabilities, create, delete, etag, history, read, search, update, vread};

/// What became of the entry; `with_resource` asks for the resources that were written.
pub(crate) async fn perform(ctx: &Context, entry: Entry, with_resource: bool) -> Result<Answer, Error> {
    let Entry { method, address, resource, if_none_exist, if_match, if_none_match, .. } = entry;
    match (method, address, resource) {
        (Method::Post, Address::Type(kind, None), Some(resource)) => {
            let request = CreateRequest { kind, resource, if_none_exist };
            Ok(Answer::written(create(ctx, request).await?, with_resource))
        }
        (Method::Put, Address::Instance(key), Some(resource)) => {
            let if_absent = if_none_match.as_deref() == Some("*");
            let request = UpdateRequest { key, resource, if_match, if_absent };
            Ok(Answer::written(update(ctx, request).await?, with_resource))
        }
        (Method::Patch, Address::Instance(key), Some(resource)) => {
            patched(ctx, PatchTarget::Instance(key), &resource, if_match, with_resource).await
        }
        (Method::Patch, Address::Type(kind, Some(criteria)), Some(resource)) => {
            patched(ctx, PatchTarget::Matching(kind, criteria), &resource, if_match, with_resource).await
        }
        (Method::Delete, Address::Instance(key), _) => {
            let deleted = delete(ctx, DeleteRequest { key, if_match }).await?;
            Ok(Answer { status: 204, version: deleted.version, last_modified: deleted.version.map(|_| deleted.at), ..Answer::default() })
        }
        (Method::Get, address, _) => get(ctx, address, if_none_match.as_deref()).await,
        _ => Err(Error::NotSupported("this entry's method does not go with its url".into())),
    }
}

async fn patched(
    ctx: &Context,
    target: PatchTarget,
    resource: &Value,
    if_match: Option<u64>,
    with_resource: bool,
) -> Result<Answer, Error> {
    let patch = of_entry(resource).map_err(Error::BadRequest)?;
    Ok(Answer::written(patch::patch(ctx, PatchRequest { target, patch, if_match }).await?, with_resource))
}

async fn get(ctx: &Context, address: Address, if_none_match: Option<&str>) -> Result<Answer, Error> {
    let pairs = |query: Option<String>| query_pairs(query.as_deref().unwrap_or_default()).map_err(Error::BadRequest);
    let text = match address {
        Address::Instance(key) => {
            let version = read(ctx, ReadRequest { key }).await?;
            let known = if_none_match.and_then(|tag| etag::parse(tag).ok());
            return Ok(if known == Some(version.version) { not_modified(&version) } else { found(version) });
        }
        Address::Version(key, version) => return Ok(found(vread(ctx, VreadRequest { key, version }).await?)),
        Address::Type(kind, query) => search(ctx, SearchRequest { kind, params: pairs(query)?, lenient: false }).await?,
        Address::History(scope, query) => history(ctx, HistoryRequest { scope, params: pairs(query)? }).await?,
        Address::Capabilities => capabilities(ctx),
    };
    Ok(Answer { status: 200, resource: Some(text), ..Answer::default() })
}

fn found(version: Version) -> Answer {
    Answer { resource: version.text().cloned(), status: 200, ..not_modified(&version) }
}

fn not_modified(version: &Version) -> Answer {
    Answer { status: 304, version: Some(version.version), last_modified: Some(version.last_updated), ..Answer::default() }
}
