//! The server: who may connect, and an end that lets requests in flight finish.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Router;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use crate::app::App;
use crate::compression::Compressed;
use crate::connection::{self, Serving};
use crate::refusal;
use crate::tls::Tls;

/// How many connections beyond those that are allowed are heard, so that an idle one gives way to them or they are told why not.
const LATE: usize = 128;

/// How long a connection has asked nothing when it may be ended because another wants to come in.
const SPARE: Duration = Duration::from_secs(1);

/// How long a connection beyond those that are allowed waits for another to end.
const WAIT: Duration = Duration::from_secs(1);

/// What all connections share.
struct Shared {
    app: Arc<App>,
    serving: Serving,
    late: Semaphore,
}

/// Serves `router` on `listener` until `shutdown` is done: HTTP/1.1, and HTTP/2 from clients that know that it is there.
///
/// Then it accepts no more connections, lets requests in flight finish, for as long as the settings allow, and returns. `Ok(false)`
/// says that some had to be cut off. An error is one of the listener that does not pass.
pub async fn serve(listener: TcpListener, router: Router, app: Arc<App>, shutdown: impl Future<Output = ()>) -> io::Result<bool> {
    serve_by(None, listener, router, app, shutdown).await
}

/// The same by TLS, with what the server is known by: its files are followed while it serves. The setting `is_tls` has to say so, too.
pub async fn serve_tls(
    tls: Tls,
    listener: TcpListener,
    router: Router,
    app: Arc<App>,
    shutdown: impl Future<Output = ()>,
) -> io::Result<bool> {
    serve_by(Some(Arc::new(tls)), listener, router, app, shutdown).await
}

async fn serve_by(
    tls: Option<Arc<Tls>>,
    listener: TcpListener,
    router: Router,
    app: Arc<App>,
    shutdown: impl Future<Output = ()>,
) -> io::Result<bool> {
    let serving = Serving {
        builder: connection::builder(&app.settings),
        service: Compressed::new(router, app.settings.max_compressed),
        tls: tls.clone(),
        tells_peer: app.front.is_some(),
        hello_timeout: app.settings.head_timeout,
    };
    let shared = Arc::new(Shared { app: app.clone(), serving, late: Semaphore::new(LATE) });
    let mut shutdown = std::pin::pin!(shutdown);
    let mut watch = std::pin::pin!(app.connections.watch());
    let mut follow = std::pin::pin!(async {
        match &tls {
            Some(tls) => tls.follow().await,
            None => std::future::pending().await,
        }
    });
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    passes(error).await?;
                    continue;
                }
            },
            () = &mut watch => continue,
            () = &mut follow => continue,
            () = &mut shutdown => break,
        };
        tokio::spawn(connect(stream, shared.clone()));
    }
    app.draining.store(true, Ordering::Relaxed);
    drop(listener);
    Ok(tokio::time::timeout(app.settings.drain_timeout, app.connections.end()).await.is_ok())
}

/// Serves a connection when there is room for it, or comes to be some. Otherwise its client is told to come back, when there are few of them.
async fn connect(stream: TcpStream, shared: Arc<Shared>) {
    let Shared { app, serving, late } = &*shared;
    let mut member = app.connections.join();
    if member.is_none() {
        let Ok(_late) = late.try_acquire() else { return };
        member = app.connections.join_instead(SPARE, WAIT).await;
        if member.is_none() {
            // By TLS nobody could read it.
            if serving.tls.is_none() {
                turn_away(stream).await;
            }
            return;
        }
    }
    if let Some(member) = member {
        connection::serve(stream, serving, member.activity.clone()).await;
    }
}

/// Says in HTTP/1.1 that there is no room for the connection, and ends it.
async fn turn_away(mut stream: TcpStream) {
    let _ = tokio::time::timeout(WAIT, async {
        stream.write_all(refusal::no_room().as_bytes()).await?;
        stream.shutdown().await
    })
    .await;
}

/// Waits a moment after an error of one connection, or of too many open files; returns any other.
async fn passes(error: io::Error) -> io::Result<()> {
    match error.kind() {
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionRefused => Ok(()),
        io::ErrorKind::InvalidInput | io::ErrorKind::NotConnected => Err(error),
        _ => {
            tracing::error!(target: "ward::http", %error, "no connection can be accepted just now");
            tokio::time::sleep(Duration::from_millis(100)).await;
            Ok(())
        }
    }
}
