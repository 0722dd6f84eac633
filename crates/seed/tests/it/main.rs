//! Tests of the synthetic hospital: that it is the same each time, sound as FHIR, and plausible as a hospital.

mod calendar;
mod chart;
mod courses;
mod determinism;
mod plausibility;
mod references;
mod structure;

use fhir::Value;
use seed::{Hospital, Plan};

/// The day that counts as today in these tests.
const TODAY: (i32, u8, u8) = (2026, 11, 21);
/// The last moment that may be charted.
const NOW: &str = "2026-11-21T08:00:00Z";

/// A hospital with this many patients.
fn hospital(patients: u32) -> Vec<Value> {
    Hospital::new(Plan { patients, seed: 7, today: TODAY }).collect()
}

/// The resources of one type.
fn of_type<'a>(resources: &'a [Value], kind: &'static str) -> impl Iterator<Item = &'a Value> {
    resources.iter().filter(move |resource| resource.resource_type() == Some(kind))
}

/// The target of a reference: `Patient/p000001`.
fn target<'a>(resource: &'a Value, member: &str) -> Option<&'a str> {
    resource.get(member)?.text("reference")
}
