//! References and uris (<http://hl7.org/fhir/R4/search.html#reference>, <http://hl7.org/fhir/R4/search.html#uri>).

use fhir::definitions::ResourceType;

use super::token;
use super::values::{plain, split};
use super::{Opinion, any};
use crate::path::Found;
use crate::resources::pool::BASE;

/// Whether one of the references leads to what is asked for, and to the type that the modifier names.
pub(super) fn any_is(found: &[Found<'_>], asked: &str, modifier: &str) -> Opinion {
    any(found.iter().map(|each| is(*each, &plain(asked), modifier)))
}

/// Whether one of the references has the identifier.
pub(super) fn any_identifier_is(found: &[Found<'_>], asked: &str) -> Opinion {
    let of = |each: &Found<'_>| {
        if each.of.name != "Reference" {
            return None;
        }
        let Some(identifier) = each.value.get("identifier") else { return Some(false) };
        // An identifier without a value identifies nothing.
        identifier.get("value")?;
        token::coding(identifier.text("system"), identifier.text("value"), asked)
    };
    any(found.iter().map(of))
}

fn is(found: Found<'_>, asked: &str, modifier: &str) -> Opinion {
    if found.value.resource_type().is_some() {
        // A resource in an entry stands for itself.
        let own = local(found)?;
        return match relative(asked) {
            Some((kind, id, None)) => Some(own == Some((kind, id)) && (modifier.is_empty() || kind.name() == modifier)),
            Some(_) => Some(false),
            None => None,
        };
    }
    if asked.contains('|') {
        return if modifier.is_empty() { uri_is(found, asked) } else { None };
    }
    let Some(address) = address(found) else { return Some(false) };
    let address = if found.of.name == "canonical" { address.split('|').next()? } else { address };
    let is_id = !asked.is_empty() && asked.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
    let Some((kind, id, version)) = relative(address) else {
        // It leads elsewhere, so that only its own address finds it.
        return Some(!is_id && modifier.is_empty() && relative(asked).is_none() && address == asked);
    };
    if !modifier.is_empty() && kind.name() != modifier {
        return Some(false);
    }
    match relative(asked) {
        Some((of, _, _)) if !modifier.is_empty() && of.name() != modifier => None,
        Some((of, asked_id, asked_version)) => Some(of == kind && asked_id == id && (asked_version.is_none() || asked_version == version)),
        // An id alone finds only what the parameter may lead to, which its definition and its elements tell together.
        None if is_id && id == asked => {
            if modifier.is_empty() {
                None
            } else {
                Some(true)
            }
        }
        None => Some(false),
    }
}

fn address<'a>(found: Found<'a>) -> Option<&'a str> {
    found.value.text("reference").or_else(|| found.value.as_str()).filter(|address| !address.starts_with('#'))
}

/// The type, id and version that an address names on this server.
fn relative(address: &str) -> Option<(ResourceType, &str, Option<&str>)> {
    let path = address.strip_prefix(BASE).and_then(|rest| rest.strip_prefix('/')).unwrap_or(address);
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        [kind, id] => Some((ResourceType::parse(kind)?, id, None)),
        [kind, id, "_history", version] => Some((ResourceType::parse(kind)?, id, Some(version))),
        _ => None,
    }
}

/// The resource of this server that a reference leads to: `Some(None)` when it leads to none.
pub(super) fn local<'a>(found: Found<'a>) -> Option<Option<(ResourceType, &'a str)>> {
    if let Some(kind) = found.value.resource_type() {
        // A resource in an entry stands for itself.
        return Some(ResourceType::parse(kind).zip(found.value.text("id")));
    }
    let Some(address) = address(found) else { return Some(None) };
    let plain = if found.of.name == "canonical" { address.split('|').next()? } else { address };
    Some(relative(plain).map(|(kind, id, _)| (kind, id)))
}

/// Whether one of the uris is the one asked for, lies above it, or below it.
pub(super) fn any_uri_is(found: &[Found<'_>], asked: &str, modifier: &str) -> Opinion {
    let lies_below = |uri: &str, base: &str| uri == base || uri.starts_with(&format!("{}/", base.trim_end_matches('/')));
    any(found.iter().map(|each| match modifier {
        "below" => Some(lies_below(each.value.as_str()?.split('|').next()?, &plain(asked))),
        "above" => Some(lies_below(&plain(asked), each.value.as_str()?.split('|').next()?)),
        _ => uri_is(*each, asked),
    }))
}

/// Whether a uri or canonical is the one asked for: its version only counts when one is asked for.
fn uri_is(found: Found<'_>, asked: &str) -> Opinion {
    let Some(address) = address(found) else { return Some(false) };
    let (uri, version) = if found.of.name == "canonical" { address.split_once('|').unwrap_or((address, "")) } else { (address, "") };
    match split(asked, '|').as_slice() {
        [asked] => Some(plain(asked) == uri),
        [asked, wanted] => Some(plain(asked) == uri && plain(wanted) == version),
        _ => None,
    }
}
