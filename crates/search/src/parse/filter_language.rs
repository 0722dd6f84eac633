//! `_filter`: a condition in one expression (<http://hl7.org/fhir/R4/search_filter.html>).
//!
//! `and` binds closer than `or`, as R4 leaves it open. Values are compared as the parameters of the same names compare them; texts without
//! case and accents.

mod operation;
mod syntax;

use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode};
use store::query::Filter;

use super::{Parser, all, any};
use crate::codes;

use syntax::{Condition, Expression, Step};

/// The filter of an expression on resources of `kind`, `depth` links into a chain.
pub(super) fn filter(parser: &mut Parser<'_>, kind: ResourceType, text: &str, depth: usize) -> Result<Filter, Issue> {
    let expression = syntax::parse(text)?;
    meaning(parser, kind, &expression, depth)
}

/// It recurs as deep as the syntax lets expressions be nested.
fn meaning(parser: &mut Parser<'_>, kind: ResourceType, expression: &Expression, depth: usize) -> Result<Filter, Issue> {
    let mut several =
        |parts: &[Expression]| -> Result<Vec<Filter>, Issue> { parts.iter().map(|part| meaning(parser, kind, part, depth)).collect() };
    Ok(match expression {
        Expression::All(parts) => all(several(parts)?),
        Expression::Any(parts) => any(several(parts)?),
        Expression::Not(part) => Filter::Not(Box::new(meaning(parser, kind, part, depth)?)),
        Expression::Condition(condition) => condition_meaning(parser, kind, &condition.path, condition, depth)?,
    })
}

/// The filter of a condition whose path still has these steps.
fn condition_meaning(
    parser: &mut Parser<'_>,
    kind: ResourceType,
    path: &[Step],
    condition: &Condition,
    depth: usize,
) -> Result<Filter, Issue> {
    parser.count_tests("_filter", 1)?;
    let Some((step, rest)) = path.split_first() else { return Err(refused("misses the name of a parameter")) };
    if let Some(reverse) = step.name.strip_prefix("_has:") {
        let mut inner = |parser: &mut Parser<'_>, source, code: &str| {
            let step = Step { name: code.to_owned(), filter: None };
            let path: Vec<Step> = std::iter::once(step).chain(rest.iter().cloned()).collect();
            condition_meaning(parser, source, &path, condition, depth + 1)
        };
        return parser.follow_back(kind, reverse, depth + 1, &mut inner);
    }
    let Some(next) = rest.first() else {
        return match step.filter {
            None => operation::filter(parser, kind, &step.name, condition),
            Some(_) => Err(refused("has a `[…]` that no `.` and no parameter follow")),
        };
    };
    let mut inner = |parser: &mut Parser<'_>, target| {
        let further = condition_meaning(parser, target, rest, condition, depth + 1)?;
        Ok(match &step.filter {
            Some(filter) => all(vec![meaning(parser, target, filter, depth + 1)?, further]),
            None => further,
        })
    };
    parser.follow(kind, &step.name, &next.name, depth + 1, &mut inner)
}

fn refused(rule: &str) -> Issue {
    let example = "as in `given eq \"peter\" and birthdate ge 2014-10-10`";
    Issue::error(codes::BAD_FILTER, IssueCode::Value, "", format!("`_filter` {rule}: {example}"))
}
