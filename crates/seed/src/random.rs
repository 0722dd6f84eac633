//! The numbers that look like chance: SplitMix64, one stream for each patient.

/// A stream of numbers that its seed decides.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

impl Random {
    /// The stream number `stream` of those that belong to `seed`.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let mut outer = Self(seed);
        let inner = outer.next() ^ stream.wrapping_mul(STEP);
        Self(Self(inner).next())
    }

    /// Another stream, which goes its own way from here.
    pub(crate) fn fork(&mut self) -> Self {
        Self(self.next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `low` to `high`, both included; `low` when `high` is below it.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = high.saturating_sub(low).max(0) as u64 + 1;
        low + ((u128::from(self.next()) * u128::from(width)) >> 64) as i64
    }

    /// A number at most `spread` away from `center`, more often near it than far.
    pub(crate) fn around(&mut self, center: i64, spread: i64) -> i64 {
        center + (self.between(-spread, spread) + self.between(-spread, spread)) / 2
    }

    /// True in `percent` of a hundred cases.
    pub(crate) fn chance(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of `items`, which must not be empty.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.between(0, items.len() as i64 - 1) as usize]
    }
}
