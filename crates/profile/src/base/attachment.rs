//! Attachments: what they say of their data.

use fhir::{IssueCode, Object, Severity, Value};

use super::place::Place;
use super::walk::Walk;
use crate::codes;

/// That `size` is the number of bytes that `data` holds (<http://hl7.org/fhir/R4/datatypes.html#Attachment>).
pub(super) fn size<'a>(walk: &mut Walk<'_, 'a>, place: &Place<'_, 'a>, object: &Object) {
    let (Some(data), Some(size)) = (object.get("data").and_then(Value::as_str), object.get("size").and_then(Value::as_number)) else {
        return;
    };
    let Ok(stated) = size.parse::<u64>() else { return };
    let actual = byte_count(data);
    if actual != stated {
        let text =
            format!("the size says {stated} bytes and the data has {actual}: say the size of the data before it was encoded in base64");
        walk.report(codes::ATTACHMENT_SIZE, IssueCode::Value, Severity::Error, place, text);
    }
}

/// How many bytes a base64 text stands for.
fn byte_count(data: &str) -> u64 {
    let letters = data.bytes().filter(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')).count() as u64;
    letters * 6 / 8
}
