//! The Bundle that answers a search.

use ::search::Search;
use ::search::url::query_string;
use bytes::Bytes;
use fhir::{Issue, IssueCode, Severity, json, outcome};
use store::query::{Answer, MAX_INCLUDED, Version};

use super::{SearchScope, contained, explanation};
use crate::bundle::{BundleText, EntryText};
use crate::summary::Selection;
use crate::{Context, codes};

/// The Bundle's text: links to this page, the first and its neighbours; what was found; what is to be said of it.
pub(super) fn searchset(ctx: &Context, scope: &SearchScope, search: &Search, answer: &Answer) -> Bytes {
    let found = answer.matches.iter().chain(&answer.included);
    let size = found.map(|version| 160 + version.text().map_or(0, Bytes::len)).sum();
    let mut text = BundleText::new("searchset", size);
    if let Some(total) = answer.total {
        text.total(total);
    }
    links(ctx, scope, search, answer, &mut text);
    let selection = Selection::of(search);
    for (index, version) in answer.matches.iter().enumerate() {
        if !contained::entries(ctx, search, version, &selection, &mut text) {
            entry(ctx, &mut text, version, ("match", answer.scores.get(index).copied()), &selection);
        }
    }
    for version in &answer.included {
        entry(ctx, &mut text, version, ("include", None), &selection);
    }
    let issues = remarks(search, answer);
    if !issues.is_empty() {
        let resource = json::to_string(&outcome::operation_outcome(&issues));
        text.entry(EntryText { resource: Some(&resource), search_mode: Some("outcome"), ..EntryText::default() });
    }
    text.finish()
}

fn links(ctx: &Context, scope: &SearchScope, search: &Search, answer: &Answer, text: &mut BundleText) {
    let base = match scope {
        SearchScope::System => ctx.base_url.to_string(),
        SearchScope::Type(kind) => format!("{}/{}", ctx.base_url, kind.name()),
        SearchScope::Compartment(owner, kind) => format!("{}/{owner}/{}", ctx.base_url, kind.map_or("*", |kind| kind.name())),
    };
    text.link("self", &page(&base, &search.self_params));
    if answer.prev.is_some() || answer.next.is_some() {
        text.link("first", &page(&base, &search.first_params()));
    }
    if let Some(place) = &answer.prev {
        text.link("prev", &page(&base, &search.prev_params(place)));
    }
    if let Some(place) = &answer.next {
        text.link("next", &page(&base, &search.next_params(place)));
    }
}

fn entry(ctx: &Context, text: &mut BundleText, version: &Version, (mode, score): (&'static str, Option<u16>), selection: &Selection) {
    let Some(whole) = version.text().and_then(|text| std::str::from_utf8(text).ok()) else { return };
    let part = selection.apply(version.key.kind, whole);
    let url = format!("{}/{}", ctx.base_url, version.key);
    let resource = Some(part.as_deref().unwrap_or(whole));
    text.entry(EntryText { full_url: Some(&url), resource, search_mode: Some(mode), score, ..EntryText::default() });
}

/// What the client should know about the answer: parameters passed over, resources left out, how it was found.
fn remarks(search: &Search, answer: &Answer) -> Vec<Issue> {
    let mut issues = search.ignored.clone();
    if answer.truncated {
        let remedy = format!("more than {MAX_INCLUDED} resources would be included, some were left out: ask for smaller pages with _count");
        issues.push(Issue::error(codes::INCLUDES_TRUNCATED, IssueCode::Incomplete, "", remedy).with_severity(Severity::Warning));
    }
    issues.extend(answer.explanation.iter().flat_map(explanation::issues));
    issues
}

fn page(base: &str, params: &[(String, String)]) -> String {
    if params.is_empty() { base.to_owned() } else { format!("{base}?{}", query_string(params)) }
}
