//! SNOMED's Global Patient Set, as the FHIR value set that lists it: codes with their fully specified names, no hierarchy.

use serde_json::Value;

use super::json::{self, Visit, Want};
use super::{Load, Loader, one};
use crate::source::{Entry, Source};
use crate::{Content, Failure, NewDesignation};

pub(super) const LOADER: Loader = Loader { name: "snomed-gps", title: "SNOMED CT Global Patient Set (value set)", jobs, load };

fn file(source: &Source) -> Option<&Entry> {
    let candidate = source.find(|name| name.ends_with(".json"))?;
    let head = source.head(candidate, 16 << 10);
    (head.contains("\"ValueSet\"") && head.contains("snomed-intl-gps")).then_some(candidate)
}

fn jobs(source: &Source) -> Vec<String> {
    one(file(source).is_some())
}

fn load(load: &mut Load<'_>) -> Result<(), Failure> {
    let source = load.source;
    let Some(file) = file(source) else { return Err(Failure::FileMissing { path: source.path.clone(), file: "ValueSet (JSON)" }) };
    let about = load.writer.about_mut();
    about.title = "SNOMED CT (Global Patient Set)".into();
    about.language = "en".into();
    about.content = Content::Fragment;
    about.hierarchy_meaning = "is-a".into();
    about.compositional = true;
    source.read(file, |reader| json::walk(reader, &file.name, &mut Set { load, file: &file.name, system: String::new() }))
}

struct Set<'a, 'b> {
    load: &'a mut Load<'b>,
    file: &'a str,
    system: String,
}

impl Visit for Set<'_, '_> {
    fn want(&self, path: &[String]) -> Want {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        match path.as_slice() {
            [] | ["compose"] | ["compose", "include"] => Want::Inside,
            ["compose", "include", "concept"] => Want::Each,
            ["copyright"] | ["compose", "include", "system" | "version" | "filter" | "valueSet"] | ["compose", "exclude"] => Want::Whole,
            _ => Want::Nothing,
        }
    }

    fn value(&mut self, path: &[String], value: Value) -> Result<(), Failure> {
        let text = value.as_str().unwrap_or_default();
        match path.last().map(String::as_str) {
            Some("concept") => {
                self.load.count(self.file);
                let code = json::need(&value, "code")?;
                self.load.writer.concept(code)?;
                self.load.writer.designation(code, &NewDesignation::display(json::text(&value, "display")))
            }
            Some("copyright") => {
                self.load.writer.about_mut().copyright = text.into();
                Ok(())
            }
            Some("system") if self.system.is_empty() || self.system == text => {
                text.clone_into(&mut self.system);
                self.load.writer.about_mut().url = text.into();
                Ok(())
            }
            Some("version") => {
                self.load.writer.about_mut().version = text.into();
                Ok(())
            }
            _ => Err(Failure::malformed("", 0, "the value set lists codes of one code system, without filters, imports and exclusions")),
        }
    }
}
