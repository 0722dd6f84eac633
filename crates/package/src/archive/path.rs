//! The paths inside of a package.

use fhir::{Issue, IssueCode};

use crate::{Wanted, codes};

/// How long a path may be, in bytes.
const MAX_PATH: usize = 1024;

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// `package/package.json`.
    Manifest,
    /// It may be a resource that is wanted.
    Resource,
    /// Everything else.
    Elsewhere,
}

/// The path with `/` between its parts and none before or after; refused when it leads out of the package.
pub(super) fn checked(path: &str) -> Result<String, Issue> {
    let bad = |why: &str| {
        let rule = format!("the path {path:.200?} {why}: a package has files below its own folder only");
        Err(Issue::error(codes::BAD_PATH, IssueCode::Security, "", rule))
    };
    if path.len() > MAX_PATH {
        return bad("is too long");
    }
    if path.starts_with('/') || path.get(1..2) == Some(":") {
        return bad("is absolute");
    }
    if path.contains('\\') || path.chars().any(char::is_control) {
        return bad("has characters that no file of a package has in its name");
    }
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => return bad("leads out of the package"),
            part => parts.push(part),
        }
    }
    if parts.is_empty() { bad("is empty") } else { Ok(parts.join("/")) }
}

/// What the file of a checked path is for.
pub(super) fn place(path: &str, wanted: Wanted) -> Place {
    let is_resource = |name: &str| name.ends_with(".json") && !name.starts_with('.') && !matches!(name, "package.json" | "ig-r4.json");
    match path.split('/').collect::<Vec<_>>()[..] {
        ["package", "package.json"] => Place::Manifest,
        ["package", name] if is_resource(name) => Place::Resource,
        ["package", "example" | "examples", name] if wanted.examples && is_resource(name) => Place::Resource,
        _ => Place::Elsewhere,
    }
}
