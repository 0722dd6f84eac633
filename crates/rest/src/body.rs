//! The body of a request: read within its limits, decompressed, and understood as a resource or a form.

use std::io::Read;
use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use fhir::{Value, json, xml};
use futures_util::FutureExt;
use http::{HeaderMap, header};
use http_body_util::BodyExt;

use crate::answer::LARGE_BYTES;
use crate::app::App;
use crate::failure::Failure;
use crate::media_type::Format;
use crate::memory::{Full, Held, Memory};
use crate::pace::Pace;
use crate::settings::Settings;

/// How long a client that is refused may go on sending, so that it comes to read why it was refused.
const LINGER: Duration = Duration::from_secs(2);

/// How many bytes are decompressed between two looks at the room that is left.
const STEP_BYTES: u64 = 64 << 10;

/// The memory that bodies have. Small ones have their own, so that they get through when large ones wait.
pub(crate) struct Bodies {
    pub(crate) small: Memory,
    pub(crate) large: Memory,
}

impl Bodies {
    pub(crate) fn new(settings: &Settings) -> Self {
        let bytes = settings.body_memory_bytes;
        Self { small: Memory::new(bytes / 2, 16, settings.queue_timeout), large: Memory::new(bytes, 1, settings.queue_timeout) }
    }

    /// Room for a body, as far as its length is known: a large one waits for its turn before it is read.
    async fn room(&self, announced: Option<u64>) -> Result<Room<'_>, Full> {
        let announced = usize::try_from(announced.unwrap_or(0)).unwrap_or(usize::MAX);
        if announced <= LARGE_BYTES {
            return Ok(Room { bodies: self, held: Held::nothing(), is_large: false });
        }
        Ok(Room { bodies: self, held: self.large.take(announced).await?, is_large: true })
    }
}

/// The room of one body.
struct Room<'a> {
    bodies: &'a Bodies,
    held: Held,
    is_large: bool,
}

impl Room<'_> {
    async fn grow(&mut self, bytes: usize) -> Result<(), Full> {
        if !self.is_large && bytes > LARGE_BYTES {
            (self.held, self.is_large) = (self.bodies.large.take(bytes).await?, true);
        }
        let memory = if self.is_large { &self.bodies.large } else { &self.bodies.small };
        memory.grow(&mut self.held, bytes).await
    }
}

impl From<Full> for Failure {
    fn from(_: Full) -> Self {
        Failure::Overloaded { of: "bytes" }
    }
}

/// The bytes of a body, decompressed: at most `max_bytes` of them, and within the time that the settings allow. With them comes the room
/// that they take up until they are answered.
pub(crate) async fn read(app: &App, headers: &HeaderMap, mut body: Body, max_bytes: usize) -> Result<(Bytes, Held), Failure> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let is_gzip = is_gzip(headers)?;
    let collected = if announced.is_some_and(|length| length > max_bytes as u64) {
        Err(Failure::BodyTooLarge { max_bytes })
    } else {
        whole(app, announced, &mut body, max_bytes).await
    };
    // A client that waits to be told to go on (Expect: 100-continue) has sent nothing yet.
    if matches!(collected, Err(Failure::BodyTooLarge { .. } | Failure::Overloaded { .. })) && !headers.contains_key(header::EXPECT) {
        let _ = tokio::time::timeout(LINGER, async { while let Some(Ok(_)) = body.frame().await {} }).await;
    }
    let (bytes, room) = collected?;
    if !is_gzip {
        return Ok((bytes, room.held));
    }
    let (held, is_large) = (room.held, room.is_large);
    let bodies = app.bodies.clone();
    let runtime = tokio::runtime::Handle::current();
    let inflated = tokio::task::spawn_blocking(move || {
        let mut room = Room { bodies: &bodies, held, is_large };
        let inflated = inflate(&bytes, max_bytes, |so_far| Ok(runtime.block_on(room.grow(bytes.len() + so_far))?))?;
        Ok((inflated, room.held))
    });
    inflated.await.map_err(|_| Failure::Internal("a decompression panicked".to_owned()))?
}

async fn whole<'a>(app: &'a App, announced: Option<u64>, body: &mut Body, max_bytes: usize) -> Result<(Bytes, Room<'a>), Failure> {
    let mut room = app.bodies.room(announced).await?;
    let collected = tokio::time::timeout(app.settings.body_timeout, collect(&app.settings, &mut room, body, max_bytes)).await;
    Ok((collected.map_err(|_| Failure::BodyTooSlow)??, room))
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

async fn collect(settings: &Settings, room: &mut Room<'_>, body: &mut Body, max_bytes: usize) -> Result<Bytes, Failure> {
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    let mut pace = Pace::new(settings.stall_timeout, settings.min_bytes_per_s);
    loop {
        let frame = match body.frame().now_or_never() {
            Some(frame) => frame,
            None => tokio::time::timeout_at(pace.deadline().into(), body.frame()).await.map_err(|_| Failure::BodyTooSlow)?,
        };
        let Some(frame) = frame else { break };
        let Ok(data) = frame.map_err(|_| Failure::BodyCutOff)?.into_data() else { continue };
        let bytes = first.len() + rest.len() + data.len();
        if bytes > max_bytes {
            return Err(Failure::BodyTooLarge { max_bytes });
        }
        room.grow(bytes).await?;
        pace.moved(data.len());
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

/// Decompresses piece by piece, so that a bomb is met at the limit and not after it. `grow` is told how many bytes there will be.
fn inflate(bytes: &[u8], max_bytes: usize, mut grow: impl FnMut(usize) -> Result<(), Failure>) -> Result<Bytes, Failure> {
    let mut inflated = Vec::new();
    let mut reader = flate2::read::MultiGzDecoder::new(bytes).take(max_bytes as u64 + 1);
    loop {
        grow(inflated.len() + STEP_BYTES as usize)?;
        let read = reader.by_ref().take(STEP_BYTES).read_to_end(&mut inflated).map_err(|_| Failure::BrokenEncoding)?;
        if inflated.len() > max_bytes {
            return Err(Failure::BodyTooLarge { max_bytes });
        }
        if read == 0 {
            return Ok(inflated.into());
        }
    }
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
