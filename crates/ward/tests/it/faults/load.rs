//! What is written while faults happen: versions, deletions and transactions. Everything is noted in the trace when it is sent, and again when
//! its answer has come.

use std::path::Path;

use saboteur::launch::Saboteur;
use saboteur::trace::Notes;

use crate::http::{self, Answer};
use crate::process::{Server, ward};

/// Starts a server that a saboteur has its hands on; what it has said when it ends before it listens.
pub fn start(saboteur: &Saboteur, arguments: &[&str]) -> Result<Server, String> {
    let mut command = ward(saboteur.folder());
    command.args(["--set", "log=error", "serve", "--listen", "127.0.0.1:0"]).args(arguments);
    saboteur.attach(&mut command);
    Server::of(command)
}

/// Why a load cannot go on: the connection broke.
#[derive(Debug)]
pub struct Broken;

/// What a writer writes to, and where it notes it.
#[derive(Clone, Copy)]
pub struct Load<'a> {
    pub address: &'a str,
    pub notes: &'a Notes,
    /// The statuses that it may be refused with.
    pub refusals: &'a [u16],
}

impl Load<'_> {
    /// Two versions of a resource, a transaction of two, and for odd numbers a deletion.
    pub fn round(&self, writer: &str, number: u32) -> Result<(), Broken> {
        let id = format!("{writer}n{number}");
        for version in 1..=2 {
            self.put(&id, version)?;
        }
        let ids = [format!("{id}a"), format!("{id}b")];
        let entry = |id: &String| {
            let resource = observation(id, 1);
            format!(r#"{{"resource":{resource},"request":{{"method":"PUT","url":"Observation/{id}"}}}}"#)
        };
        let bundle = format!(r#"{{"resourceType":"Bundle","type":"transaction","entry":[{}]}}"#, ids.each_ref().map(entry).join(","));
        let named = ids.map(|id| format!("Observation/{id} 1")).join(" ");
        if self.send("POST", "/fhir", &bundle, &named)?.is_some() {
            note(self.notes, format!("done {named}"));
        }
        if is_deleted(&id) && self.send("DELETE", &format!("/fhir/Observation/{id}"), "", &format!("Observation/{id} 0"))?.is_some() {
            note(self.notes, format!("done Observation/{id} 0"));
        }
        Ok(())
    }

    /// Reads and searches.
    pub fn look(&self) -> Result<(), Broken> {
        for path in ["/fhir/Observation/none", "/fhir/Observation?status=final&_count=5", "/fhir/Observation/_history?_count=5"] {
            let answer = http::try_send(self.address, "GET", path, &[], b"").ok_or(Broken)?;
            assert!([200, 404].contains(&answer.status) || self.refusals.contains(&answer.status), "{path}: {}", answer.status);
        }
        Ok(())
    }

    /// Writes a resource; says whether it was acknowledged.
    pub fn put(&self, id: &str, version: u64) -> Result<bool, Broken> {
        let path = format!("/fhir/Observation/{id}");
        let Some(answer) = self.send("PUT", &path, &observation(id, version), &format!("Observation/{id} {version}"))? else {
            return Ok(false);
        };
        let written = answer.header("etag").trim_matches(['W', '/', '"']).to_owned();
        note(self.notes, format!("done Observation/{id} {written}"));
        Ok(true)
    }

    /// Sends a request; `None` when it was refused.
    fn send(&self, method: &str, path: &str, body: &str, what: &str) -> Result<Option<Answer>, Broken> {
        note(self.notes, format!("sent {what}"));
        let answer = http::try_send(self.address, method, path, &[("Content-Type", "application/fhir+json")], body.as_bytes());
        let answer = answer.ok_or(Broken)?;
        if answer.status < 300 {
            return Ok(Some(answer));
        }
        let told = String::from_utf8_lossy(&answer.body);
        assert!(self.refusals.contains(&answer.status), "{method} {path}: {} {told}", answer.status);
        assert!(told.contains("OperationOutcome"), "{method} {path}: {} without an OperationOutcome: {told}", answer.status);
        Ok(None)
    }
}

/// Notes something in a trace.
pub fn note(notes: &Notes, text: impl Into<String>) {
    notes.note(text).expect("a note is written");
}

/// The notes in a trace.
pub fn notes(trace: &Path) -> Notes {
    Notes::in_trace(trace).expect("the trace is there")
}

/// Whether a load deletes a resource once it has written it.
pub fn is_deleted(id: &str) -> bool {
    id.ends_with(['1', '3', '5', '7', '9'])
}

/// A resource of some size, which differs from one to the next: 300 to 6,300 bytes.
pub fn observation(id: &str, version: u64) -> String {
    let length = 100 + id.bytes().fold(version as usize, |sum, byte| sum * 31 + byte as usize) % 6000;
    let note: String = id.chars().cycle().take(length).collect();
    let (code, note) = (format!(r#"{{"text":"{version}"}}"#), format!(r#"[{{"text":"{note}"}}]"#));
    format!(r#"{{"resourceType":"Observation","id":"{id}","status":"final","code":{code},"note":{note},"valueInteger":{version}}}"#)
}
