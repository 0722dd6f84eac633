//! Canonical addresses (<http://hl7.org/fhir/R4/references.html#canonical>), and the order of the versions that they name.

use std::cmp::Ordering;
use std::fmt;

/// The canonical address of a conformance resource: `url|version#fragment`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Canonical<'a> {
    /// The address without version and fragment.
    pub url: &'a str,
    /// The business version, when it names one.
    pub version: Option<&'a str>,
    /// What it names inside of the resource, such as the id of a contained one.
    pub fragment: Option<&'a str>,
}

impl<'a> Canonical<'a> {
    /// The address that `text` is. Every text is one; an empty version or fragment counts as none.
    pub fn parse(text: &'a str) -> Self {
        let (text, fragment) = split(text, '#');
        let (url, version) = split(text, '|');
        // Some write the fragment before the version.
        match version.and_then(|version| version.split_once('#')) {
            Some((version, fragment)) => Self { url, version: filled(version), fragment: filled(fragment) },
            None => Self { url, version, fragment },
        }
    }

    /// The address of whatever version there is.
    pub fn unversioned(self) -> Self {
        Self { version: None, ..self }
    }

    /// Whether a resource of this version is one that it names: without a version, any; `4.0` names `4.0.1` too.
    pub fn accepts(&self, version: Option<&str>) -> bool {
        match (self.version, version) {
            (None, _) => true,
            (Some(wanted), Some(version)) => {
                version.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || (rest.starts_with('.') && is_numbered(wanted)))
            }
            (Some(_), None) => false,
        }
    }
}

impl fmt::Display for Canonical<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.url)?;
        self.version.map_or(Ok(()), |version| write!(f, "|{version}"))?;
        self.fragment.map_or(Ok(()), |fragment| write!(f, "#{fragment}"))
    }
}

fn split(text: &str, at: char) -> (&str, Option<&str>) {
    match text.split_once(at) {
        Some((before, after)) => (before, filled(after)),
        None => (text, None),
    }
}

fn filled(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// Whether a version is numbers with points between them: only then is its beginning a version too.
fn is_numbered(version: &str) -> bool {
    version.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Which of two versions is the newer one: numbers between points count as numbers, everything else as text; `1.0.0-draft` is before
/// `1.0.0`, a date before numbers with points, and no version before any.
pub fn compare_versions(left: Option<&str>, right: Option<&str>) -> Ordering {
    let (Some(left), Some(right)) = (left, right) else { return left.is_some().cmp(&right.is_some()) };
    let ((left_main, left_label), (right_main, right_label)) = (split(left, '-'), split(right, '-'));
    // Dates are written with the same sign that labels have.
    match (is_date(left), is_date(right)) {
        (true, true) => return left.cmp(right),
        // Whoever has both went from dates to numbers, as HL7's terminology did.
        (true, false) if right.contains('.') && is_numbered(right_main) => return Ordering::Less,
        (false, true) if left.contains('.') && is_numbered(left_main) => return Ordering::Greater,
        _ => {}
    }
    let by_main = parts(left_main).cmp(parts(right_main));
    by_main.then_with(|| match (left_label, right_label) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(left), Some(right)) => parts(left).cmp(parts(right)),
    })
}

fn is_date(version: &str) -> bool {
    version.len() >= 7 && version.as_bytes()[4] == b'-' && version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

fn parts(text: &str) -> impl Iterator<Item = (u8, u64, &str)> {
    text.split('.').map(|part| match part.parse::<u64>() {
        Ok(number) => (0, number, ""),
        Err(_) => (1, 0, part),
    })
}

#[cfg(test)]
mod tests;
