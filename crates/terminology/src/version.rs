//! Versions of code systems: which one a pattern names, and how they are ordered.

use std::cmp::Ordering;

pub(crate) use fhir::canonical::compare_versions;

/// Whether a version is one that a pattern names: the same, or the same but for the parts that are `x`. A last part `x` stands for all that
/// follow it too. An edition of SNOMED CT (`http://snomed.info/sct/<module>`) stands for each of its releases.
pub(crate) fn matches(pattern: &str, version: &str) -> bool {
    if pattern == version {
        return true;
    }
    if is_edition(pattern) {
        return version.strip_prefix(pattern).is_some_and(|rest| rest.starts_with("/version/"));
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

/// Whether a version is an edition of SNOMED CT without a release: `http://snomed.info/sct/` (or `xsct/`) and a module.
fn is_edition(version: &str) -> bool {
    let module = version.strip_prefix("http://snomed.info/sct/").or_else(|| version.strip_prefix("http://snomed.info/xsct/"));
    module.is_some_and(|module| !module.is_empty() && module.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether a version has parts that stand for any.
pub(crate) fn is_pattern(version: &str) -> bool {
    version.split('.').any(|part| matches!(part, "x" | "X" | "*"))
}

/// The newest first.
pub(crate) fn newest_first(left: Option<&str>, right: Option<&str>) -> Ordering {
    compare_versions(right, left)
}
