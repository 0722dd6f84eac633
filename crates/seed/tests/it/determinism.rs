//! The same plan gives the same bytes; another seed gives others.

use seed::{Hospital, Plan};

use crate::{TODAY, hospital};

/// The bytes of a hospital, as lines of JSON.
fn text(plan: Plan) -> String {
    Hospital::new(plan).map(|resource| fhir::json::to_string(&resource) + "\n").collect()
}

/// FNV-1a, 64 bits.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Whoever changes what is generated changes this number, knowingly.
#[test]
fn a_small_hospital_has_the_bytes_it_always_had() {
    let text = text(Plan { patients: 20, seed: 1, today: TODAY });
    assert_eq!(fingerprint(&text), 8754506088242320994, "the generated hospital has changed");
}

#[test]
fn the_same_plan_gives_the_same_bytes() {
    let plan = Plan { patients: 30, seed: 99, today: TODAY };
    assert!(text(plan) == text(plan));
}

#[test]
fn another_seed_gives_other_patients() {
    let plan = Plan { patients: 5, seed: 1, today: TODAY };
    assert_ne!(fingerprint(&text(plan)), fingerprint(&text(Plan { seed: 2, ..plan })));
}

#[test]
fn nothing_is_made_before_it_is_asked_for() {
    let mut hospital = Hospital::new(Plan { patients: u32::MAX, seed: 1, today: TODAY });
    assert!(hospital.by_ref().take(20_000).all(|resource| resource.text("id").is_some()));
    assert!(hospital.patients_begun() < 500);
}

#[test]
fn days_that_do_not_exist_are_taken_as_near_ones() {
    for today in [(i32::MIN, 0, 0), (i32::MAX, u8::MAX, u8::MAX), (2023, 2, 31), (2024, 2, 29)] {
        let count = Hospital::new(Plan { patients: 25, seed: 3, today }).count();
        assert!(count > 1_000, "{today:?} gave {count} resources");
    }
}

#[test]
fn a_hospital_without_patients_is_a_hospital() {
    let house = hospital(0);
    assert!(house.iter().any(|resource| resource.resource_type() == Some("Location")));
    assert!(!house.iter().any(|resource| resource.resource_type() == Some("Patient")));
}

#[test]
fn a_hospital_may_be_made_on_another_thread() {
    let plan = Plan { patients: 2, seed: 5, today: TODAY };
    let mut elsewhere = Hospital::new(plan);
    let made = std::thread::spawn(move || elsewhere.by_ref().count()).join();
    assert_eq!(made.ok(), Some(Hospital::new(plan).count()));
}
