//! What the departments offer, as HealthcareServices.

use fhir::{Value, array};

use super::department::{DEPARTMENTS, Department};
use super::place::Places;
use crate::coding::words;
use crate::draft::{Draft, Reference};

/// Adds one service for each department, in their order.
pub(super) fn add(out: &mut Vec<Value>, departments: &[Reference], places: &Places) -> Vec<Reference> {
    DEPARTMENTS
        .iter()
        .zip(departments)
        .map(|(profile, department)| {
            let locations: Vec<Value> = match profile.department {
                Department::Outpatient => places.consulting_rooms.iter().map(Value::from).collect(),
                Department::Emergency => vec![Value::from(&places.emergency_room)],
                Department::Surgery => vec![Value::from(&places.theatre)],
                Department::Obstetrics => vec![Value::from(&places.delivery_room)],
                Department::Laboratory => vec![Value::from(&places.laboratory)],
                Department::Radiology => vec![Value::from(&places.xray_room)],
                _ => Vec::new(),
            };
            Draft::new("HealthcareService", &format!("service-{}", profile.key))
                .with("active", true)
                .with("providedBy", department)
                .with("type", array![words(profile.name)])
                .with_some("specialty", profile.specialty.map(|specialty| array![specialty.concept()]))
                .with_list("location", locations)
                .with("name", profile.name)
                .with("appointmentRequired", profile.department == Department::Outpatient)
                .add_to(out)
                .shown_as(profile.name)
        })
        .collect()
}
