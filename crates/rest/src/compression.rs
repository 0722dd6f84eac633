//! Compression of answers, for clients that ask for it: the others' requests do not pass through it at all.

use std::convert::Infallible;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::header;
use tower::Service;
use tower_http::CompressionLevel;
use tower_http::compression::Compression;
use tower_http::compression::predicate::SizeAbove;

/// Answers below this many bytes are not worth compressing.
const MIN_BYTES: u64 = 1024;

/// The application, with and without compression.
#[derive(Clone)]
pub(crate) struct Compressed {
    plain: Router,
    compressed: Compression<Router, SizeAbove>,
}

impl Compressed {
    /// `router`, compressing by gzip, Brotli or Zstandard what a client that accepts it asks for.
    pub(crate) fn new(router: Router) -> Self {
        let compressed = Compression::new(router.clone()).quality(CompressionLevel::Fastest).compress_when(SizeAbove::new(MIN_BYTES));
        Self { plain: router, compressed }
    }
}

impl Service<Request> for Compressed {
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        if request.headers().contains_key(header::ACCEPT_ENCODING) {
            let answer = self.compressed.call(request);
            async move { answer.await.map(|response| response.map(Body::new)) }.boxed()
        } else {
            self.plain.call(request).boxed()
        }
    }
}
