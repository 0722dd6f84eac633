//! References to search for (<http://hl7.org/fhir/R4/search.html#reference>).

use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode};
use store::query::Test;

use super::Values;
use crate::codes;
use crate::parse::clause::plain;
use crate::parse::escape::split;
use crate::reference::{Place, is_id, place};

/// The tests of a reference.
///
/// - `Patient/1`, or that on the server's own base: the resource; with `/_history/2` only references to that version.
/// - `1`: the resource of that id of each type that the parameter may lead to, or of the type that the modifier names.
/// - an address on a base that only this request knows: the resource, and what refers to it by just this address.
/// - any other address, with or without `|version`: as it stands.
pub(super) fn tests(values: &Values<'_>, targets: &[ResourceType], value: &str) -> Result<Vec<Test>, Issue> {
    let name = &*values.parameter.code;
    let (address, version) = match split(value, '|').as_slice() {
        [address] => (plain(name, address)?, None),
        [address, version] if !version.is_empty() => (plain(name, address)?, Some(plain(name, version)?)),
        _ => return Err(bad_reference(name)),
    };
    if version.is_none() && is_id(&address) {
        let local = |kind: &ResourceType| Test::Local(format!("{}/{address}", kind.name()).into());
        return Ok(match values.asked.target {
            Some(kind) => vec![local(&kind)],
            None => targets.iter().map(local).collect(),
        });
    }
    let bases = || values.registry.bases.iter().map(AsRef::as_ref);
    // Entries know the registry's bases only: on another one the address stands in them as it was written.
    let as_written = matches!(place(&address, bases()), Place::Elsewhere).then(|| Test::Uri { uri: Box::from(&*address), version: None });
    let test = match place(&address, bases().chain([values.context.base_url])) {
        Place::Local { kind, .. } if values.asked.target.is_some_and(|named| named != kind) => {
            let rule = format!("a value of `{name}` names another type than its modifier: leave one of them out");
            return Err(Issue::error(codes::BAD_REFERENCE, IssueCode::Value, "", rule));
        }
        Place::Local { target, version: None, .. } if version.is_none() => {
            return Ok([Test::Local(target.into())].into_iter().chain(as_written).collect());
        }
        Place::Local { target, version: Some(number), .. } if version.is_none() => {
            Test::Uri { uri: format!("{target}/_history/{number}").into(), version: None }
        }
        // A relative address of another form leads nowhere.
        Place::Elsewhere if !address.contains(':') => return Err(bad_reference(name)),
        Place::Local { .. } | Place::Elsewhere => Test::Uri { uri: address.into(), version: version.map(Into::into) },
        Place::Nowhere => return Err(bad_reference(name)),
    };
    Ok(vec![test])
}

fn bad_reference(name: &str) -> Issue {
    let rule = format!("a value of `{name}` is no reference: it is written `Type/id`, `id`, or as an absolute address");
    Issue::error(codes::BAD_REFERENCE, IssueCode::Value, "", rule)
}
