//! The token of a page: which part of the record it is in, and the place there.

use fhir::{Issue, IssueCode};
use search::page;
use store::query::{Page, Place};
use xxhash_rust::xxh3::xxh3_64;

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
pub(super) fn fingerprint(base: &str, params: &[(String, String)]) -> u64 {
    let mut text = base.to_owned();
    for (name, value) in params.iter().filter(|(name, _)| name != "_count") {
        text.push_str(&format!("\0{}:{name}{}:{value}", name.len(), value.len()));
    }
    xxh3_64(text.as_bytes())
}

/// The token of the page after `place`; the start of the part when there is none.
pub(super) fn encode(part: Part, place: Option<&Place>, fingerprint: u64) -> String {
    let letter = if part == Part::Belonging { 'b' } else { 'r' };
    let place = place.cloned().unwrap_or(Place { keys: Vec::new(), resource: 0 });
    format!("{letter}{}", page::encode(&place, fingerprint))
}

/// The part and the page that a token stands for. [`Error::BadRequest`] for what is none, or another's.
pub(super) fn decode(token: &str, fingerprint: u64) -> Result<(Part, Page), Error> {
    let (part, rest) = match (token.strip_prefix('b'), token.strip_prefix('r')) {
        (Some(rest), _) => (Part::Belonging, rest),
        (_, Some(rest)) => (Part::Referenced, rest),
        _ => {
            let rule = "`_page` is damaged: follow the `next` link as it was given, or begin at the first page";
            return Err(Error::BadRequest(vec![Issue::error(codes::BAD_OPERATION_PARAMETER, IssueCode::Value, "", rule)]));
        }
    };
    let place = page::decode(rest, fingerprint, 1).or_else(|refused| start(rest, fingerprint).ok_or(refused));
    match place.map_err(|issue| Error::BadRequest(vec![issue]))? {
        place if place.keys.is_empty() => Ok((part, Page::First)),
        place => Ok((part, Page::After(place))),
    }
}

/// The place without keys that stands for the start of a part.
fn start(token: &str, fingerprint: u64) -> Option<Place> {
    let place = Place { keys: Vec::new(), resource: 0 };
    (page::encode(&place, fingerprint) == token).then_some(place)
}
