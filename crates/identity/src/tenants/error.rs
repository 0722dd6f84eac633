//! Why something about tenants was not done.

use std::fmt;

use crate::codes;
use crate::directory::DirectoryError;

/// Why something about tenants was not done. What it shows may be shown to whoever asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TenantError {
    /// A value is not as it must be: which, and the rule.
    Invalid {
        /// Which value: `slug`.
        field: &'static str,
        /// What it must be.
        rule: &'static str,
    },
    /// White text cannot be read well enough on a colour: its contrast, in hundredths.
    Contrast(u32),
    /// A name belongs to another tenant, or did: which (`slug`, `host`).
    Taken(String),
    /// There is no tenant of this name.
    Unknown,
    /// It does not fit how the tenant stands: what would have to be.
    Standing(&'static str),
    /// There are as many as there may be.
    Full,
    /// The directory did not do it.
    Directory(DirectoryError),
}

impl TenantError {
    /// Its number, for `WARD-nnnn`.
    pub fn code(&self) -> u16 {
        match self {
            Self::Invalid { .. } | Self::Contrast(_) => codes::TENANT_INVALID,
            Self::Taken(_) => codes::TENANT_TAKEN,
            Self::Unknown => codes::TENANT_UNKNOWN,
            Self::Standing(_) => codes::TENANT_STANDING,
            Self::Full => codes::TENANTS_FULL,
            Self::Directory(DirectoryError::Raced) => codes::RACED,
            Self::Directory(DirectoryError::Busy) => codes::BUSY,
            Self::Directory(_) => codes::DIRECTORY_FAILED,
        }
    }

    /// What to do about it, in a sentence.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Invalid { .. } => "Correct it and ask again.",
            Self::Contrast(_) => "Take a darker colour.",
            Self::Taken(_) => "Choose another: the name of a tenant that was deleted is not given again.",
            Self::Unknown => "`ward tenant list` shows them.",
            Self::Standing(_) => "`ward tenant show` tells how it stands.",
            Self::Full => "Start another server for further tenants.",
            Self::Directory(DirectoryError::Store(_)) => "Look into the log of the server.",
            Self::Directory(_) => "Try again in a moment.",
        }
    }
}

impl fmt::Display for TenantError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid { field, rule } => write!(f, "{field}: {rule}"),
            Self::Contrast(found) => write!(
                f,
                "accent: white text on it has a contrast of {}.{:02}, and needs 4.50 at least (WCAG 2.2, 1.4.3)",
                found / 100,
                found % 100
            ),
            Self::Taken(name) => write!(f, "this {name} is taken"),
            Self::Unknown => f.write_str("there is no such tenant"),
            Self::Standing(must) => f.write_str(must),
            Self::Full => write!(f, "there are {} tenants, and no more are taken", super::MOST_TENANTS),
            Self::Directory(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for TenantError {}

impl From<DirectoryError> for TenantError {
    fn from(error: DirectoryError) -> Self {
        match error {
            DirectoryError::Taken(name) => Self::Taken(name),
            other => Self::Directory(other),
        }
    }
}
