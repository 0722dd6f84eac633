//! Synthea's resources, with entries of the usual kinds and number.

use std::io::Read;
use std::path::PathBuf;

use fhir::definitions::ResourceType;
use serde_json::Value;
use store::commit::{Body, Key, NO_DATE, Put};
use store::entry::{Entry, EntryValue, Local, Param, Span, Token};

/// How many entries a resource gets at most.
const MOST_ENTRIES: usize = 12;

/// `count` resources; none when the shared data is not there.
pub(crate) fn load(count: usize) -> Vec<Put> {
    let shared = std::env::var("WARD_SHARED").map_or_else(|_| PathBuf::from("../shared"), PathBuf::from);
    let Ok(folder) = std::fs::read_dir(shared.join("data/synthea/r4-transactions")) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = folder.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.sort();
    let mut puts = Vec::with_capacity(count);
    for file in files.iter().take(30) {
        let mut text = String::new();
        let bytes = std::fs::File::open(file).expect("a file");
        flate2::read::GzDecoder::new(bytes).read_to_string(&mut text).expect("a bundle");
        let bundle: Value = serde_json::from_str(&text).expect("a bundle");
        for entry in bundle["entry"].as_array().into_iter().flatten() {
            puts.extend(put(&entry["resource"], puts.len()));
        }
    }
    let known = puts.len();
    while puts.len() < count && known > 0 {
        let mut again = puts[puts.len() % known].clone();
        again.key.id = format!("again-{}", puts.len()).into();
        puts.push(again);
    }
    puts.truncate(count);
    puts
}

fn put(resource: &Value, number: usize) -> Option<Put> {
    let kind = ResourceType::parse(resource["resourceType"].as_str()?)?;
    let id = format!("bench-{number}");
    let mut rest = resource.as_object()?.clone();
    for name in ["resourceType", "id", "meta"] {
        rest.remove(name);
    }
    let head = format!("{{\"resourceType\":\"{}\",\"id\":\"{id}\",\"meta\":{{", kind.name());
    let tail = serde_json::to_string(&rest).ok()?;
    let text = format!("{head}}},{}", tail.strip_prefix('{')?);
    let mut found = Found { kind: kind.name(), entries: Vec::new(), date: NO_DATE };
    found.look(resource, "");
    found.entries.sort();
    found.entries.dedup();
    found.entries.truncate(MOST_ENTRIES);
    let body = Body { text: text.into(), stamp_at: head.len() as u32 };
    Some(Put { key: Key::new(kind, id), body, entries: found.entries, date: found.date, extractor: 0 })
}

struct Found {
    kind: &'static str,
    entries: Vec<Entry>,
    date: i64,
}

impl Found {
    fn look(&mut self, value: &Value, name: &str) {
        let mut add = |value| self.entries.push(Entry { param: Param::of(self.kind, name), value });
        match value {
            Value::Object(members) => {
                if let (Some(system), Some(code)) = (value["system"].as_str(), value["code"].as_str()) {
                    add(EntryValue::Token(Token { code: code.into(), system: system.into() }));
                }
                if let Some(reference) = value["reference"].as_str() {
                    add(EntryValue::Local(Local { target: format!("Patient/{}", reference.trim_start_matches("urn:uuid:")).into() }));
                }
                members.iter().for_each(|(member, value)| self.look(value, if member == "coding" { name } else { member }));
            }
            Value::Array(items) => items.iter().for_each(|item| self.look(item, name)),
            Value::String(text) if name == "status" => {
                add(EntryValue::Token(Token { code: text.as_str().into(), system: "".into() }));
            }
            Value::String(text) if name.ends_with("DateTime") || name == "start" || name == "birthDate" => {
                if let Some(date) = fhir::primitive::Temporal::parse(text) {
                    add(EntryValue::Date(Span { first: date.first_ms(), last: date.last_ms() }));
                    self.date = date.first_ms();
                }
            }
            _ => {}
        }
    }
}
