//! One criterion: `name:modifier=value,value`.

use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode};
use store::query::Filter;

use super::escape::{split, unescape};
use super::value::{Asked, Values};
use super::{MAX_TESTS, MAX_VALUE_BYTES, MAX_VALUES, Parser, any, filter_language, list, result, shortened, value};
use crate::codes;
use crate::fold;
use crate::registry::support::{Feature, Modifier};
use crate::registry::{Origin, Parameter};

impl<'a> Parser<'a> {
    /// The filter of a criterion on resources of `kind`, `depth` links into a chain.
    pub(super) fn clause(&mut self, kind: ResourceType, name: &str, value: &str, depth: usize) -> Result<Filter, Issue> {
        // A chain that leads nowhere has no tests, but is gone through type by type.
        self.count_tests(name, 1)?;
        if let Some(rest) = name.strip_prefix("_has").filter(|rest| rest.is_empty() || rest.starts_with(':')) {
            return self.reverse_chain(kind, rest.trim_start_matches(':'), value, depth + 1);
        }
        if let Some((link, rest)) = name.split_once('.') {
            return self.chain(kind, link, rest, value, depth + 1);
        }
        let (code, modifier) = name.split_once(':').map_or((name, None), |(code, modifier)| (code, Some(modifier)));
        let parameter = self.parameter(kind, code)?;
        let asked = self.modifier(parameter, modifier)?;
        if parameter.code == "_filter" {
            check_length(name, value)?;
            return filter_language::filter(self, kind, value, depth);
        }
        let values = values(name, value)?;
        if asked.is(Modifier::Missing) {
            return missing(parameter, &values);
        }
        let filter = match &*parameter.code {
            "_id" => value::id(parameter, &values)?,
            "_lastUpdated" => self.last_updated(parameter, &values)?,
            "_list" => list::filter(&values)?,
            _ => self.matches(parameter, asked, &values)?,
        };
        Ok(if asked.is(Modifier::Not) || asked.is(Modifier::NotIn) { Filter::Not(Box::new(filter)) } else { filter })
    }

    pub(super) fn matches(&mut self, parameter: &Parameter, asked: Asked, values: &[&str]) -> Result<Filter, Issue> {
        let of = Values { parameter, asked, context: self.context, registry: self.registry };
        let mut filters = Vec::with_capacity(values.len());
        for value in values {
            let found = of.filters(value)?;
            self.count_tests(&parameter.code, found.len())?;
            filters.extend(found);
        }
        Ok(any(filters))
    }

    /// Counts tests; one more than may be is refused.
    pub(super) fn count_tests(&mut self, name: &str, more: usize) -> Result<(), Issue> {
        self.tests += more;
        if self.tests > MAX_TESTS { Err(too_many_tests(name)) } else { Ok(()) }
    }

    fn last_updated(&mut self, parameter: &Parameter, values: &[&str]) -> Result<Filter, Issue> {
        let filters = values.iter().map(|value| {
            let (compare, span) = value::date(&parameter.code, value, self.context.now)?;
            Ok(Filter::LastUpdated(compare, span))
        });
        Ok(any(filters.collect::<Result<_, Issue>>()?))
    }

    /// The parameter of this name, or why there is none.
    pub(super) fn parameter(&self, kind: ResourceType, code: &str) -> Result<&'a Parameter, Issue> {
        let parameter = self.registry.get(kind, code).ok_or_else(|| self.unknown(kind, code))?;
        match self.registry.answers(parameter, Feature::Value) {
            Ok(()) => Ok(parameter),
            Err(refusal) => {
                let rule = format!("the search parameter `{}` is not supported: {}", shortened(code), refusal.reason());
                Err(Issue::error(codes::UNSUPPORTED_PARAMETER, IssueCode::NotSupported, "", rule))
            }
        }
    }

    fn unknown(&self, kind: ResourceType, code: &str) -> Issue {
        let rule = if code == "_type" {
            "`_type` chooses the types of a search of the whole system or of a compartment: leave it out of a search of one type".to_owned()
        } else {
            let known = self.registry.parameters(kind).map(|parameter| &*parameter.code).chain(result::RESULT_PARAMETERS);
            let remedy = match fhir::nearest(code, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "the CapabilityStatement (`metadata`) lists those that it has".to_owned(),
            };
            format!("{} has no search parameter `{}`: {remedy}", kind.name(), shortened(code))
        };
        Issue::error(codes::UNKNOWN_PARAMETER, IssueCode::NotSupported, "", rule)
    }
}

pub(super) fn too_many_tests(name: &str) -> Issue {
    let rule = format!(
        "with `{}` the search comes to more than {MAX_TESTS} tests: name the types of its references, or ask for fewer values",
        shortened(name)
    );
    Issue::error(codes::TOO_MANY_TESTS, IssueCode::TooCostly, "", rule)
}

fn check_length(name: &str, value: &str) -> Result<(), Issue> {
    if value.len() <= MAX_VALUE_BYTES {
        return Ok(());
    }
    let rule = format!("the value of `{}` is longer than {MAX_VALUE_BYTES} bytes: ask in several searches", shortened(name));
    Err(Issue::error(codes::VALUE_TOO_LONG, IssueCode::TooLong, "", rule))
}

/// The values between the commas, still escaped: each not empty.
fn values<'v>(name: &str, value: &'v str) -> Result<Vec<&'v str>, Issue> {
    check_length(name, value)?;
    let name = shortened(name);
    let values = split(value, ',');
    if values.len() > MAX_VALUES {
        let rule = format!("`{name}` has more than {MAX_VALUES} values: ask in several searches");
        return Err(Issue::error(codes::TOO_MANY_VALUES, IssueCode::TooCostly, "", rule));
    }
    if values.iter().any(|value| value.is_empty()) {
        let rule =
            format!(r"`{name}` has an empty value: give one, or leave the parameter out; a comma that belongs to a value is written `\,`");
        return Err(Issue::error(codes::EMPTY_VALUE, IssueCode::Value, "", rule));
    }
    Ok(values)
}

fn missing(parameter: &Parameter, values: &[&str]) -> Result<Filter, Issue> {
    let present = match values {
        ["false"] => true,
        ["true"] => false,
        _ => {
            let rule = format!("`{}:missing` is `true` or `false`", parameter.code);
            return Err(Issue::error(codes::BAD_MISSING, IssueCode::Value, "", rule));
        }
    };
    Ok(presence(parameter, present))
}

/// Resources that have a value of the parameter, or those that have none.
pub(super) fn presence(parameter: &Parameter, present: bool) -> Filter {
    let filter = if parameter.origin == Origin::Store { Filter::everything() } else { Filter::Present(parameter.param) };
    if present { filter } else { Filter::Not(Box::new(filter)) }
}

/// The one text of a part, unescaped, as much of it as is compared.
pub(super) fn plain(parameter: &str, part: &str) -> Result<String, Issue> {
    unescape(part, parameter).map(|text| fold::bounded(&text).to_owned())
}
