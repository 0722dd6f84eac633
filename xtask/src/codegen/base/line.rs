//! Lines of these tables: cells with tabs between them, then facts that few have, each `member=JSON`.

use serde_json::Value;

use crate::codegen::{list, text};

const MAX_VALUE_SET: &str = "http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet";

/// One line, while it is put together.
pub(super) struct Line(String);

impl Line {
    /// The line of a resource: the members that all conformance resources have.
    pub(super) fn heading(resource: &Value) -> Self {
        Self::heading_with(resource, &[])
    }

    /// The same with further cells.
    pub(super) fn heading_with(resource: &Value, cells: &[&str]) -> Self {
        let mut line = Self(one_line(text(resource, "url")));
        for member in ["id", "version", "name", "title", "status", "date", "publisher"] {
            line.cell(text(resource, member));
        }
        line.cell(oid(resource));
        cells.iter().for_each(|cell| line.cell(cell));
        if oid(resource).is_empty() {
            line.facts(resource, &["identifier"]);
        }
        line.facts(resource, &["language", "experimental", "jurisdiction", "useContext"]);
        line
    }

    /// A line below others, indented so far.
    pub(super) fn below(depth: usize, first: &str) -> Self {
        let mut line = Self("\t".repeat(depth));
        line.0.push_str(&one_line(first));
        line
    }

    /// Adds a cell.
    pub(super) fn cell(&mut self, text: &str) {
        self.0.push('\t');
        self.0.push_str(&one_line(text));
    }

    /// Adds those of the members that are there.
    pub(super) fn facts(&mut self, value: &Value, members: &[&str]) {
        for member in members.iter().filter(|member| !value[**member].is_null()) {
            self.fact(member, &value[*member]);
        }
    }

    /// Adds a fact.
    pub(super) fn fact(&mut self, member: &str, value: &Value) {
        self.cell(&format!("{member}={value}"));
    }

    /// Adds the value set beyond which a binding allows no codes.
    pub(super) fn max_value_set(&mut self, binding: &Value) {
        let limit = list(binding, "extension").iter().find(|extension| text(extension, "url") == MAX_VALUE_SET);
        if let Some(limit) = limit {
            self.fact("maxValueSet", &limit["valueCanonical"]);
        }
    }

    pub(super) fn finish(self) -> String {
        self.0
    }
}

/// The object identifier by which v3 and CDA know the resource, when that is all its `identifier` says.
fn oid(resource: &Value) -> &str {
    let identifier = match &resource["identifier"] {
        Value::Array(items) if items.len() == 1 => &items[0],
        single => single,
    };
    let is_plain = identifier.as_object().is_some_and(|members| members.len() == 2) && text(identifier, "system") == "urn:ietf:rfc:3986";
    text(identifier, "value").strip_prefix("urn:oid:").filter(|_| is_plain).unwrap_or_default()
}

/// A line has no line breaks and tabs: where a text has some, its white space becomes one blank.
fn one_line(text: &str) -> String {
    match text.contains(['\t', '\r', '\n']) {
        true => text.split_whitespace().collect::<Vec<_>>().join(" "),
        false => text.to_owned(),
    }
}

/// The value without these members, at any depth: prose.
pub(super) fn without(value: &Value, prose: &[&str]) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members
                .iter()
                .filter(|(name, _)| !prose.contains(&name.as_str()))
                .map(|(name, value)| (name.clone(), without(value, prose)))
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.iter().map(|item| without(item, prose)).collect()),
        plain => plain.clone(),
    }
}

/// The designations of a concept, each a cell: `@de=Mann` for a display in a language, `designation=JSON` for another.
pub(super) fn designations(concept: &Value, line: &mut Line) {
    for designation in list(concept, "designation") {
        let usage = &designation["use"];
        match (text(usage, "system"), text(usage, "code"), designation["language"].as_str()) {
            // A definition is prose.
            ("http://terminology.hl7.org/CodeSystem/designation-usage", "definition", _) => {}
            ("http://terminology.hl7.org/CodeSystem/designation-usage", "display", Some(language)) => {
                line.cell(&format!("@{language}={}", text(designation, "value")));
            }
            _ => line.fact("designation", designation),
        }
    }
}
