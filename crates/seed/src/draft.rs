//! A resource while it is being written, and references to those that are.

use std::sync::Arc;

use fhir::{Object, Value, object};

/// A reference to a resource that has been yielded.
#[derive(Clone, Debug)]
pub(crate) struct Reference {
    target: Arc<str>,
    display: Option<Arc<str>>,
}

impl Reference {
    /// The same reference, with a name for people.
    pub(crate) fn shown_as(&self, display: &str) -> Self {
        Self { target: self.target.clone(), display: Some(display.into()) }
    }

    /// The name for people; empty when there is none.
    pub(crate) fn display(&self) -> &str {
        self.display.as_deref().unwrap_or_default()
    }
}

impl From<&Reference> for Value {
    fn from(reference: &Reference) -> Self {
        match &reference.display {
            Some(display) => object! { "reference": &*reference.target, "display": &**display },
            None => object! { "reference": &*reference.target },
        }
    }
}

/// A resource that is being written, member by member.
pub(crate) struct Draft {
    object: Object,
    reference: Reference,
}

impl Draft {
    /// A resource with nothing but its type and id.
    pub(crate) fn new(kind: &'static str, id: &str) -> Self {
        let mut target = String::with_capacity(kind.len() + 1 + id.len());
        target.push_str(kind);
        target.push('/');
        target.push_str(id);
        let mut object = Object::with_capacity(14);
        object.push("resourceType", kind);
        object.push("id", id);
        Self { object, reference: Reference { target: target.into(), display: None } }
    }

    /// With one more member.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.object.push(name, value);
        self
    }

    /// With one more member, if there is a value for it.
    pub(crate) fn with_some(self, name: &'static str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// With one more member, a list, unless it is empty: FHIR knows no empty lists.
    pub(crate) fn with_list(self, name: &'static str, items: Vec<Value>) -> Self {
        if items.is_empty() { self } else { self.with(name, items) }
    }

    /// The finished resource, put at the end of `out`, and the reference to it.
    pub(crate) fn add_to(self, out: &mut Vec<Value>) -> Reference {
        out.push(self.object.into());
        self.reference
    }
}
