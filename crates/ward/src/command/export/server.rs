//! The resources of a server, page by page (<http://hl7.org/fhir/R4/http.html#paging>).

use fhir::Value;
use fhir::definitions::ResourceType;
use http::StatusCode;

use super::{PAGE, Take};
use crate::command::Failure;
use crate::remote::{Refusal, Remote};

/// The types that the server says it has.
pub async fn kinds(remote: &Remote) -> Result<Vec<ResourceType>, Failure> {
    let statement = get(remote, "metadata").await?.map_err(|refusal| refused(remote, &refusal))?;
    let named = |resource: &Value| ResourceType::parse(resource.text("type")?);
    let kinds: Vec<_> = statement.list("rest").flat_map(|rest| rest.list("resource")).filter_map(named).collect();
    if kinds.is_empty() {
        return Err(Failure::failed(format!(
            "the CapabilityStatement of {} names no resource types: is it a FHIR endpoint?",
            remote.base_url()
        )));
    }
    Ok(kinds)
}

/// Hands out the current resources of a type that meet the criteria, `_tag=x`, or all.
pub async fn each(remote: &Remote, kind: ResourceType, criteria: &str, take: Take<'_>) -> Result<(), Failure> {
    pages(remote, kind, criteria, take).await?.map_err(|refusal| refused(remote, &refusal))
}

/// Hands out the current resources of a type, and whether they may be searched at all by who asks.
pub async fn each_if_allowed(remote: &Remote, kind: ResourceType, take: Take<'_>) -> Result<bool, Failure> {
    match pages(remote, kind, "", take).await? {
        Ok(()) => Ok(true),
        Err(refusal) if refusal.status == StatusCode::FORBIDDEN => Ok(false),
        Err(refusal) => Err(refused(remote, &refusal)),
    }
}

async fn pages(remote: &Remote, kind: ResourceType, criteria: &str, take: Take<'_>) -> Result<Result<(), Refusal>, Failure> {
    let and = if criteria.is_empty() { "" } else { "&" };
    let mut path = format!("{}?{criteria}{and}_count={PAGE}", kind.name());
    loop {
        let page = match get(remote, &path).await? {
            Ok(page) => page,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let is_match = |entry: &&Value| entry.get("search").and_then(|search| search.text("mode")).is_none_or(|mode| mode == "match");
        let resources = page.list("entry").filter(is_match).filter_map(|entry| entry.get("resource"));
        for resource in resources.filter(|resource| !is_built_in(resource)) {
            take(fhir::json::to_string(resource).as_bytes())?;
        }
        let next = page.list("link").find(|link| link.text("relation") == Some("next")).and_then(|link| link.text("url"));
        match next {
            Some(url) if url == path => return Err(Failure::failed(format!("{} gives a page that follows itself", remote.base_url()))),
            Some(url) => path = url.to_owned(),
            None => return Ok(Ok(())),
        }
    }
}

/// Whether a resource is the server's own, and not data: another server brings its own.
fn is_built_in(resource: &Value) -> bool {
    let tags = resource.get("meta").into_iter().flat_map(|meta| meta.list("tag"));
    tags.into_iter().any(|tag| (tag.text("system"), tag.text("code")) == (Some("urn:ward:origin"), Some("built-in")))
}

async fn get(remote: &Remote, path: &str) -> Result<Result<Value, Refusal>, Failure> {
    remote.get(path).await.map_err(Failure::failed)
}

fn refused(remote: &Remote, refusal: &Refusal) -> Failure {
    Failure::failed(format!("{} refused the export ({}): {refusal}", remote.base_url(), refusal.status))
}
