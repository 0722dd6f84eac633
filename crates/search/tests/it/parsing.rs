//! Queries as plans.

mod chains;
mod code_sets;
mod hostile;
mod refusals;
mod results;
mod values;

use fhir::Issue;
use fhir::definitions::ResourceType;
use search::{NoCodeSets, Registry, Search, SearchContext};
use store::commit::Tenant;
use store::entry::Param;
use store::query::{Filter, Test};

/// 2026-01-01T00:00:00Z.
const NOW: i64 = 1_767_225_600_000;

const CONTEXT: SearchContext<'static> = SearchContext {
    tenant: Tenant(1),
    base_url: "https://ward.test/fhir",
    default_count: 20,
    max_count: 100,
    lenient: false,
    now: NOW,
    code_sets: &NoCodeSets,
    seal: &search::page::Checked,
};

fn kind(name: &str) -> ResourceType {
    ResourceType::parse(name).expect("a resource type")
}

fn parse_with(context: &SearchContext<'_>, query: &str) -> Result<Search, Vec<Issue>> {
    let (name, pairs) = query.split_once('?').unwrap_or((query, ""));
    search::parse(&Registry::standard(), context, kind(name), &search::url::query_pairs(pairs)?)
}

fn parse(query: &str) -> Result<Search, Vec<Issue>> {
    parse_with(&CONTEXT, query)
}

/// The filter of a query that is understood.
fn filter(query: &str) -> Filter {
    match parse(query) {
        Ok(mut search) => search.query.subjects.remove(0).filter,
        Err(issues) => panic!("{query}: {issues:?}"),
    }
}

/// The filter of one test on a parameter.
fn matches(parameter: &str, test: Test) -> Filter {
    Filter::Match(param(parameter), test)
}

/// The number of `Type.code`.
fn param(parameter: &str) -> Param {
    let (kind, code) = parameter.split_once('.').expect("Type.code");
    Param::of(kind, code)
}

/// The numbers of the issues of a query that is refused.
fn numbers(query: &str) -> Vec<u16> {
    match parse(query) {
        Ok(search) => panic!("{query} was understood: {:.300}", format!("{:?}", search.query.subjects)),
        Err(issues) => issues.iter().map(|issue| issue.number).collect(),
    }
}
