//! Running the binary.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use crate::http::{self, Answer};

/// The binary, on a data directory, without any setting of this machine.
pub fn ward(data_dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ward"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("WARD_")) {
        command.env_remove(name);
    }
    // Most tests are not about who may do what.
    command.env("WARD_ACCESS", "open");
    command.current_dir(data_dir).arg("--data-dir").arg(data_dir.join("data"));
    command
}

/// Runs the binary to its end.
pub fn run(data_dir: &Path, arguments: &[&str]) -> Output {
    ward(data_dir).args(arguments).output().expect("the binary runs")
}

/// Runs the binary to its end, which must be success, and gives its standard output.
pub fn run_well(data_dir: &Path, arguments: &[&str]) -> String {
    let output = run(data_dir, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("standard output is UTF-8")
}

/// A server under test, on a free port of the loopback address. It is killed when it is dropped.
pub struct Server {
    child: Child,
    pub address: String,
}

impl Server {
    /// Starts a server, and waits until it listens.
    pub fn start(data_dir: &Path, arguments: &[&str]) -> Self {
        Self::start_at("127.0.0.1:0", data_dir, arguments)
    }

    /// Starts a server on this address.
    pub fn start_at(listen: &str, data_dir: &Path, arguments: &[&str]) -> Self {
        let mut command = ward(data_dir);
        command.args(["--set", "log=error", "serve", "--listen", listen]).args(arguments);
        Self::of(command).unwrap_or_else(|seen| panic!("the server ended before it listened: {seen}"))
    }

    /// Starts a server by a command, and waits until it listens; what it has said on standard error when it ends before.
    pub fn of(mut command: Command) -> Result<Self, String> {
        let mut child = command.stderr(Stdio::piped()).spawn().expect("the binary starts");
        let mut lines = BufReader::new(child.stderr.take().expect("standard error is piped")).lines();
        let mut seen = String::new();
        let address = loop {
            let Some(line) = lines.next() else {
                child.wait().expect("the process ends");
                return Err(seen);
            };
            let line = line.expect("lines are UTF-8");
            if let Some((_, rest)) = line.split_once("http://") {
                break rest.split('/').next().unwrap_or_default().to_owned();
            }
            seen.push_str(&line);
        };
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Self { child, address })
    }

    /// Starts a server by a command whose words go into a file, and waits until it listens.
    pub fn logging(mut command: Command, file: &Path) -> Self {
        let log = std::fs::File::create(file).expect("a file");
        let output = log.try_clone().expect("the same file");
        let child = command.stderr(log).stdout(output).spawn().expect("the binary starts");
        let address = (0..600).find_map(|_| {
            std::thread::sleep(std::time::Duration::from_millis(50));
            let text = std::fs::read_to_string(file).unwrap_or_default();
            let line = text.lines().find(|line| line.starts_with("Ward serves"))?;
            Some(line.split_once("http://")?.1.split_once('/')?.0.to_owned())
        });
        Self { child, address: address.expect("the server listens") }
    }

    /// The process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a request, and expects a whole answer.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        http::try_send(&self.address, method, path, headers, body).unwrap_or_else(|| panic!("{method} {path}: no whole answer"))
    }

    /// Gets a path.
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], b"")
    }

    /// A figure of the process's memory, such as `VmRSS` or `VmHWM`, in megabytes.
    pub fn memory_mb(&self, figure: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix(figure)?.strip_prefix(':'));
        let kib = line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok());
        kib.expect("the process runs and tells of its memory") / 1000
    }

    /// How many threads of the process run, or could run, at this moment.
    pub fn running_threads(&self) -> usize {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.child.id())).expect("the process runs");
        let stats = tasks.filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("stat")).ok());
        stats.filter(|stat| stat.rsplit_once(") ").is_some_and(|(_, state)| state.starts_with('R'))).count()
    }

    /// Asks the process to stop; it goes on until what is under way is done.
    pub fn ask_to_stop(&self) {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill runs");
        assert!(asked.success());
    }

    /// Kills the process without warning.
    pub fn kill(mut self) {
        self.child.kill().expect("the process is there");
        self.child.wait().expect("the process ends");
    }

    /// How the process ends on a signal, such as `ABRT`.
    pub fn crashed(mut self, signal: &str) -> std::process::ExitStatus {
        let sent = Command::new("kill").args([&format!("-{signal}"), &self.child.id().to_string()]).status().expect("kill runs");
        assert!(sent.success());
        self.child.wait().expect("the process ends")
    }

    /// Asks the process to stop, and gives its exit code.
    pub fn stop(self) -> Option<i32> {
        self.ask_to_stop();
        self.ended()
    }

    /// Waits until the process has ended, and gives its exit code.
    pub fn ended(mut self) -> Option<i32> {
        self.child.wait().expect("the process ends").code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
