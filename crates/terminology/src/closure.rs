//! `ConceptMap/$closure` (<http://hl7.org/fhir/R4/conceptmap-operation-closure.html>): a table of which of a client's concepts stand above which.
//!
//! The table is the caller's to keep: it is handed in, and handed out with what is new.

use fhir::{Object, Value};

use crate::engine::Terminology;
use crate::error::TerminologyError;
use crate::request::{Coding, Options};
use crate::session::{Rules, Session};
use crate::subsumes::{Subsumption, compare};

/// How many concepts a table may have.
const MOST_CONCEPTS: usize = 2_000;

/// A closure table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Closure {
    /// How often something was added.
    pub version: u64,
    /// The concepts, each once.
    pub concepts: Vec<Coding>,
    /// What was found: the version in which it was, the system, the concept, and one above it.
    pub entries: Vec<ClosureEntry>,
}

/// One concept stands above another.
#[derive(Clone, Debug, PartialEq)]
pub struct ClosureEntry {
    /// The version of the table in which it was found.
    pub version: u64,
    /// The code system of both.
    pub system: String,
    /// The concept.
    pub code: String,
    /// The one above it.
    pub above: String,
}

impl Closure {
    /// The table as JSON, to be kept.
    pub fn value(&self) -> Value {
        let coding = |coding: &Coding| {
            let members = [("system", &coding.system), ("version", &coding.version), ("code", &coding.code)];
            Value::from(members.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?))).collect::<Object>())
        };
        let entry = |entry: &ClosureEntry| {
            fhir::object! { "version": entry.version, "system": entry.system.as_str(), "code": entry.code.as_str(), "above": entry.above.as_str() }
        };
        fhir::object! {
            "version": self.version,
            "concepts": self.concepts.iter().map(coding).collect::<Vec<_>>(),
            "entries": self.entries.iter().map(entry).collect::<Vec<_>>(),
        }
    }

    /// The table that was kept; `None` when it is none.
    pub fn read(value: &Value) -> Option<Self> {
        let number = |value: &Value, name: &str| value.get(name)?.as_number()?.parse().ok();
        let text = |value: &Value, name: &str| value.text(name).map(str::to_owned);
        let entry = |entry: &Value| {
            Some(ClosureEntry {
                version: number(entry, "version")?,
                system: text(entry, "system")?,
                code: text(entry, "code")?,
                above: text(entry, "above")?,
            })
        };
        Some(Self {
            version: number(value, "version")?,
            concepts: value.list("concepts").map(Coding::read).collect(),
            entries: value.list("entries").map(entry).collect::<Option<_>>()?,
        })
    }

    /// What was found after a version, as a ConceptMap: each concept with those that subsume it.
    pub fn since(&self, version: u64, name: &str) -> Value {
        let new = || self.entries.iter().filter(|entry| entry.version > version);
        let mut systems: Vec<&str> = new().map(|entry| entry.system.as_str()).collect();
        systems.sort_unstable();
        systems.dedup();
        let element = |system: &str, code: &str| {
            let of_code = new().filter(|entry| entry.system == system && entry.code == code);
            let target = |entry: &ClosureEntry| fhir::object! { "code": entry.above.as_str(), "equivalence": "subsumes" };
            fhir::object! { "code": code, "target": of_code.map(target).collect::<Vec<_>>() }
        };
        let group = |system: &&str| {
            let mut codes: Vec<&str> = new().filter(|entry| entry.system == *system).map(|entry| entry.code.as_str()).collect();
            codes.sort_unstable();
            codes.dedup();
            let elements: Vec<Value> = codes.into_iter().map(|code| element(system, code)).collect();
            fhir::object! { "source": *system, "target": *system, "element": elements }
        };
        let groups: Vec<Value> = systems.iter().map(group).collect();
        let mut map = Object::new();
        map.push("resourceType", "ConceptMap");
        map.push("version", self.version.to_string());
        map.push("name", name);
        map.push("status", "active");
        map.push("experimental", true);
        if !groups.is_empty() {
            map.push("group", groups);
        }
        map.into()
    }
}

/// Adds concepts to a table. The answer, a ConceptMap of what is new, is [`Closure::since`] the version that the table had before.
///
/// # Errors
/// When a code system or a code is not known, or there are too many concepts. The table is then as it was.
pub fn closure(engine: &Terminology<'_>, table: &Closure, concepts: &[Coding]) -> Result<Closure, TerminologyError> {
    let session = Session::new(*engine, Options::default());
    let mut table = table.clone();
    let version = table.version + 1;
    for coding in concepts {
        let is_same = |other: &Coding| other.system == coding.system && other.code == coding.code;
        if table.concepts.iter().any(is_same) {
            continue;
        }
        if table.concepts.len() >= MOST_CONCEPTS {
            return Err(TerminologyError::request(format!("A closure table may have {MOST_CONCEPTS} concepts")));
        }
        let (Some(url), Some(code)) = (&coding.system, &coding.code) else {
            return Err(TerminologyError::request("A concept of a closure table needs a system and a code"));
        };
        let Some(system) = session.system(url, coding.version.as_deref(), Rules::Apply)? else {
            let message = crate::messages::unknown_system_of_code(url, coding.version.as_deref(), &session.known_versions(url));
            return Err(TerminologyError::not_found(message));
        };
        compare(&system, code, code)?;
        for other in table.concepts.iter().filter(|other| other.system == coding.system) {
            let Some(other) = &other.code else { continue };
            let (code, above) = match compare(&system, code, other)? {
                Subsumption::Subsumes => (other, code),
                Subsumption::SubsumedBy => (code, other),
                _ => continue,
            };
            table.entries.push(ClosureEntry { version, system: url.clone(), code: code.clone(), above: above.clone() });
        }
        table.concepts.push(Coding { display: None, ..coding.clone() });
    }
    table.version = version;
    Ok(table)
}
