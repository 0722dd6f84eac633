//! The members of a resource that say under which address it is found, without making a tree of the rest.

use fhir::canonical::addresses;
use fhir::definitions::ResourceType;

/// Under which addresses a resource is found, and its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) addresses: Vec<Box<str>>,
    pub(super) version: Option<Box<str>>,
}

/// Reads them from the text of a stored resource, which is sound. Nothing is found when it has no address.
pub(super) fn named(kind: ResourceType, text: &[u8]) -> Named {
    // A NamingSystem is small, and named in several places.
    let skimmed = if kind.name() == "NamingSystem" { None } else { skim(text) };
    skimmed.or_else(|| read(text)).unwrap_or(Named { addresses: Vec::new(), version: None })
}

fn read(text: &[u8]) -> Option<Named> {
    let resource = fhir::json::parse(text).ok()?;
    let addresses = addresses(&resource).into_iter().map(Box::from).collect();
    Some(Named { addresses, version: resource.text("version").map(Box::from) })
}

/// `None` when it takes more than a glance: one of the two is written with escapes.
fn skim(text: &[u8]) -> Option<Named> {
    let (mut address, mut version) = (None, None);
    let mut members = Members { text, at: text.iter().position(|byte| *byte == b'{')? + 1 };
    while let Some((name, value)) = members.next_member() {
        let wanted = match name {
            b"url" => &mut address,
            b"version" => &mut version,
            _ => continue,
        };
        *wanted = Some(plain(value)?);
        if address.is_some() && version.is_some() {
            break;
        }
    }
    Some(Named { addresses: address.into_iter().filter(|address| !address.is_empty()).collect(), version })
}

/// The text of a string without escapes.
fn plain(value: &[u8]) -> Option<Box<str>> {
    let inside = value.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    if inside.contains(&b'\\') {
        return None;
    }
    std::str::from_utf8(inside).ok().map(Box::from)
}

/// The members of an object, one after the other.
struct Members<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Members<'a> {
    /// The name and the text of the next member; `None` after the last one, or where the text is no JSON.
    fn next_member(&mut self) -> Option<(&'a [u8], &'a [u8])> {
        self.skip(|byte| byte.is_ascii_whitespace() || byte == b',');
        let name = self.string()?;
        self.skip(|byte| byte.is_ascii_whitespace() || byte == b':');
        let start = self.at;
        self.value()?;
        Some((name.get(1..name.len() - 1)?, self.text.get(start..self.at)?))
    }

    fn skip(&mut self, passes: impl Fn(u8) -> bool) {
        while self.text.get(self.at).is_some_and(|byte| passes(*byte)) {
            self.at += 1;
        }
    }

    /// The string that begins here, with its quotes.
    fn string(&mut self) -> Option<&'a [u8]> {
        let start = self.at;
        (self.text.get(start) == Some(&b'"')).then_some(())?;
        self.at += 1;
        loop {
            match self.text.get(self.at)? {
                b'\\' => self.at += 2,
                b'"' => {
                    self.at += 1;
                    return self.text.get(start..self.at);
                }
                _ => self.at += 1,
            }
        }
    }

    /// Goes to the end of the value that begins here.
    fn value(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            match self.text.get(self.at)? {
                b'"' => {
                    self.string()?;
                }
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                // The end of the object that the member is in.
                b'}' | b']' if depth == 0 => return Some(()),
                b'}' | b']' => {
                    depth -= 1;
                    self.at += 1;
                }
                b',' if depth == 0 => return Some(()),
                _ => self.at += 1,
            }
            if depth == 0 && matches!(self.text.get(self.at), Some(b',' | b'}' | b']')) {
                return Some(());
            }
        }
    }
}

#[cfg(test)]
mod tests;
