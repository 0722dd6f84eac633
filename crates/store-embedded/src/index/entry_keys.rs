//! The keys of a resource's entries, in one piece of memory: a resource has dozens of them, and every commit makes them.

use fhir::definitions::ResourceType;
use store::commit::{Instant, Tenant};
use store::encoding::key::{put_end_key, put_value_key};
use store::entry::{Entry, EntryValue};

use super::{keys, pairs};

/// The keys in [`Space::Entries`](super::keys::Space::Entries), sorted, each once, the one under [`keys::every`] and those of [`pairs`] included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct EntryKeys {
    bytes: Vec<u8>,
    /// Where each begins and ends.
    places: Vec<(u32, u32)>,
    /// Whether the resource has too many values for keys of all its pairs.
    is_wide: bool,
}

/// The ways in which a value stands in keys: as itself and, when it is an interval, by its end. Each says whether the value has such a key.
const WAYS: [fn(&mut Vec<u8>, &EntryValue) -> bool; 2] = [put_whole, put_end_key];

fn put_whole(bytes: &mut Vec<u8>, value: &EntryValue) -> bool {
    put_value_key(bytes, value);
    true
}

impl EntryKeys {
    /// The keys of a resource with these entries. They name it once [`EntryKeys::name`] was called: its number is not known
    /// before it is written.
    pub(crate) fn new(tenant: Tenant, kind: ResourceType, date: Instant, entries: &[Entry]) -> Self {
        let tail = keys::tail(date, 0);
        let (bytes, places) = (Vec::with_capacity(64 * (entries.len() + 3)), Vec::with_capacity(entries.len() + 6));
        let mut made = Self { bytes, places, is_wide: false };
        made.add(&tail, |bytes| {
            keys::put_entries_of(bytes, tenant, keys::every(kind));
            true
        });
        for entry in entries {
            for put in WAYS {
                made.add(&tail, |bytes| {
                    keys::put_entries_of(bytes, tenant, entry.param);
                    put(bytes, &entry.value)
                });
            }
        }
        made.add_pairs(tenant, kind, entries, &tail);
        let (bytes, places) = (&made.bytes, &mut made.places);
        places.sort_unstable_by_key(|place| at(bytes, *place));
        places.dedup_by_key(|place| at(bytes, *place));
        made
    }

    fn add_pairs(&mut self, tenant: Tenant, kind: ResourceType, entries: &[Entry], tail: &[u8]) {
        for pair in pairs::of(kind) {
            let values = pair.values(entries);
            self.is_wide |= values.is_none();
            for (first, second) in values.unwrap_or_default() {
                for put in WAYS {
                    self.add(tail, |bytes| {
                        pair.put_beginning(bytes, tenant);
                        put_value_key(bytes, first);
                        put(bytes, second)
                    });
                }
            }
        }
    }

    /// Adds a key, when there is one: when `put` says so.
    fn add(&mut self, tail: &[u8], put: impl FnOnce(&mut Vec<u8>) -> bool) {
        let begin = self.bytes.len();
        if put(&mut self.bytes) {
            self.bytes.extend_from_slice(tail);
            self.places.push((begin as u32, self.bytes.len() as u32));
        } else {
            self.bytes.truncate(begin);
        }
    }

    /// Puts the resource's number into the keys. Their order stays: all end alike.
    pub(crate) fn name(&mut self, resource: u64) {
        for (begin, end) in &self.places {
            if let Some(key) = self.bytes.get_mut(*begin as usize..*end as usize) {
                keys::set_resource(key, resource);
            }
        }
    }

    /// In order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.places.iter().map(|place| at(&self.bytes, *place))
    }

    /// Whether a key is among them.
    pub(crate) fn has(&self, key: &[u8]) -> bool {
        self.places.binary_search_by_key(&key, |place| at(&self.bytes, *place)).is_ok()
    }

    /// Whether the resource has more values than it has keys of pairs: see [`pairs::wide`].
    pub(crate) fn is_wide(&self) -> bool {
        self.is_wide
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    /// How many bytes they have together.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes.len()
    }
}

fn at(bytes: &[u8], (begin, end): (u32, u32)) -> &[u8] {
    bytes.get(begin as usize..end as usize).unwrap_or_default()
}
