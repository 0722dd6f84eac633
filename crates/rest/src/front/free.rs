//! Which routes anybody may call. What is not in here is closed.

/// Routes that are free, by their patterns.
const ROUTES: [&str; 4] = ["/metrics", "/health/live", "/health/ready", "/fhir/metadata"];

/// What the patterns of routes begin with that judge themselves who may call, or tell everybody the same: the endpoints and pages of signing in,
/// what says how that is done, the pages for whoever builds on Ward (ONC 170.315(g)(10): no steps before the documentation), and the style of pages.
const BEGINNINGS: [&str; 5] = ["/auth/", "/.well-known/", "/fhir/.well-known/", "/assets/", "/developer/"];

/// Whether anybody may call the route of this pattern; empty: a path that is no route's.
pub(super) fn is_free(route: &str) -> bool {
    ROUTES.contains(&route) || BEGINNINGS.iter().any(|beginning| route.starts_with(beginning))
}
