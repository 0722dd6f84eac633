//! `_sort` (<http://hl7.org/fhir/R4/search.html#sort>).

use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode};
use store::entry::Param;
use store::query::{Sort, SortBy};

use super::{Parser, shortened};
use crate::codes;
use crate::date;
use crate::registry::support::{Feature, Refusal};

/// The most keys that an order may have.
const MAX_KEYS: usize = 50;

impl Parser<'_> {
    /// The order of `-date,_id`: empty for the newest first by the type's own date, which is how the store streams.
    pub(super) fn sort(&self, value: &str) -> Result<Vec<Sort>, Issue> {
        let names: Vec<&str> = value.split(',').collect();
        if names.len() > MAX_KEYS {
            return Err(bad_sort(format!("has at most {MAX_KEYS} parameters")));
        }
        let sort = names.into_iter().map(|name| self.sort_key(name)).collect::<Result<Vec<_>, _>>()?;
        let natural = self.kinds.len() == 1 && matches!(sort.as_slice(), [Sort { by: SortBy::Date, descending: true }]);
        Ok(if natural { Vec::new() } else { sort })
    }

    fn sort_key(&self, name: &str) -> Result<Sort, Issue> {
        let (code, descending) = name.strip_prefix('-').map_or((name, false), |code| (code, true));
        if code.is_empty() || code.contains([':', '.']) {
            return Err(bad_sort(format!(
                "is parameters separated by commas, each with `-` before it for the largest first, not `{}`",
                shortened(name)
            )));
        }
        let by = match code {
            "_id" => SortBy::Id,
            "_lastUpdated" => SortBy::LastUpdated,
            // The best first, as R4 lets the score be ordered.
            "_score" => return self.score(descending),
            code if self.kinds.iter().all(|kind| date::natural(*kind) == Some(code)) => SortBy::Date,
            code => SortBy::Params(self.kinds.iter().map(|kind| self.sort_param(*kind, code)).collect::<Result<_, _>>()?),
        };
        Ok(Sort { by, descending })
    }

    fn sort_param(&self, kind: ResourceType, code: &str) -> Result<Param, Issue> {
        let parameter = self.parameter(kind, code)?;
        match self.registry.answers(parameter, Feature::Sort) {
            Ok(()) => Ok(parameter.param),
            Err(refusal @ Refusal::Sealed) => Err(bad_sort(format!("cannot go by `{}`: {}", parameter.code, refusal.reason()))),
            Err(_) => Err(bad_sort(format!("cannot go by `{}`: its values have no order", parameter.code))),
        }
    }

    fn score(&self, descending: bool) -> Result<Sort, Issue> {
        if self.rank.is_empty() {
            return Err(bad_sort(
                "goes by `_score` only where something is scored: by `_like`, or by a word with `~` in `_content`".to_owned(),
            ));
        }
        Ok(Sort { by: SortBy::Score, descending: !descending })
    }
}

fn bad_sort(rule: String) -> Issue {
    Issue::error(codes::BAD_SORT, IssueCode::Value, "", format!("`_sort` {rule}"))
}
