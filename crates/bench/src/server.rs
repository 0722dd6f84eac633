//! A server under measurement, in a process of its own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::conformance::others::VARIABLES;
use crate::load::exchange::Connection;
use crate::routes::Judging;
use crate::{Failure, requests};

/// Starts what follows with as many open files as the system allows: the usual limit of 1,024 is below the connections that are measured.
pub const WITH_MANY_FILES: [&str; 3] = ["-c", "ulimit -n $(ulimit -H -n); exec \"$@\"", "sh"];

/// How long a server may take to end when it is asked to.
const END: Duration = Duration::from_secs(60);

/// A running server. It is killed when it is dropped.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: String,
    started: Instant,
}

impl Server {
    /// Starts `program`, and waits until it says on standard error where it listens.
    fn start(program: &Path, arguments: &[&std::ffi::OsStr]) -> Result<Self, Failure> {
        let mut command = Command::new("sh");
        VARIABLES.iter().for_each(|name| _ = command.env_remove(name));
        command.args(WITH_MANY_FILES).arg(program).args(arguments);
        let started = Instant::now();
        let mut child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn()?;
        let mut lines = BufReader::new(child.stderr.take().ok_or("no standard error")?).lines();
        let address = loop {
            let line = lines.next().ok_or("the server ended before it listened")??;
            if let Some((_, rest)) = line.split_once("http://") {
                break rest.split('/').next().unwrap_or_default().to_owned();
            }
        };
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok).filter(|line| line.contains("ERROR")) {
                eprintln!("the server says: {line}");
            }
        });
        Ok(Self { child, address, started })
    }

    /// Starts Ward on a data directory, open to whoever asks.
    pub fn ward(binary: &Path, data_dir: &Path) -> Result<Self, Failure> {
        Self::ward_with(binary, data_dir, &["access=open"])
    }

    /// The same with settings of its own, that of `access` among them.
    pub fn ward_with(binary: &Path, data_dir: &Path, settings: &[&str]) -> Result<Self, Failure> {
        let mut words = vec!["--set", "log=error"];
        settings.iter().for_each(|setting| words.extend(["--set", setting]));
        words.extend(["serve", "--listen", "127.0.0.1:0"]);
        let mut arguments = vec!["--data-dir".as_ref(), data_dir.as_os_str()];
        arguments.extend(words.into_iter().map(std::ffi::OsStr::new));
        Self::start(binary, &arguments)
    }

    /// Starts the bare server that answers with the recorded answers of a file.
    pub fn bare(answers: &Path) -> Result<Self, Failure> {
        Self::start(&std::env::current_exe()?, &["bare".as_ref(), answers.as_os_str()])
    }

    /// Starts Ward's routes on a store in a folder, with this judge.
    pub fn judging(judging: Judging, folder: &Path) -> Result<Self, Failure> {
        Self::start(&std::env::current_exe()?, &["routes".as_ref(), folder.as_os_str(), judging.name().as_ref()])
    }

    /// How long after its start the server answered `path` with 200, in milliseconds.
    pub async fn first_answer_ms(&self, path: &str) -> Result<f64, Failure> {
        let request = requests::get(&self.address, path);
        let mut connection = Connection::new(&self.address);
        while self.started.elapsed() < Duration::from_secs(30) {
            if connection.exchange(&request).await == Some(200) {
                return Ok(self.started.elapsed().as_secs_f64() * 1000.0);
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Err(format!("{path} was not answered in 30 s").into())
    }

    /// The process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// The memory that the process holds now, and the most that it held, in megabytes.
    pub fn memory_mb(&self) -> (f64, f64) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_whitespace().next()?.parse::<f64>().ok()
        };
        (line("VmRSS:").unwrap_or(0.0) * 1.024e-3, line("VmHWM:").unwrap_or(0.0) * 1.024e-3)
    }

    /// The processor time that it has used so far, in seconds.
    pub fn cpu_seconds(&self) -> f64 {
        // In ticks of a hundredth of a second on every Linux; user and system time, the 14th and 15th field.
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
        fields.filter_map(|field| field.parse::<f64>().ok()).sum::<f64>() / 100.0
    }

    /// Lets it stand still until [`Server::go_on`]: it takes no processor time, and keeps what it has in memory.
    pub fn pause(&self) -> Result<(), Failure> {
        self.signal("-STOP")
    }

    /// Lets it go on after [`Server::pause`].
    pub fn go_on(&self) -> Result<(), Failure> {
        self.signal("-CONT")
    }

    fn signal(&self, signal: &str) -> Result<(), Failure> {
        let status = Command::new("kill").args([signal, &self.child.id().to_string()]).status()?;
        if status.success() { Ok(()) } else { Err(format!("the server did not get {signal}").into()) }
    }

    /// Asks it to end, and waits until it has.
    pub fn stop(mut self) -> Result<(), Failure> {
        self.signal("-TERM")?;
        let asked = Instant::now();
        while self.child.try_wait()?.is_none() {
            if asked.elapsed() > END {
                return Err("the server did not end within a minute".into());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
