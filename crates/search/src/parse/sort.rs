//! `_sort` (<http://hl7.org/fhir/R4/search.html#sort>).

use fhir::{Issue, IssueCode};
use store::query::{Sort, SortBy};

use super::{Parser, shortened};
use crate::codes;
use crate::date;
use crate::registry::ParameterKind;

/// The most keys that an order may have.
const MAX_KEYS: usize = 10;

impl Parser<'_> {
    /// The order of `-date,_id`: empty for the newest first by the type's own date, which is how the store streams.
    pub(super) fn sort(&self, value: &str) -> Result<Vec<Sort>, Issue> {
        let names: Vec<&str> = value.split(',').collect();
        if names.len() > MAX_KEYS {
            return Err(bad_sort(format!("has at most {MAX_KEYS} parameters")));
        }
        let sort = names.into_iter().map(|name| self.sort_key(name)).collect::<Result<Vec<_>, _>>()?;
        let natural = matches!(sort.as_slice(), [Sort { by: SortBy::Date, descending: true }]);
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
        let parameter = self.parameter(self.kind, code)?;
        let by = match parameter.code {
            "_id" => SortBy::Id,
            "_lastUpdated" => SortBy::LastUpdated,
            code if date::natural(self.kind) == Some(code) => SortBy::Date,
            code if parameter.kind == ParameterKind::Composite => {
                return Err(bad_sort(format!("cannot go by `{code}`: its values are combinations")));
            }
            _ => SortBy::Params(vec![parameter.param]),
        };
        Ok(Sort { by, descending })
    }
}

fn bad_sort(rule: String) -> Issue {
    Issue::error(codes::BAD_SORT, IssueCode::Value, "", format!("`_sort` {rule}"))
}
