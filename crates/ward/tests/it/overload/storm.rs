//! A server with enough to ask for, and storms over it.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::runtime::Runtime;

use super::attacks::{self, Attack};
use super::ordinary::{self, Course, Ordinary};
use super::{started, wait_until, wire};
use crate::process::{Server, run_well};

/// How many requests must have been answered before a storm ends, to prove anything.
const ENOUGH: usize = 20;

/// How many ordinary clients there are.
const ORDINARY: usize = 4;

/// How large a storm is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Size {
    Small,
    Full,
}

impl Size {
    pub fn of_environment() -> Self {
        if std::env::var("WARD_STORM").is_ok_and(|size| size == "full") { Size::Full } else { Size::Small }
    }

    pub fn is_full(self) -> bool {
        self == Size::Full
    }

    fn lasts(self) -> Duration {
        Duration::from_secs(if self.is_full() { 120 } else { 12 })
    }
}

/// What attackers were told, as far as it matters.
#[derive(Default)]
pub struct Told {
    shed: AtomicU64,
    by_status: Mutex<BTreeMap<u16, u64>>,
    badly: Mutex<Vec<String>>,
}

impl Told {
    /// Takes note of an answer, which has one of these statuses. One of 503 says when to come back, in words too.
    pub fn expect(&self, answer: &wire::Answer, statuses: &[u16]) {
        let wire::Answer { status, head, body } = answer;
        *self.by_status.lock().expect("no panic holds it").entry(*status).or_default() += 1;
        let is_shed = *status == 503;
        if is_shed {
            self.shed.fetch_add(1, Ordering::Relaxed);
        }
        let is_well_shed = !is_shed || head.contains("\r\nretry-after: ") && body.starts_with(b"{\"resourceType\":\"OperationOutcome\"");
        if !is_well_shed || !is_shed && !statuses.contains(status) {
            self.badly.lock().expect("no panic holds it").push(format!("{head}{}", String::from_utf8_lossy(&body[..body.len().min(300)])));
        }
    }

    /// The same for the beginning of an answer of 503.
    pub fn shed_head(&self, bytes: &[u8]) {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").map_or(bytes.len(), |end| end + 4);
        let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
        let body = if end < bytes.len() { bytes[end..].to_vec() } else { b"{\"resourceType\":\"OperationOutcome\"".to_vec() };
        self.expect(&wire::Answer { status: 503, head, body }, &[503]);
    }
}

/// What a storm showed.
pub struct Shown {
    pub ordinary: Ordinary,
    pub shed: u64,
    pub badly_shed: Vec<String>,
    pub peak_mb: u64,
    pub afterwards_mb: u64,
    by_status: BTreeMap<u16, u64>,
    times: BTreeMap<&'static str, u64>,
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Shown { ordinary, shed, peak_mb, afterwards_mb, by_status, times, .. } = self;
        let [p50, p95, p99] = [50, 95, 99].map(|percent| ordinary.percentile_us(percent) as f64 / 1000.0);
        writeln!(f, "ordinary: {} answered, p50 {p50} ms, p95 {p95} ms, p99 {p99} ms", ordinary.times_us.len())?;
        writeln!(f, "shed: {shed}; answers to attackers by status: {by_status:?}")?;
        writeln!(f, "memory: at most {peak_mb} MB, {afterwards_mb} MB afterwards")?;
        times.iter().try_for_each(|(name, times)| writeln!(f, "{times} times {name}"))
    }
}

/// A server with enough to ask for.
pub struct Storm {
    server: Server,
    /// Where clients attack from: threads that give way to the server and to those who mean well, whose machines these would not be.
    runtime: Runtime,
    /// Where clients are who mean well.
    well: Runtime,
    _folder: tempfile::TempDir,
}

impl Storm {
    /// A server with these settings.
    pub fn new(settings: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let hospital = run_well(folder.path(), &["seed", "--patients", "20"]);
        let file = folder.path().join("hospital.ndjson");
        std::fs::write(&file, hospital).expect("a file is written");
        run_well(folder.path(), &["import", file.to_str().expect("a plain path")]);
        let server = started(folder.path(), settings);
        let json = [("Content-Type", "application/fhir+json")];
        let patient = br#"{"resourceType":"Patient","id":"storm-0","name":[{"family":"Storm"}]}"#;
        assert_eq!(server.send("PUT", "/fhir/Patient/storm-0", &json, patient).status, 201);
        // Pages of 16 MB.
        for number in 0..24 {
            let large = format!(r#"{{"resourceType":"Basic","id":"large-{number}","code":{{"text":"{}"}}}}"#, "x".repeat(700_000));
            assert_eq!(server.send("PUT", &format!("/fhir/Basic/large-{number}"), &json, large.as_bytes()).status, 201);
        }
        let give_way = || rustix::process::setpriority_process(None, 15).expect("a thread may become less urgent");
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().on_thread_start(give_way).build().expect("a runtime");
        let well = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        Self { server, runtime, well, _folder: folder }
    }

    fn address(&self) -> String {
        self.server.address.clone()
    }

    /// Lets clients attack while others mean well.
    pub fn run(&self, size: Size, attacks: &'static [Attack]) -> Shown {
        attacks::prepare();
        let told = Arc::new(Told::default());
        let course = Arc::new(Course::default());
        let mut counts = Vec::new();
        let mut attackers = Vec::new();
        for attack in attacks {
            let count = Arc::new(AtomicU64::new(0));
            counts.push((attack.name, count.clone()));
            for _ in 0..if size.is_full() { attack.clients.1 } else { attack.clients.0 } {
                let (address, told, count, act) = (self.address(), told.clone(), count.clone(), attack.act);
                attackers.push(self.runtime.spawn(async move {
                    loop {
                        // What the server cuts off is an end like any other.
                        let _: io::Result<()> = act(&address, &told).await;
                        count.fetch_add(1, Ordering::Relaxed);
                        tokio::time::sleep(Duration::from_millis(200)).await;
                    }
                }));
            }
        }
        let clients: Vec<_> = (0..ORDINARY).map(|_| self.well.spawn(ordinary::client(self.address(), course.clone()))).collect();
        std::thread::sleep(size.lasts());
        // A machine that is busy with other things needs longer until there is something to judge.
        wait_until("ordinary requests are answered", || course.answered.load(Ordering::Relaxed) >= ENOUGH);
        course.stop.store(true, Ordering::Relaxed);
        let mut ordinary = Ordinary::default();
        for client in clients {
            ordinary.add(self.well.block_on(client).expect("a client ends"));
        }
        attackers.iter().for_each(tokio::task::JoinHandle::abort);
        let peak_mb = self.server.memory_mb("VmHWM");
        wait_until("what the storm held is given back", || self.metric("ward_http_memory_bytes") == 0.0);
        let afterwards_mb = self.settled_mb();
        let badly_shed = std::mem::take(&mut *told.badly.lock().expect("no panic holds it"));
        let by_status = std::mem::take(&mut *told.by_status.lock().expect("no panic holds it"));
        let times = counts.iter().map(|(name, count)| (*name, count.load(Ordering::Relaxed))).collect();
        Shown { ordinary, shed: told.shed.load(Ordering::Relaxed), badly_shed, peak_mb, afterwards_mb, by_status, times }
    }

    /// How much memory the server holds when the allocator has given back what it gives back: it does so when threads end, after ten seconds.
    fn settled_mb(&self) -> u64 {
        let (mut least, mut since) = (u64::MAX, 0);
        wait_until("the memory does not become less", || {
            let now = self.server.memory_mb("VmRSS");
            (least, since) = if now + 5 < least { (now, 0) } else { (least, since + 1) };
            since >= 120
        });
        least
    }

    /// The sum of a metric over its labels.
    fn metric(&self, name: &str) -> f64 {
        let text = String::from_utf8(self.server.get("/metrics").body).expect("text");
        let values = text.lines().filter(|line| line.starts_with(name)).filter_map(|line| line.rsplit_once(' ')?.1.parse::<f64>().ok());
        values.sum()
    }

    /// How much memory the server holds, in megabytes, when clients hold on to what they have begun and no more comes in.
    pub fn hold(&self, held: wire::Held) -> u64 {
        let mut clients = Vec::new();
        for _ in 0..held.bodies {
            let address = self.address();
            clients.push(self.runtime.spawn(async move {
                let mut stream = wire::connect(&address, false).await?;
                stream.write_all(&wire::post_head("/fhir", held.body_bytes, "")).await?;
                stream.write_all(&vec![b' '; held.body_bytes - 1]).await?;
                tokio::time::sleep(Duration::from_secs(3600)).await;
                Ok::<_, io::Error>(())
            }));
        }
        for _ in 0..held.readers {
            let address = self.address();
            clients.push(self.runtime.spawn(async move {
                let mut stream = wire::connect(&address, true).await?;
                stream.write_all(&wire::get("/fhir/Basic?_count=1000")).await?;
                stream.read_u8().await?;
                tokio::time::sleep(Duration::from_secs(3600)).await;
                Ok(())
            }));
        }
        let (mut most, mut since) = (0, 0);
        // It is full when it has not become fuller for two seconds.
        wait_until("the memory is as full as it becomes", || {
            let now = self.server.memory_mb("VmRSS");
            (most, since) = if now > most + 5 { (now, 0) } else { (most, since + 1) };
            since >= 20
        });
        clients.iter().for_each(tokio::task::JoinHandle::abort);
        most
    }

    /// How many of so many long searches ran at once, at most.
    pub fn longest_searches(&self, searches: usize) -> usize {
        let stop = Arc::new(AtomicBool::new(false));
        let clients: Vec<_> = (0..searches)
            .map(|_| {
                let (address, stop) = (self.address(), stop.clone());
                self.runtime.spawn(async move {
                    let told = Told::default();
                    while !stop.load(Ordering::Relaxed) {
                        let _ = (attacks::SEARCH)(&address, &told).await;
                    }
                })
            })
            .collect();
        let mut most = 0;
        for _ in 0..200 {
            most = most.max(self.server.running_threads());
            std::thread::sleep(Duration::from_millis(20));
        }
        stop.store(true, Ordering::Relaxed);
        clients.iter().for_each(tokio::task::JoinHandle::abort);
        most
    }
}
