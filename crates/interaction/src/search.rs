//! search: the resources of a type that match, a page at a time (<http://hl7.org/fhir/R4/http.html#search>).

use ::search::url::query_string;
use ::search::{Search, parse};
use bytes::Bytes;
use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode, Severity, json, outcome};
use store::query::{Answer, MAX_INCLUDED, Version};

use crate::bundle::{BundleText, EntryText};
use crate::summary::Selection;
use crate::{Context, Error, builtin, codes};

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

/// The JSON text of a Bundle of type searchset: what matches, then what was included, then what was passed over.
///
/// [`Error::BadRequest`] names every parameter that is unknown or malformed, [`Error::TooCostly`] when the search would touch too much,
/// or a failure of the store.
pub async fn search(ctx: &Context, request: SearchRequest) -> Result<Bytes, Error> {
    let SearchRequest { kind, params, lenient } = request;
    let search = parse(&ctx.server.registry, &ctx.search_context(lenient), kind, &params).map_err(Error::BadRequest)?;
    let answer = builtin::search(ctx, &search.query).await?;
    Ok(searchset(ctx, kind, &search, &answer))
}

fn searchset(ctx: &Context, kind: ResourceType, search: &Search, answer: &Answer) -> Bytes {
    let found = answer.matches.iter().chain(&answer.included);
    let size = found.map(|version| 160 + version.text().map_or(0, Bytes::len)).sum();
    let mut text = BundleText::new("searchset", size);
    if let Some(total) = answer.total {
        text.total(total);
    }
    let base = format!("{}/{}", ctx.base_url, kind.name());
    text.link("self", &page(&base, &search.self_params));
    if let Some(place) = &answer.next {
        text.link("next", &page(&base, &search.next_params(place)));
    }
    let selection = Selection::of(search);
    for (versions, mode) in [(&answer.matches, "match"), (&answer.included, "include")] {
        for version in versions {
            entry(ctx, &mut text, version, mode, &selection);
        }
    }
    let issues = remarks(search, answer);
    if !issues.is_empty() {
        let resource = json::to_string(&outcome::operation_outcome(&issues));
        text.entry(EntryText { resource: Some(&resource), search_mode: Some("outcome"), ..EntryText::default() });
    }
    text.finish()
}

fn entry(ctx: &Context, text: &mut BundleText, version: &Version, mode: &'static str, selection: &Selection) {
    let Some(whole) = version.text().and_then(|text| std::str::from_utf8(text).ok()) else { return };
    let part = selection.apply(version.key.kind, whole);
    let url = format!("{}/{}", ctx.base_url, version.key);
    let resource = Some(part.as_deref().unwrap_or(whole));
    text.entry(EntryText { full_url: Some(&url), resource, search_mode: Some(mode), ..EntryText::default() });
}

/// What the client should know about the answer: parameters passed over, resources left out.
fn remarks(search: &Search, answer: &Answer) -> Vec<Issue> {
    let mut issues = search.ignored.clone();
    if answer.truncated {
        let remedy = format!("more than {MAX_INCLUDED} resources would be included, some were left out: ask for smaller pages with _count");
        issues.push(Issue::error(codes::INCLUDES_TRUNCATED, IssueCode::Incomplete, "", remedy).with_severity(Severity::Warning));
    }
    issues
}

fn page(base: &str, params: &[(String, String)]) -> String {
    if params.is_empty() { base.to_owned() } else { format!("{base}?{}", query_string(params)) }
}
