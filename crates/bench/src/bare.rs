//! The machine's limit for reads: an axum handler that answers the same bytes from memory.

use axum::Router;
use axum::http::header;
use axum::routing::get;
use bytes::Bytes;
use tokio::net::TcpListener;

/// Serves `body` at every path, until the process ends.
pub async fn serve(listener: TcpListener, body: Bytes) -> std::io::Result<()> {
    let answer = move || {
        let body = body.clone();
        async move { ([(header::CONTENT_TYPE, "application/fhir+json")], body) }
    };
    axum::serve(listener, Router::new().fallback(get(answer))).await
}
