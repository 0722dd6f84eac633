//! The body of a request: read within its limits, decompressed, and understood as a resource or a form.

use std::io::Read;
use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use fhir::{Value, json, xml};
use http::{HeaderMap, header};
use http_body_util::BodyExt;

use crate::failure::Failure;
use crate::media_type::Format;

/// The bytes of a body, decompressed: at most `max_bytes` of them, and within `timeout`.
pub(crate) async fn read(headers: &HeaderMap, body: Body, max_bytes: usize, timeout: Duration) -> Result<Bytes, Failure> {
    let too_large = || Failure::BodyTooLarge { max_bytes };
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > max_bytes as u64) {
        return Err(too_large());
    }
    let is_gzip = match headers.get(header::CONTENT_ENCODING).map(|encoding| encoding.to_str().unwrap_or_default().trim()) {
        None | Some("" | "identity") => false,
        Some("gzip" | "x-gzip") => true,
        Some(_) => return Err(Failure::UnsupportedEncoding),
    };
    let bytes = match tokio::time::timeout(timeout, collect(body, max_bytes)).await {
        Err(_) => return Err(Failure::BodyTooSlow),
        Ok(read) => read?,
    };
    if !is_gzip {
        return Ok(bytes);
    }
    let inflated = tokio::task::spawn_blocking(move || inflate(&bytes, max_bytes)).await;
    inflated.map_err(|_| Failure::Internal("a decompression panicked".to_owned()))?
}

async fn collect(mut body: Body, max_bytes: usize) -> Result<Bytes, Failure> {
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Failure::BodyCutOff)?.into_data() else { continue };
        if first.len() + rest.len() + data.len() > max_bytes {
            return Err(Failure::BodyTooLarge { max_bytes });
        }
        // Most bodies come in one piece, which is used as it is.
        if first.is_empty() && rest.is_empty() {
            first = data;
        } else {
            if rest.is_empty() {
                rest.extend_from_slice(&std::mem::take(&mut first));
            }
            rest.extend_from_slice(&data);
        }
    }
    Ok(if rest.is_empty() { first } else { rest.freeze() })
}

/// Decompresses piece by piece, so that a bomb is met at the limit and not after it.
fn inflate(bytes: &[u8], max_bytes: usize) -> Result<Bytes, Failure> {
    let mut inflated = Vec::with_capacity((bytes.len() * 4).min(max_bytes));
    let mut reader = flate2::read::MultiGzDecoder::new(bytes).take(max_bytes as u64 + 1);
    reader.read_to_end(&mut inflated).map_err(|_| Failure::BrokenEncoding)?;
    if inflated.len() > max_bytes { Err(Failure::BodyTooLarge { max_bytes }) } else { Ok(inflated.into()) }
}

/// Understands a body as a resource, in the format of its Content-Type.
pub(crate) fn resource(headers: &HeaderMap, bytes: &[u8]) -> Result<Value, Failure> {
    let wanted = Failure::UnsupportedMediaType { wanted: "application/fhir+json or application/fhir+xml" };
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let Some(format) = content_type.and_then(Format::of) else { return Err(wanted) };
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Failure::EmptyBody);
    }
    match format {
        Format::Json => json::parse(bytes).map_err(|error| Failure::MalformedJson(error.to_string())),
        Format::Xml => xml::parse(bytes).map_err(Failure::MalformedXml),
    }
}

/// Understands a body as the parameters of a form.
pub(crate) fn form(headers: &HeaderMap, bytes: &[u8]) -> Result<Vec<(String, String)>, Failure> {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    let is_form = media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded");
    // A search may have all its parameters in the address, and no body at all.
    if !is_form && !bytes.is_empty() {
        return Err(Failure::UnsupportedMediaType { wanted: "application/x-www-form-urlencoded" });
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Failure::UnsupportedMediaType { wanted: "application/x-www-form-urlencoded" })?;
    search::url::query_pairs(text).map_err(Failure::BadQuery)
}
