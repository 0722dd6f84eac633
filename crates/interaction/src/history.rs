//! history: the versions of a resource, of a type, or of everything, newest first (<http://hl7.org/fhir/R4/http.html#history>).

use ::search::url::query_string;
use bytes::Bytes;
use fhir::primitive::Temporal;
use fhir::{Issue, IssueCode};
use store::query::{Content, History, HistoryQuery, Scope, Version};

use crate::bundle::{BundleText, EntryText, ResponseText};
use crate::{Context, Error, codes};

/// Which history is asked for.
#[derive(Clone, Debug)]
pub struct HistoryRequest {
    /// Of what.
    pub scope: Scope,
    /// `_count`, `_since`, `_at`, `_page`; decoded.
    pub params: Vec<(String, String)>,
}

/// The JSON text of a Bundle of type history.
///
/// [`Error::NotFound`] when there never was such a resource, [`Error::BadRequest`] when a parameter is unknown or malformed, or a
/// failure of the store.
pub async fn history(ctx: &Context, request: HistoryRequest) -> Result<Bytes, Error> {
    let query = query(ctx, &request)?;
    let history = ctx.store().history(&query).await?;
    match &request.scope {
        Scope::Instance(key) if history.versions.is_empty() && ctx.store().read(ctx.tenant, key).await?.is_none() => {
            Err(Error::NotFound(key.clone()))
        }
        _ => Ok(bundle(ctx, &request, &history)),
    }
}

/// The history that is asked for. [`Error::BadRequest`] when a parameter is unknown or malformed.
pub(crate) fn query(ctx: &Context, request: &HistoryRequest) -> Result<HistoryQuery, Error> {
    let scope = request.scope.clone();
    let count = ctx.settings().default_count;
    let mut query = HistoryQuery { tenant: ctx.tenant, scope, since: None, until: None, before: None, count };
    let mut issues = Vec::new();
    for (name, value) in &request.params {
        let understood = match name.as_str() {
            "_count" => value.parse().ok().map(|count: u32| query.count = count.clamp(1, ctx.settings().max_count)),
            "_since" => Temporal::parse(value).map(|since| query.since = Some(since.first_ms())),
            "_at" => Temporal::parse(value).map(|at| {
                query.since = Some(at.first_ms());
                query.until = Some(at.last_ms());
            }),
            "_page" => value.parse().ok().map(|row| query.before = Some(row)),
            // How to answer, which is not this room's business.
            "_format" | "_pretty" => Some(()),
            _ => None,
        };
        if understood.is_none() {
            let remedy = "a history has the parameters _count (a number), _since and _at (an instant), and _page (from its next link)";
            issues.push(Issue::error(codes::HISTORY_PARAMETER, IssueCode::Value, "", remedy));
        }
    }
    if issues.is_empty() { Ok(query) } else { Err(Error::BadRequest(issues)) }
}

fn bundle(ctx: &Context, request: &HistoryRequest, history: &History) -> Bytes {
    let size = history.versions.iter().map(|version| 320 + version.text().map_or(0, Bytes::len)).sum();
    let mut text = BundleText::new("history", size);
    text.total(history.total);
    let base = match &request.scope {
        Scope::Instance(key) => format!("{}/{key}/_history", ctx.base_url),
        Scope::Type(kind) => format!("{}/{}/_history", ctx.base_url, kind.name()),
        Scope::System => format!("{}/_history", ctx.base_url),
    };
    let url = |params: &[(String, String)]| if params.is_empty() { base.clone() } else { format!("{base}?{}", query_string(params)) };
    text.link("self", &url(&request.params));
    if let Some(row) = history.next {
        let mut params: Vec<_> = request.params.iter().filter(|(name, _)| name != "_page").cloned().collect();
        params.push(("_page".to_owned(), row.to_string()));
        text.link("next", &url(&params));
    }
    for version in &history.versions {
        entry(ctx, &mut text, version);
    }
    text.finish()
}

fn entry(ctx: &Context, text: &mut BundleText, version: &Version) {
    let place = version.key.to_string();
    let (request, status) = match &version.content {
        Content::Deleted => (("DELETE", place.as_str()), 204),
        Content::Resource { created: true, .. } => (("POST", version.key.kind.name()), 201),
        Content::Resource { .. } => (("PUT", place.as_str()), 200),
    };
    let response =
        ResponseText { status, version: Some(version.version), last_modified: Some(version.last_updated), ..ResponseText::default() };
    text.entry(EntryText {
        full_url: Some(&format!("{}/{place}", ctx.base_url)),
        resource: version.text().and_then(|text| std::str::from_utf8(text).ok()),
        request: Some(request),
        response: Some(response),
        ..EntryText::default()
    });
}
