//! IANA's registry of language subtags (BCP 47), as JSON: languages, scripts, regions, variants, and tags that are registered whole.
//!
//! The same letters may be a language and a region (`de`, `DE`), or a language and an extended language (`aao`). Subtags are concepts as they
//! are written in the registry, which tells the first two apart; an extended language has the code of its language, and is a property there.

use serde_json::Value;

use super::json::{self, Visit, Want};
use super::{Load, Loader, one};
use crate::source::{Entry, Source};
use crate::{Failure, NewDesignation, Property, ValueType};

pub(super) const LOADER: Loader = Loader { name: "bcp-47", title: "IANA language subtag registry (BCP 47)", jobs, load };

fn file(source: &Source) -> Option<&Entry> {
    let candidate = source.find(|name| name.contains("registry") && name.ends_with(".json"))?;
    let head = source.head(candidate, 4096);
    (head.contains("\"Subtag\"") && head.contains("\"Type\"")).then_some(candidate)
}

fn jobs(source: &Source) -> Vec<String> {
    one(file(source).is_some())
}

/// Members that become properties.
const PROPERTIES: [&str; 8] = ["Type", "Added", "Deprecated", "Preferred-Value", "Suppress-Script", "Macrolanguage", "Scope", "Prefix"];

fn load(load: &mut Load<'_>) -> Result<(), Failure> {
    let source = load.source;
    let Some(file) = file(source) else { return Err(Failure::FileMissing { path: source.path.clone(), file: "registry.json" }) };
    let version = match source.find(|name| name == "meta.json") {
        Some(meta) => serde_json::from_str::<Value>(&source.head(meta, 4096)).unwrap_or_default(),
        None => Value::Null,
    };
    let about = load.writer.about_mut();
    about.url = "urn:ietf:bcp:47".into();
    about.version = json::text(&version, "File-Date").into();
    about.title = "Tags for the identification of languages".into();
    about.language = "en".into();
    about.compositional = true;
    let mut properties = Vec::new();
    for name in PROPERTIES {
        properties.push(load.writer.declare(Property {
            code: name.to_ascii_lowercase().into(),
            uri: "".into(),
            kind: ValueType::String,
        })?);
    }
    source.read(file, |reader| json::walk(reader, &file.name, &mut Entries { load, properties, file: &file.name }))
}

struct Entries<'a, 'b> {
    load: &'a mut Load<'b>,
    properties: Vec<usize>,
    file: &'a str,
}

impl Visit for Entries<'_, '_> {
    fn want(&self, _path: &[String]) -> Want {
        Want::Each
    }

    fn value(&mut self, _path: &[String], entry: Value) -> Result<(), Failure> {
        self.load.count(self.file);
        json::need(&entry, "Type")?;
        let code = match json::text(&entry, "Tag") {
            "" => json::need(&entry, "Subtag")?,
            tag => tag,
        };
        let writer = &mut *self.load.writer;
        writer.concept(code)?;
        for text in texts(&entry, "Description") {
            writer.designation(code, &NewDesignation::display(text))?;
        }
        for (property, member) in self.properties.iter().zip(PROPERTIES) {
            for text in texts(&entry, member) {
                writer.value(code, *property, text)?;
            }
        }
        // An extended language is deprecated in favour of the language with the same code, which is not.
        let is_deprecated = entry.get("Deprecated").is_some() && json::text(&entry, "Type") != "extlang";
        if is_deprecated { writer.inactive(code) } else { Ok(()) }
    }
}

/// A text, or each of several.
fn texts<'a>(entry: &'a Value, member: &str) -> Vec<&'a str> {
    match entry.get(member) {
        Some(Value::Array(texts)) => texts.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(text)) => vec![text],
        _ => Vec::new(),
    }
}
