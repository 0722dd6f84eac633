//! Value sets that no resource defines, because their address says all (<http://hl7.org/fhir/R4/snomedct.html#implicit>,
//! <http://hl7.org/fhir/R4/loinc.html#implicit>).

use std::sync::Arc;

use fhir::{Object, Value};

use super::ValueSet;

const SNOMED: &str = "http://snomed.info/sct";
const LOINC: &str = "http://loinc.org";
/// The parent of all reference sets of SNOMED CT.
const REFERENCE_SETS: &str = "900000000000455006";

/// The value set of an address; `None` when it does not say one.
pub(crate) fn value_set(url: &str) -> Option<ValueSet> {
    let (system, version, filter) = parse(url)?;
    let mut include = Object::new();
    include.push("system", system);
    version.into_iter().for_each(|version| include.push("version", version));
    if let Some((property, operator, value)) = filter {
        include.push("filter", fhir::array![fhir::object! { "property": property, "op": operator, "value": value.as_str() }]);
    }
    let resource: Value = fhir::object! {
        "resourceType": "ValueSet",
        "url": url,
        "status": "active",
        "compose": fhir::object! { "include": fhir::array![Value::Object(include)] },
    };
    Some(ValueSet::read(Arc::new(resource)))
}

/// A system, its version, and the filter.
type Rule<'a> = (&'a str, Option<&'a str>, Option<(&'static str, &'static str, String)>);

fn parse(url: &str) -> Option<Rule<'_>> {
    if let Some((base, query)) = url.split_once("?fhir_vs") {
        let (system, version) = match base.strip_prefix(SNOMED) {
            Some("") => (SNOMED, None),
            Some(rest) if rest.starts_with('/') => (SNOMED, Some(base)),
            _ => (base, None),
        };
        return Some((system, version, query_filter(query)?));
    }
    let list = url.strip_prefix(LOINC)?.strip_prefix("/vs")?;
    let filter = match list.strip_prefix('/') {
        None if list.is_empty() => None,
        Some(answers) if answers.starts_with("LL") => Some(("LIST", "=", answers.to_owned())),
        Some(part) if part.starts_with("LP") => Some(("ancestor", "=", part.to_owned())),
        _ => return None,
    };
    Some((LOINC, None, filter))
}

/// What stands after `?fhir_vs`: nothing, or `=` and a rule.
#[expect(clippy::option_option, reason = "no rule that is known, no filter, a filter")]
fn query_filter(query: &str) -> Option<Option<(&'static str, &'static str, String)>> {
    if query.is_empty() {
        return Some(None);
    }
    let rule = query.strip_prefix('=')?;
    let filter = match rule.split_once('/') {
        None if rule == "refset" => ("concept", "descendent-of", REFERENCE_SETS.to_owned()),
        Some(("isa", code)) => ("concept", "is-a", code.to_owned()),
        Some(("refset", code)) => ("concept", "in", code.to_owned()),
        Some(("ecl", expression)) => ("constraint", "=", percent_decoded(expression)?),
        _ => return None,
    };
    Some(Some(filter))
}

/// The text of a part of an address.
fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |byte: u8| char::from(byte).to_digit(16);
            bytes.push((digit(rest.next()?)? * 16 + digit(rest.next()?)?) as u8);
        } else {
            bytes.push(if byte == b'+' { b' ' } else { byte });
        }
    }
    String::from_utf8(bytes).ok()
}
