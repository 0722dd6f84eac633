//! Parameters that say how to answer: `_count`, `_sort`, `_total`, … (<http://hl7.org/fhir/R4/search.html#return>).

use fhir::definitions::definitions;
use fhir::{Issue, IssueCode};
use store::query::{Include, Query, Sort, SortBy, Subject};
use xxhash_rust::xxh3::xxh3_64;

use super::contained::{self, Contained, ContainedType};
use super::{Parser, Search};
use crate::codes;
use crate::page;

/// Their names.
pub(super) const RESULT_PARAMETERS: [&str; 13] = [
    "_count",
    "_sort",
    "_total",
    "_include",
    "_revinclude",
    "_summary",
    "_elements",
    "_contained",
    "_containedType",
    "_explain",
    "_format",
    "_pretty",
    page::PARAMETER,
];

/// The most `_include` and `_revinclude` that a search may have.
const MAX_INCLUDES: usize = 50;

/// `_summary`: which part of each resource is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Summary {
    /// `false`, or nothing: all of it.
    #[default]
    False,
    /// `true`: the elements that are marked as summary.
    True,
    /// `text`: text, id, meta and mandatory top-level elements.
    Text,
    /// `data`: all but the text.
    Data,
    /// `count`: only how many match.
    Count,
}

/// `_total`: how many match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Total {
    /// Nothing was said: the total comes where it is known anyway.
    #[default]
    Unasked,
    /// `none`: it is left out.
    None,
    /// `estimate`: it may be an estimate, where that costs less. Up to some thousands it is not.
    Estimate,
    /// `accurate`.
    Accurate,
}

/// Whether a parameter says how to answer, and not what to find.
pub(crate) fn is_result_parameter(name: &str) -> bool {
    RESULT_PARAMETERS.contains(&name.split(':').next().unwrap_or(name))
}

/// What the result parameters ask for.
#[derive(Default)]
pub(super) struct Results {
    count: Option<u32>,
    sort: Vec<Sort>,
    total: Total,
    include: Vec<Include>,
    page: Option<String>,
    summary: Summary,
    elements: Vec<String>,
    format: Option<String>,
    pretty: Option<bool>,
    contained: Contained,
    contained_type: ContainedType,
    explain: bool,
    /// How many includes were written: one that is `*` may be many.
    includes: usize,
}

impl Parser<'_> {
    pub(super) fn results(&mut self, params: &[&(String, String)]) -> Results {
        let mut results = Results::default();
        let mut seen: Vec<&str> = Vec::new();
        for (name, value) in params.iter().copied().take(super::MAX_PARAMETERS) {
            let repeats = name.starts_with("_include") || name.starts_with("_revinclude");
            let result = if !repeats && seen.contains(&name.as_str()) {
                Err(Issue::error(codes::REPEATED, IssueCode::Invalid, "", format!("`{name}` is given more than once: give it once")))
            } else {
                self.result(&mut results, name, value)
            };
            match result {
                Ok(()) => seen.push(name),
                Err(issue) => self.report(issue, name, value),
            }
        }
        self.check_elements(&results);
        results
    }

    /// Every name in `_elements` is an element of the type searched. Those of included types are not looked into.
    fn check_elements(&mut self, results: &Results) {
        let known = || self.kinds.iter().map(|kind| definitions().resource(*kind));
        let is_known = |name: &str| known().any(|known| known.element(name).is_some() || known.member(name).is_some());
        let Some(unknown) = results.elements.iter().find(|name| !is_known(name)).filter(|_| results.include.is_empty()) else { return };
        let near = fhir::nearest(unknown, known().flat_map(|known| known.member_names()))
            .map(|near| format!(": did you mean `{near}`?"))
            .unwrap_or_default();
        let of = match self.kinds.as_slice() {
            [kind] => kind.name(),
            _ => "none of the types searched",
        };
        let does_not = if self.kinds.len() == 1 { "does not have" } else { "has" };
        let rule = format!("`_elements` names `{unknown}`, which {of} {does_not}{near}");
        self.issues.push(Issue::error(codes::BAD_RESULT_PARAMETER, IssueCode::Value, "", rule));
    }

    fn result(&self, results: &mut Results, name: &str, value: &str) -> Result<(), Issue> {
        match name {
            "_count" => results.count = Some(self.count(value)?),
            "_sort" => results.sort = self.sort(value)?,
            "_total" => results.total = total(value)?,
            "_summary" => results.summary = summary(value)?,
            "_elements" => results.elements = elements(value)?,
            "_format" => results.format = Some(value.to_owned()),
            "_pretty" => results.pretty = Some(boolean(name, value)?),
            "_explain" => results.explain = boolean(name, value)?,
            "_contained" => results.contained = Contained::parse(value)?,
            "_containedType" => results.contained_type = ContainedType::parse(value)?,
            page::PARAMETER => results.page = Some(value.to_owned()),
            _ if name.starts_with("_include") || name.starts_with("_revinclude") => {
                if results.includes == MAX_INCLUDES {
                    let rule = format!("a search has at most {MAX_INCLUDES} of `_include` and `_revinclude`");
                    return Err(Issue::error(codes::BAD_INCLUDE, IssueCode::TooCostly, "", rule));
                }
                results.includes += 1;
                results.include.extend(self.include(name, value)?);
            }
            _ => {
                let rule = format!("`{}` takes no modifier", super::shortened(name));
                return Err(Issue::error(codes::UNKNOWN_MODIFIER, IssueCode::NotSupported, "", rule));
            }
        }
        Ok(())
    }

    /// The number of `_count`, at most the largest that is allowed.
    fn count(&self, value: &str) -> Result<u32, Issue> {
        let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
        match value.parse::<u32>() {
            Ok(count) if digits => Ok(count.min(self.context.max_count)),
            _ => {
                let rule = format!("`_count` is a whole number from 0 to {}; 0 asks for the total only", self.context.max_count);
                Err(Issue::error(codes::BAD_COUNT, IssueCode::Value, "", rule))
            }
        }
    }
}

impl Results {
    /// The search that `parser` has understood without issues.
    pub(super) fn into_search(self, parser: Parser<'_>, params: &[(String, String)], subjects: Vec<Subject>) -> Result<Search, Vec<Issue>> {
        let kept: Vec<_> = params.iter().filter(|param| !parser.ignored_params.contains(param)).cloned().collect();
        let fingerprint = fingerprint(&parser, &kept);
        let sort = match self.sort {
            sort if sort.is_empty() && !parser.rank.is_empty() => vec![Sort { by: SortBy::Score, descending: true }],
            sort => sort,
        };
        let place = |token: String| page::decode_page(&token, fingerprint, sort.len(), parser.context.seal);
        let page = self.page.map(place).transpose().map_err(|issue| vec![issue])?;
        let only_count = self.summary == Summary::Count;
        let count = if only_count { 0 } else { self.count.unwrap_or(parser.context.default_count).min(parser.context.max_count) };
        let self_params =
            kept.into_iter().map(|(name, value)| if name == "_count" { (name, count.to_string()) } else { (name, value) }).collect();
        let (subjects, inner) = match self.contained {
            Contained::False => (subjects, Vec::new()),
            contained => (contained::around(contained, &subjects), subjects),
        };
        let query = Query {
            sort,
            count,
            page: page.unwrap_or_default(),
            total: count == 0 || matches!(self.total, Total::Estimate | Total::Accurate),
            estimate: self.total == Total::Estimate,
            inside: if self.contained_type == ContainedType::Contained { inner } else { Vec::new() },
            include: self.include,
            rank: parser.rank,
            explain: self.explain,
            ..Query::over(parser.context.tenant, subjects)
        };
        Ok(Search {
            query,
            ignored: parser.ignored,
            self_params,
            fingerprint,
            summary: self.summary,
            elements: self.elements,
            format: self.format,
            pretty: self.pretty,
            contained: self.contained,
            total: self.total,
        })
    }
}

/// The hash of all that decides which resources are found and in which order.
fn fingerprint(parser: &Parser<'_>, params: &[(String, String)]) -> u64 {
    let mut text = format!("{}", parser.context.tenant.0);
    parser.kinds.iter().for_each(|kind| text.push_str(&format!("\0{}", kind.name())));
    text.push_str(&format!("\0{}", parser.scope));
    for (name, value) in params.iter().filter(|(name, _)| name == "_sort" || !is_result_parameter(name)) {
        text.push_str(&format!("\0{}:{name}{}:{value}", name.len(), value.len()));
    }
    xxh3_64(text.as_bytes())
}

fn total(value: &str) -> Result<Total, Issue> {
    match value {
        "none" => Ok(Total::None),
        "estimate" => Ok(Total::Estimate),
        "accurate" => Ok(Total::Accurate),
        _ => Err(Issue::error(codes::BAD_TOTAL, IssueCode::Value, "", "`_total` is `none`, `estimate` or `accurate`")),
    }
}

fn summary(value: &str) -> Result<Summary, Issue> {
    match value {
        "false" => Ok(Summary::False),
        "true" => Ok(Summary::True),
        "text" => Ok(Summary::Text),
        "data" => Ok(Summary::Data),
        "count" => Ok(Summary::Count),
        _ => Err(Issue::error(codes::BAD_SUMMARY, IssueCode::Value, "", "`_summary` is `true`, `text`, `data`, `count` or `false`")),
    }
}

fn elements(value: &str) -> Result<Vec<String>, Issue> {
    let names: Vec<String> = value.split(',').map(str::to_owned).collect();
    let plain = |name: &String| !name.is_empty() && name.len() <= 64 && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if names.iter().all(plain) {
        return Ok(names);
    }
    let rule = "`_elements` is names of top-level elements separated by commas: `identifier,active,name`";
    Err(Issue::error(codes::BAD_RESULT_PARAMETER, IssueCode::Value, "", rule))
}

fn boolean(name: &str, value: &str) -> Result<bool, Issue> {
    match value {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(Issue::error(codes::BAD_RESULT_PARAMETER, IssueCode::Value, "", format!("`{name}` is `true` or `false`"))),
    }
}
