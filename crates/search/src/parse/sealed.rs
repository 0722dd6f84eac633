//! What can be asked where the index is sealed: it has keyed hashes in the place of what tells who somebody is, and no order, beginning or part of these.

use fhir::{Issue, IssueCode, Severity};
use store::entry::Span;
use store::query::{Compare, Filter, Test};

use super::Parser;
use crate::codes;

/// How long a day is, in milliseconds.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// What can be done with a test.
enum Judged {
    Answered,
    /// A beginning is asked for; the whole can be.
    Whole,
    Refused(&'static str),
}

impl Parser<'_> {
    /// A filter that a sealed index answers: the same, where it asks for nothing but equality. A lenient search (`Prefer: handling=lenient`) for the beginning of a text
    /// becomes one for the whole text, and is told so.
    pub(super) fn answerable(&mut self, filter: Filter) -> Result<Filter, Issue> {
        if !self.registry.seals_index() {
            return Ok(filter);
        }
        Ok(match filter {
            Filter::All(filters) => Filter::All(self.all_answerable(filters)?),
            Filter::Any(filters) => Filter::Any(self.all_answerable(filters)?),
            Filter::Not(filter) => Filter::Not(Box::new(self.answerable(*filter)?)),
            Filter::Chain(param, ways) => {
                let ways = ways.into_iter().map(|(kind, filter)| Ok((kind, self.answerable(filter)?)));
                Filter::Chain(param, ways.collect::<Result<_, Issue>>()?)
            }
            Filter::Has(kind, param, filter) => Filter::Has(kind, param, Box::new(self.answerable(*filter)?)),
            Filter::Contained(kind, filter) => Filter::Contained(kind, Box::new(self.answerable(*filter)?)),
            Filter::Match(param, test) => match self.registry.sealed_name(param) {
                Some(name) => Filter::Match(param, self.answerable_test(name.to_owned(), test)?),
                None => Filter::Match(param, test),
            },
            plain @ (Filter::Id(_) | Filter::LastUpdated(..) | Filter::Present(_)) => plain,
        })
    }

    fn all_answerable(&mut self, filters: Vec<Filter>) -> Result<Vec<Filter>, Issue> {
        filters.into_iter().map(|filter| self.answerable(filter)).collect()
    }

    fn answerable_test(&mut self, name: String, test: Test) -> Result<Test, Issue> {
        match (judged(&test), test) {
            (Judged::Answered, test) => Ok(test),
            (Judged::Whole, Test::StartsWith(text)) if self.context.lenient => {
                let rule = format!("`{name}` was compared with whole values, and not with their beginnings: this server's index is sealed");
                let told = Issue::error(codes::SEALED_PARAMETER, IssueCode::Informational, "", rule).with_severity(Severity::Warning);
                if !self.ignored.contains(&told) {
                    self.ignored.push(told);
                }
                Ok(Test::Folded(text))
            }
            (Judged::Whole, _) => Err(refused(
                &name,
                &format!(
                    "a beginning: ask for a whole value with `{name}:exact`, or send `Prefer: handling=lenient`, by which whole values are \
                     compared, whatever their case"
                ),
            )),
            (Judged::Refused(what), _) => Err(refused(&name, what)),
        }
    }
}

/// The refusal of what asks `what` of a parameter.
fn refused(name: &str, what: &str) -> Issue {
    let rule = format!(
        "`{name}` is in this server's index as keyed hashes (its setting `seal_index`), of which equality can be asked, and not {what}"
    );
    Issue::error(codes::SEALED_PARAMETER, IssueCode::NotSupported, "", rule)
}

fn judged(test: &Test) -> Judged {
    match test {
        Test::Token { .. } | Test::Folded(_) | Test::Exactly(_) | Test::Local(_) | Test::Uri { .. } => Judged::Answered,
        Test::Number(..) | Test::Quantity { .. } | Test::Near { .. } => Judged::Answered,
        Test::Date(Compare::Equal, span) if is_day(*span) => Judged::Answered,
        Test::Date(..) => Judged::Refused("what is before, after or within: ask for a day, as `1980-05-04`"),
        Test::StartsWith(_) => Judged::Whole,
        Test::Contains(_) | Test::EndsWith(_) => Judged::Refused("a part: ask for a whole value with `:exact`"),
        Test::Like { .. } => Judged::Refused("likeness: `_sounds` finds names that sound alike"),
        Test::AmongTokens(_) => Judged::Refused("whether it is in a set: ask for values one by one"),
        Test::UriOfVersion { .. } | Test::UriBelow(_) | Test::UriAbove(_) => Judged::Refused("what is above or below: ask for a whole uri"),
        Test::Composite(tests) => tests.iter().map(judged).find(|judged| !matches!(judged, Judged::Answered)).map_or(
            Judged::Answered,
            // A part of a composite has no modifier to name.
            |judged| if matches!(judged, Judged::Whole) { Judged::Refused("a beginning within a composite") } else { judged },
        ),
        Test::Other(inner) => match judged(inner) {
            Judged::Whole => Judged::Refused("a beginning: ask for a whole value"),
            judged => judged,
        },
    }
}

/// Whether it is one whole day, which an entry of a day equals.
fn is_day(span: Span) -> bool {
    span.first.rem_euclid(DAY_MS) == 0 && span.last.checked_sub(span.first) == Some(DAY_MS - 1)
}
