//! history: the versions of a resource, of a type, or of everything, newest first (<http://hl7.org/fhir/R4/http.html#history>).

mod at;
mod parameters;
mod token;

use ::search::url::query_string;
use bytes::Bytes;
use store::query::{Content, History, HistoryQuery, Scope, Version};

use crate::bundle::{BundleText, EntryText, ResponseText};
use crate::search::MAX_PAGE_BYTES;
use crate::summary::Selection;
use crate::{Context, Error, builtin};
use parameters::Parameters;

/// Which history is asked for.
#[derive(Clone, Debug)]
pub struct HistoryRequest {
    /// Of what.
    pub scope: Scope,
    /// `_count`, `_since`, `_at`, `_sort`, `_summary`, `_elements`, `_page`; decoded.
    pub params: Vec<(String, String)>,
}

/// What [`crate::history()`] answers, once it is permitted.
pub async fn history(ctx: &Context, request: HistoryRequest) -> Result<Bytes, Error> {
    let Parameters { count, since, at, page, selection } = parameters::parse(ctx, &request)?;
    let query = HistoryQuery {
        tenant: ctx.tenant,
        scope: request.scope.clone(),
        since,
        until: None,
        before: page,
        most_bytes: Some(MAX_PAGE_BYTES),
        count,
    };
    let history = match at {
        Some(time) => at::current(ctx, query.clone(), time).await?,
        None => ctx.store().history(&query).await?,
    };
    match &request.scope {
        Scope::Instance(key) if history.versions.is_empty() && ctx.store().read(ctx.tenant, key).await?.is_none() => {
            let own = builtin::history(ctx, key, query).await?.ok_or_else(|| Error::NotFound(key.clone()))?;
            Ok(bundle(ctx, &request, &own, &selection))
        }
        _ => Ok(bundle(ctx, &request, &history, &selection)),
    }
}

/// Whether the parameters of a history can be understood; its errors are those of [`history`].
pub(crate) fn check(ctx: &Context, request: &HistoryRequest) -> Result<(), Error> {
    parameters::parse(ctx, request).map(drop)
}

fn bundle(ctx: &Context, request: &HistoryRequest, history: &History, selection: &Selection) -> Bytes {
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
        params.push(("_page".to_owned(), token::encode(ctx, request, row)));
        text.link("next", &url(&params));
    }
    for version in &history.versions {
        entry(ctx, &mut text, version, selection);
    }
    text.finish()
}

fn entry(ctx: &Context, text: &mut BundleText, version: &Version, selection: &Selection) {
    let place = version.key.to_string();
    let (request, status) = match &version.content {
        Content::Deleted => (("DELETE", place.as_str()), 204),
        Content::Resource { created: true, .. } => (("POST", version.key.kind.name()), 201),
        Content::Resource { .. } => (("PUT", place.as_str()), 200),
    };
    let response =
        ResponseText { status, version: Some(version.version), last_modified: Some(version.last_updated), ..ResponseText::default() };
    let whole = version.text().map(|text| &**text);
    let part = whole.and_then(|whole| selection.apply(version.key.kind, whole));
    text.entry(EntryText {
        full_url: Some(&format!("{}/{place}", ctx.base_url)),
        resource: part.as_deref().map(str::as_bytes).or(whole),
        request: Some(request),
        response: Some(response),
        ..EntryText::default()
    });
}
