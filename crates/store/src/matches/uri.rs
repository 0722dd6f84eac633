//! Uris and versions above and below each other.

/// Whether `uri` is `base` or lies below it: begins with it and goes on with a `/`, or `base` itself ends with one.
/// Nothing lies below an empty `base`.
pub fn is_at_or_below(uri: &str, base: &str) -> bool {
    match uri.strip_prefix(base) {
        Some("") => true,
        Some(rest) => !base.is_empty() && (base.ends_with('/') || rest.starts_with('/')),
        None => false,
    }
}

/// Whether `version` is `base` or one of its own versions: begins with it and goes on with a `.`. Nothing lies below an empty `base`.
pub(super) fn is_version_at_or_below(version: &str, base: &str) -> bool {
    version.strip_prefix(base).is_some_and(|rest| rest.is_empty() || !base.is_empty() && rest.starts_with('.'))
}
