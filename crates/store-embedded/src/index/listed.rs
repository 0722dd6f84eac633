//! What the index knows of a resource that is not deleted: its date and its entries.

use std::sync::OnceLock;

use store::commit::{Instant, Tenant};
use store::encoding::{decode_entries, decode_some_entries, encode_entries};
use store::entry::{Entry, Param};

use fhir::definitions::ResourceType;

use super::dates::{self, DateUse};
use super::entry_keys::EntryKeys;
use crate::error::{Result, StoreError};

/// The date and the entries of a resource, with the keys they make.
#[derive(Debug, Default)]
pub(crate) struct Listed {
    pub(crate) date: Instant,
    /// The keys in `entries`, sorted. They name the resource once [`Listed::name`] was called.
    pub(crate) keys: EntryKeys,
    /// The value in `lists`.
    pub(crate) list: Vec<u8>,
    /// Decoded when somebody asks for them.
    entries: OnceLock<Vec<Entry>>,
    /// How it uses its date parameters.
    pub(crate) dates: Vec<(Param, DateUse)>,
    /// [`super::Index::seal`] of the index that it was made for.
    pub(crate) seal: u64,
}

impl Listed {
    pub(super) fn new(tenant: Tenant, kind: ResourceType, date: Instant, entries: &[Entry]) -> Self {
        let mut list = date.to_be_bytes().to_vec();
        list.extend_from_slice(&encode_entries(entries));
        Self {
            keys: EntryKeys::new(tenant, kind, date, entries),
            dates: dates::uses(date, entries),
            date,
            list,
            entries: OnceLock::new(),
            seal: 0,
        }
    }

    /// The same, made for an index with this seal.
    pub(super) fn made_for(self, seal: u64) -> Self {
        Self { seal, ..self }
    }

    /// Its entries.
    pub(crate) fn entries(&self) -> &[Entry] {
        // What was encoded just now can be decoded.
        self.entries.get_or_init(|| decode(&self.list).map(|(_, entries)| entries).unwrap_or_default())
    }

    /// Puts the resource's number into the keys.
    pub(crate) fn name(&mut self, resource: u64) {
        self.keys.name(resource);
    }

    /// The keys that a value of `lists` stands for.
    pub(crate) fn keys_of(tenant: Tenant, kind: ResourceType, resource: u64, list: &[u8]) -> Result<EntryKeys> {
        let (date, entries) = decode(list)?;
        let mut keys = EntryKeys::new(tenant, kind, date, &entries);
        keys.name(resource);
        Ok(keys)
    }
}

/// The date and the entries in a value of `lists`.
pub(crate) fn decode(list: &[u8]) -> Result<(Instant, Vec<Entry>)> {
    let (date, rest) = split(list)?;
    let entries = decode_entries(rest).map_err(|damaged| StoreError::Damaged(damaged.to_string()))?;
    Ok((date, entries))
}

/// Those of the entries in a value of `lists` whose parameter is wanted.
pub(crate) fn decode_some(list: &[u8], wanted: impl Fn(Param) -> bool) -> Result<Vec<Entry>> {
    let (_, rest) = split(list)?;
    decode_some_entries(rest, wanted).map_err(|damaged| StoreError::Damaged(damaged.to_string()))
}

/// The date in a value of `lists`.
pub(crate) fn date(list: &[u8]) -> Result<Instant> {
    split(list).map(|(date, _)| date)
}

fn split(list: &[u8]) -> Result<(Instant, &[u8])> {
    let parts = list.split_first_chunk::<8>();
    let (date, rest) = parts.ok_or_else(|| StoreError::Damaged("the index has a list without a date".to_owned()))?;
    Ok((i64::from_be_bytes(*date), rest))
}
