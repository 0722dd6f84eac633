//! Uris above and below each other.

/// Whether `uri` is `base` or lies below it: begins with it and goes on with a `/`, or `base` itself ends with one.
/// Nothing lies below an empty `base`.
pub fn is_at_or_below(uri: &str, base: &str) -> bool {
    match uri.strip_prefix(base) {
        Some("") => true,
        Some(rest) => !base.is_empty() && (base.ends_with('/') || rest.starts_with('/')),
        None => false,
    }
}
