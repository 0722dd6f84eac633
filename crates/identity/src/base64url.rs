//! Base64 for addresses without padding (RFC 7515, section 2), each byte sequence in one spelling only.

use fhir::primitive::base64;

/// The text of these bytes.
pub fn encode(bytes: &[u8]) -> String {
    base64::encode(bytes, base64::FOR_URLS).trim_end_matches('=').to_owned()
}

/// The bytes of a text; `None` when it is none, or another spelling of what [`encode`] writes.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let padded = format!("{text}{}", ["", "===", "==", "="][text.len() % 4]);
    base64::decode(&padded, base64::FOR_URLS).filter(|bytes| encode(bytes) == text)
}
