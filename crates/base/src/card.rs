//! What is known of a resource before it is made.

use fhir::{Object, Value, array};

use crate::facts::{add_text, oid};
use crate::line::{Line, lines};

/// A resource that the tables have: what it is, and where in their text it stands.
#[derive(Debug)]
pub struct Card {
    kind: &'static str,
    heading: &'static str,
    body: &'static str,
    make: fn(&Card, &mut Object, Line),
    finish: fn(&Card, &mut Object),
}

/// A table of resources of one type: its text, and how a resource is made of a part of it.
pub(crate) struct Table {
    pub(crate) kind: &'static str,
    pub(crate) text: &'static str,
    /// Adds what the rest of the first line says.
    pub(crate) make: fn(&Card, &mut Object, Line),
    /// Adds what the lines below it say.
    pub(crate) finish: fn(&Card, &mut Object),
}

impl Card {
    pub(crate) fn new(table: &Table, heading: &'static str, body: &'static str) -> Self {
        Self { kind: table.kind, heading, body, make: table.make, finish: table.finish }
    }

    /// The type of the resource: `ValueSet`.
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// Its canonical address, without a version.
    pub fn url(&self) -> &'static str {
        self.column(0)
    }

    /// Its logical id: that of HL7's own resource.
    pub fn id(&self) -> &'static str {
        self.column(1)
    }

    /// Its business version; `None` for the few that have none.
    pub fn version(&self) -> Option<&'static str> {
        Some(self.column(2)).filter(|version| !version.is_empty())
    }

    fn column(&self, index: usize) -> &'static str {
        self.heading.split('\t').nth(index).unwrap_or_default()
    }

    /// The resource without what makes it large: without concepts, compose, groups, elements. All that is said of it as a whole is there.
    pub fn outline(&self) -> Value {
        Value::Object(self.begun())
    }

    /// The resource.
    pub fn resource(&self) -> Value {
        let mut resource = self.begun();
        (self.finish)(self, &mut resource);
        Value::Object(resource)
    }

    fn begun(&self) -> Object {
        let mut line = Line::read(self.heading);
        let (url, id, version) = (line.cell(), line.cell(), line.cell());
        let mut resource = Object::with_capacity(24);
        resource.push("resourceType", self.kind);
        resource.push("id", id);
        resource.push("url", url);
        let version = [("version", version)];
        let more = ["name", "title", "status", "date", "publisher"].map(|name| (name, line.cell()));
        for (name, text) in version.into_iter().chain(more) {
            add_text(&mut resource, name, text);
        }
        match line.cell() {
            "" => {}
            // R4 lets a concept map have one only.
            digits if self.kind == "ConceptMap" => resource.push("identifier", oid(digits)),
            digits => resource.push("identifier", array![oid(digits)]),
        }
        (self.make)(self, &mut resource, line);
        resource
    }

    /// The lines below the first.
    pub(crate) fn lines(&self) -> impl Iterator<Item = Line> + use<> {
        lines(self.body)
    }
}
