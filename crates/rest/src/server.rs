//! The server: connections, their limits and timeouts, and an end that lets requests in flight finish.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use crate::app::App;
use crate::compression::Compressed;

/// Serves `router` on `listener` until `shutdown` is done: HTTP/1.1, and HTTP/2 from clients that know that it is there.
///
/// Then it accepts no more connections, lets requests in flight finish, for as long as the settings allow, and returns. `Ok(false)`
/// says that some had to be cut off. An error is one of the listener that does not pass.
pub async fn serve(listener: TcpListener, router: Router, app: Arc<App>, shutdown: impl Future<Output = ()>) -> io::Result<bool> {
    let service = Compressed::new(router);
    let room = Arc::new(Semaphore::new(app.settings.max_connections));
    let graceful = GracefulShutdown::new();
    let builder = Arc::new(builder(&app));
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let accepted = async {
            let permit = room.clone().acquire_owned().await.map_err(io::Error::other)?;
            Ok::<_, io::Error>((permit, listener.accept().await?.0))
        };
        let (permit, stream) = tokio::select! {
            accepted = accepted => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    passes(error).await?;
                    continue;
                }
            },
            () = &mut shutdown => break,
        };
        let (builder, service, app) = (builder.clone(), service.clone(), app.clone());
        let watcher = graceful.watcher();
        tokio::spawn(async move {
            let _permit = permit;
            let _open = app.metrics.connected();
            connection(stream, &builder, service, watcher).await;
        });
    }
    app.draining.store(true, Ordering::Relaxed);
    drop(listener);
    Ok(tokio::time::timeout(app.settings.drain_timeout, graceful.shutdown()).await.is_ok())
}

fn builder(app: &App) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(app.settings.head_timeout);
    let http2 = &mut builder.http2();
    http2.timer(TokioTimer::new()).keep_alive_interval(Duration::from_secs(30)).max_concurrent_streams(256);
    builder
}

async fn connection(
    stream: TcpStream,
    builder: &Builder<TokioExecutor>,
    service: Compressed,
    watcher: hyper_util::server::graceful::Watcher,
) {
    // Answers are written whole: waiting for more would only delay them.
    let _ = stream.set_nodelay(true);
    let service = TowerToHyperService::new(tower::util::MapRequest::new(service, |request: http::Request<hyper::body::Incoming>| {
        request.map(axum::body::Body::new)
    }));
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    if let Err(error) = watcher.watch(connection.into_owned()).await {
        tracing::debug!(target: "ward::http", %error, "a connection ended early");
    }
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
