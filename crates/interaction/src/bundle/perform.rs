//! An entry done on its own: through the same interactions as a request of its own.

use ::search::url::query_pairs;
use fhir::Value;
use store::query::Version;

use crate::bundle::operation::operate;
use crate::bundle::{Address, Answer, Entry, Method};
use crate::patch::{PatchRequest, PatchTarget, of_entry};
use crate::summary::Selection;
use crate::{CompartmentSearchRequest, SystemSearchRequest, search_compartment, search_system};
use crate::{ConditionalDeleteRequest, ConditionalUpdateRequest, Context, CreateRequest, DeleteRequest, Error};
use crate::{HistoryRequest, Mode, ReadRequest, SearchRequest, UpdateRequest, VreadRequest, Written};
use crate::{capabilities, conditional_delete, conditional_update, create, delete, etag, history, patch, read, search, update, vread};

/// What became of the entry; `with_resource` asks for the resources that were written.
pub(crate) async fn perform(ctx: &Context, entry: Entry, with_resource: bool) -> Result<Answer, Error> {
    let past = entry.as_of.map(|moment| ctx.at(moment));
    let ctx = past.as_ref().unwrap_or(ctx);
    match entry.method {
        Method::Get => {
            let is_head = entry.is_head;
            let answer = get(ctx, entry).await?;
            Ok(if is_head { Answer { resource: None, ..answer } } else { answer })
        }
        Method::Operation => operate(ctx, entry).await,
        Method::Delete => remove(ctx, entry).await,
        Method::Patch => Ok(Answer::written(change(ctx, entry).await?, with_resource)),
        Method::Post | Method::Put => {
            let if_absent = entry.if_absent();
            let Entry { method, address, resource: Some(resource), if_none_exist, if_match, .. } = entry else {
                return Err(misplaced());
            };
            let conditions = (if_match, if_absent);
            Ok(Answer::written(write(ctx, method, address, resource, if_none_exist, conditions).await?, with_resource))
        }
    }
}

fn misplaced() -> Error {
    Error::NotSupported("this entry's method does not go with its url".into())
}

async fn write(
    ctx: &Context,
    method: Method,
    address: Address,
    resource: Value,
    if_none_exist: Option<String>,
    (if_match, if_absent): (Option<u64>, bool),
) -> Result<Written, Error> {
    match (method, address) {
        (Method::Post, Address::Type(kind, None)) => create(ctx, CreateRequest { kind, resource, if_none_exist }).await,
        (Method::Put, Address::Instance(key)) => update(ctx, UpdateRequest { key, resource, if_match, if_absent }).await,
        (Method::Put, Address::Type(kind, Some(criteria))) => {
            conditional_update(ctx, ConditionalUpdateRequest { kind, criteria, resource, if_match, if_absent }).await
        }
        _ => Err(misplaced()),
    }
}

async fn change(ctx: &Context, entry: Entry) -> Result<Written, Error> {
    let target = match entry.address {
        Address::Instance(key) => PatchTarget::Instance(key),
        Address::Type(kind, Some(criteria)) => PatchTarget::Matching(kind, criteria),
        _ => return Err(misplaced()),
    };
    let resource = entry.resource.ok_or_else(misplaced)?;
    let change = of_entry(&resource).map_err(Error::BadRequest)?;
    patch(ctx, PatchRequest { target, patch: change, if_match: entry.if_match }).await
}

async fn remove(ctx: &Context, entry: Entry) -> Result<Answer, Error> {
    let if_match = entry.if_match;
    match entry.address {
        Address::Instance(key) => Ok(Answer::deleted(&[delete(ctx, DeleteRequest { key, if_match }).await?])),
        Address::Type(kind, Some(criteria)) => {
            Ok(Answer::deleted(&conditional_delete(ctx, ConditionalDeleteRequest { kind, criteria, if_match }).await?))
        }
        _ => Err(misplaced()),
    }
}

async fn get(ctx: &Context, entry: Entry) -> Result<Answer, Error> {
    let version = match &entry.address {
        Address::Instance(key) => read(ctx, ReadRequest { key: key.clone() }).await?,
        Address::Version(key, version) => vread(ctx, VreadRequest { key: key.clone(), version: *version }).await?,
        Address::Capabilities => {
            let mode = entry.params.iter().find(|(name, _)| name == "mode").and_then(|(_, mode)| Mode::parse(mode));
            let text = capabilities(ctx, mode.unwrap_or_default());
            return Ok(Answer { status: 200, resource: Some(text), ..Answer::default() });
        }
        _ => return collection(ctx, entry.address).await,
    };
    if is_known(&entry, &version) {
        return Ok(not_modified(&version));
    }
    let selection = Selection::of_params(Some(version.key.kind), &entry.params)?;
    let text = version.text().map(|text| selection.apply_to(version.key.kind, text));
    Ok(Answer { resource: text, status: 200, ..not_modified(&version) })
}

async fn collection(ctx: &Context, address: Address) -> Result<Answer, Error> {
    let pairs = |query: Option<String>| query_pairs(query.as_deref().unwrap_or_default()).map_err(Error::BadRequest);
    let text = match address {
        Address::Type(kind, query) => search(ctx, SearchRequest { kind, params: pairs(query)?, lenient: false }).await?,
        Address::System(query) => search_system(ctx, SystemSearchRequest { params: pairs(query)?, lenient: false }).await?,
        Address::Compartment(owner, kind, query) => {
            search_compartment(ctx, CompartmentSearchRequest { owner, kind, params: pairs(query)?, lenient: false }).await?
        }
        Address::History(scope, query) => history(ctx, HistoryRequest { scope, params: pairs(query)? }).await?,
        Address::Capabilities | Address::Instance(_) | Address::Version(..) | Address::Operation { .. } => return Err(misplaced()),
    };
    Ok(Answer { status: 200, resource: Some(text), ..Answer::default() })
}

/// Whether the client has the version already: `ifModifiedSince` counts only without `ifNoneMatch`, as in HTTP.
fn is_known(entry: &Entry, version: &Version) -> bool {
    match &entry.if_none_match {
        Some(tags) => etag::lists(tags, version.version),
        None => entry.if_modified_since.is_some_and(|since| version.last_updated.div_euclid(1000) <= since.div_euclid(1000)),
    }
}

fn not_modified(version: &Version) -> Answer {
    Answer { status: 304, version: Some(version.version), last_modified: Some(version.last_updated), ..Answer::default() }
}
