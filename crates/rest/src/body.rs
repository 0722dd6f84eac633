//! The body of a request: read within its limits, decompressed, and understood as a resource or a form.

use std::io::Read;
use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use fhir::{Value, json, xml};
use http::{HeaderMap, header};
use http_body_util::BodyExt;
use tokio::sync::OwnedSemaphorePermit;

use crate::answer::LARGE_BYTES;
use crate::app::App;
use crate::failure::Failure;
use crate::media_type::Format;

/// How long a client that sends too much may go on sending, so that it comes to read why it was refused.
const LINGER: Duration = Duration::from_secs(2);

/// The bytes of a body, decompressed: at most `max_bytes` of them, and within the time that the settings allow. With them comes the room
/// that a large body takes up until it is answered; there is only so much, and a body waits for it before it is decompressed.
pub(crate) async fn read(
    app: &App,
    headers: &HeaderMap,
    mut body: Body,
    max_bytes: usize,
) -> Result<(Bytes, Option<OwnedSemaphorePermit>), Failure> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let is_gzip = is_gzip(headers)?;
    let collected = if announced.is_some_and(|length| length > max_bytes as u64) {
        Err(Failure::BodyTooLarge { max_bytes })
    } else {
        tokio::time::timeout(app.settings.body_timeout, collect(&mut body, max_bytes)).await.map_err(|_| Failure::BodyTooSlow)?
    };
    // A client that waits to be told to go on (Expect: 100-continue) has sent nothing yet.
    if matches!(collected, Err(Failure::BodyTooLarge { .. })) && !headers.contains_key(header::EXPECT) {
        let _ = tokio::time::timeout(LINGER, async { while let Some(Ok(_)) = body.frame().await {} }).await;
    }
    let bytes = collected?;
    let is_large = is_gzip || bytes.len() > LARGE_BYTES;
    let room = if is_large { app.large.clone().acquire_owned().await.ok() } else { None };
    if !is_gzip {
        return Ok((bytes, room));
    }
    let inflated = tokio::task::spawn_blocking(move || inflate(&bytes, max_bytes)).await;
    Ok((inflated.map_err(|_| Failure::Internal("a decompression panicked".to_owned()))??, room))
}

/// Whether the body is compressed; names of codings know no case.
fn is_gzip(headers: &HeaderMap) -> Result<bool, Failure> {
    let coding = headers.get(header::CONTENT_ENCODING).map(|coding| coding.to_str().unwrap_or("?").trim().to_ascii_lowercase());
    match coding.as_deref() {
        None | Some("" | "identity") => Ok(false),
        Some("gzip" | "x-gzip") => Ok(true),
        Some(_) => Err(Failure::UnsupportedEncoding),
    }
}

async fn collect(body: &mut Body, max_bytes: usize) -> Result<Bytes, Failure> {
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
    // The mark that some programs put before a text in UTF-8 says nothing that is not known.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
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
