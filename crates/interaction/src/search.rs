//! search: the resources of a type, of a compartment or of the whole system that match, a page at a time
//! (<http://hl7.org/fhir/R4/http.html#search>).

mod contained;
mod explanation;
mod words;

use ::search::parse::{Contained, Total};
use ::search::url::query_string;
use ::search::{Search, parse, parse_compartment, parse_system};
use bytes::Bytes;
use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode, Severity, json, outcome};
use store::commit::Key;
use store::query::{Answer, MAX_INCLUDED, Page, Query, Version};

use crate::bundle::{BundleText, EntryText};
use crate::summary::Selection;
use crate::{Context, Error, builtin, codes};
use contained::inside;

/// How many bytes of resources a page has, beyond its first resource: what does not fit comes on the next.
pub(crate) const MAX_PAGE_BYTES: usize = 16 << 20;

/// What is looked for.
#[derive(Clone, Debug)]
pub struct SearchRequest {
    /// The type.
    pub kind: ResourceType,
    /// The parameters, decoded, in their order.
    pub params: Vec<(String, String)>,
    /// Whether unknown parameters are passed over and reported, and not refused: `Prefer: handling=lenient`.
    pub lenient: bool,
}

/// What [`crate::search()`] answers, once it is permitted.
pub async fn search(ctx: &Context, request: SearchRequest) -> Result<Bytes, Error> {
    let SearchRequest { kind, params, lenient } = request;
    let search = ctx.understood(lenient, |registry, context| parse(registry, context, kind, &params)).await?;
    found(ctx, &format!("/{}", kind.name()), &search).await
}

/// What is looked for among all types.
#[derive(Clone, Debug)]
pub struct SystemSearchRequest {
    /// The parameters, decoded, in their order; `_type` among them.
    pub params: Vec<(String, String)>,
    /// As [`SearchRequest::lenient`].
    pub lenient: bool,
}

/// What [`crate::search_system()`] answers, once it is permitted.
pub async fn search_system(ctx: &Context, request: SystemSearchRequest) -> Result<Bytes, Error> {
    let SystemSearchRequest { params, lenient } = request;
    let search = ctx.understood(lenient, |registry, context| parse_system(registry, context, &params)).await?;
    found(ctx, "", &search).await
}

/// What is looked for in a compartment.
#[derive(Clone, Debug)]
pub struct CompartmentSearchRequest {
    /// Whose compartment.
    pub owner: Key,
    /// The type; all types of the compartment when `None`.
    pub kind: Option<ResourceType>,
    /// The parameters, decoded, in their order.
    pub params: Vec<(String, String)>,
    /// As [`SearchRequest::lenient`].
    pub lenient: bool,
}

/// What [`crate::search_compartment()`] answers, once it is permitted.
pub async fn search_compartment(ctx: &Context, request: CompartmentSearchRequest) -> Result<Bytes, Error> {
    let CompartmentSearchRequest { owner, kind, params, lenient } = request;
    let parsed = ctx.understood(lenient, |registry, context| parse_compartment(registry, context, &owner, kind, &params)).await;
    let search = parsed.map_err(refused)?;
    found(ctx, &format!("/{owner}/{}", kind.map_or("*", ResourceType::name)), &search).await
}

/// A compartment that there is not is a wrong address, and no wrong parameter.
fn refused(error: Error) -> Error {
    let is_place = |issue: &Issue| issue.number == ::search::codes::NOT_IN_COMPARTMENT;
    match error {
        Error::BadRequest(issues) if issues.iter().all(is_place) => Error::Missing(issues),
        error => error,
    }
}

async fn found(ctx: &Context, path: &str, search: &Search) -> Result<Bytes, Error> {
    let query = Query { most_bytes: Some(MAX_PAGE_BYTES), ..search.query.clone() };
    let answer = builtin::search(ctx, &query).await?;
    let mut issues = remarks(search, &answer);
    issues.extend(words::left_out(ctx, search).await?);
    Ok(searchset(ctx, path, search, &answer, &issues))
}

fn searchset(ctx: &Context, path: &str, search: &Search, answer: &Answer, issues: &[Issue]) -> Bytes {
    let found = answer.matches.iter().chain(&answer.included);
    let size = found.map(|version| 160 + version.text().map_or(0, Bytes::len)).sum();
    let mut text = BundleText::new("searchset", size);
    let with_itself = search.contained == Contained::Both;
    let inside: Vec<_> = answer.matches.iter().zip(&answer.inside).map(|(version, keys)| inside(version, keys, with_itself)).collect();
    let is_inside = !search.query.inside.is_empty();
    let written = if is_inside { inside.iter().map(Vec::len).sum() } else { answer.matches.len() };
    if let Some(total) = total(search, answer, written) {
        text.total(total);
    }
    links(ctx, &mut text, path, search, answer);
    let selection = Selection::of(search);
    for (place, version) in answer.matches.iter().enumerate() {
        let score = answer.scores.get(place).copied();
        if !is_inside {
            entry(ctx, &mut text, version, "match", score, &selection);
        }
        for inner in inside.get(place).into_iter().flatten() {
            let url = format!("{}/{}{}", ctx.base_url, version.key, inner.fragment);
            let part = selection.apply(inner.kind, inner.text.as_bytes());
            let resource = Some(part.as_deref().unwrap_or(&inner.text).as_bytes());
            text.entry(EntryText { full_url: Some(&url), resource, search_mode: Some("match"), score, ..EntryText::default() });
        }
    }
    for version in &answer.included {
        entry(ctx, &mut text, version, "include", None, &selection);
    }
    if !issues.is_empty() {
        let resource = json::to_string(&outcome::operation_outcome(issues));
        text.entry(EntryText { resource: Some(resource.as_bytes()), search_mode: Some("outcome"), ..EntryText::default() });
    }
    text.finish()
}

/// How many match: as asked for, and also when it is known because the page, with so many matches `written`, is the only one.
fn total(search: &Search, answer: &Answer, written: usize) -> Option<u64> {
    let is_whole = search.query.count > 0 && answer.next.is_none() && answer.prev.is_none() && search.query.page == Page::First;
    if is_whole && search.total != Total::None { Some(written as u64) } else { answer.total }
}

/// To this page, to the first, and to those around it.
fn links(ctx: &Context, text: &mut BundleText, path: &str, search: &Search, answer: &Answer) {
    let page = |params: &[(String, String)]| page(ctx, path, params);
    text.link("self", &page(&search.self_params));
    if search.query.count == 0 {
        return;
    }
    text.link("first", &page(&search.first_params()));
    if let Some(place) = &answer.prev {
        text.link("prev", &page(&search.prev_params(place, &ctx.server.page_seal)));
    }
    if let Some(place) = &answer.next {
        text.link("next", &page(&search.next_params(place, &ctx.server.page_seal)));
    }
}

fn entry(ctx: &Context, text: &mut BundleText, version: &Version, mode: &'static str, score: Option<u16>, selection: &Selection) {
    let Some(whole) = version.text() else { return };
    let part = selection.apply(version.key.kind, whole);
    let url = [&*ctx.base_url, "/", version.key.kind.name(), "/", &*version.key.id].concat();
    let resource = Some(part.as_deref().map_or(&**whole, str::as_bytes));
    text.entry(EntryText { full_url: Some(&url), resource, search_mode: Some(mode), score, ..EntryText::default() });
}

/// What the client should know about the answer: parameters passed over, resources left out, how it was found if it asks.
fn remarks(search: &Search, answer: &Answer) -> Vec<Issue> {
    let mut issues = search.ignored.clone();
    if answer.truncated {
        let remedy = format!(
            "more than {MAX_INCLUDED} resources, or too many bytes, would be included, some were left out: ask for smaller pages with _count"
        );
        issues.push(Issue::error(codes::INCLUDES_TRUNCATED, IssueCode::Incomplete, "", remedy).with_severity(Severity::Warning));
    }
    let counts_more = !search.query.inside.is_empty() && (answer.next.is_some() || search.query.count == 0);
    if counts_more {
        let rule = "`_count` and `total` count the resources around those that are answered: one of them may bring several";
        let issue = Issue::error(codes::CONTAINED_PAGES, IssueCode::Informational, "", rule).with_severity(Severity::Information);
        issues.push(issue);
    }
    if search.query.explain {
        issues.extend(explanation::issues(answer.explanation.as_ref()));
    }
    issues
}

fn page(ctx: &Context, path: &str, params: &[(String, String)]) -> String {
    let params: Vec<_> = params.iter().cloned().chain(ctx.as_of_param()).collect();
    let base = format!("{}{path}", ctx.base_url);
    if params.is_empty() { base } else { format!("{base}?{}", query_string(&params)) }
}
