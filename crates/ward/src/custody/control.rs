//! How a command asks the server that holds the data directory: by a socket that lies in it, a line of JSON for the question and one for the answer.
//!
//! Only the user that the server runs as is heard, and root: whoever may read the keys anyway.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::os::unix::net::UnixStream as Connection;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};

use super::order::{Answer, House, Order};
use crate::command::Failure;

/// The name of the socket in the data directory.
const NAME: &str = "control";

/// The longest line.
const MOST_BYTES: u64 = 1 << 20;

/// How long a question may take to arrive, and how long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
const LONGEST: Duration = Duration::from_secs(120);

/// The longest path that a socket may have; a longer one is reached by way of its folder.
const MOST_PATH: usize = 100;

/// Answers whoever asks, as long as it is awaited. Without a socket, where the file system has none, a server does everything else.
pub async fn listen(house: Arc<House>, folder: PathBuf) {
    let listener = match bind(&folder) {
        Ok(listener) => listener,
        Err(error) => return tracing::warn!("`ward key` and `ward hold` cannot ask this server: {}: {error}", folder.join(NAME).display()),
    };
    let _removed = Removed(folder.join(NAME));
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        // One after the other: nobody asks often.
        if let Err(error) = answer(&house, stream).await {
            tracing::debug!("a question by the socket of the data directory was not answered: {error}");
        }
    }
}

/// The socket of a server: it is removed when nobody listens any more.
struct Removed(PathBuf);

impl Drop for Removed {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn bind(folder: &Path) -> std::io::Result<UnixListener> {
    let path = folder.join(NAME);
    // The server that left it is gone: the data directory is this one's.
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    reached(folder, |path| UnixListener::bind(path))
}

/// Does something with the path of the socket, or a shorter one that leads there.
fn reached<T>(folder: &Path, act: impl FnOnce(&Path) -> std::io::Result<T>) -> std::io::Result<T> {
    let path = folder.join(NAME);
    if path.as_os_str().len() <= MOST_PATH {
        return act(&path);
    }
    use std::os::fd::AsRawFd;
    let open = std::fs::File::open(folder)?;
    act(&PathBuf::from(format!("/proc/self/fd/{}", open.as_raw_fd())).join(NAME))
}

async fn answer(house: &House, stream: UnixStream) -> std::io::Result<()> {
    let (asking, own) = (stream.peer_cred()?.uid(), rustix::process::geteuid().as_raw());
    if asking != own && asking != 0 {
        return Err(std::io::Error::from(ErrorKind::PermissionDenied));
    }
    let (reading, mut writing) = stream.into_split();
    let mut line = String::new();
    let mut reading = tokio::io::BufReader::new(reading.take(MOST_BYTES));
    tokio::time::timeout(PATIENCE, reading.read_line(&mut line)).await??;
    let answer: Result<Answer, String> = match serde_json::from_str::<Order>(&line) {
        Ok(order) => house.obey(order).await,
        Err(error) => Err(format!("the question cannot be understood: {error}: is it from another release?")),
    };
    let text = format!("{}\n", serde_json::to_string(&answer)?);
    tokio::time::timeout(PATIENCE, writing.write_all(text.as_bytes())).await?
}

/// Asks the server that holds a data directory; `None` when none does.
///
/// Fails when it does not answer, or answers that it was not done.
pub fn ask(folder: &Path, order: &Order) -> Result<Option<Answer>, Failure> {
    let mut stream = match reached(folder, |path| Connection::connect(path)) {
        Ok(stream) => stream,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused) => return Ok(None),
        Err(error) => return Err(Failure::failed(format!("{}: {error}", folder.join(NAME).display()))),
    };
    let asked = || -> std::io::Result<String> {
        stream.set_read_timeout(Some(LONGEST))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        stream.write_all(format!("{}\n", serde_json::to_string(order)?).as_bytes())?;
        let mut line = String::new();
        BufReader::new(stream.take(MOST_BYTES)).read_line(&mut line)?;
        Ok(line)
    };
    let failed = |why: String| Failure::failed(format!("the server that holds {} did not answer: {why}", folder.display()));
    let line = asked_well(asked).map_err(|error| failed(error.to_string()))?;
    let answer: Result<Answer, String> = serde_json::from_str(&line).map_err(|error| failed(error.to_string()))?;
    answer.map(Some).map_err(Failure::failed)
}

/// An answer that is empty is none: the server has ended, or does not want to hear.
fn asked_well(asked: impl FnOnce() -> std::io::Result<String>) -> std::io::Result<String> {
    asked().and_then(|line| if line.is_empty() { Err(std::io::Error::from(ErrorKind::UnexpectedEof)) } else { Ok(line) })
}
