//! Which parameters are asked about, and by how much.

use super::{Filter, Query, SortBy, Test};
use crate::entry::Param;

impl Query {
    /// Whether one of the parameters that it asks about, orders by, follows or ranks by is like that.
    pub fn mentions(&self, is: &dyn Fn(Param) -> bool) -> bool {
        let sorts = self.sort.iter().any(|sort| matches!(&sort.by, SortBy::Params(params) if params.iter().any(|param| is(*param))));
        sorts
            || self.subjects.iter().any(|subject| subject.filter.mentions(is))
            || self.include.iter().any(|include| include.params.iter().any(|param| is(*param)))
            || self.rank.iter().any(|(param, _)| is(*param))
    }

    /// About how many bytes the sets of tokens take that it asks for.
    pub fn token_bytes(&self) -> usize {
        self.subjects.iter().chain(&self.inside).map(|subject| subject.filter.token_bytes()).sum()
    }
}

impl Filter {
    /// Whether one of the parameters that it asks about is like that.
    pub fn mentions(&self, is: &dyn Fn(Param) -> bool) -> bool {
        match self {
            Filter::All(filters) | Filter::Any(filters) => filters.iter().any(|filter| filter.mentions(is)),
            Filter::Not(filter) | Filter::Contained(_, filter) => filter.mentions(is),
            Filter::Id(_) | Filter::LastUpdated(..) => false,
            Filter::Match(param, _) | Filter::Present(param) => is(*param),
            Filter::Chain(param, ways) => is(*param) || ways.iter().any(|(_, filter)| filter.mentions(is)),
            Filter::Has(_, param, filter) => is(*param) || filter.mentions(is),
        }
    }

    fn token_bytes(&self) -> usize {
        match self {
            Filter::All(filters) | Filter::Any(filters) => filters.iter().map(Filter::token_bytes).sum(),
            Filter::Not(filter) | Filter::Contained(_, filter) | Filter::Has(_, _, filter) => filter.token_bytes(),
            Filter::Chain(_, ways) => ways.iter().map(|(_, filter)| filter.token_bytes()).sum(),
            Filter::Match(_, test) => test.token_bytes(),
            Filter::Id(_) | Filter::LastUpdated(..) | Filter::Present(_) => 0,
        }
    }
}

impl Test {
    fn token_bytes(&self) -> usize {
        match self {
            Test::AmongTokens(set) => set.bytes(),
            Test::Composite(tests) => tests.iter().map(Test::token_bytes).sum(),
            Test::Other(inner) => inner.token_bytes(),
            _ => 0,
        }
    }
}
