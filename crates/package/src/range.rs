//! The versions that a dependency accepts: one, or the newest of those with the same beginning (`6.1.x`).

use std::fmt;

use fhir::canonical::compare_versions;
use fhir::{Issue, IssueCode};

use crate::codes;
use crate::manifest::is_version;

/// The versions that are accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Range {
    /// This one.
    Exactly(String),
    /// Those that begin with this, as `6.1.` in `6.1.x`. Labelled ones (`6.1.0-ballot`) only where no other is there.
    Beginning(String),
}

impl Range {
    /// Reads a version as a dependency has it: `6.1.0`, `6.1.x` or `6.x`.
    ///
    /// # Errors
    /// For `current`, `dev` and `latest`, which name another package every day; and for ranges of npm (`^6.1.0`, `>=6`), which FHIR's packages
    /// do not have.
    pub fn parse(text: &str) -> Result<Self, Issue> {
        let refused = |why: &str| {
            let rule = format!("{text:.80?} {why}: name a version, as 6.1.0, or 6.1.x for the newest of 6.1");
            Err(Issue::error(codes::BAD_VERSION, IssueCode::NotSupported, "", rule))
        };
        let is_moving = text == "current" || text == "dev" || text == "latest" || text.starts_with("current$");
        if is_moving {
            return refused("names another package whenever somebody builds it");
        }
        if !is_version(text) {
            return refused("is no version of a package");
        }
        match text.strip_suffix(['x', 'X']) {
            Some(beginning) if is_beginning(beginning) => Ok(Range::Beginning(beginning.to_owned())),
            _ => Ok(Range::Exactly(text.to_owned())),
        }
    }

    /// Whether a version is accepted.
    pub fn accepts(&self, version: &str) -> bool {
        match self {
            Range::Exactly(wanted) => wanted == version,
            Range::Beginning(beginning) => version.starts_with(beginning.as_str()),
        }
    }

    /// The one to take of some: the newest, and one without a label before any that has one. `None` when none is accepted.
    pub fn choose<'a>(&self, versions: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
        let accepted = versions.into_iter().filter(|version| self.accepts(version));
        let is_released = |version: &str| !version.contains('-');
        accepted.max_by(|left, right| is_released(left).cmp(&is_released(right)).then_with(|| compare_versions(Some(left), Some(right))))
    }
}

/// Whether it is numbers with a point after each: `6.1.`.
fn is_beginning(text: &str) -> bool {
    text.strip_suffix('.')
        .is_some_and(|numbers| numbers.split('.').all(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())))
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Range::Exactly(version) => f.write_str(version),
            Range::Beginning(beginning) => write!(f, "{beginning}x"),
        }
    }
}
