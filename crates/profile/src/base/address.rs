//! Addresses that are UUIDs and OIDs: <http://hl7.org/fhir/R4/datatypes.html#uri>.

use fhir::check::{fits, is_uuid_urn};
use fhir::definitions::{Element, PrimitiveType};
use fhir::{IssueCode, Severity, Value};

use super::place::Place;
use super::walk::Walk;
use crate::codes;

/// That what begins as a UUID or OID is one. The fullUrl of an entry may be a placeholder: the rules of Bundles judge it.
pub(super) fn check<'a>(walk: &mut Walk<'_, 'a>, place: &Place<'_, 'a>, element: &'static Element, value: &'a Value) {
    let is_array = matches!(value, Value::Array(_));
    for (index, item) in value.each().enumerate() {
        let Some(text) = item.as_str().filter(|text| text.starts_with("urn:")) else { continue };
        let bare = text.split(['|', '#']).next().unwrap_or_default();
        let Some((severity, message)) = fault(bare).filter(|_| element.name != "fullUrl") else { continue };
        let place = place.child(element.name, is_array.then_some(index), place.kind, item);
        walk.report(codes::ADDRESS_FORM, IssueCode::Value, severity, &place, message);
    }
}

fn fault(text: &str) -> Option<(Severity, &'static str)> {
    if text.starts_with("urn:oid:") {
        return (!fits(PrimitiveType::Oid, text)).then_some((Severity::Error, "an OID is urn:oid: and numbers with dots between them"));
    }
    if !text.starts_with("urn:uuid:") || fits(PrimitiveType::Uuid, text) {
        return None;
    }
    match is_uuid_urn(text) {
        // Whoever compares addresses letter by letter takes it for another one.
        true => Some((Severity::Warning, "a UUID is written in small letters")),
        false => Some((Severity::Error, "a UUID is urn:uuid: and 32 hexadecimal digits in five groups")),
    }
}
