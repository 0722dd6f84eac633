//! How messages travel in a browser (Bindings, sections 3.4 and 3.5): in an address, with a signature of the query, or in a form.

use std::io::{Read, Write};

use fhir::primitive::{base64, from_base64};
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use crate::Refused;
use crate::certificate::Key;
use crate::own::{ALGORITHM, SigningKey};

/// By an address.
pub const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
/// By a form.
pub const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

/// How many bytes a message in an address may have once it is inflated.
const MOST_BYTES: u64 = 64 << 10;
/// How many bytes of `RelayState` are sent back (Bindings, section 3.4.3).
const MOST_STATE: usize = 80;
const DEFLATE: &str = "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE";

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It asks.
    Request,
    /// It answers.
    Response,
}

impl Kind {
    /// The name of its parameter.
    pub fn parameter(self) -> &'static str {
        match self {
            Kind::Request => "SAMLRequest",
            Kind::Response => "SAMLResponse",
        }
    }
}

/// A message that has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// What it is.
    pub kind: Kind,
    /// The XML.
    pub(crate) text: Vec<u8>,
    /// What its sender wants to have back; `None` also for what is longer than 80 bytes.
    pub state: Option<String>,
    /// Whether the query that it came in is signed by the provider.
    pub(crate) is_signed: bool,
}

/// A message that is to go out, without its signature.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// What it is.
    pub kind: Kind,
    /// The id of its outermost element.
    pub id: &'a str,
    /// The XML.
    pub text: &'a str,
    /// What the other side wants to have back.
    pub state: Option<&'a str>,
}

impl Message<'_> {
    /// The address to which a browser takes the message along, with a signature of the query (Bindings, section 3.4.4.1).
    ///
    /// Fails when nothing could be signed.
    pub fn address(&self, to: &str, key: &SigningKey) -> Result<String, Refused> {
        let mut query = format!("{}={}", self.kind.parameter(), escaped(&deflated(self.text)));
        if let Some(state) = self.state {
            query.push_str(&format!("&RelayState={}", escaped(state)));
        }
        query.push_str(&format!("&SigAlg={}", escaped(ALGORITHM)));
        let signature = key.sign(query.as_bytes())?;
        let joint = if to.contains('?') { '&' } else { '?' };
        Ok(format!("{to}{joint}{query}&Signature={}", escaped(&signature)))
    }

    /// The fields of the form by which a browser takes the message along, with a signature in it (Bindings, section 3.5).
    ///
    /// Fails when nothing could be signed.
    pub fn fields(&self, key: &SigningKey) -> Result<Vec<(&'static str, String)>, Refused> {
        let text = base64::encode(key.signed(self.text, self.id)?.as_bytes(), base64::PLAIN);
        let state = self.state.map(|state| ("RelayState", state.to_owned()));
        Ok([(self.kind.parameter(), text)].into_iter().chain(state).collect())
    }
}

/// The message in the query of an address, exactly as it came. The query has to be signed, by one of these keys.
///
/// Fails when it has not one message, is not signed, or a parameter stands there twice.
pub fn redirected(query: &str, keys: &[Key]) -> Result<Received, Refused> {
    let raw = |name: &str| {
        let mut found = query.split('&').filter_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        match (found.next(), found.next()) {
            (found, None) => Ok(found),
            _ => Err(Refused("the query has a parameter twice")),
        }
    };
    let (kind, value) = match (raw("SAMLRequest")?, raw("SAMLResponse")?) {
        (Some(value), None) => (Kind::Request, value),
        (None, Some(value)) => (Kind::Response, value),
        _ => return Err(Refused("the query has not one message")),
    };
    if raw("SAMLEncoding")?.is_some_and(|encoding| plain(encoding).as_deref() != Some(DEFLATE)) {
        return Err(Refused("the message is encoded otherwise than by DEFLATE"));
    }
    let (Some(algorithm), Some(signature)) = (raw("SigAlg")?, raw("Signature")?) else {
        return Err(Refused("the message is not signed"));
    };
    let state = raw("RelayState")?;
    let with_state = state.map(|state| format!("&RelayState={state}")).unwrap_or_default();
    let message = format!("{}={value}{with_state}&SigAlg={algorithm}", kind.parameter());
    let algorithm = plain(algorithm).ok_or(UNREADABLE)?;
    let signature = plain(signature).and_then(|text| bytes(&text)).ok_or(UNREADABLE)?;
    if !keys.iter().any(|key| key.verifies(&algorithm, message.as_bytes(), &signature)) {
        return Err(Refused("the signature is by none of the provider's keys, or by an algorithm that is not taken"));
    }
    let deflated = plain(value).and_then(|text| bytes(&text)).ok_or(UNREADABLE)?;
    let mut text = Vec::new();
    DeflateDecoder::new(&deflated[..]).take(MOST_BYTES + 1).read_to_end(&mut text).map_err(|_| UNREADABLE)?;
    if text.len() as u64 > MOST_BYTES {
        return Err(Refused("the message has more than 64 KiB"));
    }
    let state = state.map(|state| plain(state).ok_or(UNREADABLE)).transpose()?;
    Ok(Received { kind, text, state: kept(state), is_signed: true })
}

/// The message in a form. Whether it is signed, whoever reads it sees.
///
/// Fails when it is no base64.
pub fn posted(kind: Kind, value: &str, state: Option<&str>) -> Result<Received, Refused> {
    Ok(Received { kind, text: bytes(value).ok_or(UNREADABLE)?, state: kept(state.map(str::to_owned)), is_signed: false })
}

const UNREADABLE: Refused = Refused("the message is not encoded as it must be");

fn kept(state: Option<String>) -> Option<String> {
    state.filter(|state| state.len() <= MOST_STATE)
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let text: String = text.chars().filter(|sign| !sign.is_ascii_whitespace()).collect();
    from_base64(&text)
}

/// A text, deflated and in base64.
pub(crate) fn deflated(text: &str) -> String {
    let mut deflated = DeflateEncoder::new(Vec::new(), Compression::default());
    // A vector takes all that is written to it.
    let _ = deflated.write_all(text.as_bytes());
    base64::encode(&deflated.finish().unwrap_or_default(), base64::PLAIN)
}

/// A text as the value of a parameter.
fn escaped(text: &str) -> String {
    let sign = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(sign).collect()
}

/// The value of a parameter as a text; `None` when it is no UTF-8, or a `%` has no digits.
fn plain(value: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'%' => {
                let (digits, after) = rest.split_at_checked(2)?;
                let digit = |byte: u8| char::from(byte).to_digit(16);
                bytes.push(u8::try_from(digit(digits[0])? * 16 + digit(digits[1])?).ok()?);
                rest = after;
            }
            b'+' => bytes.push(b' '),
            byte => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).ok()
}
