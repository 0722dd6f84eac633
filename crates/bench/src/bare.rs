//! The machine's limit for reads and searches: an axum handler that answers the same bytes from memory.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::http::{StatusCode, Uri, header};
use axum::routing::get;
use bytes::Bytes;
use tokio::net::TcpListener;

use crate::{Failure, answers};

/// Serves the recorded answers of `file`, each at its own address, until the process ends.
pub async fn serve(file: &Path) -> Result<(), Failure> {
    let known: Arc<HashMap<String, Bytes>> = Arc::new(answers::read(file)?.into_iter().collect());
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    eprintln!("listening on http://{}/", listener.local_addr()?);
    let answer = move |uri: Uri| {
        let found = uri.path_and_query().and_then(|asked| known.get(asked.as_str())).cloned();
        async move { found.map(|body| ([(header::CONTENT_TYPE, "application/fhir+json")], body)).ok_or(StatusCode::NOT_FOUND) }
    };
    Ok(axum::serve(listener, Router::new().fallback(get(answer))).await?)
}
