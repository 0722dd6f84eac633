//! The text of a transaction (<http://hl7.org/fhir/R4/http.html#transaction>), put together from the texts of its resources.

use std::borrow::Cow;

use store::commit::{Body, Put};

/// A Bundle that writes each resource under its own id.
pub fn text<'a>(puts: impl Iterator<Item = &'a Put>) -> Vec<u8> {
    let mut out = br#"{"resourceType":"Bundle","type":"transaction","entry":["#.to_vec();
    for (index, put) in puts.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.extend_from_slice(br#"{"resource":"#);
        out.extend_from_slice(&plain(&put.body));
        out.extend_from_slice(format!(r#","request":{{"method":"PUT","url":"{}"}}}}"#, put.key).as_bytes());
    }
    out.extend_from_slice(b"]}");
    out
}

/// The resource as FHIR allows it: a body that waits for the store's stamp may have an empty `meta`.
pub fn plain(body: &Body) -> Cow<'_, [u8]> {
    const EMPTY_META: &[u8] = br#","meta":{}"#;
    let end = body.stamp_at as usize + 1;
    match body.text.split_at_checked(end) {
        Some((head, tail)) if head.ends_with(EMPTY_META) => Cow::Owned([&head[..end - EMPTY_META.len()], tail].concat()),
        _ => Cow::Borrowed(&body.text),
    }
}
