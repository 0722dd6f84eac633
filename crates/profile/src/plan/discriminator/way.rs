//! The paths of discriminators: the small part of FHIRPath that they may use.

use super::Exact;

/// A path, from an item to what tells its slice.
#[derive(Debug)]
pub(crate) struct Way(Box<[Part]>);

/// A part of a path.
#[derive(Debug)]
pub(crate) enum Part {
    /// `code`.
    Child(Box<str>),
    /// `extension('http://…')`.
    Extension(Box<str>),
    /// `resolve()`.
    Resolve,
    /// `ofType(Quantity)`.
    OfType(Box<str>),
}

impl Way {
    /// Reads a path; `None` when it is not one that a discriminator may have.
    pub(super) fn parse(path: &str) -> Option<Self> {
        let (path, cast) = match path.trim().rsplit_once(" as ") {
            Some((path, cast)) => (path.trim_start_matches('('), Some(cast.trim_end_matches(')'))),
            None => (path.trim(), None),
        };
        let mut parts = Vec::new();
        let mut rest = path;
        while !rest.is_empty() {
            let (part, after) = next(rest)?;
            parts.extend(part);
            rest = after;
        }
        parts.extend(cast.map(|code| Part::OfType(code.into())));
        Some(Self(parts.into()))
    }

    pub(crate) fn parts(&self) -> &[Part] {
        &self.0
    }
}

/// The first part of a path (none for `$this`), and what comes after it.
fn next(path: &str) -> Option<(Option<Part>, &str)> {
    let argument = |name: &str| path.strip_prefix(name)?.split_once(')');
    let (part, rest) = if let Some((url, rest)) = argument("extension(") {
        (Some(Part::Extension(url.trim_matches(['\'', '"']).into())), rest)
    } else if let Some((code, rest)) = argument("ofType(").or_else(|| argument("as(")) {
        (Some(Part::OfType(code.trim_start_matches("FHIR.").into())), rest)
    } else if let Some(rest) = path.strip_prefix("resolve()") {
        (Some(Part::Resolve), rest)
    } else if let Some(rest) = path.strip_prefix("$this") {
        (None, rest)
    } else {
        let end = path.find('.').unwrap_or(path.len());
        let (name, rest) = path.split_at(end);
        let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'[' || byte == b']');
        if !is_name {
            return None;
        }
        (Some(Part::Child(name.strip_suffix("[x]").unwrap_or(name).into())), rest)
    };
    match rest.strip_prefix('.') {
        Some(rest) => Some((part, rest)),
        None if rest.is_empty() => Some((part, rest)),
        None => None,
    }
}

impl Exact {
    /// The part of a fixed value or a pattern to which the names lead.
    pub(super) fn at(&self, parts: &[Part]) -> Option<Exact> {
        let (value, is_fixed) = match self {
            Exact::Fixed(value) => (value, true),
            Exact::Pattern(value) => (value, false),
        };
        let mut at = value;
        for part in parts {
            let Part::Child(name) = part else { return None };
            at = at.each().next()?.get(name)?;
        }
        let at = at.each().next()?.clone();
        Some(if is_fixed { Exact::Fixed(at) } else { Exact::Pattern(at) })
    }
}
