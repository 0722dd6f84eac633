//! An operation as an entry of a batch or transaction.

use ::search::url::query_pairs;
use fhir::{Issue, IssueCode};

use crate::bundle::{Address, Answer, Entry};
use crate::operation::{Operation, OperationRequest, Place, check, find, invoke};
use crate::{Context, Error, codes};

/// What the operation of the entry answers.
pub(super) async fn operate(ctx: &Context, entry: Entry) -> Result<Answer, Error> {
    let (operation, place, query) = asked(&entry)?;
    let request = OperationRequest { operation, place, query, body: entry.resource, if_match: entry.if_match };
    let reply = invoke(ctx, request).await?;
    let (version, last_modified) = reply.version.unzip();
    Ok(Answer { status: 200, location: reply.location, version, last_modified, resource: Some(reply.resource), ..Answer::default() })
}

/// Whether the entry can be part of a transaction: an operation that changes something commits on its own, so it could not be undone when
/// another entry fails.
///
/// [`Error::BadRequest`] when it does, or its parameters are wrong; [`Error::UnknownOperation`].
pub(crate) fn check_in_transaction(entry: &Entry) -> Result<(), Error> {
    let (operation, _, query) = asked(entry)?;
    if operation.affects_state {
        let remedy =
            format!("${} changes what is stored, and cannot be part of a transaction: send it alone, or in a batch", operation.code);
        return Err(Error::BadRequest(vec![Issue::error(codes::ENTRY_METHOD, IssueCode::NotSupported, "", remedy)]));
    }
    check(operation, query, entry.resource.clone()).map_err(Error::BadRequest)
}

type Asked = (&'static Operation, Place, Vec<(String, String)>);

fn asked(entry: &Entry) -> Result<Asked, Error> {
    let Address::Operation { place, code, query } = &entry.address else {
        return Err(Error::NotSupported("this entry's method does not go with its url".into()));
    };
    let operation = find(code, place)?;
    if entry.is_get && !operation.by_get() {
        return Err(Error::OperationMethod(format!(
            "${code} cannot be invoked by GET, as it changes what is stored or needs a body: use POST"
        )));
    }
    let mut query = query_pairs(query.as_deref().unwrap_or_default()).map_err(Error::BadRequest)?;
    query.retain(|(name, _)| !matches!(name.as_str(), "_format" | "_pretty"));
    Ok((operation, place.clone(), query))
}
