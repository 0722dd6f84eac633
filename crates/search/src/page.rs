//! The token that says where a page begins or ends: a place in the order of the search, in letters that a URL takes.
//!
//! It holds the fingerprint of its search, so that a token that was taken to another search is refused, and it is sealed: the number of a resource in it
//! tells how many there are, and those who see some of them are not to know that.

use std::fmt::Debug;

use fhir::primitive::base64;
use fhir::{Issue, IssueCode};
use store::query::{Page, Place};
use xxhash_rust::xxh3::xxh3_64;

use crate::codes;

/// The parameter that carries it.
pub const PARAMETER: &str = "_page";

/// The most letters of a token that are read: more is refused.
const MAX_TOKEN: usize = 64 * 1024;
const VERSION: u8 = 2;

/// Makes bytes into ones that are opened with it alone. What is sealed is the same for the same bytes, so that a place has one token.
pub trait Seal: Debug + Send + Sync {
    /// Seals.
    fn seal(&self, plain: Vec<u8>) -> Vec<u8>;

    /// What was sealed; `None` when it was not sealed by this, or altered since.
    fn open(&self, sealed: Vec<u8>) -> Option<Vec<u8>>;
}

/// A check for accidents that hides nothing: for those who may see everything, such as tests.
#[derive(Clone, Copy, Debug)]
pub struct Checked;

impl Seal for Checked {
    fn seal(&self, mut plain: Vec<u8>) -> Vec<u8> {
        let check = xxh3_64(&plain);
        plain.extend_from_slice(&check.to_le_bytes());
        plain
    }

    fn open(&self, mut sealed: Vec<u8>) -> Option<Vec<u8>> {
        let (content, check) = sealed.split_last_chunk::<8>()?;
        let (length, is_whole) = (content.len(), xxh3_64(content) == u64::from_le_bytes(*check));
        sealed.truncate(length);
        is_whole.then_some(sealed)
    }
}

/// Which way a page goes from its place.
const AFTER: u8 = 0;
const BEFORE: u8 = 1;

/// The token of a page of the search with this fingerprint; the first has none.
pub fn encode_page(page: &Page, fingerprint: u64, seal: &dyn Seal) -> Option<String> {
    match page {
        Page::First => None,
        Page::After(place) => Some(written(AFTER, place, fingerprint, seal)),
        Page::Before(place) => Some(written(BEFORE, place, fingerprint, seal)),
    }
}

/// The token of the page after a place in the search with this fingerprint.
pub fn encode(place: &Place, fingerprint: u64, seal: &dyn Seal) -> String {
    written(AFTER, place, fingerprint, seal)
}

fn written(way: u8, place: &Place, fingerprint: u64, seal: &dyn Seal) -> String {
    let mut bytes = vec![VERSION, way];
    bytes.extend_from_slice(&fingerprint.to_le_bytes());
    bytes.extend_from_slice(&place.resource.to_le_bytes());
    for key in &place.keys {
        match key {
            None => bytes.push(0),
            Some(key) => {
                bytes.push(1);
                bytes.extend_from_slice(&u32::try_from(key.len()).unwrap_or(u32::MAX).to_le_bytes());
                bytes.extend_from_slice(key);
            }
        }
    }
    to_text(&seal.seal(bytes))
}

/// The page that a token of the search with this fingerprint stands for. The search has `sorts` sort keys; with none the place has one key, the date.
///
/// # Errors
///
/// WARD-0327 for what is no token of this seal, WARD-0328 for a token of another search.
pub fn decode_page(token: &str, fingerprint: u64, sorts: usize, seal: &dyn Seal) -> Result<Page, Issue> {
    let (of, way, place) = read(token, seal).ok_or_else(damaged)?;
    if of != fingerprint || place.keys.len() != sorts.max(1) {
        let rule = format!(
            "`{PARAMETER}` belongs to a search with other parameters: follow the links as they were given, or begin at the first page"
        );
        return Err(Issue::error(codes::FOREIGN_PAGE, IssueCode::Value, "", rule));
    }
    Ok(if way == BEFORE { Page::Before(place) } else { Page::After(place) })
}

/// The place of a token that [`encode`] made.
///
/// # Errors
///
/// As [`decode_page`]; WARD-0327 also for the token of a page before a place.
pub fn decode(token: &str, fingerprint: u64, sorts: usize, seal: &dyn Seal) -> Result<Place, Issue> {
    match decode_page(token, fingerprint, sorts, seal)? {
        Page::After(place) => Ok(place),
        _ => Err(damaged()),
    }
}

fn damaged() -> Issue {
    let rule = format!("`{PARAMETER}` is damaged: follow the links as they were given, or begin at the first page");
    Issue::error(codes::BAD_PAGE, IssueCode::Value, "", rule)
}

/// The fingerprint, the way and the place in a token; `None` when anything is wrong with it.
fn read(token: &str, seal: &dyn Seal) -> Option<(u64, u8, Place)> {
    if token.len() > MAX_TOKEN {
        return None;
    }
    let content = seal.open(from_text(token)?)?;
    let (way, rest) = content.strip_prefix(&[VERSION])?.split_first()?;
    if !matches!(*way, AFTER | BEFORE) {
        return None;
    }
    let (fingerprint, rest) = rest.split_first_chunk::<8>()?;
    let (resource, mut rest) = rest.split_first_chunk::<8>()?;
    let mut keys = Vec::new();
    while let Some((tag, after)) = rest.split_first() {
        rest = after;
        keys.push(match tag {
            0 => None,
            1 => {
                let (length, after) = rest.split_first_chunk::<4>()?;
                let (key, after) = after.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)?;
                rest = after;
                Some(key.to_vec())
            }
            _ => return None,
        });
    }
    Some((u64::from_le_bytes(*fingerprint), *way, Place { keys, resource: u64::from_le_bytes(*resource) }))
}

/// In base64 for addresses, without what fills it up.
fn to_text(bytes: &[u8]) -> String {
    let mut text = base64::encode(bytes, base64::FOR_URLS);
    text.truncate(text.trim_end_matches('=').len());
    text
}

/// A place has one token only: what would be written otherwise is none.
fn from_text(text: &str) -> Option<Vec<u8>> {
    let filled = format!("{text}{}", "=".repeat(text.len().next_multiple_of(4) - text.len()));
    base64::decode(&filled, base64::FOR_URLS).filter(|bytes| to_text(bytes) == text)
}
