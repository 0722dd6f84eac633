//! Where a reference leads (<http://hl7.org/fhir/R4/references.html#literal>).

use fhir::definitions::ResourceType;

/// Where a reference leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place<'a> {
    /// To a resource of this server.
    Local {
        /// Its type.
        kind: ResourceType,
        /// `Patient/1`.
        target: &'a str,
        /// The version, when the reference names one.
        version: Option<&'a str>,
    },
    /// To an absolute address, or a relative one that this server cannot have.
    Elsewhere,
    /// Into the resource itself (`#contained`), or it is empty.
    Nowhere,
}

/// Where an address leads, on a server with these base addresses.
pub(crate) fn place<'a, 'b>(address: &'a str, mut bases: impl Iterator<Item = &'b str>) -> Place<'a> {
    if address.is_empty() || address.starts_with('#') {
        return Place::Nowhere;
    }
    let own = |base: &str| {
        let base = base.trim_end_matches('/');
        if base.is_empty() { None } else { address.strip_prefix(base)?.strip_prefix('/') }
    };
    local(bases.find_map(own).unwrap_or(address)).unwrap_or(Place::Elsewhere)
}

/// The place of `Type/id` or `Type/id/_history/version`.
fn local(relative: &str) -> Option<Place<'_>> {
    let (name, rest) = relative.split_once('/')?;
    let kind = ResourceType::parse(name)?;
    let (id, version) = match rest.split_once('/') {
        Some((id, history)) => (id, Some(history.strip_prefix("_history/")?)),
        None => (rest, None),
    };
    let valid = is_id(id) && version.is_none_or(is_id);
    valid.then(|| Place::Local { kind, target: &relative[..name.len() + 1 + id.len()], version })
}

/// Whether a text is a logical id: 1 to 64 letters, digits, `-` and `.`.
pub(crate) fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
}
