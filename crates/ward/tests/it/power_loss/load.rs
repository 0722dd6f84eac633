//! The load: writers of resources, versions, deletions and transactions, and an import, while the server is started, stopped and killed.

use std::fmt::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use saboteur::launch::Saboteur;
use saboteur::trace::Notes;

use crate::http;
use crate::process::{Server, ward};

const WRITERS: usize = 4;

/// How long they write each time that the server was started.
const LIFE: Duration = Duration::from_millis(800);

/// How many resources the import has.
const IMPORTED: usize = 150;

/// Runs a server through three lives: it is stopped, killed, and stopped. Everything sent and acknowledged is noted in the trace.
pub fn record(saboteur: &Saboteur, trace: &Path, beside: &Path, arguments: &[&str]) {
    let notes = Notes::in_trace(trace).expect("the trace is there");
    for life in 0..3 {
        let server = start(saboteur, arguments);
        let (address, stop) = (server.address.clone(), AtomicBool::new(false));
        std::thread::scope(|scope| {
            let writers: Vec<_> = (0..WRITERS)
                .map(|writer| {
                    let load = Load { address: &address, notes: &notes, stop: &stop };
                    scope.spawn(move || load.write(&format!("l{life}w{writer}")))
                })
                .collect();
            if life == 1 {
                import(&address, &notes, beside);
            }
            std::thread::sleep(LIFE);
            if life == 1 {
                server.kill();
            } else {
                stop.store(true, Ordering::Relaxed);
                writers.into_iter().for_each(|writer| writer.join().expect("a writer ends"));
                assert_eq!(server.stop(), Some(0));
            }
        });
    }
}

fn start(saboteur: &Saboteur, arguments: &[&str]) -> Server {
    let mut command = ward(saboteur.folder());
    command.args(["--set", "log=error", "serve", "--listen", "127.0.0.1:0"]).args(arguments);
    saboteur.attach(&mut command);
    Server::of(command).unwrap_or_else(|seen| panic!("the server ended before it listened: {seen}"))
}

/// Imports resources over the network, from a file that is not in the folder.
fn import(address: &str, notes: &Notes, beside: &Path) {
    let (mut text, mut names) = (String::new(), Vec::new());
    for number in 0..IMPORTED {
        writeln!(text, "{}", observation(&format!("import{number}"), 1)).expect("a text");
        names.push(format!("Observation/import{number}"));
    }
    let file = beside.join("import.ndjson");
    std::fs::write(&file, text).expect("the file is written");
    for name in &names {
        note(notes, format!("sent {name} 1"));
    }
    let mut command = ward(beside);
    command.arg("import").arg(&file).args(["--url", &format!("http://{address}/fhir")]);
    let output = command.output().expect("the binary runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for name in &names {
        note(notes, format!("done {name} 1"));
    }
}

/// What a writer writes to, and where it notes it.
struct Load<'a> {
    address: &'a str,
    notes: &'a Notes,
    stop: &'a AtomicBool,
}

impl Load<'_> {
    /// Writes until it is told to stop, or the connection breaks.
    fn write(&self, writer: &str) {
        for number in 0.. {
            if self.stop.load(Ordering::Relaxed) || self.round(&format!("{writer}n{number}")).is_none() {
                return;
            }
        }
    }

    /// Two versions of a resource, a transaction of two, and every other time a deletion; `None` when the connection breaks.
    fn round(&self, id: &str) -> Option<()> {
        for version in 1..=2 {
            self.send("PUT", &format!("/fhir/Observation/{id}"), &observation(id, version), &format!("Observation/{id} {version}"))?;
        }
        let entry = |id: &str| {
            let resource = observation(id, 1);
            format!(r#"{{"resource":{resource},"request":{{"method":"PUT","url":"Observation/{id}"}}}}"#)
        };
        let bundle = format!(
            r#"{{"resourceType":"Bundle","type":"transaction","entry":[{},{}]}}"#,
            entry(&format!("{id}a")),
            entry(&format!("{id}b"))
        );
        self.send("POST", "/fhir", &bundle, &format!("Observation/{id}a 1 Observation/{id}b 1"))?;
        if id.ends_with(['1', '3', '5', '7', '9']) {
            self.send("DELETE", &format!("/fhir/Observation/{id}"), "", &format!("Observation/{id} 0"))?;
        }
        Some(())
    }

    fn send(&self, method: &str, path: &str, body: &str, what: &str) -> Option<()> {
        note(self.notes, format!("sent {what}"));
        let answer = http::try_send(self.address, method, path, &[("Content-Type", "application/fhir+json")], body.as_bytes())?;
        assert!(answer.status < 300, "{method} {path}: {}", String::from_utf8_lossy(&answer.body));
        note(self.notes, format!("done {what}"));
        Some(())
    }
}

fn note(notes: &Notes, text: String) {
    notes.note(text).expect("a note is written");
}

/// A resource of some size, which differs from one to the next: 300 to 6,300 bytes.
fn observation(id: &str, version: u64) -> String {
    let length = 100 + id.bytes().fold(version as usize, |sum, byte| sum * 31 + byte as usize) % 6000;
    let note: String = id.chars().cycle().take(length).collect();
    format!(
        r#"{{"resourceType":"Observation","id":"{id}","status":"final","code":{{"text":"{version}"}},"note":[{{"text":"{note}"}}],"valueInteger":{version}}}"#
    )
}
