//! The conditions that a request's headers state: If-Match, If-None-Match, If-Modified-Since.

use http::{HeaderMap, header};
use interaction::etag;
use interaction::table::Row;
use store::query::Version;

use crate::failure::Failure;
use crate::http_date;

/// The headers that change what a write does, or whether it is done at all.
const DECISIVE: [&str; 5] = ["If-Match", "If-None-Match", "If-Unmodified-Since", "If-None-Exist", "X-Provenance"];

/// Refuses what would change a write and has no meaning with this one: whoever sends it relies on it. With what only reads, a condition
/// that is not minded does no harm, and HTTP lets it be passed over.
pub(crate) fn refuse_misplaced(row: &Row, headers: &HeaderMap) -> Result<(), Failure> {
    if row.method == "GET" {
        return Ok(());
    }
    let takes = |name: &str| row.interaction.headers().iter().any(|input| input.name == name);
    match DECISIVE.into_iter().find(|name| headers.contains_key(*name) && !takes(name)) {
        None => Ok(()),
        Some(name) => Err(Failure::HeaderWithoutMeaning { name, known: DECISIVE.into_iter().filter(|name| takes(name)).collect() }),
    }
}

/// The version that must be current for a write to be done. [`Failure::BadHeader`] when the header names none.
pub(crate) fn if_match(headers: &HeaderMap) -> Result<Option<u64>, Failure> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let version = value.to_str().ok().and_then(|text| etag::parse(text).ok());
    version.map(Some).ok_or(Failure::BadHeader("If-Match names a version as W/\"3\""))
}

/// Whether a write is to be done only when the resource does not exist: `If-None-Match: *`. Other forms have no meaning with a
/// write, and are refused.
pub(crate) fn if_absent(headers: &HeaderMap) -> Result<bool, Failure> {
    match headers.get(header::IF_NONE_MATCH).map(|value| value.as_bytes().trim_ascii()) {
        None => Ok(false),
        Some(b"*") => Ok(true),
        Some(_) => Err(Failure::BadHeader("with an update, If-None-Match can only be *: only if it does not exist")),
    }
}

/// Whether the client has this version already. If-Modified-Since counts only without If-None-Match, as HTTP says; what is malformed
/// in either is passed over, and the resource sent.
pub(crate) fn is_known(headers: &HeaderMap, version: &Version) -> bool {
    if let Some(tags) = headers.get(header::IF_NONE_MATCH) {
        return etag::lists(tags.to_str().unwrap_or_default(), version.version);
    }
    let since = headers.get(header::IF_MODIFIED_SINCE).and_then(|value| http_date::parse(value.to_str().ok()?));
    since.is_some_and(|since| version.last_updated.div_euclid(1000) <= since)
}
