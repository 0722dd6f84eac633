//! Versions of code systems: which one a pattern names, and how they are ordered.

use std::cmp::Ordering;

use fhir::canonical;

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

/// Which of two versions is newer, as [`canonical::compare_versions`] has it, but for those that are dates with the month first.
pub(crate) fn compare_versions(left: Option<&str>, right: Option<&str>) -> Ordering {
    match (left.and_then(month_first), right.and_then(month_first)) {
        (Some(left), Some(right)) => left.cmp(&right),
        _ => canonical::compare_versions(left, right),
    }
}

/// The newest first.
pub(crate) fn newest_first(left: Option<&str>, right: Option<&str>) -> Ordering {
    compare_versions(right, left)
}

/// The year, and the month with the day, of a version such as `09022025`, as RxNorm has them: no year begins with a month.
fn month_first(version: &str) -> Option<(&str, &str)> {
    let is_it = version.len() == 8 && version.bytes().all(|byte| byte.is_ascii_digit());
    let (day, year) = version.split_at_checked(4).filter(|_| is_it)?;
    (("01".."13").contains(&&day[..2]) && ("01".."32").contains(&&day[2..])).then_some((year, day))
}
