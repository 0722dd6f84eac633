//! What is asked, as a sealed index answers it.

use store::entry::{Param, Span, Text};
use store::query::{Compare, Filter, Query, SortBy, Subject, Test, Visible};
use store::secrecy::Secrecy;

use super::{DAY_MS, Form, Hashing};
use crate::error::{Result, StoreError};

impl Hashing {
    pub(super) fn query(&self, query: &Query) -> Result<Query> {
        let is_secret = |param: &Param| self.secrecy(*param) == Secrecy::Whole;
        let sorts = query.sort.iter().any(|sort| matches!(&sort.by, SortBy::Params(params) if params.iter().any(is_secret)));
        if sorts || query.rank.iter().any(|(param, _)| is_secret(param)) {
            return Err(StoreError::Sealed);
        }
        let mut sealed = query.clone();
        sealed.subjects = self.subjects(&query.subjects)?;
        sealed.inside = self.subjects(&query.inside)?;
        // It is asked of what comes along alone.
        if let Some(visible) = query.visible.as_ref().filter(|_| !query.include.is_empty()) {
            sealed.visible = Some(Visible::from(self.subjects(visible.subjects())?));
        }
        Ok(sealed)
    }

    fn subjects(&self, subjects: &[Subject]) -> Result<Vec<Subject>> {
        subjects.iter().map(|subject| Ok(Subject { kind: subject.kind, filter: self.filter(&subject.filter)? })).collect()
    }

    pub(super) fn filter(&self, filter: &Filter) -> Result<Filter> {
        let all = |filters: &[Filter]| filters.iter().map(|filter| self.filter(filter)).collect::<Result<Vec<_>>>();
        Ok(match filter {
            Filter::All(filters) => Filter::All(all(filters)?),
            Filter::Any(filters) => Filter::Any(all(filters)?),
            Filter::Not(filter) => Filter::Not(Box::new(self.filter(filter)?)),
            Filter::Match(param, test) => Filter::Match(*param, self.test(*param, self.secrecy(*param), test)?),
            Filter::Chain(param, ways) => {
                let ways = ways.iter().map(|(kind, filter)| Ok((*kind, self.filter(filter)?)));
                Filter::Chain(*param, ways.collect::<Result<_>>()?)
            }
            Filter::Has(kind, param, filter) => Filter::Has(*kind, *param, Box::new(self.filter(filter)?)),
            Filter::Contained(kind, filter) => Filter::Contained(*kind, Box::new(self.filter(filter)?)),
            Filter::Id(_) | Filter::LastUpdated(..) | Filter::Present(_) => filter.clone(),
        })
    }

    fn test(&self, param: Param, secrecy: Secrecy, test: &Test) -> Result<Test> {
        let sealed = |form: Form, value: &Option<Box<str>>| value.as_ref().map(|value| self.text(param, form, value));
        Ok(match (secrecy, test) {
            (Secrecy::Clear, test) => test.clone(),
            (_, Test::Token { system, code }) => Test::Token { system: sealed(Form::System, system), code: sealed(Form::Code, code) },
            (_, Test::Composite(tests)) => {
                Test::Composite(tests.iter().map(|test| self.test(param, secrecy, test)).collect::<Result<_>>()?)
            }
            (_, Test::Other(inner)) => Test::Other(Box::new(self.test(param, secrecy, inner)?)),
            (_, Test::AmongTokens(_)) => return Err(StoreError::Sealed),
            (Secrecy::Tokens, test) => test.clone(),
            (Secrecy::Whole, Test::Folded(text)) => Test::Folded(self.text(param, Form::Folded, text)),
            (Secrecy::Whole, Test::Exactly(text)) => Test::Exactly(Text {
                folded: self.text(param, Form::Folded, &text.folded),
                exact: self.text(param, Form::Exact, &text.exact),
            }),
            (Secrecy::Whole, Test::Date(Compare::Equal, span)) if is_day(*span) => {
                Test::Token { system: None, code: Some(self.date(param, *span)) }
            }
            (Secrecy::Whole, Test::Uri { uri, version }) => {
                Test::Uri { uri: self.text(param, Form::Uri, uri), version: sealed(Form::Version, version) }
            }
            (Secrecy::Whole, Test::Local(_) | Test::Number(..) | Test::Quantity { .. } | Test::Near { .. }) => test.clone(),
            (Secrecy::Whole, _) => return Err(StoreError::Sealed),
        })
    }
}

/// Whether it is one whole day: what lies within it is what it equals.
fn is_day(span: Span) -> bool {
    span.first.rem_euclid(DAY_MS) == 0 && span.last.checked_sub(span.first) == Some(DAY_MS - 1)
}
