//! A server under measurement, in a process of its own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::{Failure, load};

/// A running server. It is killed when it is dropped.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: String,
    started: Instant,
}

impl Server {
    /// Starts `command`, and waits until it says on standard error where it listens.
    pub fn start(command: &mut Command) -> Result<Self, Failure> {
        let started = Instant::now();
        let mut child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn()?;
        let mut lines = BufReader::new(child.stderr.take().ok_or("no standard error")?).lines();
        let address = loop {
            let line = lines.next().ok_or("the server ended before it listened")??;
            if let Some((_, rest)) = line.split_once("http://") {
                break rest.split('/').next().unwrap_or_default().to_owned();
            }
        };
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Self { child, address, started })
    }

    /// Starts Ward on a data directory.
    pub fn ward(binary: &Path, data_dir: &Path) -> Result<Self, Failure> {
        Self::start(Command::new(binary).arg("--data-dir").arg(data_dir).args(["--set", "log=error", "serve", "--listen", "127.0.0.1:0"]))
    }

    /// Starts the bare server that answers `body`.
    pub fn bare(body: &Path) -> Result<Self, Failure> {
        Self::start(Command::new(std::env::current_exe()?).arg("bare").arg(body))
    }

    /// How long after its start the server answered `path` with 200.
    pub async fn first_answer(&self, path: &str) -> Result<Duration, Failure> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.address);
        let (mut stream, mut buffer) = (None, Vec::new());
        while self.started.elapsed() < Duration::from_secs(30) {
            if load::exchange(&self.address, &mut stream, request.as_bytes(), &mut buffer).await == Some(200) {
                return Ok(self.started.elapsed());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Err(format!("{path} was not answered in 30 s").into())
    }

    /// The memory that the process holds now, in bytes.
    pub fn memory_bytes(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.and_then(|rest| rest.split_whitespace().next()).and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or(0) * 1024
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
