//! How work with concept tables fails, and the issue that says so.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use fhir::{Issue, IssueCode};

use crate::codes;

/// Why a table could not be opened or made.
#[derive(Debug)]
pub enum Failure {
    /// The operating system refused to read or write.
    InputOutput {
        /// The file or folder.
        path: PathBuf,
        /// What it said.
        error: io::Error,
    },
    /// The file is no table, or one of another format.
    NoTable {
        /// The file.
        path: PathBuf,
        /// What it lacks.
        rule: String,
    },
    /// The file is not what was written.
    Damaged {
        /// The file.
        path: PathBuf,
        /// Which part of it.
        part: &'static str,
    },
    /// A source breaks a rule of its format.
    Malformed {
        /// The file, as its source names it.
        file: String,
        /// The line, from 1; 0 when the rule is about the whole file.
        line: u64,
        /// What would be right.
        rule: String,
    },
    /// Something is larger than is allowed.
    Limit {
        /// What it is.
        what: &'static str,
        /// How much of it is allowed.
        most: u64,
    },
    /// A file or folder is in no format that is known.
    Unrecognised {
        /// The file or folder.
        path: PathBuf,
    },
    /// A concept is its own ancestor.
    Circle {
        /// One of the concepts on the circle.
        code: String,
    },
    /// An archive is damaged or hostile.
    Archive {
        /// The archive.
        path: PathBuf,
        /// What is wrong with it.
        rule: String,
    },
    /// A file is missing from a source.
    FileMissing {
        /// The source.
        path: PathBuf,
        /// The file's name.
        file: &'static str,
    },
    /// The folder is being written by somebody else.
    Busy {
        /// The folder.
        path: PathBuf,
    },
}

impl Failure {
    /// The failure of an operation on `path`.
    pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> Failure + '_ {
        move |error| Failure::InputOutput { path: path.to_owned(), error }
    }

    /// A line that breaks `rule`.
    pub(crate) fn malformed(file: &str, line: u64, rule: impl Into<String>) -> Self {
        Self::Malformed { file: file.to_owned(), line, rule: rule.into() }
    }

    /// The number and kind that the failure is reported with.
    fn kind(&self) -> (u16, IssueCode) {
        match self {
            Self::InputOutput { .. } => (codes::INPUT_OUTPUT, IssueCode::Exception),
            Self::NoTable { .. } => (codes::NO_TABLE, IssueCode::Structure),
            Self::Damaged { .. } => (codes::DAMAGED, IssueCode::Exception),
            Self::Malformed { .. } => (codes::MALFORMED, IssueCode::Invalid),
            Self::Limit { .. } => (codes::LIMIT, IssueCode::TooCostly),
            Self::Unrecognised { .. } => (codes::UNRECOGNISED, IssueCode::NotSupported),
            Self::Circle { .. } => (codes::CIRCLE, IssueCode::BusinessRule),
            Self::Archive { .. } => (codes::ARCHIVE, IssueCode::Security),
            Self::FileMissing { .. } => (codes::FILE_MISSING, IssueCode::NotFound),
            Self::Busy { .. } => (codes::BUSY, IssueCode::LockError),
        }
    }

    /// The issue that reports it.
    pub fn issue(&self) -> Issue {
        let (number, code) = self.kind();
        Issue::error(number, code, "", self.to_string())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InputOutput { path, error } => write!(f, "{}: {error}", path.display()),
            Self::NoTable { path, rule } => write!(f, "{}: {rule}: load the code system's source anew", path.display()),
            Self::Damaged { path, part } => {
                write!(f, "{}: damaged in its {part}: remove it and load the code system's source anew", path.display())
            }
            Self::Malformed { file, line: 0, rule } => write!(f, "{file}: {rule}"),
            Self::Malformed { file, line, rule } => write!(f, "{file}, line {line}: {rule}"),
            Self::Limit { what, most } => write!(f, "{what}: {most} is the most that is allowed"),
            Self::Unrecognised { path } => write!(
                f,
                "{}: in none of the formats that can be loaded ({}): name the format if it is one of them",
                path.display(),
                crate::loader::names().collect::<Vec<_>>().join(", ")
            ),
            Self::Circle { code } => write!(f, "the concept {code} is its own ancestor: a hierarchy has no circles"),
            Self::Archive { path, rule } => write!(f, "{}: {rule}", path.display()),
            Self::FileMissing { path, file } => write!(f, "{}: the file {file} is missing", path.display()),
            Self::Busy { path } => write!(f, "{}: another process is writing there: try again when it is done", path.display()),
        }
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::InputOutput { error, .. } => Some(error),
            _ => None,
        }
    }
}
