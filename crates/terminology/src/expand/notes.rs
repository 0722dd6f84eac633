//! The parameters of an expansion: what was asked, what was used, what to beware of.

use fhir::{Object, Value};

use crate::system::Maturity;

/// `expansion.parameter`, each once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notes {
    notes: Vec<(&'static str, &'static str, Value)>,
}

impl Notes {
    pub(crate) fn add(&mut self, name: &'static str, element: &'static str, value: Value) {
        if !self.notes.iter().any(|note| note.0 == name && note.2 == value) {
            self.notes.push((name, element, value));
        }
    }

    pub(crate) fn uri(&mut self, name: &'static str, uri: String) {
        self.add(name, "valueUri", uri.into());
    }

    pub(crate) fn append(&mut self, other: &Self) {
        for (name, element, value) in &other.notes {
            self.add(name, element, value.clone());
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.notes.is_empty()
    }

    /// Warns of a value set that should not be expanded any more.
    pub(super) fn warn_of_itself(&mut self, maturity: &Maturity, canonical: String) {
        let user = Maturity { is_experimental: true, status: Some("draft".into()), ..Maturity::default() };
        self.warn(maturity, canonical, &user);
    }

    /// Warns of a resource that is not ripe, unless the value set that uses it is no riper.
    pub(crate) fn warn(&mut self, maturity: &Maturity, canonical: String, user: &Maturity) {
        if let Some(name) = warning(maturity, user) {
            self.uri(name, canonical);
        }
    }

    pub(crate) fn values(&self) -> Vec<Value> {
        let value = |(name, element, value): &(&'static str, &'static str, Value)| {
            let mut parameter = Object::new();
            parameter.push("name", *name);
            parameter.push(*element, value.clone());
            parameter.into()
        };
        self.notes.iter().map(value).collect()
    }
}

fn warning(maturity: &Maturity, user: &Maturity) -> Option<&'static str> {
    let is = |of: &Maturity, status: &str| of.standards_status.as_deref() == Some(status);
    let has = |of: &Maturity, status: &str| of.status.as_deref() == Some(status);
    if is(maturity, "deprecated") {
        (!is(user, "deprecated")).then_some("warning-deprecated")
    } else if is(maturity, "withdrawn") {
        (!is(user, "withdrawn")).then_some("warning-withdrawn")
    } else if has(maturity, "retired") {
        (!has(user, "retired")).then_some("warning-retired")
    } else if maturity.is_experimental {
        (!user.is_experimental).then_some("warning-experimental")
    } else if has(maturity, "draft") || is(maturity, "draft") {
        (!has(user, "draft") && !is(user, "draft")).then_some("warning-draft")
    } else {
        None
    }
}
