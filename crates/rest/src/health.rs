//! `/health/live` and `/health/ready`: for whoever starts, watches and stops the process.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::extract::State;
use http::StatusCode;

use crate::app::App;

/// 200 as long as the process answers at all.
pub(crate) async fn live() -> &'static str {
    "live\n"
}

/// 200 when requests can be served: the store answers within a second, and the server is not shutting down; 503 otherwise.
pub(crate) async fn ready(State(app): State<Arc<App>>) -> (StatusCode, &'static str) {
    if app.draining.load(Ordering::Relaxed) {
        return (StatusCode::SERVICE_UNAVAILABLE, "shutting down\n");
    }
    let asked = app.server.store.cursor(app.settings.tenant, "health");
    match tokio::time::timeout(Duration::from_secs(1), asked).await {
        Ok(Ok(_)) => (StatusCode::OK, "ready\n"),
        Ok(Err(_)) => (StatusCode::SERVICE_UNAVAILABLE, "the store fails\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n"),
    }
}
