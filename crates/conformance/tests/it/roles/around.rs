//! Who and what is there beside: the physician, their house, what makes nobody somebody's physician, and what patients have agreed to.

use fhir::{Value, array, object};

use seed::smallest::{plant, reference, smallest};

use super::world::kind;

/// All of it.
pub fn around() -> Vec<Value> {
    let people = [("Practitioner", "gp"), ("Organization", "here")].map(|(of, id)| Value::Object(smallest(kind(of), id)));
    people.into_iter().chain(PAST.iter().map(past)).chain(consents()).collect()
}

/// A name and a value.
type Pair = (&'static str, &'static str);

/// What the physician once had to do with the patient `other`: a type, and elements with their values. Whoever passes over one of them opens the chart.
const PAST: [(&str, &str, &[Pair]); 5] = [
    ("CareTeam", "ended", &[("status", "inactive"), ("subject", "Patient/other"), ("participant.member", "Practitioner/gp")]),
    ("ServiceRequest", "done", &[("status", "completed"), ("subject", "Patient/other"), ("performer", "Practitioner/gp")]),
    (
        "Encounter",
        "ended",
        &[
            ("status", "finished"),
            ("subject", "Patient/other"),
            ("participant.individual", "Practitioner/gp"),
            ("period.start", "2020-01-01"),
            ("period.end", "2020-01-02"),
        ],
    ),
    ("Appointment", "cancelled", &[("status", "cancelled"), ("start", "2026-11-20T08:00:00Z")]),
    ("Appointment", "long-ago", &[("status", "fulfilled"), ("start", "2020-01-01T08:00:00Z")]),
];

fn past((of, id, elements): &(&str, &str, &[(&str, &str)])) -> Value {
    let of = kind(of);
    let mut members = smallest(of, id);
    let mut period = fhir::Object::new();
    for (path, text) in *elements {
        match path.strip_prefix("period.") {
            Some(end) => {
                period.set(if end == "start" { "start" } else { "end" }, *text);
                members.set("period", Value::Object(period.clone()));
            }
            None => plant(&mut members, of, path, Some(if text.contains('/') { reference(text) } else { Value::from(*text) })),
        }
    }
    if of.name() == "Appointment" {
        let participant = |actor: &str| object! { "actor": reference(actor), "status": "accepted" };
        members.set("participant", array![participant("Practitioner/gp"), participant("Patient/other")]);
    }
    Value::Object(members)
}

/// What patients say of their data, as members of a provision.
fn consents() -> Vec<Value> {
    let purpose = |code: &str| array![object! { "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": code }];
    let class = |name: &str| array![object! { "system": "http://hl7.org/fhir/resource-types", "code": name }];
    let role = object! { "text": "somebody" };
    let nobody = array![object! { "role": role, "reference": reference("Practitioner/nobody") }];
    let research = || object! { "type": "permit", "purpose": purpose("HRESCH") };
    let with = |mut provision: Value, name: &'static str, value: Value| {
        provision.as_object_mut().expect("an object").set(name, value);
        provision
    };
    let without_family = object! { "provision": array![object! { "type": "deny", "class": class("FamilyMemberHistory") }] };
    [
        ("denies", "private", object! { "type": "deny" }),
        ("permits", "other", research()),
        // None of these opens more than it says.
        ("permits-somebody", "own", with(research(), "actor", nobody)),
        ("permitted-once", "own", with(research(), "period", object! { "end": "2020-01-01" })),
        ("permits-marketing", "own", object! { "type": "permit", "purpose": purpose("HMARKT") }),
        ("permits-results", "own", with(research(), "class", class("Observation"))),
        ("without-family", "own", without_family),
    ]
    .into_iter()
    .map(|(id, patient, provision)| consent(id, patient, provision))
    .collect()
}

fn consent(id: &str, patient: &str, provision: Value) -> Value {
    let mut members = smallest(kind("Consent"), id);
    let scope = object! { "system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy" };
    members.set("status", "active");
    members.set("scope", object! { "coding": array![scope] });
    members.set("patient", reference(&format!("Patient/{patient}")));
    members.set("provision", provision);
    Value::Object(members)
}
