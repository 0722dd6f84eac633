//! A hash index of names that are kept elsewhere.

/// Finds the place of a name in a list of names.
///
/// Open addressing with a load of at most one half. A slot holds 16 bits of the hash and the place, so that a wrong slot
/// is passed without a look at its name.
#[derive(Debug, Default)]
pub(super) struct NameIndex {
    slots: Box<[u32]>,
}

const EMPTY: u32 = u32::MAX;

impl NameIndex {
    /// The index of `names`, of which there are fewer than 65,535. Of equal names the first is found.
    pub(super) fn new<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> Self {
        let capacity = (names.len() * 2).next_power_of_two();
        let mut slots = vec![EMPTY; capacity].into_boxed_slice();
        for (place, name) in (0_u16..u16::MAX).zip(names) {
            let hash = hash(name.as_bytes());
            let mut at = hash as usize & (capacity - 1);
            while slots[at] != EMPTY {
                at = (at + 1) & (capacity - 1);
            }
            slots[at] = hash & 0xFFFF_0000 | u32::from(place);
        }
        Self { slots }
    }

    /// The place of `name`, when `name_at` says that it is there.
    pub(super) fn find<'a>(&self, name: &str, name_at: impl Fn(usize) -> &'a str) -> Option<usize> {
        let mask = self.slots.len().wrapping_sub(1);
        let hash = hash(name.as_bytes());
        let mut at = hash as usize & mask;
        loop {
            let slot = *self.slots.get(at)?;
            if slot == EMPTY {
                return None;
            }
            let place = (slot & 0xFFFF) as usize;
            if (slot ^ hash) >> 16 == 0 && name_at(place) == name {
                return Some(place);
            }
            at = (at + 1) & mask;
        }
    }
}

/// A quick hash of a short text. It need not withstand an attacker: what is in the index is fixed.
fn hash(text: &[u8]) -> u32 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut hash = text.len() as u64;
    let mut mix = |word: u64| hash = (hash.rotate_left(23) ^ word).wrapping_mul(FACTOR);
    let (chunks, rest) = text.as_chunks::<8>();
    for chunk in chunks {
        mix(u64::from_le_bytes(*chunk));
    }
    match (text.last_chunk::<8>(), rest.first_chunk::<4>(), rest.last_chunk::<4>()) {
        _ if rest.is_empty() => {}
        (Some(end), ..) => mix(u64::from_le_bytes(*end)),
        (None, Some(start), Some(end)) => mix(u64::from(u32::from_le_bytes(*start)) << 32 | u64::from(u32::from_le_bytes(*end))),
        _ => mix(rest.iter().fold(0, |word, &byte| word << 8 | u64::from(byte))),
    }
    (hash ^ hash >> 32) as u32
}
