//! The token of a page: which part of the record it is in, and the place there.

use fhir::{Issue, IssueCode};
use search::page::{self, Seal};
use store::commit::Tenant;
use store::query::{Page, Place};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use crate::{Error, codes};

/// A part of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// What belongs to it.
    Belonging,
    /// What that refers to.
    Referenced,
}

/// Identifies what is asked for: a token of something else is refused.
pub(super) fn fingerprint(tenant: Tenant, base: &str, params: &[(String, String)]) -> u64 {
    let mut text = format!("{}\0{base}", tenant.0);
    for (name, value) in params.iter().filter(|(name, _)| name != "_count") {
        text.push_str(&format!("\0{}:{name}{}:{value}", name.len(), value.len()));
    }
    xxh3_64(text.as_bytes())
}

/// What is asked for, in one of its parts: a token of the other one is refused.
fn of(part: Part, fingerprint: u64) -> u64 {
    xxh3_64_with_seed(&fingerprint.to_le_bytes(), u64::from(part == Part::Referenced))
}

/// The token of the page after `place`; the start of the part when there is none.
pub(super) fn encode(part: Part, place: Option<&Place>, fingerprint: u64, seal: &dyn Seal) -> String {
    let letter = if part == Part::Belonging { 'b' } else { 'r' };
    let place = place.cloned().unwrap_or(Place { keys: Vec::new(), resource: 0 });
    format!("{letter}{}", page::encode(&place, of(part, fingerprint), seal))
}

/// The part and the page that a token stands for. [`Error::BadRequest`] for what is none, or another's.
pub(super) fn decode(token: &str, fingerprint: u64, seal: &dyn Seal) -> Result<(Part, Page), Error> {
    let (part, rest) = match (token.strip_prefix('b'), token.strip_prefix('r')) {
        (Some(rest), _) => (Part::Belonging, rest),
        (_, Some(rest)) => (Part::Referenced, rest),
        _ => {
            let rule = "`_page` is damaged: follow the `next` link as it was given, or begin at the first page";
            return Err(Error::BadRequest(vec![Issue::error(codes::BAD_OPERATION_PARAMETER, IssueCode::Value, "", rule)]));
        }
    };
    // The place without keys stands for the start of a part.
    if encode(part, None, fingerprint, seal) == token {
        return Ok((part, Page::First));
    }
    let place = page::decode(rest, of(part, fingerprint), 1, seal).map_err(|issue| Error::BadRequest(vec![issue]))?;
    Ok((part, Page::After(place)))
}
