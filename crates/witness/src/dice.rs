//! Random moments that come again with their seed.

use std::time::Duration;

/// The seed that `WARD_SEED` names, or the usual one. It is printed, so that a failure can be repeated.
pub fn seed() -> u64 {
    let seed = named("WARD_SEED").unwrap_or(20_261_121);
    println!("WARD_SEED={seed}");
    seed
}

/// How many kills `WARD_KILLS` asks for, or `usual`.
pub fn kills(usual: u64) -> u64 {
    let kills = named("WARD_KILLS").unwrap_or(usual);
    println!("WARD_KILLS={kills}");
    kills
}

fn named(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Pseudorandom numbers (SplitMix64): the same for the same seed.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Those of a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `bound`, which is not 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound
    }

    /// A time of at least `least_ms` and less than `bound_ms` milliseconds.
    pub fn between_ms(&mut self, least_ms: u64, bound_ms: u64) -> Duration {
        Duration::from_millis(least_ms + self.below(bound_ms - least_ms))
    }
}
