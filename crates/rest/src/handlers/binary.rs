//! Binary over HTTP: its content goes in and out as it is (<http://hl7.org/fhir/R4/binary.html#rest>).
//!
//! A client that names a format of resources gets the resource, any other gets the content, under its own Content-Type. What comes in
//! under any Content-Type becomes a Binary; a Binary resource in a format of resources is taken as such.

use bytes::Bytes;
use fhir::Value;
use fhir::definitions::ResourceType;
use http::{HeaderName, HeaderValue, header};
use interaction::binary::{self, Content};

use crate::answer::Answer;
use crate::body;
use crate::exchange::{Exchange, chosen_style};
use crate::failure::Failure;
use crate::media_type::Format;

const X_SECURITY_CONTEXT: HeaderName = HeaderName::from_static("x-security-context");

/// Whether the content of a resource of this type goes out, and not the resource.
pub(super) fn wants_content(exchange: &Exchange, kind: ResourceType) -> bool {
    if kind.name() != "Binary" || exchange.head.uri.query().is_some_and(|query| query.contains("_summary") || query.contains("_elements")) {
        return false;
    }
    let chosen = chosen_style(&exchange.head).is_ok_and(|(_, chosen)| chosen);
    let accept = exchange.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    !chosen && !accept.split(',').any(|range| Format::of(range).is_some())
}

/// The content of the Binary with this text. Whatever it is, a browser does not run it: it may not guess another type, the content gets no
/// rights of this origin, and what could be a page is saved and not shown.
pub(super) fn content(exchange: &Exchange, text: &Bytes, id: &str) -> Result<Answer, Failure> {
    let Content { media_type, data, security_context } = binary::content(text).ok_or(Failure::BrokenContent)?;
    let is_safe = ["image/", "audio/", "video/", "application/pdf", "text/plain"].iter().any(|safe| media_type.starts_with(safe));
    let disposition = if is_safe && !media_type.contains("svg") { "inline" } else { "attachment" };
    let content_type = HeaderValue::from_str(&media_type).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let answer = Answer { resource: None, content: Some((content_type, data.into())), ..Answer::ok(Bytes::new()) }
        .with(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .with(header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox")
        .with(header::CONTENT_DISPOSITION, &format!("{disposition}; filename=\"{id}\""));
    Ok(match security_context {
        Some(reference) if reference.contains(':') => answer.with(X_SECURITY_CONTEXT, &reference),
        Some(reference) => answer.with(X_SECURITY_CONTEXT, &format!("{}/{reference}", exchange.context().base_url)),
        None => answer,
    })
}

/// The resource in the body of a request to the address of a type: for Binary, what came in is its content unless it is a Binary itself.
pub(super) fn resource(exchange: &Exchange, kind: ResourceType, id: Option<&str>) -> Result<Value, Failure> {
    let understood = body::resource(exchange.headers(), &exchange.body);
    if kind.name() != "Binary" || understood.as_ref().is_ok_and(|value| value.resource_type() == Some("Binary")) {
        return understood;
    }
    if exchange.body.is_empty() {
        return Err(Failure::EmptyBody);
    }
    let text = |name: HeaderName| match exchange.headers().get(name) {
        None => Ok(None),
        Some(value) => match value.to_str() {
            Ok(text) => Ok(Some(text.to_owned())),
            Err(_) => Err(Failure::BadHeader("Content-Type and X-Security-Context are plain text")),
        },
    };
    let media_type = text(header::CONTENT_TYPE)?.unwrap_or_else(|| "application/octet-stream".to_owned());
    let security_context = text(X_SECURITY_CONTEXT)?;
    Ok(binary::resource(Content { media_type, data: exchange.body.to_vec(), security_context }, id))
}
