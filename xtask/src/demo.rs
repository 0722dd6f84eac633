//! A `ward serve --demo` for tests: on a port of its own, in a data directory of its own, gone with the test.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::run;

/// The program.
pub const WARD: &str = "target/debug/ward";

/// A server with a synthetic hospital.
pub struct Demo {
    server: Child,
    /// Its data directory.
    pub folder: PathBuf,
    /// Its address: `http://127.0.0.1:41234`.
    pub address: String,
}

impl Demo {
    /// Builds Ward, and starts it with so many patients; `name` tells its data directory from others. It is ready when this returns. Whoever asks may do
    /// everything: the clients know of no tokens.
    pub fn start(name: &str, patients: u32) -> Result<Self, String> {
        Self::serve(Self::prepare(name)?, patients, &["access=open"])
    }

    /// Builds Ward, and makes an empty data directory.
    pub fn prepare(name: &str) -> Result<PathBuf, String> {
        run("cargo", &["build", "--package", "ward", "--locked", "--quiet"])?;
        let folder = PathBuf::from("target/tmp").join(name);
        let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
        if folder.exists() {
            std::fs::remove_dir_all(&folder).map_err(failed)?;
        }
        std::fs::create_dir_all(&folder).map_err(failed)?;
        Ok(folder)
    }

    /// Starts a server with so many patients in a data directory, with these settings. It is ready when this returns.
    pub fn serve(folder: PathBuf, patients: u32, settings: &[&str]) -> Result<Self, String> {
        let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
        let mut server = Command::new(WARD)
            .args(["serve", "--demo", "--listen", "127.0.0.1:0", "--set", "log=warn", "--patients", &patients.to_string(), "--data-dir"])
            .arg(&folder)
            .args(settings.iter().flat_map(|setting| ["--set", setting]))
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("ward: {error}"))?;
        let said = server.stderr.take().ok_or("ward says nothing")?;
        let log = File::create(folder.join("log")).map_err(failed)?;
        let (found, address) = std::sync::mpsc::channel();
        std::thread::spawn(move || follow(BufReader::new(said), log, &found));
        match address.recv() {
            Ok(address) => Ok(Self { server, folder, address }),
            Err(_) => {
                let ended = server.wait().map_err(|error| error.to_string())?;
                Err(format!("ward ended before it served ({ended}): {} says why", folder.join("log").display()))
            }
        }
    }

    /// What the server has said.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

/// Keeps what the server says, and hands on the address once it says that.
fn follow(said: impl BufRead, mut log: File, found: &std::sync::mpsc::Sender<String>) {
    use std::io::Write;
    for line in said.lines().map_while(Result::ok) {
        let _ = writeln!(log, "{line}");
        if let Some(url) = line.strip_prefix("Ward serves FHIR R4 at ") {
            let _ = found.send(url.trim_end_matches("/fhir").to_owned());
        }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
