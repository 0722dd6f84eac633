//! `_asOf`: what is asked about the state that the resources had at a moment that is past.
//!
//! Reads, searches, GraphQL and operations that change nothing take it; [`Context::at`](crate::Context::at) hands them the store as it was. A date stands for its last
//! moment. A moment that is not past is refused: its state may still change, and so would the pages of one answer.

use ::search::url::{query_pairs, query_string};
use fhir::primitive::Temporal;
use fhir::{Issue, IssueCode};
use store::commit::Instant;

use crate::{Error, codes};

/// The name of the parameter.
pub const PARAMETER: &str = "_asOf";

/// What is said of `_asOf` where there is no past state to ask about.
const MISPLACED: &str = "`_asOf` goes with a read, a search, $graphql, or an operation that changes nothing: leave it out here; a history is bounded by `_since` \
    and `_at`, and a version is the same at every moment";

/// Takes `_asOf` out of a request's parameters, and says which moment it names; `None` when it is not there.
///
/// [`Error::BadRequest`] when it is there twice, is neither an instant nor a date, or names a moment that is not before `now`.
pub fn take(params: &mut Vec<(String, String)>, now: Instant) -> Result<Option<Instant>, Error> {
    let mut asked = params.extract_if(.., |(name, _)| name == PARAMETER);
    let (first, second) = (asked.next(), asked.next());
    drop(asked);
    let Some((_, text)) = first else { return Ok(None) };
    if second.is_some() {
        return Err(malformed("it is given more than once"));
    }
    let moment = Temporal::parse(&text).ok_or_else(|| malformed("an instant or a date, such as 2026-11-21T08:00:00Z or 2026-11-21"))?;
    match moment.last_ms() {
        moment if moment < now => Ok(Some(moment)),
        _ => Err(malformed("the moment is not past (a date stands for its last moment): leave it out for what is there now")),
    }
}

/// The refusal of `_asOf` where there is no past state to ask about.
pub fn misplaced() -> Error {
    Error::BadRequest(vec![Issue::error(codes::AS_OF_MISPLACED, IssueCode::NotSupported, "", MISPLACED)])
}

fn malformed(rule: &str) -> Error {
    let rule = format!("`{PARAMETER}`: {rule}");
    Error::BadRequest(vec![Issue::error(codes::AS_OF_MOMENT, IssueCode::Value, "", rule)])
}

/// Whether the query of an address may have `_asOf` in it, percent-encoded or not: a quick look, for all those that have not.
pub fn may_be_in(query: &str) -> bool {
    query.contains(PARAMETER) || query.contains('%')
}

/// Takes `_asOf` out of a url with a query: the url without it, and the moment. A query that is malformed is left to whoever reads it.
pub(crate) fn take_from_url(url: &str, now: Instant) -> Result<Option<(String, Instant)>, Error> {
    let Some((path, query)) = url.split_once('?').filter(|(_, query)| may_be_in(query)) else { return Ok(None) };
    let Ok(mut params) = query_pairs(query) else { return Ok(None) };
    Ok(take(&mut params, now)?.map(|moment| (format!("{path}?{}", query_string(&params)), moment)))
}
