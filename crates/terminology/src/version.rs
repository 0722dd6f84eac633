//! Versions of code systems: which one a pattern names, and how they are ordered.

use std::cmp::Ordering;

pub(crate) use fhir::canonical::compare_versions;

/// Whether a version is one that a pattern names: the same, or the same but for the parts that are `x`. A last part `x` stands for all that
/// follow it too.
pub(crate) fn matches(pattern: &str, version: &str) -> bool {
    if pattern == version {
        return true;
    }
    if !is_pattern(pattern) {
        return false;
    }
    let mut parts = version.split('.');
    let mut wanted = pattern.split('.').peekable();
    while let Some(part) = wanted.next() {
        let is_any = matches!(part, "x" | "X" | "*");
        match parts.next() {
            Some(_) if is_any && wanted.peek().is_none() => return true,
            Some(found) if is_any || found == part => {}
            _ => return false,
        }
    }
    parts.next().is_none()
}

/// Whether a version has parts that stand for any.
pub(crate) fn is_pattern(version: &str) -> bool {
    version.split('.').any(|part| matches!(part, "x" | "X" | "*"))
}

/// The newest first.
pub(crate) fn newest_first(left: Option<&str>, right: Option<&str>) -> Ordering {
    compare_versions(right, left)
}
