//! Which parameters are asked about, and by how much.

use super::{Filter, Query, SortBy, Test, Visible};
use crate::entry::Param;

impl Query {
    /// Whether one of the parameters that it asks about, orders by, follows or ranks by is like that.
    pub fn mentions(&self, is: &dyn Fn(Param) -> bool) -> bool {
        let sorts = self.sort.iter().any(|sort| matches!(&sort.by, SortBy::Params(params) if params.iter().any(|param| is(*param))));
        sorts
            || self.subjects.iter().any(|subject| subject.filter.mentions(is))
            || self.include.iter().any(|include| include.params.iter().any(|param| is(*param)))
            // What may be seen is asked of what comes along alone.
            || !self.include.is_empty() && self.visible.as_ref().is_some_and(|visible| visible.mentions(is))
            || self.rank.iter().any(|(param, _)| is(*param))
    }

    /// About how many bytes the lists take that it asks for, which may be long: alternatives, ids, sets of tokens, what may be seen.
    pub fn list_bytes(&self) -> usize {
        let filters: usize = self.subjects.iter().chain(&self.inside).map(|subject| subject.filter.list_bytes()).sum();
        filters + self.visible.as_ref().map_or(0, Visible::bytes)
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

    /// About how many bytes it takes, beside its own place.
    pub(super) fn list_bytes(&self) -> usize {
        let each = |filter: &Filter| size_of::<Filter>() + filter.list_bytes();
        match self {
            Filter::All(filters) | Filter::Any(filters) => filters.iter().map(each).sum(),
            Filter::Not(filter) | Filter::Contained(_, filter) | Filter::Has(_, _, filter) => each(filter),
            Filter::Chain(_, ways) => ways.iter().map(|(_, filter)| each(filter)).sum(),
            Filter::Match(_, test) => test.list_bytes(),
            Filter::Id(ids) => ids.iter().map(|id| size_of_val(id) + id.len()).sum(),
            Filter::LastUpdated(..) | Filter::Present(_) => 0,
        }
    }
}

impl Test {
    fn list_bytes(&self) -> usize {
        match self {
            Test::AmongTokens(set) => set.bytes(),
            Test::Composite(tests) => tests.iter().map(|test| size_of::<Test>() + test.list_bytes()).sum(),
            Test::Other(inner) => size_of::<Test>() + inner.list_bytes(),
            Test::Local(target) => target.len(),
            _ => 0,
        }
    }
}
