//! One connection, from its first byte to its last.
//!
//! Hyper reads and writes HTTP; [`metered`] counts the bytes that pass, [`answered`] the requests, [`activity`] knows from both what the
//! connection is doing, and [`open`] ends those that take too long at it, or that nobody misses when others want to come in.

pub(crate) mod activity;
pub(crate) mod answered;
mod host;
mod lines;
mod metered;
pub(crate) mod open;
mod stream;

use std::sync::Arc;
use std::time::Duration;

use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::compression::Compressed;
use crate::front::Peer;
use crate::refusal;
use crate::settings::Settings;
use crate::tls::{Tls, speaks_tls};
use activity::{Activity, End};
use answered::Answering;
use metered::Metered;
use stream::Stream;

/// How much may be waiting in a connection of HTTP/2, and in each of its streams, that no handler has asked for yet. It is what the
/// protocol begins with.
const WINDOW_BYTES: u32 = 65_535;

/// How many bytes the head of a request has at most beside those of the longest address.
const HEADER_BYTES: usize = 64 << 10;

/// The ways to speak HTTP.
pub(crate) fn builder(settings: &Settings) -> Builder<TokioExecutor> {
    let head_bytes = settings.max_url_bytes + HEADER_BYTES;
    let mut builder = Builder::new(TokioExecutor::new());
    // The time of a head is kept by `activity`, for both protocols.
    builder.http1().max_buf_size(head_bytes);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Duration::from_secs(30))
        .max_header_list_size(head_bytes as u32)
        .max_concurrent_streams(settings.max_streams)
        .initial_stream_window_size(WINDOW_BYTES)
        .initial_connection_window_size(WINDOW_BYTES)
        .max_send_buf_size(WINDOW_BYTES as usize);
    builder
}

/// What the connections of a server have in common.
pub(crate) struct Serving {
    pub(crate) builder: Builder<TokioExecutor>,
    pub(crate) service: Compressed,
    /// What the server is known by, where TLS is spoken.
    pub(crate) tls: Option<Arc<Tls>>,
    /// Whether anybody asks where requests come from.
    pub(crate) tells_peer: bool,
    /// How long TLS may take to begin.
    pub(crate) hello_timeout: Duration,
}

/// Serves a connection until its client, or `activity`, ends it.
pub(crate) async fn serve(stream: TcpStream, serving: &Serving, activity: Arc<Activity>) {
    // Answers are written whole: waiting for more would only delay them.
    let _ = stream.set_nodelay(true);
    // Until something comes, a connection needs no parser, nor the parser's memory.
    let begun = tokio::select! {
        ready = stream.readable() => ready.is_ok(),
        _ = activity.told_to_end() => false,
    };
    if !begun {
        return;
    }
    let peer = stream.peer_addr().ok().filter(|_| serving.tells_peer).map(Peer);
    let Some(stream) = begin(stream, serving).await else { return };
    let io = TokioIo::new(Metered::new(stream, activity.clone()));
    let answering = Answering::new(serving.service.clone(), activity.clone(), peer);
    let mut connection = std::pin::pin!(serving.builder.serve_connection(io, answering));
    loop {
        tokio::select! {
            served = connection.as_mut() => {
                if let Err(error) = served {
                    tracing::debug!(target: "ward::http", %error, "a connection ended early");
                }
                return;
            }
            end = activity.told_to_end() => match end {
                End::Gently => connection.as_mut().graceful_shutdown(),
                End::Now => return,
            },
        }
    }
}

/// The stream of a connection, once TLS has begun where it is spoken; `None` when it does not come to that.
async fn begin(mut stream: TcpStream, serving: &Serving) -> Option<Stream> {
    let Some(tls) = &serving.tls else { return Some(Stream::Plain(stream)) };
    let hello = async {
        if !speaks_tls(&stream).await {
            // Whoever speaks plain HTTP here learns why there is no answer.
            let _ = stream.write_all(refusal::no_tls().as_bytes()).await;
            let _ = stream.shutdown().await;
            return None;
        }
        match tls.acceptor.accept(stream).await {
            Ok(stream) => Some(Stream::Tls(Box::new(stream))),
            Err(error) => {
                tracing::debug!(target: "ward::http", %error, "TLS could not begin");
                None
            }
        }
    };
    tokio::time::timeout(serving.hello_timeout, hello).await.ok().flatten()
}
