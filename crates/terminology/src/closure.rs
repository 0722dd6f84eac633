//! `$closure` (<http://hl7.org/fhir/R4/conceptmap-operation-closure.html>): a table of which of a client's concepts stand above which.
//!
//! The table is the caller's to keep, as the ConceptMap that it is: [`Closure::map`] writes it and [`Closure::read`] reads it. A concept is an element of
//! the group of its code system and version; those that stand above it are its targets, each with the version of the table that found it.

use std::collections::BTreeMap;

use fhir::{Object, Value};

use crate::codes;
use crate::engine::Terminology;
use crate::error::TerminologyError;
use crate::messages::Message;
use crate::request::{Coding, Options};
use crate::session::{Rules, Session};
use crate::subsumes::{Subsumption, compare};

/// How many concepts a table may have.
const MOST_CONCEPTS: usize = 2_000;
/// How many pairs of concepts, the one above the other.
const MOST_ENTRIES: usize = 20_000;
/// Where a target has the version of the table in which it was found.
const SINCE: &str = "urn:ward:closure:since";

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

/// A code system and its version.
type System<'c> = (&'c str, Option<&'c str>);
/// Concepts, and what stands above each.
type Concepts<'c> = BTreeMap<&'c str, Vec<&'c ClosureEntry>>;
/// The concepts of each code system and version.
type Groups<'c> = BTreeMap<System<'c>, Concepts<'c>>;

impl Closure {
    /// The whole table as a ConceptMap, to be kept. It has no `url`, so that no translation goes by it.
    pub fn map(&self, name: &str) -> Value {
        let mut groups = self.found_after(0);
        for concept in &self.concepts {
            if let (Some(system), Some(code)) = (&concept.system, &concept.code) {
                groups.entry((system.as_str(), concept.version.as_deref())).or_default().entry(code.as_str()).or_default();
            }
        }
        self.written(name, &groups, true)
    }

    /// What was found after a version, as a ConceptMap: each concept with those that subsume it.
    pub fn since(&self, version: u64, name: &str) -> Value {
        self.written(name, &self.found_after(version), false)
    }

    /// The table that [`Closure::map`] has written; `None` when it is none.
    pub fn read(map: &Value) -> Option<Self> {
        let mut table = Self { version: map.text("version")?.parse().ok()?, ..Self::default() };
        for group in map.list("group") {
            let (system, version) = (group.text("source")?, group.text("sourceVersion").map(str::to_owned));
            for element in group.list("element") {
                let code = element.text("code")?;
                table.concepts.push(Coding {
                    system: Some(system.to_owned()),
                    version: version.clone(),
                    code: Some(code.to_owned()),
                    display: None,
                });
                for target in element.list("target") {
                    let since = target.list("extension").find(|extension| extension.text("url") == Some(SINCE))?;
                    table.entries.push(ClosureEntry {
                        version: since.text("valueString")?.parse().ok()?,
                        system: system.to_owned(),
                        code: code.to_owned(),
                        above: target.text("code")?.to_owned(),
                    });
                }
            }
        }
        Some(table)
    }

    fn found_after(&self, version: u64) -> Groups<'_> {
        let stated: BTreeMap<(&str, &str), Option<&str>> = self
            .concepts
            .iter()
            .filter_map(|concept| Some(((concept.system.as_deref()?, concept.code.as_deref()?), concept.version.as_deref())))
            .collect();
        let mut groups = Groups::new();
        for entry in self.entries.iter().filter(|entry| entry.version > version) {
            let of_concept = stated.get(&(entry.system.as_str(), entry.code.as_str())).copied().flatten();
            groups.entry((&entry.system, of_concept)).or_default().entry(&entry.code).or_default().push(entry);
        }
        groups
    }

    fn written(&self, name: &str, groups: &Groups<'_>, is_kept: bool) -> Value {
        let mut map = Object::from_iter([
            ("resourceType", Value::from("ConceptMap")),
            ("version", self.version.to_string().into()),
            ("name", name.into()),
            ("status", "active".into()),
            ("experimental", true.into()),
        ]);
        if !groups.is_empty() {
            let group = |((system, version), concepts): (&System<'_>, &Concepts<'_>)| group(system, *version, concepts, is_kept);
            map.push("group", groups.iter().map(group).collect::<Vec<_>>());
        }
        map.into()
    }
}

fn group(system: &str, version: Option<&str>, concepts: &Concepts<'_>, is_kept: bool) -> Value {
    let mut group = Object::from_iter([("source", Value::from(system))]);
    if let Some(version) = version {
        group.push("sourceVersion", version);
    }
    group.push("target", system);
    group.push("element", concepts.iter().map(|(code, above)| element(code, above, is_kept)).collect::<Vec<_>>());
    group.into()
}

fn element(code: &str, above: &[&ClosureEntry], is_kept: bool) -> Value {
    let target = |entry: &&ClosureEntry| {
        let mut target = Object::new();
        if is_kept {
            target.push("extension", fhir::array![fhir::object! { "url": SINCE, "valueString": entry.version.to_string() }]);
        }
        target.push("code", entry.above.as_str());
        target.push("equivalence", "subsumes");
        Value::from(target)
    };
    let mut element = Object::from_iter([("code", Value::from(code))]);
    if !above.is_empty() {
        element.push("target", above.iter().map(target).collect::<Vec<_>>());
    }
    element.into()
}

/// A table with these concepts added, in its next version; the same version when it has all of them. What is to be answered, a ConceptMap of what is new, is
/// [`Closure::since`] the version that the table had before.
///
/// # Errors
/// When a code system or a code is not known, or the table would have more than 2,000 concepts or 20,000 pairs.
pub fn closure(engine: &Terminology<'_>, table: &Closure, concepts: &[Coding]) -> Result<Closure, TerminologyError> {
    let session = Session::new(*engine, Options::default());
    let mut table = table.clone();
    let (version, before) = (table.version + 1, table.concepts.len());
    for coding in concepts {
        let is_same = |other: &Coding| other.system == coding.system && other.code == coding.code;
        if table.concepts.iter().any(is_same) {
            continue;
        }
        if table.concepts.len() >= MOST_CONCEPTS {
            return Err(too_large(MOST_CONCEPTS, "concepts"));
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
    if table.entries.len() > MOST_ENTRIES {
        return Err(too_large(MOST_ENTRIES, "pairs of concepts, the one above the other"));
    }
    if table.concepts.len() > before {
        table.version = version;
    }
    Ok(table)
}

fn too_large(most: usize, what: &str) -> TerminologyError {
    let text = format!("A closure table has at most {most} {what}: begin another one, under another name");
    TerminologyError::too_costly(Message { id: None, text, number: codes::TOO_COSTLY })
}
