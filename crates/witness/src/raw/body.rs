//! A body: unpacked, stamped, parsed.

use std::collections::BTreeMap;

use rusqlite::Connection;
use serde_json::Value;
use zstd::dict::DecoderDictionary;

/// No body is larger: a guard against damage.
const MOST_BYTES: usize = 1 << 30;

/// The dictionaries that bodies were packed with.
pub(super) struct Dictionaries(BTreeMap<i64, DecoderDictionary<'static>>);

impl Dictionaries {
    pub(super) fn of(connection: &Connection) -> rusqlite::Result<Self> {
        let mut statement = connection.prepare("SELECT number, bytes FROM dictionaries")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, DecoderDictionary::copy(&row.get::<_, Vec<u8>>(1)?))))?;
        rows.collect::<rusqlite::Result<_>>().map(Self)
    }

    /// The text; why it cannot be had.
    fn unpack(&self, number: i64, packed: &[u8]) -> Result<String, String> {
        let unpacked = match number {
            0 => zstd::bulk::Decompressor::new().and_then(|mut plain| plain.decompress(packed, capacity(packed)?)),
            number => {
                let dictionary = self.0.get(&number).ok_or_else(|| format!("there is no dictionary {number}"))?;
                zstd::bulk::Decompressor::with_prepared_dictionary(dictionary)
                    .and_then(|mut with_dictionary| with_dictionary.decompress(packed, capacity(packed)?))
            }
        };
        let bytes = unpacked.map_err(|error| format!("its body cannot be unpacked: {error}"))?;
        String::from_utf8(bytes).map_err(|_| "its body is not UTF-8".to_owned())
    }
}

fn capacity(packed: &[u8]) -> std::io::Result<usize> {
    let said = zstd::zstd_safe::get_frame_content_size(packed).ok().flatten().and_then(|size| usize::try_from(size).ok());
    said.filter(|size| *size <= MOST_BYTES).ok_or_else(|| std::io::Error::other("the frame does not say its size"))
}

/// What the row of a version says of its body.
pub(super) struct Row<'a> {
    pub(super) kind: &'a str,
    pub(super) id: &'a str,
    pub(super) version: u64,
    pub(super) at: i64,
    pub(super) stamp_at: usize,
    pub(super) dictionary: i64,
    pub(super) body: &'a [u8],
}

/// The text as it goes out; what is wrong with it.
pub(super) fn stamped(dictionaries: &Dictionaries, row: &Row<'_>) -> Result<String, String> {
    let body = dictionaries.unpack(row.dictionary, row.body)?;
    let head = format!(r#"{{"resourceType":"{}","id":"{}","meta":{{"#, row.kind, row.id);
    if !body.starts_with(&head) || row.stamp_at != head.len() {
        return Err(format!("its stamp is put at {}, and not behind {head}", row.stamp_at));
    }
    let tail = &body[row.stamp_at..];
    let comma = if tail.starts_with('}') { "" } else { "," };
    let at = instant(row.at)?;
    let text = format!(r#"{head}"versionId":"{}","lastUpdated":"{at}"{comma}{tail}"#, row.version);
    let parsed: Value = serde_json::from_str(&text).map_err(|error| format!("its body is no JSON: {error}"))?;
    let said = (parsed["resourceType"].as_str(), parsed["id"].as_str(), parsed["meta"]["lastUpdated"].as_str());
    if said != (Some(row.kind), Some(row.id), Some(&at)) || parsed["meta"]["versionId"].as_str() != Some(&row.version.to_string()) {
        return Err("its body says something else than its row".to_owned());
    }
    Ok(text)
}

/// `2026-11-21T08:00:00.000Z`.
fn instant(ms: i64) -> Result<String, String> {
    let moment = jiff::Timestamp::from_millisecond(ms).map_err(|_| format!("{ms} is no moment"))?;
    Ok(moment.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string())
}
