//! One criterion: `name:modifier=value,value`.

use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode};
use store::query::Filter;

use super::escape::{split, unescape};
use super::value::{Modifier, Values};
use super::{MAX_TESTS, MAX_VALUE_BYTES, MAX_VALUES, Parser, any, result, shortened, value};
use crate::codes;
use crate::fold;
use crate::registry::Parameter;

/// Criteria of FHIR that cannot be searched by yet.
const UNSUPPORTED: [&str; 9] = ["_text", "_content", "_query", "_filter", "_list", "_type", "_in", "_language", "_score"];

impl Parser<'_> {
    /// The filter of a criterion on resources of `kind`, `depth` links into a chain.
    pub(super) fn clause(&mut self, kind: ResourceType, name: &str, value: &str, depth: usize) -> Result<Filter, Issue> {
        // Counted here too: a chain that leads nowhere has no tests, but is gone through type by type.
        self.tests += 1;
        if self.tests > MAX_TESTS {
            return Err(too_many_tests(name));
        }
        if let Some(rest) = name.strip_prefix("_has").filter(|rest| rest.is_empty() || rest.starts_with(':')) {
            return self.reverse_chain(kind, rest.trim_start_matches(':'), value, depth + 1);
        }
        if let Some((link, rest)) = name.split_once('.') {
            return self.chain(kind, link, rest, value, depth + 1);
        }
        let (code, modifier) = name.split_once(':').map_or((name, None), |(code, modifier)| (code, Some(modifier)));
        let parameter = self.parameter(kind, code)?;
        let modifier = Modifier::parse(parameter, modifier)?;
        let values = values(name, value)?;
        if modifier == Modifier::Missing {
            return missing(parameter, &values);
        }
        let filter = match parameter.code {
            "_id" => value::id(parameter, &values)?,
            "_lastUpdated" => self.last_updated(parameter, &values)?,
            _ => self.matches(parameter, modifier, &values)?,
        };
        Ok(if modifier == Modifier::Not { Filter::Not(Box::new(filter)) } else { filter })
    }

    fn matches(&mut self, parameter: &Parameter, modifier: Modifier, values: &[&str]) -> Result<Filter, Issue> {
        let of = Values { parameter, modifier, context: self.context, registry: self.registry };
        let mut filters = Vec::with_capacity(values.len());
        for value in values {
            let tests = of.tests(value)?;
            self.tests += tests.len();
            if self.tests > MAX_TESTS {
                return Err(too_many_tests(parameter.code));
            }
            filters.extend(tests.into_iter().map(|test| Filter::Match(parameter.param, test)));
        }
        Ok(any(filters))
    }

    fn last_updated(&mut self, parameter: &Parameter, values: &[&str]) -> Result<Filter, Issue> {
        let filters = values.iter().map(|value| {
            let (compare, span) = value::date(parameter.code, value, self.context.now)?;
            Ok(Filter::LastUpdated(compare, span))
        });
        Ok(any(filters.collect::<Result<_, Issue>>()?))
    }

    /// The parameter of this name, or why there is none.
    pub(super) fn parameter(&self, kind: ResourceType, code: &str) -> Result<&'static Parameter, Issue> {
        match self.registry.get(kind, code) {
            Some(parameter) if parameter.is_supported() => Ok(parameter),
            Some(_) => Err(unsupported(code)),
            None if UNSUPPORTED.contains(&code) || code.starts_with("_contained") => Err(unsupported(code)),
            None => Err(self.unknown(kind, code)),
        }
    }

    fn unknown(&self, kind: ResourceType, code: &str) -> Issue {
        let known = self.registry.parameters(kind).map(|parameter| parameter.code).chain(result::RESULT_PARAMETERS);
        let remedy = match fhir::nearest(code, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "the CapabilityStatement (`metadata`) lists those that it has".to_owned(),
        };
        let rule = format!("{} has no search parameter `{}`: {remedy}", kind.name(), shortened(code));
        Issue::error(codes::UNKNOWN_PARAMETER, IssueCode::NotSupported, "", rule)
    }
}

pub(super) fn unsupported(code: &str) -> Issue {
    let rule = format!("the search parameter `{}` is not supported yet: leave it out", shortened(code));
    Issue::error(codes::UNSUPPORTED_PARAMETER, IssueCode::NotSupported, "", rule)
}

pub(super) fn too_many_tests(name: &str) -> Issue {
    let rule = format!(
        "with `{}` the search comes to more than {MAX_TESTS} tests: name the types of its references, or ask for fewer values",
        shortened(name)
    );
    Issue::error(codes::TOO_MANY_TESTS, IssueCode::TooCostly, "", rule)
}

/// The values between the commas, still escaped: each not empty.
fn values<'v>(name: &str, value: &'v str) -> Result<Vec<&'v str>, Issue> {
    let name = shortened(name);
    if value.len() > MAX_VALUE_BYTES {
        let rule = format!("the value of `{name}` is longer than {MAX_VALUE_BYTES} bytes: ask in several searches");
        return Err(Issue::error(codes::VALUE_TOO_LONG, IssueCode::TooLong, "", rule));
    }
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
    let present = if parameter.is_built_in() { Filter::everything() } else { Filter::Present(parameter.param) };
    match values {
        ["false"] => Ok(present),
        ["true"] => Ok(Filter::Not(Box::new(present))),
        _ => {
            let rule = format!("`{}:missing` is `true` or `false`", parameter.code);
            Err(Issue::error(codes::BAD_MISSING, IssueCode::Value, "", rule))
        }
    }
}

/// The one text of a part, unescaped, as much of it as is compared.
pub(super) fn plain(parameter: &str, part: &str) -> Result<String, Issue> {
    unescape(part, parameter).map(|text| fold::bounded(&text).to_owned())
}
