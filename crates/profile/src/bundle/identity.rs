//! `Bundle.entry.fullUrl`: <http://hl7.org/fhir/R4/bundle.html#bundle-unique>.

use fhir::Value;
use fhir::check::is_uuid_urn;
use fhir::definitions::ResourceType;

use super::Judge;
use super::references::{Step, each};
use crate::codes;

/// That each entry says who its resource is: absolutely, and as the resource itself does.
pub(super) fn check(judge: &mut Judge<'_>, entries: &[&Value]) {
    for (index, entry) in entries.iter().enumerate() {
        let way = format!("entry[{index}]");
        match (entry.text("fullUrl"), entry.get("resource")) {
            (Some(url), resource) => full_url(judge, url, resource, &format!("{way}.fullUrl")),
            (None, Some(resource)) => missing(judge, resource, &way),
            (None, None) => {}
        }
    }
}

fn full_url(judge: &mut Judge<'_>, url: &str, resource: Option<&Value>, way: &str) {
    if !is_absolute(url) {
        return judge.error(codes::BUNDLE_FULL_URL, way, "a fullUrl is absolute: http://server/Type/id, urn:uuid:… or urn:oid:…");
    }
    if !judge.kind.is_request() && url.starts_with("urn:uuid:") && !is_uuid_urn(url) {
        judge.error(codes::BUNDLE_FULL_URL, way, "this is no UUID: write urn:uuid: and 32 hexadecimal digits in five groups");
    }
    let Some(resource) = resource else { return };
    let Some(kind) = resource.resource_type() else { return };
    match (restful(url), resource.text("id")) {
        (Some((named, id)), Some(actual)) if named != kind || id != actual => {
            let text = "the fullUrl is that of a resource on a server, and ends with another type and id than the resource has: let it end with /Type/id";
            judge.error(codes::BUNDLE_FULL_URL, way, text);
        }
        (Some(_), None) if !judge.kind.is_request() => {
            judge.error(
                codes::BUNDLE_FULL_URL,
                way,
                "the fullUrl is that of a resource on a server, and the resource has no id: give it the id",
            );
        }
        _ => {}
    }
}

/// A resource without a fullUrl: nothing can refer to it, and it cannot refer to anything by a relative reference.
fn missing(judge: &mut Judge<'_>, resource: &Value, way: &str) {
    // What an operation answers need not be stored anywhere, and requests are how identities come about.
    if judge.kind.is_request()
        || judge.kind.is_response()
        || matches!(resource.resource_type(), Some("Parameters" | "OperationOutcome" | "Binary"))
    {
        return;
    }
    judge.error(
        codes::BUNDLE_FULL_URL,
        way,
        "the entry has no fullUrl, and so its resource no identity: add it, urn:uuid:… where there is no address",
    );
    each(resource, &mut |reference, steps: &[Step<'_>]| {
        if is_relative(reference) {
            let text = "a relative reference has no meaning in an entry without fullUrl: add the fullUrl, or make the reference absolute";
            judge.error(codes::BUNDLE_FULL_URL, &format!("{way}.resource{}.reference", Step::text(steps)), text);
        }
    });
}

/// Whether an address has a scheme.
pub(super) fn is_absolute(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once(':') else { return false };
    let is_scheme = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    !rest.is_empty() && scheme.starts_with(|first: char| first.is_ascii_alphabetic()) && scheme.bytes().all(is_scheme)
}

/// `Type/id`, with a version or without.
pub(super) fn is_relative(reference: &str) -> bool {
    let mut parts = reference.split('/');
    parts.next().and_then(ResourceType::parse).is_some() && parts.next().is_some_and(is_id)
}

/// The type and the id in which the address of a resource on a server ends.
pub(super) fn restful(url: &str) -> Option<(&str, &str)> {
    if !url.starts_with("http://") && !url.starts_with("https://") {
        return None;
    }
    let mut parts = url.rsplit('/');
    let (id, kind) = (parts.next()?, parts.next()?);
    (is_id(id) && ResourceType::parse(kind).is_some()).then_some((kind, id))
}

fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.')
}
