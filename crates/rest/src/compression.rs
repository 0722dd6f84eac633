//! Compression of answers, for clients that ask for it: the others' requests do not pass through it at all.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::header;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
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
    /// Each takes some memory until its answer has gone out.
    places: Arc<Semaphore>,
}

/// The place of an answer that is being compressed: it travels with the response.
#[derive(Clone)]
pub(crate) struct Compressing(#[expect(dead_code, reason = "it is given back when it is dropped")] Arc<OwnedSemaphorePermit>);

impl Compressed {
    /// `router`, compressing by gzip, Brotli or Zstandard what a client that accepts it asks for.
    ///
    /// `most` answers are compressed at once; beyond, they go out as they are.
    pub(crate) fn new(router: Router, most: usize) -> Self {
        let compressed = Compression::new(router.clone()).quality(CompressionLevel::Fastest).compress_when(SizeAbove::new(MIN_BYTES));
        Self { plain: router, compressed, places: Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS))) }
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
        let is_wanted = request.headers().contains_key(header::ACCEPT_ENCODING);
        match is_wanted.then(|| self.places.clone().try_acquire_owned().ok()).flatten() {
            None => self.plain.call(request).boxed(),
            Some(place) => {
                let answer = self.compressed.call(request);
                let place = Compressing(Arc::new(place));
                async move {
                    let mut response = answer.await?.map(Body::new);
                    response.extensions_mut().insert(place);
                    Ok(response)
                }
                .boxed()
            }
        }
    }
}
