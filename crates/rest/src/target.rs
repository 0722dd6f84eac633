//! What a path below the FHIR endpoint names. The router has matched its shape; here its parts are read.

use fhir::definitions::ResourceType;
use interaction::operation::{Place, find};
use interaction::{Error, is_id};
use store::commit::Key;

/// The parts of `/fhir/{type}/{id}/_history/{version}` that are there.
pub(crate) struct Target<'a> {
    segments: std::str::Split<'a, char>,
}

impl<'a> Target<'a> {
    /// The parts of a path that begins with `prefix`.
    pub(crate) fn of(path: &'a str, prefix: &str) -> Self {
        let rest = path.strip_prefix(prefix).unwrap_or(path);
        Self { segments: rest.strip_prefix('/').unwrap_or(rest).split('/') }
    }

    /// The type. [`Error::UnknownType`] names the nearest one.
    pub(crate) fn kind(&mut self) -> Result<ResourceType, Error> {
        let name = self.segments.next().unwrap_or_default();
        refuse_operation(name, &Place::System)?;
        ResourceType::parse(name).ok_or_else(|| Error::UnknownType(unknown(name)))
    }

    /// The type and id. An id is never percent-encoded: none of its characters needs it.
    pub(crate) fn key(&mut self) -> Result<Key, Error> {
        let kind = self.kind()?;
        let id = self.segments.next().unwrap_or_default();
        refuse_operation(id, &Place::Type(kind))?;
        if is_id(id) { Ok(Key::new(kind, id)) } else { Err(Error::BadId) }
    }

    /// The owner of a compartment, and the type that is asked for in it; `None` for all, which is written `*`.
    pub(crate) fn member(&mut self) -> Result<(Key, Option<ResourceType>), Error> {
        let owner = self.key()?;
        let name = self.segments.next().unwrap_or_default();
        refuse_operation(name, &Place::Instance(owner.clone()))?;
        match name {
            "*" => Ok((owner, None)),
            name => ResourceType::parse(name).map(|kind| (owner, Some(kind))).ok_or_else(|| Error::UnknownType(unknown(name))),
        }
    }

    /// The type, id and version. A version that is not written as the server writes them is 0, which does not exist.
    pub(crate) fn version(&mut self) -> Result<(Key, u64), Error> {
        let key = self.key()?;
        let version = self.segments.nth(1).and_then(|text| text.parse().ok().filter(|version: &u64| version.to_string() == text));
        Ok((key, version.unwrap_or(0)))
    }
}

/// An operation that exists at a place has a route of its own, so what comes here does not.
fn refuse_operation(segment: &str, place: &Place) -> Result<(), Error> {
    let Some(code) = segment.strip_prefix('$') else { return Ok(()) };
    Err(find(code, place).err().unwrap_or_else(|| interaction::operation::unknown(code)))
}

/// What to say of a name that is no type's.
pub(crate) fn unknown(name: &str) -> String {
    let same = |kind: &ResourceType| kind.name().eq_ignore_ascii_case(name) || kind.name().eq_ignore_ascii_case(name.trim_end_matches('s'));
    let near = |kind: &ResourceType| name.is_ascii() && distance_is_small(kind.name(), name);
    match ResourceType::all().find(same).or_else(|| ResourceType::all().find(near)) {
        Some(kind) => format!("this is no resource type of FHIR R4: did you mean {}?", kind.name()),
        None => "this is no resource type of FHIR R4, such as Patient or Observation".to_owned(),
    }
}

/// Whether at most two letters are wrong, missing or too many.
fn distance_is_small(known: &str, name: &str) -> bool {
    if known.len().abs_diff(name.len()) > 2 {
        return false;
    }
    let mut row: Vec<usize> = (0..=name.len()).collect();
    for (index, letter) in known.bytes().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], index + 1);
        for (column, other) in name.bytes().enumerate() {
            let substituted = corner + usize::from(letter != other);
            corner = row[column + 1];
            row[column + 1] = substituted.min(corner + 1).min(row[column] + 1);
        }
    }
    row[name.len()] <= 2
}
