//! The requests of a connection on their way to the routes, and their answers on the way out: counted, and with the room that they hold.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::Body;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::header::{CONNECTION, TRANSFER_ENCODING};
use http::{HeaderValue, Request, Response};
use hyper::body::{Frame, Incoming, SizeHint};
use tower::Service;

use super::activity::Activity;
use super::host;
use crate::compression::{Compressed, Compressing};
use crate::front::Peer;
use crate::memory::Held;
use crate::refusal;

/// How many bytes of an answer are handed over at a time: by HTTP/2, what is handed over is held until the client makes room for it.
const PIECE_BYTES: usize = 16 << 10;

/// The room that an answer holds until it has gone out: it travels with the response.
#[derive(Clone)]
pub(crate) struct Holding(pub(crate) Arc<Held>);

/// The routes, as one connection calls them.
#[derive(Clone)]
pub(crate) struct Answering {
    service: Compressed,
    activity: Arc<Activity>,
    /// Where its requests come from, when anybody asks.
    peer: Option<Peer>,
}

impl Answering {
    pub(crate) fn new(service: Compressed, activity: Arc<Activity>, peer: Option<Peer>) -> Self {
        Self { service, activity, peer }
    }
}

impl hyper::service::Service<Request<Incoming>> for Answering {
    type Response = Response<Answered>;
    type Error = Infallible;
    type Future = Answer;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        if let Some(peer) = self.peer {
            request.extensions_mut().insert(peer);
        }
        let open = Some(Open::begin(&self.activity));
        let is_chunked = request.headers().contains_key(TRANSFER_ENCODING);
        let answer = match host::is_sound(&request) {
            true => self.service.clone().call(request.map(Body::new)),
            false => Box::pin(async { Ok(refusal::two_hosts()) }),
        };
        Answer { answer, open, is_chunked }
    }
}

/// An answer that is on its way.
pub(crate) struct Answer {
    answer: BoxFuture<'static, Result<Response<Body>, Infallible>>,
    /// Until the answer is there.
    open: Option<Open>,
    is_chunked: bool,
}

impl Future for Answer {
    type Output = Result<Response<Answered>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let (mut head, body) = ready!(self.answer.as_mut().poll(context))?.into_parts();
        let held = head.extensions.remove::<Holding>().map(|Holding(held)| held);
        let place = head.extensions.remove::<Compressing>();
        if self.is_chunked {
            // Its head may have told another end of the body as well, which the parser has passed over: nothing is taken from behind it.
            head.headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        let body = Answered::new(body, self.open.take(), held, place);
        Poll::Ready(Ok(Response::from_parts(head, body)))
    }
}

/// A request that is being answered, until this is dropped.
struct Open {
    activity: Arc<Activity>,
    held: Option<Arc<Held>>,
}

impl Open {
    fn begin(activity: &Arc<Activity>) -> Self {
        activity.begin();
        Self { activity: activity.clone(), held: None }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.activity.finish(self.held.take());
    }
}

/// The body of an answer on its way out.
pub(crate) struct Answered {
    body: Body,
    /// What was taken from the body, and is handed over piece by piece.
    rest: Bytes,
    /// Counted until this is dropped.
    open: Option<Open>,
    /// Its number among the connection's large answers.
    number: Option<u64>,
    _place: Option<Compressing>,
}

impl Answered {
    fn new(body: Body, mut open: Option<Open>, held: Option<Arc<Held>>, place: Option<Compressing>) -> Self {
        let mut number = None;
        if let (Some(open), Some(held)) = (&mut open, held) {
            number = open.activity.begin_answer();
            open.held = Some(held);
        }
        Self { body, rest: Bytes::new(), open, number, _place: place }
    }

    fn moved(&self, bytes: Option<usize>) {
        if let (Some(number), Some(open)) = (self.number, &self.open) {
            open.activity.answer_moved(number, bytes);
        }
    }

    fn piece(&mut self) -> Bytes {
        let piece = self.rest.split_to(self.rest.len().min(PIECE_BYTES));
        self.moved(Some(piece.len()));
        piece
    }
}

impl Drop for Answered {
    fn drop(&mut self) {
        self.moved(None);
    }
}

impl hyper::body::Body for Answered {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.rest.is_empty() {
            let Some(frame) = ready!(Pin::new(&mut self.body).poll_frame(context)) else { return Poll::Ready(None) };
            match frame?.into_data() {
                Ok(data) => self.rest = data,
                Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
            }
        }
        Poll::Ready(Some(Ok(Frame::data(self.piece()))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (left, rest) = (self.rest.len() as u64, self.body.size_hint());
        let mut hint = SizeHint::new();
        if let Some(upper) = rest.upper() {
            hint.set_upper(upper + left);
        }
        hint.set_lower(rest.lower() + left);
        hint
    }
}
