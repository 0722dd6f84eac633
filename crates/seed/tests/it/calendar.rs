//! The clinic's calendar and the beds agree with the patients.

use std::collections::HashSet;

use crate::{NOW, hospital, of_type, target};

#[test]
fn busy_slots_are_those_with_an_appointment() {
    for patients in [1, 7, 300] {
        let resources = hospital(patients);
        let busy: HashSet<_> = of_type(&resources, "Slot")
            .filter(|slot| slot.text("status") == Some("busy"))
            .map(|slot| format!("Slot/{}", slot.text("id").unwrap_or_default()))
            .collect();
        let booked: Vec<_> = of_type(&resources, "Appointment")
            .flat_map(|appointment| appointment.list("slot"))
            .filter_map(|slot| slot.text("reference").map(str::to_string))
            .collect();
        assert_eq!(booked.len(), booked.iter().collect::<HashSet<_>>().len(), "a slot is booked twice among {patients} patients");
        assert_eq!(busy, booked.into_iter().collect(), "with {patients} patients");
        assert_eq!(busy.is_empty(), patients < 3);
    }
}

#[test]
fn appointments_lie_in_the_next_two_weeks_on_workdays() {
    let resources = hospital(100);
    for slot in of_type(&resources, "Slot") {
        let start = slot.text("start").unwrap_or_default();
        assert!(start > NOW && start < "2026-12-06", "{start}");
        // The 22nd of November 2026 was a Sunday.
        let day: i64 = start[8..10].parse().unwrap_or(0) + if start.starts_with("2026-12") { 30 } else { 0 };
        assert!(!matches!((day - 22) % 7, 0 | 6), "{start} is a day of rest");
    }
}

#[test]
fn occupied_beds_are_those_with_a_patient() {
    for patients in [10, 400] {
        let resources = hospital(patients);
        let occupied: HashSet<_> = of_type(&resources, "Location")
            .filter(|place| place.get("operationalStatus").and_then(|state| state.text("code")) == Some("O"))
            .map(|place| format!("Location/{}", place.text("id").unwrap_or_default()))
            .collect();
        let stays: Vec<_> = of_type(&resources, "Encounter")
            .filter(|stay| stay.text("status") == Some("in-progress"))
            .filter(|stay| target(stay, "subject").is_some_and(|subject| !subject.ends_with("-child")))
            .flat_map(|stay| stay.list("location"))
            .filter_map(|place| target(place, "location").map(str::to_string))
            .collect();
        assert_eq!(stays.len(), stays.iter().collect::<HashSet<_>>().len(), "two patients in one bed");
        assert_eq!(occupied, stays.into_iter().collect(), "with {patients} patients");
    }
}

#[test]
fn nobody_lies_in_a_bed_that_another_has() {
    let resources = hospital(500);
    let mut stays: Vec<(String, &str, &str)> = of_type(&resources, "Encounter")
        .filter(|stay| stay.get("class").and_then(|class| class.text("code")) == Some("IMP"))
        .filter(|stay| target(stay, "subject").is_some_and(|subject| !subject.ends_with("-child")))
        .flat_map(|stay| stay.list("location"))
        .filter_map(|place| {
            let period = place.get("period")?;
            Some((target(place, "location")?.to_string(), period.text("start")?, period.text("end").unwrap_or("9999")))
        })
        .collect();
    stays.sort();
    assert!(stays.len() > 40);
    for pair in stays.windows(2) {
        assert!(pair[0].0 != pair[1].0 || pair[0].2 <= pair[1].1, "{pair:?}");
    }
}
