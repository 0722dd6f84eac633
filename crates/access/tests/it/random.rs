//! Random input from a seed that is pinned, so that a failure can be repeated.

use access::Scopes;

/// A generator of numbers (xorshift64*).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.max(1))
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    pub fn chance(&mut self, one_in: usize) -> bool {
        self.below(one_in) == 0
    }

    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// Up to four scopes about a few types.
    pub fn scopes(&mut self) -> Scopes {
        let words: Vec<String> = (0..self.below(5)).map(|_| self.scope()).collect();
        Scopes::parse(&words.join(" ")).expect("they are well formed")
    }

    fn scope(&mut self) -> String {
        let context = *self.pick(&["patient", "user", "system"]);
        let kind = *self.pick(&["*", "Patient", "Observation", "Condition"]);
        let acts = *self.pick(&["r", "rs", "cruds", "cud", "s", "c", "read", "write"]);
        let params = *self.pick(&["", "", "?_id=1", "?_id=2", "?_id=1&_security=R"]);
        format!("{context}/{kind}.{acts}{params}")
    }

    /// Some of the values that the scopes ask for.
    pub fn values(&mut self) -> Vec<(String, String)> {
        let all = [("_id", "1"), ("_id", "2"), ("_security", "R")];
        all.iter().filter(|_| self.chance(2)).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }
}
