//! Times and numbers that could be true.

use std::collections::HashMap;

use fhir::Value;

use crate::chart::charts;
use crate::{NOW, hospital, of_type, target};

/// The moment an entry tells of.
fn moment(entry: &Value) -> Option<&str> {
    ["effectiveDateTime", "occurrenceDateTime", "authoredOn", "recordedDate", "whenHandedOver", "date", "created", "issued", "enteredDate"]
        .iter()
        .find_map(|member| entry.text(member))
        .or_else(|| entry.get("performedPeriod")?.text("start"))
        .or_else(|| entry.get("period")?.text("start"))
}

#[test]
fn nothing_happens_before_birth_or_after_now() {
    let resources = hospital(200);
    for chart in charts(&resources) {
        // The mother's own entries follow those of her newborn.
        if chart.patient.text("id").is_some_and(|id| id.ends_with("-child")) {
            continue;
        }
        for entry in chart.entries.iter().filter(|entry| entry.resource_type() != Some("Appointment")) {
            if let Some(at) = moment(entry) {
                let id = entry.text("id");
                assert!(at >= chart.birth(), "{id:?} at {at} is before the birth on {}", chart.birth());
                assert!(at <= NOW, "a {:?}, {id:?}, at {at} is in the future", entry.resource_type());
            }
        }
    }
}

#[test]
fn what_is_done_in_an_encounter_lies_within_it() {
    let resources = hospital(200);
    let periods: HashMap<String, (&str, &str)> = of_type(&resources, "Encounter")
        .filter_map(|encounter| {
            let period = encounter.get("period")?;
            Some((format!("Encounter/{}", encounter.text("id")?), (period.text("start")?, period.text("end").unwrap_or(NOW))))
        })
        .collect();
    let mut count = 0;
    for kind in ["Observation", "Procedure", "MedicationAdministration", "Immunization", "Condition", "MedicationRequest"] {
        for entry in of_type(&resources, kind) {
            let encounter = target(entry, "encounter").or_else(|| target(entry, "context"));
            let Some((start, end)) = encounter.and_then(|encounter| periods.get(encounter)) else { panic!("{entry:?} has no encounter") };
            let at = moment(entry).unwrap_or_default();
            assert!((*start..=*end).contains(&at), "{kind} {:?} at {at} is outside {start} to {end}", entry.text("id"));
            count += 1;
        }
    }
    assert!(count > 10_000);
}

#[test]
fn encounters_of_a_patient_do_not_run_backwards() {
    for encounter in of_type(&hospital(200), "Encounter") {
        let period = encounter.get("period");
        let (start, end) = (period.and_then(|it| it.text("start")), period.and_then(|it| it.text("end")));
        assert!(start.is_some() && end.is_none_or(|end| Some(end) > start));
        assert_eq!(end.is_none(), encounter.text("status") == Some("in-progress"));
    }
}

#[test]
fn the_dead_stay_dead() {
    let resources = hospital(900);
    let mut dead = 0;
    for chart in charts(&resources) {
        let Some(death) = chart.patient.text("deceasedDateTime") else { continue };
        dead += 1;
        assert!(death > chart.birth() && death < NOW);
        let care = chart.entries.iter().filter(|entry| matches!(entry.resource_type(), Some("Encounter" | "Observation" | "Appointment")));
        assert!(care.filter_map(moment).all(|at| at < death), "somebody was seen after {death}");
    }
    assert!(dead > 0, "nobody has died");
}

#[test]
fn bodies_are_of_human_size() {
    let resources = hospital(200);
    let bounds = [
        ("29463-7", 2.0, 190.0),
        ("8302-2", 44.0, 210.0),
        ("8867-4", 40.0, 180.0),
        ("8310-5", 35.5, 41.0),
        ("2708-6", 80.0, 100.0),
        ("39156-5", 11.0, 50.0),
    ];
    for chart in charts(&resources) {
        for (code, low, high) in bounds {
            for value in chart.values(code) {
                assert!((low..=high).contains(&value), "{code} is {value} in {:?}", chart.patient.text("id"));
            }
        }
    }
}

#[test]
fn charts_are_neither_empty_nor_endless() {
    let resources = hospital(250);
    let mean = resources.iter().filter(|resource| resource.text("id").is_some_and(|id| id.starts_with("p0"))).count() / 250;
    assert!((60..=200).contains(&mean), "{mean} resources per patient");
}

#[test]
fn numbers_and_addresses_are_kept_free_for_fiction() {
    for resource in hospital(100) {
        for telecom in resource.list("telecom") {
            let value = telecom.text("value").unwrap_or_default();
            let is_free = value.starts_with("+44 1632 960") || value.starts_with("+44 7700 900") || value.ends_with(".example");
            assert!(is_free, "{value} may be somebody's");
        }
    }
}
