//! How much a query may ask for.

/// The limits of one query. Each is an error of its own when it is passed, never a shortened answer.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many bytes its text has (64 KiB).
    pub query_bytes: usize,
    /// How deep its selections nest, fragments followed (24; more than 60 is 60, as work goes as deep). Lists and types in it nest
    /// as deep.
    pub depth: usize,
    /// How many fields it selects, those of a fragment counted wherever it is used (2,000).
    pub selections: usize,
    /// How many fields are resolved, over all resources; a FHIRPath filter counts as twenty for each element that it looks at (500,000).
    pub fields: usize,
    /// How many resources are read or found (5,000).
    pub resources: usize,
    /// How many searches are made (500).
    pub searches: usize,
    /// How many matches a `List` without `_count` may have (1,000).
    pub matches: usize,
    /// How many bytes the answer has, about (32 MiB; the whole schema, as stock tools ask for it, has half of that).
    pub answer_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            query_bytes: 64 << 10,
            depth: 24,
            selections: 2_000,
            fields: 500_000,
            resources: 5_000,
            searches: 500,
            matches: 1_000,
            answer_bytes: 32 << 20,
        }
    }
}

impl Limits {
    /// The limit of depth that holds: no setting lets recursion go on until the stack ends.
    pub(crate) fn deepest(&self) -> usize {
        self.depth.min(60)
    }
}
