//! Which concept has a code: a hash table with open addressing, half to three quarters full. A slot is a concept's number plus one, or zero.

use xxhash_rust::xxh3::xxh3_64;

use super::records::Records;
use crate::Concept;
use crate::limits::MAX_CODE_BYTES;

fn hash(code: &[u8], case_sensitive: bool) -> u64 {
    if case_sensitive || !code.iter().any(u8::is_ascii_uppercase) {
        return xxh3_64(code);
    }
    let mut lower = [0; MAX_CODE_BYTES];
    let lower = &mut lower[..code.len()];
    lower.copy_from_slice(code);
    lower.make_ascii_lowercase();
    xxh3_64(lower)
}

/// Slots for `count` codes.
pub fn slot_count(count: usize) -> usize {
    (count * 4 / 3 + 1).next_power_of_two()
}

/// The section for these codes. Of several codes that differ in case only, in a code system that is not case-sensitive, the first one is found.
pub fn build(codes: impl Iterator<Item = impl AsRef<[u8]>>, count: usize, case_sensitive: bool) -> Vec<u8> {
    let mask = slot_count(count) - 1;
    let mut slots = vec![0u32; mask + 1];
    for (concept, code) in codes.enumerate() {
        let mut at = hash(code.as_ref(), case_sensitive) as usize & mask;
        while slots[at] != 0 {
            at = (at + 1) & mask;
        }
        slots[at] = concept as u32 + 1;
    }
    slots.iter().flat_map(|slot| slot.to_le_bytes()).collect()
}

/// The concept of a code.
pub fn find(slots: &[u8], codes: Records<'_>, code: &str, case_sensitive: bool) -> Option<Concept> {
    let code = code.as_bytes();
    if code.len() > MAX_CODE_BYTES || slots.is_empty() {
        return None;
    }
    let mask = slots.len() / 4 - 1;
    let mut at = hash(code, case_sensitive) as usize & mask;
    loop {
        let bytes = &slots[at * 4..at * 4 + 4];
        let concept = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]).checked_sub(1)?;
        let found = codes.get(concept as usize);
        if found == code || (!case_sensitive && found.eq_ignore_ascii_case(code)) {
            return Some(concept);
        }
        at = (at + 1) & mask;
    }
}
