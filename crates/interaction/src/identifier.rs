//! Logical ids: what one looks like, and how new ones are made.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

use store::commit::Instant;
use xxhash_rust::xxh3::xxh3_128_with_seed;

/// Whether `text` is a logical id: 1 to 64 of `A-Z a-z 0-9 - .` (<http://hl7.org/fhir/R4/datatypes.html#id>).
pub fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.')
}

/// Makes logical ids: UUIDs of version 7, whose order is that of their making to the millisecond.
///
/// They are unique, not secret: nobody gains anything by guessing one.
#[derive(Debug)]
pub struct Identifiers {
    seed: [u64; 2],
    made: AtomicU64,
}

impl Identifiers {
    /// Ids that no other run makes.
    pub fn random() -> Self {
        Self::seeded([RandomState::new().hash_one(1), RandomState::new().hash_one(2)])
    }

    /// The same ids for the same seed and moments.
    pub fn seeded(seed: [u64; 2]) -> Self {
        Self { seed, made: AtomicU64::new(0) }
    }

    /// A new id, made at `now`.
    pub fn next(&self, now: Instant) -> String {
        let count = self.made.fetch_add(1, Ordering::Relaxed);
        let mut key = [0; 16];
        key[..8].copy_from_slice(&self.seed[1].to_le_bytes());
        key[8..].copy_from_slice(&count.to_le_bytes());
        let random = xxh3_128_with_seed(&key, self.seed[0]);
        let time = u128::from(now.max(0) as u64 & 0xFFFF_FFFF_FFFF);
        // RFC 9562: 48 bits of time, the version, 12 random bits, the variant, 62 random bits.
        let bits = time << 80 | 0x7 << 76 | (random >> 64 & 0xFFF) << 64 | 0b10 << 62 | random & 0x3FFF_FFFF_FFFF_FFFF;
        let hex = format!("{bits:032x}");
        format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }
}
