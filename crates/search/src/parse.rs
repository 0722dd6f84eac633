//! A query string as a typed plan (<http://hl7.org/fhir/R4/search.html>).
//!
//! Every problem is reported at once, one for each parameter. Messages name the parameter and the rule, never the value: it may be a patient's name.

mod chain;
mod clause;
mod contained;
mod escape;
mod filter_language;
mod hierarchy;
mod include;
mod likeness;
mod limits;
mod list;
mod result;
pub(crate) use result::is_result_parameter;
mod scope;
mod sealed;
mod sort;
mod value;
mod words;

use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode, Severity};
use store::commit::{Instant, Tenant};
use store::entry::Param;
use store::query::{Filter, Page, Place, Query, Subject};

use crate::code_set::CodeSets;
use crate::codes;
use crate::page::{self, Seal};
use crate::registry::Registry;

pub use contained::{Contained, ContainedType};
pub use limits::{MAX_CHAIN, MAX_PARAMETERS, MAX_TESTS, MAX_VALUE_BYTES, MAX_VALUES};
pub use result::{Summary, Total};
pub use scope::{parse_compartment, parse_system};

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
    /// Who knows what is in value sets, and what stands below and above codes.
    pub code_sets: &'a dyn CodeSets,
    /// What page tokens are sealed with.
    pub seal: &'a dyn Seal,
}

/// A search, understood.
#[derive(Clone, Debug)]
pub struct Search {
    /// The plan.
    pub query: Query,
    /// What was passed over, or taken otherwise than it says, as warnings; always empty unless lenient.
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
    /// `_contained`: whether contained resources are looked for.
    pub contained: Contained,
    /// `_total`.
    pub total: Total,
}

impl Search {
    /// The parameters of the page that begins after `place`, for the `next` link; `seal` is that of the [`SearchContext`].
    pub fn next_params(&self, place: &Place, seal: &dyn Seal) -> Vec<(String, String)> {
        self.page_params(&Page::After(place.clone()), seal)
    }

    /// The parameters of the page that ends before `place`, for the `prev` link; `seal` is that of the [`SearchContext`].
    pub fn prev_params(&self, place: &Place, seal: &dyn Seal) -> Vec<(String, String)> {
        self.page_params(&Page::Before(place.clone()), seal)
    }

    /// The parameters of the first page, for the `first` link.
    pub fn first_params(&self) -> Vec<(String, String)> {
        self.self_params.iter().filter(|(name, _)| name != page::PARAMETER).cloned().collect()
    }

    fn page_params(&self, page: &Page, seal: &dyn Seal) -> Vec<(String, String)> {
        let mut params = self.first_params();
        params.extend(page::encode_page(page, self.fingerprint, seal).map(|token| (page::PARAMETER.to_owned(), token)));
        params
    }
}

/// Understands the parameters of a search of one type.
///
/// # Errors
///
/// Everything that is wrong with them, one issue for each parameter: WARD-0300 to WARD-0341, and WARD-0351 to WARD-0356. With `lenient`, parameters that are unknown
/// or not supported are no error.
pub fn parse(
    registry: &Registry,
    context: &SearchContext<'_>,
    kind: ResourceType,
    params: &[(String, String)],
) -> Result<Search, Vec<Issue>> {
    Parser::new(registry, context, vec![kind]).search(params, &|_| None)
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
    let mut parser = Parser::new(registry, &strict, vec![kind]);
    parser.check_number(params);
    let (clauses, results): (Vec<_>, Vec<_>) = params.iter().partition(|(name, _)| !result::is_result_parameter(name));
    for (name, _) in results {
        let rule = format!("`{}` says how to answer a search: a condition has criteria only, leave it out", shortened(name));
        parser.issues.push(Issue::error(codes::RESULT_PARAMETER, IssueCode::Invalid, "", rule));
    }
    let mut subjects = parser.subjects(&clauses, &|_| None);
    if params.is_empty() {
        let rule = "a condition needs at least one criterion, such as `identifier=system|value`";
        parser.issues.push(Issue::error(codes::NO_CRITERIA, IssueCode::Required, "", rule));
    }
    match subjects.pop() {
        Some(subject) if parser.issues.is_empty() => Ok(subject.filter),
        _ => Err(parser.issues),
    }
}

/// What is known while the parameters of one query are gone through.
struct Parser<'a> {
    registry: &'a Registry,
    context: &'a SearchContext<'a>,
    /// The types searched.
    kinds: Vec<ResourceType>,
    issues: Vec<Issue>,
    ignored: Vec<Issue>,
    /// The places in `self_params` that are left out.
    ignored_params: Vec<(String, String)>,
    /// How many tests the filter has by now.
    tests: usize,
    /// What resources are ranked by.
    rank: Vec<(Param, Box<str>)>,
    /// Where it is searched besides the types: the owner of a compartment.
    scope: String,
}

/// What is asked of the resources of a type besides the parameters.
type Scope<'s> = dyn Fn(ResourceType) -> Option<Filter> + 's;

impl<'a> Parser<'a> {
    fn new(registry: &'a Registry, context: &'a SearchContext<'a>, kinds: Vec<ResourceType>) -> Self {
        Self {
            registry,
            context,
            kinds,
            issues: Vec::new(),
            ignored: Vec::new(),
            ignored_params: Vec::new(),
            tests: 0,
            rank: Vec::new(),
            scope: String::new(),
        }
    }

    /// The whole search.
    fn search(mut self, params: &[(String, String)], scope: &Scope<'_>) -> Result<Search, Vec<Issue>> {
        self.check_number(params);
        let (clauses, results): (Vec<_>, Vec<_>) = params.iter().partition(|(name, _)| !result::is_result_parameter(name));
        let subjects = self.subjects(&clauses, scope);
        for subject in &subjects {
            likeness::rank(&subject.filter, &mut self.rank);
        }
        let results = self.results(&results);
        if !self.issues.is_empty() {
            return Err(self.issues);
        }
        results.into_search(self, params, subjects)
    }

    fn check_number(&mut self, params: &[(String, String)]) {
        if params.len() > MAX_PARAMETERS {
            let rule = format!("a search has at most {MAX_PARAMETERS} parameters, this one has {}", params.len());
            self.issues.push(Issue::error(codes::TOO_MANY_PARAMETERS, IssueCode::TooCostly, "", rule));
        }
    }

    /// What is asked of each type. Types of which nothing can match are left out, but for the last.
    fn subjects(&mut self, params: &[&(String, String)], scope: &Scope<'_>) -> Vec<Subject> {
        let mut asked: Vec<Vec<Filter>> = self.kinds.iter().map(|kind| scope(*kind).into_iter().collect()).collect();
        for (name, value) in params.iter().copied().take(MAX_PARAMETERS) {
            match self.clause_of_each(name, value) {
                Ok(filters) => asked.iter_mut().zip(filters).for_each(|(asked, filter)| asked.push(filter)),
                Err(issue) => self.report(issue, name, value),
            }
        }
        let nothing = Filter::Any(Vec::new());
        let subjects = self.kinds.iter().zip(asked).map(|(kind, filters)| (*kind, filters));
        let (possible, impossible): (Vec<_>, Vec<_>) = subjects.partition(|(_, filters)| !filters.contains(&nothing));
        let kept = if possible.is_empty() { impossible.into_iter().take(1).collect() } else { possible };
        let subjects: Vec<_> = kept.into_iter().map(|(kind, filters)| Subject { kind, filter: all(filters) }).collect();
        if subjects.is_empty() {
            // Several `_type` may have no type in common.
            return ResourceType::all().take(1).map(|kind| Subject { kind, filter: nothing.clone() }).collect();
        }
        subjects
    }

    /// The filter of a criterion for each type searched. Of several types, those that a `_has` does not lead to have no match.
    fn clause_of_each(&mut self, name: &str, value: &str) -> Result<Vec<Filter>, Issue> {
        let kinds = self.kinds.clone();
        let found: Vec<_> = kinds.iter().map(|kind| self.clause(*kind, name, value, 0)).collect();
        let some_fit = found.iter().any(Result::is_ok);
        let mut filters = Vec::with_capacity(found.len());
        for (kind, filter) in kinds.iter().zip(found) {
            filters.push(match filter.and_then(|filter| self.answerable(filter)) {
                Err(issue) if some_fit && issue.number == codes::BAD_HAS => Filter::Any(Vec::new()),
                Err(issue) if kinds.len() > 1 && issue.number == codes::UNKNOWN_PARAMETER => {
                    let rule = format!(
                        "{} has no search parameter `{}`, and one that is asked of several types must be common to all: choose others with `_type`",
                        kind.name(),
                        shortened(name.split([':', '.']).next().unwrap_or(name))
                    );
                    return Err(Issue::error(codes::UNKNOWN_PARAMETER, IssueCode::NotSupported, "", rule));
                }
                other => other?,
            });
        }
        Ok(filters)
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
