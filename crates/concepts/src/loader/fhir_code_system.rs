//! A FHIR CodeSystem in JSON (<http://hl7.org/fhir/R4/codesystem.html>), read as a stream: no more of it is in memory than one concept and the
//! codes of those around it.

mod concept;

use serde_json::Value;

use super::json::{self, Visit, Want};
use super::{Load, Loader, one};
use crate::source::{Entry, Source};
use crate::{Content, Failure, Property, ValueType};

use concept::Concept;

pub(super) const LOADER: Loader = Loader { name: "fhir-code-system", title: "FHIR CodeSystem (JSON)", jobs, load };

fn file(source: &Source) -> Option<&Entry> {
    let mut candidates = source.files().iter().filter(|file| file.base().ends_with(".json"));
    candidates.next().filter(|_| candidates.next().is_none())
}

fn jobs(source: &Source) -> Vec<String> {
    let Some(file) = file(source) else { return one(false) };
    let head: String = source.head(file, 16 << 10).split_whitespace().collect();
    one(head.contains("\"resourceType\":\"CodeSystem\""))
}

fn load(load: &mut Load<'_>) -> Result<(), Failure> {
    let source = load.source;
    let Some(file) = file(source) else { return Err(Failure::FileMissing { path: source.path.clone(), file: "CodeSystem (JSON)" }) };
    source.read(file, |reader| json::walk(reader, &file.name, &mut CodeSystem { load, file: &file.name, open: Vec::new() }))
}

struct CodeSystem<'a, 'b> {
    load: &'a mut Load<'b>,
    file: &'a str,
    /// The concepts whose objects have not ended.
    open: Vec<Concept>,
}

/// Members of the resource that are read.
const MEMBERS: [&str; 12] = [
    "resourceType",
    "url",
    "version",
    "title",
    "name",
    "language",
    "copyright",
    "valueSet",
    "hierarchyMeaning",
    "caseSensitive",
    "compositional",
    "content",
];

impl Visit for CodeSystem<'_, '_> {
    fn want(&self, path: &[String]) -> Want {
        match path {
            [] => Want::Inside,
            [only] if only == "property" => Want::Each,
            [only] if MEMBERS.contains(&only.as_str()) => Want::Whole,
            [.., last] if last == "concept" => Want::Inside,
            [.., concept, _] if concept == "concept" => Want::Whole,
            _ => Want::Nothing,
        }
    }

    fn enter(&mut self, path: &[String]) {
        if !path.is_empty() {
            self.open.push(Concept::default());
        }
    }

    fn leave(&mut self, _path: &[String]) -> Result<(), Failure> {
        let Some(done) = self.open.pop() else { return Ok(()) };
        self.load.count(self.file);
        done.tell(self.load.writer)?;
        if let Some(parent) = self.open.last_mut() {
            parent.children.push(done.code);
        }
        Ok(())
    }

    fn value(&mut self, path: &[String], value: Value) -> Result<(), Failure> {
        let Some(member) = path.last() else { return Ok(()) };
        match self.open.last_mut() {
            Some(concept) => {
                concept.take(member, value);
                Ok(())
            }
            None => self.member(member, &value),
        }
    }
}

impl CodeSystem<'_, '_> {
    /// A member of the resource itself.
    fn member(&mut self, member: &str, value: &Value) -> Result<(), Failure> {
        let refuse = |rule: &str| Err(Failure::malformed("", 0, rule));
        let text = value.as_str().unwrap_or_default();
        let about = self.load.writer.about_mut();
        match member {
            "resourceType" if text != "CodeSystem" => return refuse("the resource is a CodeSystem"),
            "url" => about.url = text.into(),
            "version" => about.version = text.into(),
            "title" => about.title = text.into(),
            "name" if about.title.is_empty() => about.title = text.into(),
            "language" => about.language = text.into(),
            "copyright" => about.copyright = text.into(),
            "valueSet" => about.value_set = text.into(),
            "hierarchyMeaning" => about.hierarchy_meaning = text.into(),
            "caseSensitive" => about.case_sensitive = value.as_bool().unwrap_or(true),
            "compositional" => about.compositional = value.as_bool().unwrap_or(false),
            "content" => match text {
                "complete" => about.content = Content::Complete,
                "fragment" | "example" => about.content = Content::Fragment,
                _ => return refuse("CodeSystem.content is complete, fragment or example: there are no concepts to load otherwise"),
            },
            "property" => {
                let (code, kind) = (json::need(value, "code")?, json::need(value, "type")?);
                let Some(kind) = ValueType::named(kind) else { return refuse("the type of a property is one of those that FHIR has") };
                self.load.writer.declare(Property { code: code.into(), uri: json::text(value, "uri").into(), kind })?;
            }
            _ => {}
        }
        Ok(())
    }
}
