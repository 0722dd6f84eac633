//! Scopes: what a client was allowed on behalf of whoever uses it
//! (<http://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html>).
//!
//! [`Scopes::parse`] reads them as clients send them, `Display` writes them as SMART's version 2 does, [`Scopes::narrowed`] is what two sets have in common,
//! and [`ResourceScope::in_words`] says it to the person who is asked for consent.

mod narrow;
mod read;
mod words;
mod write;

use fhir::definitions::ResourceType;

pub use read::{MAX_PARAMS, MAX_SCOPES, MAX_TEXT_BYTES};
pub use words::{in_words, words_of_type};

/// What was allowed: resources, and everything else by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Scopes {
    /// The resources.
    pub resources: Vec<ResourceScope>,
    /// The others: `openid`, `fhirUser`, `launch/patient`, `offline_access` and their like; sorted, each once.
    pub others: Vec<Box<str>>,
}

/// Resources that were allowed: `patient/Observation.rs?category=laboratory`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ResourceScope {
    /// Whose.
    pub context: Context,
    /// Of which type; `None`: of any (`*`).
    pub kind: Option<ResourceType>,
    /// What may be done.
    pub acts: Acts,
    /// Which of them: search parameters, decoded, in their order.
    pub params: Vec<(String, String)>,
}

/// Whose resources a scope is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Context {
    /// Those of the patient in the launch context.
    Patient,
    /// Those that the user may see.
    User,
    /// Those that the client may see.
    System,
}

/// What may be done with resources, as SMART names it: `cruds`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the letter's word")]
pub struct Acts {
    pub create: bool,
    pub read: bool,
    pub update: bool,
    pub delete: bool,
    pub search: bool,
}

impl Scopes {
    /// Whether a scope of this name, that is not about resources, was allowed: `offline_access`.
    pub fn has(&self, name: &str) -> bool {
        self.others.iter().any(|known| **known == *name)
    }

    /// Whether nothing at all was allowed.
    pub fn is_empty(&self) -> bool {
        self.resources.is_empty() && self.others.is_empty()
    }
}

impl Context {
    /// How a scope begins: `patient`, `user`, `system`.
    pub fn name(self) -> &'static str {
        match self {
            Context::Patient => "patient",
            Context::User => "user",
            Context::System => "system",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        [Context::Patient, Context::User, Context::System].into_iter().find(|context| context.name() == name)
    }
}

impl Acts {
    /// `cruds`.
    pub const ALL: Acts = Acts { create: true, read: true, update: true, delete: true, search: true };
    /// What version 1 calls `read`.
    pub const READ: Acts = Acts { create: false, read: true, update: false, delete: false, search: true };
    /// What version 1 calls `write`.
    pub const WRITE: Acts = Acts { create: true, read: false, update: true, delete: true, search: false };

    /// Each letter, and whether it is there, in SMART's order.
    pub fn letters(self) -> [(char, bool); 5] {
        [('c', self.create), ('r', self.read), ('u', self.update), ('d', self.delete), ('s', self.search)]
    }

    /// Whether an act is among them.
    pub fn has(self, act: crate::Act) -> bool {
        match act {
            crate::Act::Create => self.create,
            crate::Act::Read => self.read,
            crate::Act::Update => self.update,
            crate::Act::Delete => self.delete,
            crate::Act::Search => self.search,
        }
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self == Acts::default()
    }

    /// Those that are in both.
    pub fn and(self, other: Acts) -> Acts {
        Acts {
            create: self.create && other.create,
            read: self.read && other.read,
            update: self.update && other.update,
            delete: self.delete && other.delete,
            search: self.search && other.search,
        }
    }
}
