//! A client that does anything to a few patients, and records what it was told.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value;
use store::suite::histories::{Act, Recorder, Seen, Write};
use witness::Dice;

use crate::http::{self, Answer};

/// The resources that all clients work on.
pub(super) const KEYS: [&str; 6] = ["Patient/k0", "Patient/k1", "Patient/k2", "Patient/k3", "Patient/k4", "Patient/k5"];

const SYSTEM: &str = "urn:ward:history";
const JSON: (&str, &str) = ("Content-Type", "application/fhir+json");

/// The number in `W/"3"`.
pub(super) fn version(etag: &str) -> u64 {
    etag.trim_matches(['W', '/', '"']).parse().unwrap_or_else(|_| panic!("no version: {etag:?}"))
}

/// The value that a patient holds.
pub(super) fn value(resource: &Value) -> u64 {
    let text = resource["identifier"][1]["value"].as_str().expect("a value");
    text.parse().expect("a value is a number")
}

pub(super) struct Client<'a> {
    number: u64,
    connection: http::Client,
    dice: Dice,
    recorder: &'a Recorder,
    values: &'a AtomicU64,
    /// The version of each resource that it saw last.
    known: [u64; KEYS.len()],
    /// A value that each resource had.
    held: [u64; KEYS.len()],
}

impl<'a> Client<'a> {
    pub(super) fn new(number: u64, address: &str, seed: u64, recorder: &'a Recorder, values: &'a AtomicU64) -> Self {
        let (known, held) = ([0; KEYS.len()], [0; KEYS.len()]);
        Self { number, connection: http::Client::connect(address), dice: Dice::new(seed), recorder, values, known, held }
    }

    pub(super) fn step(&mut self) {
        let one = self.dice.below(KEYS.len() as u64) as usize;
        match self.dice.below(16) {
            0..=2 => self.read(one),
            3..=4 => self.search_all(),
            5 => self.search_value(one),
            6 => self.last_written(),
            7..=8 => self.put(one, None, (one, Seen::Newest(0))),
            9..=11 if self.known[one] > 0 => {
                let tag = format!("W/\"{}\"", self.known[one]);
                self.put(one, Some(("If-Match", &tag)), (one, Seen::Newest(self.known[one])));
            }
            12 => self.put(one, Some(("If-None-Match", "*")), (one, Seen::Gone)),
            13 => self.patch(one),
            14 => self.transaction(one, (one + 1) % KEYS.len()),
            _ => self.delete(one),
        }
    }

    /// Sends a request, and says when it was sent and answered.
    fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> (Answer, u64, u64) {
        let invoked = self.recorder.invoke();
        let answer = self.connection.send(method, path, headers, body.as_bytes());
        (answer, invoked, self.recorder.invoke())
    }

    fn record(&self, (invoked, returned): (u64, u64), act: Act) {
        self.recorder.answered(self.number, invoked, returned, act);
    }

    fn saw(&self, when: (u64, u64), one: usize, seen: Seen) {
        self.record(when, Act::Saw(vec![(KEYS[one].to_owned(), seen)]));
    }

    fn read(&mut self, one: usize) {
        let (answer, from, to) = self.send("GET", &format!("/fhir/{}", KEYS[one]), &[], "");
        let seen = match answer.status {
            200 => {
                self.known[one] = version(answer.header("etag"));
                Seen::Version(self.known[one])
            }
            410 => Seen::Gone,
            404 => Seen::Newest(0),
            _ => panic!("{}", String::from_utf8_lossy(&answer.body)),
        };
        self.saw((from, to), one, seen);
    }

    fn found(&mut self, value: &str) -> (Vec<(String, u64)>, u64, u64) {
        let (answer, from, to) = self.send("GET", &format!("/fhir/Patient?_count=100&identifier={SYSTEM}|{value}"), &[], "");
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        let bundle: Value = serde_json::from_slice(&answer.body).expect("a Bundle");
        let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
        let found = entries.iter().map(|entry| {
            let resource = &entry["resource"];
            let version = resource["meta"]["versionId"].as_str().and_then(|text| text.parse().ok()).expect("a version");
            (format!("Patient/{}", resource["id"].as_str().expect("an id")), version)
        });
        (found.collect(), from, to)
    }

    /// One search sees one state of all.
    fn search_all(&mut self) {
        let (found, from, to) = self.found("all");
        let of = |name: &str| found.iter().find(|(key, _)| key == name);
        let seen = KEYS.iter().map(|name| ((*name).to_owned(), of(name).map_or(Seen::Gone, |(_, version)| Seen::Version(*version))));
        self.record((from, to), Act::Saw(seen.collect()));
    }

    fn search_value(&mut self, one: usize) {
        let value = self.held[one];
        let (found, from, to) = self.found(&value.to_string());
        self.saw((from, to), one, if found.is_empty() { Seen::Lacks(value) } else { Seen::Holds(value) });
    }

    fn last_written(&mut self) {
        let (answer, from, to) = self.send("GET", "/fhir/_history?_count=5", &[], "");
        let bundle: Value = serde_json::from_slice(&answer.body).expect("a history");
        let rows = bundle["entry"].as_array().into_iter().flatten().map(super::row);
        self.record((from, to), Act::SawLast(rows.map(|row| (row.key, row.version)).collect()));
    }

    /// A new value for a resource, and the patient that holds it.
    fn patient(&self, one: usize) -> (u64, String) {
        let value = self.values.fetch_add(1, Ordering::Relaxed);
        let id = KEYS[one].trim_start_matches("Patient/");
        let identifier = |value: &str| format!(r#"{{"system":"{SYSTEM}","value":"{value}"}}"#);
        let identifiers = format!("{},{}", identifier("all"), identifier(&value.to_string()));
        (value, format!(r#"{{"resourceType":"Patient","id":"{id}","identifier":[{identifiers}]}}"#))
    }

    fn wrote(&mut self, when: (u64, u64), expected: Vec<(usize, Seen)>, writes: &[(usize, u64, Option<u64>)]) {
        for (one, version, value) in writes {
            self.known[*one] = *version;
            self.held[*one] = value.unwrap_or(self.held[*one]);
        }
        let expected = expected.into_iter().map(|(one, seen)| (KEYS[one].to_owned(), seen)).collect();
        let write =
            |(one, version, value): &(usize, u64, Option<u64>)| Write { key: KEYS[*one].to_owned(), version: *version, value: *value };
        self.record(when, Act::Wrote { expected, writes: writes.iter().map(write).collect() });
    }

    fn put(&mut self, one: usize, condition: Option<(&str, &str)>, expected: (usize, Seen)) {
        let (value, body) = self.patient(one);
        let headers: Vec<_> = [JSON].into_iter().chain(condition).collect();
        let (answer, from, to) = self.send("PUT", &format!("/fhir/{}", KEYS[one]), &headers, &body);
        let expected = if condition.is_some() { vec![expected] } else { Vec::new() };
        match (answer.status, condition) {
            (200 | 201, _) => self.wrote((from, to), expected, &[(one, version(answer.header("etag")), Some(value))]),
            (412, Some(("If-Match", _))) => {
                self.saw((from, to), one, Seen::OtherThan(self.known[one]));
                self.known[one] = 0;
            }
            (412, Some(_)) => self.saw((from, to), one, Seen::There),
            _ => panic!("{}", String::from_utf8_lossy(&answer.body)),
        }
    }

    fn patch(&mut self, one: usize) {
        let value = self.values.fetch_add(1, Ordering::Relaxed);
        let body = format!(r#"[{{"op":"replace","path":"/identifier/1/value","value":"{value}"}}]"#);
        let headers = [("Content-Type", "application/json-patch+json")];
        let (answer, from, to) = self.send("PATCH", &format!("/fhir/{}", KEYS[one]), &headers, &body);
        match answer.status {
            200 => self.wrote((from, to), vec![(one, Seen::There)], &[(one, version(answer.header("etag")), Some(value))]),
            404 | 410 => self.saw((from, to), one, Seen::Gone),
            // Others came first, again and again: it says nothing of the resource.
            409 => {}
            _ => panic!("{}", String::from_utf8_lossy(&answer.body)),
        }
    }

    fn transaction(&mut self, one: usize, two: usize) {
        let ((first, body), (second, other)) = (self.patient(one), self.patient(two));
        let entry = |key: &str, resource: &str| format!(r#"{{"resource":{resource},"request":{{"method":"PUT","url":"{key}"}}}}"#);
        let entries = format!("{},{}", entry(KEYS[one], &body), entry(KEYS[two], &other));
        let bundle = format!(r#"{{"resourceType":"Bundle","type":"transaction","entry":[{entries}]}}"#);
        let (answer, from, to) = self.send("POST", "/fhir", &[JSON], &bundle);
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        let reply: Value = serde_json::from_slice(&answer.body).expect("a Bundle");
        let version_of = |index: usize| version(reply["entry"][index]["response"]["etag"].as_str().expect("a version"));
        self.wrote((from, to), Vec::new(), &[(one, version_of(0), Some(first)), (two, version_of(1), Some(second))]);
    }

    fn delete(&mut self, one: usize) {
        let (answer, from, to) = self.send("DELETE", &format!("/fhir/{}", KEYS[one]), &[], "");
        assert_eq!(answer.status, 204, "{}", String::from_utf8_lossy(&answer.body));
        match answer.header("etag") {
            "" => self.saw((from, to), one, Seen::Gone),
            etag => {
                let version = version(etag);
                self.wrote((from, to), Vec::new(), &[(one, version, None)]);
                self.known[one] = 0;
            }
        }
    }
}
