//! The values of a criterion as tests, by the kind of the parameter.

mod code_set;
mod composite;
mod date;
mod modifier;
mod near;
mod prefix;
mod quantity;
mod reference;
mod text;
mod token;
mod uri;

use fhir::{Issue, IssueCode};
use store::query::{Filter, Test};

use super::clause::plain;
use super::escape::split;
use super::{SearchContext, hierarchy, likeness, words};
use crate::codes;
use crate::registry::support::Modifier;
use crate::registry::{Origin, Parameter, ParameterKind, Registry, Shape};
use crate::ucum::UCUM;

pub(super) use date::date;
pub(super) use modifier::Asked;

/// What the values of one criterion are understood by.
#[derive(Clone, Copy)]
pub(super) struct Values<'a> {
    pub(super) parameter: &'a Parameter,
    pub(super) asked: Asked,
    pub(super) context: &'a SearchContext<'a>,
    pub(super) registry: &'a Registry,
}

impl<'a> Values<'a> {
    /// The filters of one value, still escaped: a resource that passes one of them is what is asked for.
    pub(super) fn filters(&self, value: &str) -> Result<Vec<Filter>, Issue> {
        let Parameter { code, param, derived, kind, origin, .. } = self.parameter;
        match (self.asked.modifier, origin) {
            (_, Origin::Narrative | Origin::Content) => return Ok(vec![words::content(code, *param, &plain(code, value)?)?]),
            (_, Origin::Likeness) => return Ok(vec![likeness::like(code, *param, value)?]),
            (_, Origin::Sounds) => return Ok(vec![likeness::sounds(code, *param, value)?]),
            (Some(Modifier::Text), _) => return Ok(vec![words::text(code, derived.text, &plain(code, value)?)?]),
            (Some(Modifier::OfType), _) => return Ok(vec![Filter::Match(derived.of_type, token::of_type(code, value)?)]),
            (Some(Modifier::Above | Modifier::Below), _) if *kind == ParameterKind::Reference => return hierarchy::filters(self, value),
            (Some(Modifier::In | Modifier::NotIn | Modifier::Above | Modifier::Below), _) if *kind == ParameterKind::Token => {
                return Ok(vec![Filter::Match(*param, code_set::test(self, value)?)]);
            }
            _ => {}
        }
        let mut filters = Vec::new();
        for test in self.tests(value)? {
            if is_in_base_units(&test) {
                filters.push(Filter::Match(derived.ucum, test.clone()));
            }
            filters.push(Filter::Match(*param, test));
        }
        Ok(filters)
    }

    /// The tests of one value, still escaped: an entry that passes one of them is what is asked for.
    fn tests(&self, value: &str) -> Result<Vec<Test>, Issue> {
        match self.parameter.kind {
            ParameterKind::Composite => composite::tests(self, value),
            _ => self.simple(self.parameter.shape(), value),
        }
    }

    fn simple(&self, shape: Shape<'a>, value: &str) -> Result<Vec<Test>, Issue> {
        let name = &*self.parameter.code;
        Ok(match shape.kind {
            ParameterKind::Token => vec![token::test(name, value, shape.folds_case)?],
            ParameterKind::String => vec![text::test(name, value, self.asked)?],
            ParameterKind::Date => {
                let (compare, span) = date::date(name, value, self.context.now)?;
                vec![Test::Date(compare, span)]
            }
            ParameterKind::Number => vec![quantity::number(name, value)?],
            ParameterKind::Quantity => vec![quantity::quantity(name, value)?],
            ParameterKind::Uri => vec![uri::test(name, value, self.asked, self.parameter.may_have(&["canonical"]))?],
            ParameterKind::Reference if self.asked.is(Modifier::Identifier) => vec![token::test(name, value, true)?],
            ParameterKind::Reference => reference::tests(self, shape.targets, value)?,
            ParameterKind::Special | ParameterKind::Composite => vec![near::test(name, value)?],
        })
    }
}

/// The tests of a reference.
pub(super) fn reference(values: &Values<'_>, value: &str) -> Result<Vec<Test>, Issue> {
    reference::tests(values, &values.parameter.targets, value)
}

/// Whether a test is about a quantity in UCUM's base units, in which not all are written.
fn is_in_base_units(test: &Test) -> bool {
    match test {
        Test::Quantity { system: Some(system), unit: Some(_), .. } => &**system == UCUM,
        Test::Composite(tests) => tests.iter().any(is_in_base_units),
        _ => false,
    }
}

/// The filter of `_id=a,b`.
pub(super) fn id(parameter: &Parameter, values: &[&str]) -> Result<Filter, Issue> {
    let ids = values.iter().map(|value| {
        if split(value, '|').len() > 1 {
            let rule = format!("`{}` is a logical id, without `|`", parameter.code);
            return Err(Issue::error(codes::BAD_TOKEN, IssueCode::Value, "", rule));
        }
        plain(&parameter.code, value).map(Into::into)
    });
    Ok(Filter::Id(ids.collect::<Result<_, _>>()?))
}
