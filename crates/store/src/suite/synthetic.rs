//! Resources of the suite: small texts that hold their own index entries, so that an engine which derives entries again
//! can do it without `search`.

use bytes::Bytes;
use fhir::definitions::ResourceType;

use crate::commit::{Body, Instant, Key, NO_DATE, Put};
use crate::contract::Extract;
use crate::encoding::{decode_entries, encode_entries};
use crate::entry::Entry;

/// A resource with these entries. `mark` tells versions apart; every other one has a `meta` with something in it.
pub(super) fn put(key: Key, entries: Vec<Entry>, date: Instant, mark: u64) -> Put {
    let head = format!("{{\"resourceType\":\"{}\",\"id\":\"{}\",\"meta\":{{", key.kind.name(), key.id);
    let tag = if mark.is_multiple_of(2) { "" } else { "\"source\":\"urn:test\"" };
    let index = hex(&encode_entries(&entries));
    let text = format!("{head}{tag}}},\"mark\":{mark},\"date\":\"{date}\",\"entries\":\"{index}\"}}");
    let body = Body { text: Bytes::from(text), stamp_at: head.len() as u32 };
    Put { key, body, entries, date, extractor: 0 }
}

/// Reads the entries of the suite's resources out of their texts. Of another text, none.
#[derive(Clone, Copy, Debug, Default)]
pub struct SyntheticExtract;

impl Extract for SyntheticExtract {
    fn extract(&self, _kind: ResourceType, text: &[u8]) -> (Vec<Entry>, Instant) {
        let read = || {
            let text = std::str::from_utf8(text).ok()?;
            let entries = decode_entries(&unhex(member(text, "entries")?)?).ok()?;
            Some((entries, member(text, "date")?.parse().ok()?))
        };
        read().unwrap_or((Vec::new(), NO_DATE))
    }

    fn fingerprint(&self) -> u64 {
        1
    }
}

/// The text of a member that has no quotes in it.
fn member<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("\"{name}\":\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}
