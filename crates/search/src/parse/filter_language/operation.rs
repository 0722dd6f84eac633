//! What an operator of `_filter` means for each kind of parameter.

use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode};
use store::query::{Compare, Filter, Test};

use super::syntax::Condition;
use crate::codes;
use crate::fold;
use crate::parse::clause::presence;
use crate::parse::{Parser, list, shortened, value};
use crate::registry::support::Modifier;
use crate::registry::{Origin, Parameter, ParameterKind};

/// Operators that compare, which are also prefixes.
const COMPARISONS: [&str; 9] = ["eq", "ne", "gt", "lt", "ge", "le", "ap", "sa", "eb"];
/// Operators that ask what a code means, with the modifiers that ask the same.
const TERMINOLOGY: [(&str, Modifier); 4] =
    [("ss", Modifier::Above), ("sb", Modifier::Below), ("in", Modifier::In), ("ni", Modifier::NotIn)];

/// The filter of `parameter operator value`.
pub(super) fn filter(parser: &mut Parser<'_>, kind: ResourceType, name: &str, condition: &Condition) -> Result<Filter, Issue> {
    let (code, type_name) = name.split_once(':').map_or((name, None), |(code, name)| (code, Some(name)));
    let parameter = parser.parameter(kind, code)?;
    if type_name.is_some_and(|name| !name.starts_with(|first: char| first.is_ascii_uppercase())) {
        return Err(bad(parameter, "takes no modifier here: the operator says how to compare"));
    }
    let asked = parser.modifier(parameter, type_name)?;
    let operator = condition.operator.as_str();
    if operator == "pr" {
        return present(parameter, &condition.value);
    }
    let raw = condition.value.as_str();
    if let Some((_, modifier)) = TERMINOLOGY.iter().find(|(known, _)| *known == operator) {
        return among_codes(parser, parameter, operator, *modifier, raw);
    }
    match (parameter.kind, parameter.origin, operator) {
        (_, Origin::Refused(_), _) => Err(unknown_operator(parameter, operator)),
        (_, Origin::Criterion, "eq" | "re") => criterion(parser, parameter, raw),
        (_, Origin::Store, _) if parameter.code == "_id" => identity(parameter, operator, raw),
        (_, Origin::Narrative | Origin::Content | Origin::Sounds | Origin::Likeness, "eq" | "co") => {
            parser.matches(parameter, asked, &[&escaped(raw)])
        }
        (ParameterKind::String, Origin::Expression, _) => text(parameter, operator, raw),
        (ParameterKind::Date, ..) => date(parser, parameter, operator, raw),
        (ParameterKind::Number | ParameterKind::Quantity, ..) if COMPARISONS.contains(&operator) => {
            parser.matches(parameter, asked, &[&format!("{operator}{}", escaped(raw))])
        }
        (ParameterKind::Token | ParameterKind::Uri | ParameterKind::Composite, _, "eq")
        | (ParameterKind::Reference, _, "eq" | "re")
        | (ParameterKind::Special, Origin::Expression, "eq") => parser.matches(parameter, asked, &[&escaped(raw)]),
        (ParameterKind::Token | ParameterKind::Uri | ParameterKind::Reference | ParameterKind::Composite, _, "ne") => {
            parser.matches(parameter, asked, &[&escaped(raw)]).map(|filter| other(parameter, filter))
        }
        _ => Err(unknown_operator(parameter, operator)),
    }
}

/// A value as a parameter would have it: `|` and `$` stay separators, a backslash is itself.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\")
}

fn present(parameter: &Parameter, value: &str) -> Result<Filter, Issue> {
    match value {
        _ if parameter.origin == Origin::Criterion => Err(unknown_operator(parameter, "pr")),
        "true" => Ok(presence(parameter, true)),
        "false" => Ok(presence(parameter, false)),
        _ => Err(bad(parameter, "with `pr` is compared with `true` or `false`")),
    }
}

/// `ss`, `sb`, `in`, `ni`: codes by what they mean.
fn among_codes(parser: &mut Parser<'_>, parameter: &Parameter, operator: &str, modifier: Modifier, raw: &str) -> Result<Filter, Issue> {
    if parameter.kind != ParameterKind::Token {
        return Err(unknown_operator(parameter, operator));
    }
    let asked = parser.modifier(parameter, Some(modifier.code()))?;
    let filter = parser.matches(parameter, asked, &[&escaped(raw)])?;
    Ok(if modifier == Modifier::NotIn { Filter::Not(Box::new(filter)) } else { filter })
}

fn criterion(parser: &mut Parser<'_>, parameter: &Parameter, raw: &str) -> Result<Filter, Issue> {
    parser.count_tests(&parameter.code, 1)?;
    match &*parameter.code {
        "_list" => list::filter(&[&escaped(raw)]),
        _ => Err(bad(parameter, "does not stand in a `_filter`")),
    }
}

fn identity(parameter: &Parameter, operator: &str, raw: &str) -> Result<Filter, Issue> {
    let filter = value::id(parameter, &[&escaped(raw)])?;
    match operator {
        "eq" => Ok(filter),
        "ne" => Ok(Filter::Not(Box::new(filter))),
        _ => Err(unknown_operator(parameter, operator)),
    }
}

fn text(parameter: &Parameter, operator: &str, raw: &str) -> Result<Filter, Issue> {
    let folded: Box<str> = Box::from(fold::bounded(&fold::text(raw)));
    if folded.is_empty() {
        return Err(bad(parameter, "is compared with a text that has no letter or digit"));
    }
    let test = match operator {
        "eq" => Test::Folded(folded),
        "ne" => Test::Other(Box::new(Test::Folded(folded))),
        "co" => Test::Contains(folded),
        "sw" => Test::StartsWith(folded),
        "ew" => Test::EndsWith(folded),
        _ => return Err(unknown_operator(parameter, operator)),
    };
    Ok(Filter::Match(parameter.param, test))
}

/// `po`: the two have a moment in common. That is what `ap` asks of an interval that nobody widened.
fn date(parser: &Parser<'_>, parameter: &Parameter, operator: &str, raw: &str) -> Result<Filter, Issue> {
    let prefix = match operator {
        "po" => "eq",
        comparison if COMPARISONS.contains(&comparison) => comparison,
        _ => return Err(unknown_operator(parameter, operator)),
    };
    let (compare, span) = value::date(&parameter.code, &format!("{prefix}{raw}"), parser.context.now)?;
    let compare = if operator == "po" { Compare::Approximately } else { compare };
    Ok(match parameter.origin {
        Origin::Store => Filter::LastUpdated(compare, span),
        _ => Filter::Match(parameter.param, Test::Date(compare, span)),
    })
}

/// Resources with another value than the one that a filter asks for.
fn other(parameter: &Parameter, filter: Filter) -> Filter {
    match filter {
        Filter::Match(param, test) if parameter.kind != ParameterKind::Reference => Filter::Match(param, Test::Other(Box::new(test))),
        // A reference may stand in several entries: as a resource, as an address, as an identifier.
        filter => Filter::All(vec![Filter::Present(parameter.param), Filter::Not(Box::new(filter))]),
    }
}

fn unknown_operator(parameter: &Parameter, operator: &str) -> Issue {
    let known = match (parameter.kind, parameter.origin) {
        (_, Origin::Criterion) => "eq",
        (ParameterKind::String, Origin::Expression) => "eq, ne, co, sw, ew, pr",
        (ParameterKind::Date, _) => "eq, ne, gt, lt, ge, le, ap, sa, eb, po, pr",
        (ParameterKind::Number | ParameterKind::Quantity, _) => "eq, ne, gt, lt, ge, le, ap, sa, eb, pr",
        (ParameterKind::Reference, _) => "eq, ne, re, pr",
        (ParameterKind::String | ParameterKind::Special, _) => "eq, pr",
        (ParameterKind::Token, Origin::Expression) => "eq, ne, in, ni, ss, sb, pr",
        _ => "eq, ne, pr",
    };
    bad(parameter, &format!("takes the operators {known}, not `{}`", shortened(operator)))
}

fn bad(parameter: &Parameter, rule: &str) -> Issue {
    Issue::error(codes::BAD_FILTER_OPERATOR, IssueCode::Value, "", format!("in `_filter`, `{}` {rule}", parameter.code))
}
