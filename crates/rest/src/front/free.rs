//! Which routes anybody may call. What is not in here is closed.

/// Routes that are free, by their patterns.
const ROUTES: [&str; 4] = ["/metrics", "/health/live", "/health/ready", "/fhir/metadata"];

/// What the patterns of routes begin with that judge themselves who may call, or tell everybody the same: the endpoints and pages of signing in,
/// what says how that is done, and the style of pages.
const BEGINNINGS: [&str; 4] = ["/auth/", "/.well-known/", "/fhir/.well-known/", "/assets/"];

/// Whether anybody may call the route of this pattern; empty: a path that is no route's.
pub(super) fn is_free(route: &str) -> bool {
    ROUTES.contains(&route) || BEGINNINGS.iter().any(|beginning| route.starts_with(beginning))
}
