//! What took part: the patient, the resource or the query, and the request.

use fhir::primitive::base64;
use fhir::{Object, Value, array, object};

use super::coding::{self, coding};
use crate::happening::{Entity, Happening, What};

/// The entities of the event for one patient (or none) and one resource (or none).
pub(super) fn entities(happening: &Happening, patient: Option<&str>, of: Option<&Entity>) -> Vec<Value> {
    let mut entities: Vec<Value> = patient.map(|id| person(happening, id)).into_iter().collect();
    match of {
        Some(entity) => entities.push(resource(happening, entity)),
        None if asks(&happening.what) => entities.push(query(happening)),
        None => {}
    }
    let detail = match &happening.what {
        What::Configuration(what) | What::Administration(_, _, what) => Some(("change", &**what)),
        What::Alert(_, reason) => Some(("reason", &**reason)),
        What::SignIn(Some(by)) | What::SignOut(Some(by)) => Some(("provider", &**by)),
        _ => None,
    };
    if let Some((name, text)) = detail {
        let details = array![object! { "type": name, "valueString": text }];
        entities.push(object! { "type": coding(coding::SYSTEM_OBJECT), "detail": details });
    }
    if !happening.request.is_empty() {
        let identifier = object! { "value": &*happening.request };
        entities.push(object! { "what": object! { "identifier": identifier }, "type": coding(coding::REQUEST_ID) });
    }
    entities
}

/// Whether the query is what there is to tell, and not a resource.
pub(super) fn asks(what: &What) -> bool {
    match what {
        What::Rest(interaction) => interaction.is_query(),
        What::Operation(_) | What::Export => true,
        _ => false,
    }
}

fn person(happening: &Happening, id: &str) -> Value {
    let what = object! { "reference": format!("Patient/{id}") };
    let mut entity = Object::from_iter([("what", what), ("type", coding(coding::PERSON)), ("role", coding(coding::PATIENT_ROLE))]);
    let emergency = happening.who.as_ref().and_then(|who| who.break_glass.as_ref()).filter(|_| happening.what == What::BreakGlass);
    if let Some(emergency) = emergency.filter(|emergency| !emergency.reason.is_empty()) {
        entity.push("detail", array![object! { "type": "reason", "valueString": &*emergency.reason }]);
    }
    Value::Object(entity)
}

fn resource(happening: &Happening, Entity { key, version }: &Entity) -> Value {
    let reference = match version {
        0 => key.to_string(),
        version => format!("{key}/_history/{version}"),
    };
    let what = object! { "reference": reference };
    match happening.what {
        What::Consent if key.kind.name() == "Consent" => object! { "what": what, "type": coding(coding::CONSENT_RESOURCE) },
        _ => object! { "what": what, "type": coding(coding::SYSTEM_OBJECT), "role": coding(coding::RESOURCE_ROLE) },
    }
}

/// What was asked, as it is told.
pub(super) fn asked(happening: &Happening) -> &str {
    happening.query.as_deref().filter(|query| !query.is_empty()).unwrap_or("?")
}

fn query(happening: &Happening) -> Value {
    let asked = base64::encode(asked(happening).as_bytes(), base64::PLAIN);
    object! { "type": coding(coding::SYSTEM_OBJECT), "role": coding(coding::QUERY_ROLE), "query": asked }
}
