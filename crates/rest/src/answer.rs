//! Answers: status, headers and a resource, written in the format that was asked for.

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use fhir::{json, outcome, xml};
use http::{HeaderName, HeaderValue, StatusCode, header};
use interaction::Outcome;
use store::commit::Instant;

use crate::exchange::Style;
use crate::failure::Failure;
use crate::http_date;
use crate::media_type::Format;

/// Bodies larger than this are converted beside the threads that serve the network.
pub(crate) const LARGE_BYTES: usize = 64 << 10;

/// What a handler answers.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// The JSON text of a resource; `None` for an answer without a body.
    pub(crate) resource: Option<Bytes>,
    /// Bytes that go out as they are, with their Content-Type: a Binary's content. There is no `resource` then.
    pub(crate) content: Option<(HeaderValue, Bytes)>,
    /// How it is to be written, when the body of the request says so; otherwise its head does.
    pub(crate) style: Option<Style>,
}

impl Answer {
    /// 200 with a resource.
    pub(crate) fn ok(resource: Bytes) -> Self {
        Self { status: StatusCode::OK, headers: Vec::with_capacity(3), resource: Some(resource), content: None, style: None }
    }

    /// A status without a body.
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self { status, headers: Vec::with_capacity(3), resource: None, content: None, style: None }
    }

    /// With the version and when it was written, in ETag and Last-Modified.
    pub(crate) fn at_version(mut self, version: u64, last_updated: Instant) -> Self {
        if let Ok(tag) = HeaderValue::from_str(&interaction::etag::etag(version)) {
            self.headers.push((header::ETAG, tag));
        }
        if let Some(date) = http_date::header(last_updated) {
            self.headers.push((header::LAST_MODIFIED, date));
        }
        self
    }

    /// With another header. A value that no header can have is left out.
    pub(crate) fn with(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    /// An OperationOutcome.
    pub(crate) fn outcome(outcome: &Outcome) -> Self {
        let text = json::to_string(&outcome::operation_outcome(&outcome.issues));
        let status = StatusCode::from_u16(outcome.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let answer = Self { status, headers: Vec::new(), resource: Some(text.into()), content: None, style: None };
        match outcome.retry_after_s {
            Some(seconds) => answer.with(header::RETRY_AFTER, &seconds.to_string()),
            None => answer,
        }
    }

    /// The response, its resource written as `style` says, unless the answer knows better.
    pub(crate) async fn into_response(self, style: Style) -> Result<Response, Failure> {
        let style = self.style.unwrap_or(style);
        let body = match (self.content, self.resource) {
            (Some(content), _) => Some(content),
            (None, Some(text)) => Some((style.format.content_type(), write(text, style).await?)),
            (None, None) => None,
        };
        let (content_type, body) = body.unzip();
        let mut response = Response::new(body.map_or_else(Body::empty, Body::from));
        *response.status_mut() = self.status;
        if let Some(content_type) = content_type {
            response.headers_mut().insert(header::CONTENT_TYPE, content_type);
        }
        response.headers_mut().extend(self.headers);
        Ok(response)
    }
}

/// Compact JSON goes out as it is; anything else is made from it.
async fn write(text: Bytes, style: Style) -> Result<Bytes, Failure> {
    match style {
        Style { format: Format::Json, pretty: false } => Ok(text),
        _ if text.len() > LARGE_BYTES => {
            let converted = tokio::task::spawn_blocking(move || convert(&text, style)).await;
            converted.map_err(|_| Failure::Internal("a conversion panicked".to_owned()))?
        }
        _ => convert(&text, style),
    }
}

fn convert(text: &[u8], style: Style) -> Result<Bytes, Failure> {
    let value = json::parse(text).map_err(|error| Failure::Internal(format!("a stored text is not JSON at byte {}", error.offset)))?;
    match style.format {
        Format::Json => Ok(json::pretty(&value).into()),
        Format::Xml => match xml::to_string(&value) {
            Ok(text) => Ok(text.into()),
            Err(issue) => Err(Failure::Internal(format!("a stored resource has no XML: {issue}"))),
        },
    }
}
