//! Which parameters are asked about.

use super::{Filter, Query, SortBy};
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
}
