//! The values of a criterion as tests, by the kind of the parameter.

mod composite;
mod date;
mod modifier;
mod prefix;
mod quantity;
mod reference;
mod text;
mod token;
mod uri;

use fhir::{Issue, IssueCode};
use store::query::{Filter, Test};

use super::SearchContext;
use super::clause::{plain, unsupported};
use super::escape::split;
use crate::codes;
use crate::registry::{Parameter, ParameterKind, Registry, Shape};

pub(super) use date::date;
pub(super) use modifier::Modifier;

/// What the values of one criterion are understood by.
#[derive(Clone, Copy)]
pub(super) struct Values<'a> {
    pub(super) parameter: &'a Parameter,
    pub(super) modifier: Modifier,
    pub(super) context: &'a SearchContext<'a>,
    pub(super) registry: &'a Registry,
}

impl<'a> Values<'a> {
    /// The tests of one value, still escaped: an entry that passes one of them is what is asked for.
    pub(super) fn tests(&self, value: &str) -> Result<Vec<Test>, Issue> {
        match self.parameter.kind {
            ParameterKind::Composite => composite::tests(self, value),
            _ => self.simple(self.parameter.shape(), value),
        }
    }

    fn simple(&self, shape: Shape<'a>, value: &str) -> Result<Vec<Test>, Issue> {
        let name = self.parameter.code;
        Ok(match shape.kind {
            ParameterKind::Token => vec![token::test(name, value, shape.folds_case)?],
            ParameterKind::String => vec![text::test(name, value, self.modifier)?],
            ParameterKind::Date => {
                let (compare, span) = date::date(name, value, self.context.now)?;
                vec![Test::Date(compare, span)]
            }
            ParameterKind::Number => vec![quantity::number(name, value)?],
            ParameterKind::Quantity => vec![quantity::quantity(name, value)?],
            ParameterKind::Uri => vec![uri::test(name, value, self.modifier)?],
            ParameterKind::Reference if self.modifier == Modifier::Identifier => vec![token::test(name, value, true)?],
            ParameterKind::Reference => reference::tests(self, shape.targets, value)?,
            ParameterKind::Composite | ParameterKind::Special => return Err(unsupported(name)),
        })
    }
}

/// The filter of `_id=a,b`.
pub(super) fn id(parameter: &Parameter, values: &[&str]) -> Result<Filter, Issue> {
    let ids = values.iter().map(|value| {
        if split(value, '|').len() > 1 {
            let rule = format!("`{}` is a logical id, without `|`", parameter.code);
            return Err(Issue::error(codes::BAD_TOKEN, IssueCode::Value, "", rule));
        }
        plain(parameter.code, value).map(Into::into)
    });
    Ok(Filter::Id(ids.collect::<Result<_, _>>()?))
}
