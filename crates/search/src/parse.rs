//! A query string as a typed plan (<http://hl7.org/fhir/R4/search.html>).
//!
//! Every problem is reported at once, one for each parameter. Messages name the parameter and the rule, never the value: it may be a patient's name.

mod chain;
mod clause;
mod escape;
mod include;
mod limits;
mod result;
mod sort;
mod value;

use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode, Severity};
use store::commit::{Instant, Tenant};
use store::query::{Filter, Place, Query};

use crate::codes;
use crate::page;
use crate::registry::Registry;

pub use limits::{MAX_CHAIN, MAX_PARAMETERS, MAX_TESTS, MAX_VALUE_BYTES, MAX_VALUES};
pub use result::Summary;

/// What a query is understood by.
#[derive(Clone, Copy, Debug)]
pub struct SearchContext<'a> {
    /// In whose data.
    pub tenant: Tenant,
    /// The base address that the client used: references that begin with it are this server's own.
    pub base_url: &'a str,
    /// How many resources a page has when the query does not say.
    pub default_count: u32,
    /// How many resources a page has at most; a larger `_count` gives this many.
    pub max_count: u32,
    /// Whether unknown parameters are passed over (`Prefer: handling=lenient`) and not refused.
    pub lenient: bool,
    /// The present moment, for `ap` on dates.
    pub now: Instant,
}

/// A search, understood.
#[derive(Clone, Debug)]
pub struct Search {
    /// The plan.
    pub query: Query,
    /// What was passed over, as warnings; always empty unless lenient.
    pub ignored: Vec<Issue>,
    /// The parameters that were understood, for the `self` link: as given, `_count` as it was applied, without those ignored.
    pub self_params: Vec<(String, String)>,
    /// Identifies the search in its page tokens: the same for the same parameters in the same order, whatever the page and its size.
    pub fingerprint: u64,
    /// `_summary`.
    pub summary: Summary,
    /// `_elements`: the names of top-level elements; empty when not asked for.
    pub elements: Vec<String>,
    /// `_format`, as given.
    pub format: Option<String>,
    /// `_pretty`.
    pub pretty: Option<bool>,
}

impl Search {
    /// The parameters of the page that begins after `place`, for the `next` link.
    pub fn next_params(&self, place: &Place) -> Vec<(String, String)> {
        let mut params: Vec<_> = self.self_params.iter().filter(|(name, _)| name != page::PARAMETER).cloned().collect();
        params.push((page::PARAMETER.to_owned(), page::encode(place, self.fingerprint)));
        params
    }
}

/// Understands the parameters of a search of one type.
///
/// # Errors
///
/// Everything that is wrong with them, one issue for each parameter: WARD-0300 to WARD-0334. With `lenient`, parameters that are unknown
/// or not supported yet are no error.
pub fn parse(
    registry: &Registry,
    context: &SearchContext<'_>,
    kind: ResourceType,
    params: &[(String, String)],
) -> Result<Search, Vec<Issue>> {
    let mut parser = Parser::new(registry, context, kind);
    parser.check_number(params);
    let (clauses, results): (Vec<_>, Vec<_>) = params.iter().partition(|(name, _)| !result::is_result_parameter(name));
    let filters = parser.clauses(&clauses);
    let answer = parser.results(&results);
    if !parser.issues.is_empty() {
        return Err(parser.issues);
    }
    answer.into_search(parser, params, filters)
}

/// Understands the criteria of a conditional interaction or reference: `If-None-Exist: identifier=…`, `Patient?identifier=…`.
///
/// # Errors
///
/// As [`parse`]; also WARD-0330 for parameters such as `_count` and `_sort`, which a condition cannot have, and WARD-0331 when there are no criteria. Unknown
/// parameters are refused even when lenient: without them a condition could match what was not meant.
pub fn parse_filter(
    registry: &Registry,
    context: &SearchContext<'_>,
    kind: ResourceType,
    params: &[(String, String)],
) -> Result<Filter, Vec<Issue>> {
    let strict = SearchContext { lenient: false, ..*context };
    let mut parser = Parser::new(registry, &strict, kind);
    parser.check_number(params);
    let (clauses, results): (Vec<_>, Vec<_>) = params.iter().partition(|(name, _)| !result::is_result_parameter(name));
    for (name, _) in results {
        let rule = format!("`{}` says how to answer a search: a condition has criteria only, leave it out", shortened(name));
        parser.issues.push(Issue::error(codes::RESULT_PARAMETER, IssueCode::Invalid, "", rule));
    }
    let filters = parser.clauses(&clauses);
    if params.is_empty() {
        let rule = "a condition needs at least one criterion, such as `identifier=system|value`";
        parser.issues.push(Issue::error(codes::NO_CRITERIA, IssueCode::Required, "", rule));
    }
    if parser.issues.is_empty() { Ok(all(filters)) } else { Err(parser.issues) }
}

/// What is known while the parameters of one query are gone through.
struct Parser<'a> {
    registry: &'a Registry,
    context: &'a SearchContext<'a>,
    kind: ResourceType,
    issues: Vec<Issue>,
    ignored: Vec<Issue>,
    /// The places in `self_params` that are left out.
    ignored_params: Vec<(String, String)>,
    /// How many tests the filter has by now.
    tests: usize,
}

impl<'a> Parser<'a> {
    fn new(registry: &'a Registry, context: &'a SearchContext<'a>, kind: ResourceType) -> Self {
        Self { registry, context, kind, issues: Vec::new(), ignored: Vec::new(), ignored_params: Vec::new(), tests: 0 }
    }

    fn check_number(&mut self, params: &[(String, String)]) {
        if params.len() > MAX_PARAMETERS {
            let rule = format!("a search has at most {MAX_PARAMETERS} parameters, this one has {}", params.len());
            self.issues.push(Issue::error(codes::TOO_MANY_PARAMETERS, IssueCode::TooCostly, "", rule));
        }
    }

    fn clauses(&mut self, params: &[&(String, String)]) -> Vec<Filter> {
        let mut filters = Vec::new();
        for (name, value) in params.iter().copied().take(MAX_PARAMETERS) {
            match self.clause(self.kind, name, value, 0) {
                Ok(filter) => filters.push(filter),
                Err(issue) => self.report(issue, name, value),
            }
        }
        filters
    }

    /// Notes a problem with a parameter: as a warning when a lenient search passes over it.
    fn report(&mut self, issue: Issue, name: &str, value: &str) {
        if self.context.lenient && matches!(issue.number, codes::UNKNOWN_PARAMETER | codes::UNSUPPORTED_PARAMETER) {
            self.ignored.push(issue.with_severity(Severity::Warning));
            self.ignored_params.push((name.to_owned(), value.to_owned()));
        } else {
            self.issues.push(issue);
        }
    }
}

/// All of these; the filter itself when it is the only one.
fn all(mut filters: Vec<Filter>) -> Filter {
    if filters.len() == 1 { filters.remove(0) } else { Filter::All(filters) }
}

/// One of these; the filter itself when it is the only one.
fn any(mut filters: Vec<Filter>) -> Filter {
    if filters.len() == 1 { filters.remove(0) } else { Filter::Any(filters) }
}

/// A name for a message: its first 100 characters, without control characters.
pub(crate) fn shortened(name: &str) -> String {
    name.chars().filter(|letter| !letter.is_control()).take(100).collect()
}
