//! AuditEvents, as IHE's Basic Audit Log Patterns write them (BALP 1.1.3, <https://profiles.ihe.net/ITI/BALP/>).
//!
//! One event for each patient touched, and one without a patient when none was. Of a query the events have the query, and not what it
//! found. `meta.profile` names the patterns that the event follows: they are for what was done, so that what was refused or failed names
//! none of them.

mod agents;
pub mod coding;
mod entities;
pub mod form;
mod kinds;

use std::sync::Arc;

use bytes::Bytes;
use fhir::definitions::ResourceType;
use fhir::primitive::instant_text;
use fhir::{Object, Value, array, json, object};
use search::{Live, Registry};
use store::commit::{Body, Key, Put};
use store::contract::Extract;

use crate::happening::{Entity, Happening, What};

/// Where the addresses of the patterns begin.
const PATTERNS: &str = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.";

/// The server that the events are of.
#[derive(Clone, Debug)]
pub struct Site {
    /// Its name, such as that of the hospital.
    pub name: Box<str>,
    /// Its address as clients know it: `https://hospital.example/fhir`.
    pub base_url: Box<str>,
}

/// Gives an id that nobody has had: 1 to 64 of `A-Z a-z 0-9 - .`.
pub type NewId = dyn Fn() -> String + Send + Sync;

/// Writes AuditEvents.
pub struct Scribe {
    pub(crate) site: Site,
    pub(crate) parameters: Live,
    pub(crate) new_id: Box<NewId>,
}

impl Scribe {
    /// One for a server, with its search parameters, and what gives ids to events.
    pub fn new(site: Site, parameters: impl Into<Live>, new_id: Box<NewId>) -> Self {
        Self { site, parameters: parameters.into(), new_id }
    }

    /// The search parameters in force, by which events are found, and patients in what is written.
    pub fn registry(&self) -> Arc<Registry> {
        self.parameters.current()
    }

    /// The events of a happening: at least one. `patients` has, for each of its entities in their order, the patients in whose records it is, by
    /// their ids; for entities beyond its end none.
    pub fn events(&self, happening: &Happening, patients: &[Vec<Box<str>>]) -> Vec<Value> {
        let mut events = Vec::new();
        Self::each(happening, patients, |patient, entity| events.push(self.event(happening, patient, entity)));
        events
    }

    /// The patient and the entity of each event of a happening, in their order.
    fn each(happening: &Happening, patients: &[Vec<Box<str>>], mut tell: impl FnMut(Option<&str>, Option<&Entity>)) {
        let mut of = |entity: Option<&Entity>, mut ids: Vec<&str>| {
            ids.sort_unstable();
            ids.dedup();
            if ids.is_empty() {
                tell(None, entity);
            }
            ids.into_iter().for_each(|id| tell(Some(id), entity));
        };
        let known = || happening.patients.iter().map(|id| &**id);
        let found = |index: usize| patients.get(index).into_iter().flatten().map(|id| &**id);
        if entities::asks(&happening.what) || happening.entities.is_empty() {
            return of(None, known().chain((0..happening.entities.len()).flat_map(found)).collect());
        }
        for (index, entity) in happening.entities.iter().enumerate() {
            of(Some(entity), known().chain(found(index)).collect());
        }
    }

    /// What the store takes of an event, under this id.
    pub fn put(&self, id: &str, event: &Value) -> Put {
        let key = Key::new(audit_event(), id);
        let (registry, body) = (self.registry(), body(&key, event));
        // What a resource defines may look at anything, its id included: then it is the text that is stored which counts.
        let (entries, date) = match registry.has_definitions() {
            true => Extract::extract(&*registry, key.kind, &body.text),
            false => {
                let extracted = registry.extract(key.kind, event);
                (extracted.entries, extracted.date)
            }
        };
        Put { key, body, entries, date, extractor: registry.identity() }
    }

    /// The events of a happening, each under a new id, as the store takes them.
    pub fn puts(&self, happening: &Happening, patients: &[Vec<Box<str>>]) -> Vec<Put> {
        self.events(happening, patients).iter().map(|event| self.put(&(self.new_id)(), event)).collect()
    }

    fn event(&self, happening: &Happening, patient: Option<&str>, entity: Option<&Entity>) -> Value {
        let kind = kinds::kind(happening);
        let who = happening.who.as_deref();
        let has_token = who.is_some_and(|who| who.client.is_some() && who.user.is_some());
        let mut profiles: Vec<Value> = Vec::new();
        if let Some(pattern) = kind.pattern {
            let variant = if patient.is_some() { "Patient" } else { "" };
            profiles.push(format!("{PATTERNS}{variant}{pattern}").into());
        }
        if has_token {
            profiles.push(format!("{PATTERNS}OAUTHaccessTokenUse.Minimal").into());
        }
        let discloses = matches!(happening.what, What::Disclosure(_)) && patient.is_some() && entity.is_some();
        if discloses {
            profiles.push(format!("{PATTERNS}PrivacyDisclosure.Source").into());
        }
        let mut meta = Object::new();
        if !profiles.is_empty() {
            meta.push("profile", profiles);
        }
        if let Some(user) = who.and_then(|who| who.user.as_deref()) {
            meta.push("tag", array![object! { "system": coding::USER_SYSTEM, "code": user }]);
        }
        let mut event = Object::from_iter([("resourceType", Value::from("AuditEvent"))]);
        if !meta.is_empty() {
            event.push("meta", Value::Object(meta));
        }
        event.push("type", coding::coding(kind.of));
        if !kind.subtypes.is_empty() {
            event.push("subtype", kind.subtypes);
        }
        event.push("action", kind.action);
        event.push("recorded", instant_text(happening.at));
        event.push("outcome", kinds::outcome(&happening.outcome));
        if let Some(reason) = happening.outcome.reason().filter(|reason| !reason.is_empty()) {
            event.push("outcomeDesc", reason);
        }
        if let Some(purpose) = happening.purpose() {
            event.push("purposeOfEvent", array![coding::concept_of(coding::PURPOSE_SYSTEM, purpose)]);
        }
        event.push("agent", agents::agents(happening, &self.site));
        let source = object! {
            "site": &*self.site.name,
            "observer": agents::observer(&self.site),
            "type": array![coding::coding(coding::APPLICATION_SERVER)],
        };
        event.push("source", source);
        let entities = entities::entities(happening, patient, entity);
        if !entities.is_empty() {
            event.push("entity", entities);
        }
        Value::Object(event)
    }
}

/// The type of them all.
pub(crate) fn audit_event() -> ResourceType {
    ResourceType::parse("AuditEvent").unwrap_or_else(|| unreachable!("R4 has the type AuditEvent"))
}

/// The text that the store takes: it begins with `resourceType`, `id` and `meta`.
fn body(key: &Key, event: &Value) -> Body {
    let head = format!("{{\"resourceType\":\"{}\",\"id\":\"{}\",\"meta\":{{", key.kind.name(), key.id);
    let stamp_at = head.len() as u32;
    let mut text = head;
    if let Some(meta) = event.get("meta") {
        text.push_str(json::to_string(meta).strip_prefix('{').unwrap_or("}"));
    } else {
        text.push('}');
    }
    for (name, value) in
        event.as_object().into_iter().flat_map(Object::iter).filter(|(name, _)| !matches!(&***name, "resourceType" | "meta"))
    {
        text.push_str(",\"");
        text.push_str(name);
        text.push_str("\":");
        json::write(value, &mut text);
    }
    text.push('}');
    Body { text: Bytes::from(text), stamp_at }
}
