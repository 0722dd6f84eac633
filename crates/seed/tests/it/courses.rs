//! The stories hang together.

use crate::chart::{Chart, charts, has_code};
use crate::hospital;

/// All charts with this condition must be as `holds` says; there must be some.
fn all_with(condition: &str, holds: impl Fn(&Chart) -> bool) {
    let resources = hospital(160);
    let charts = charts(&resources);
    let found: Vec<_> = charts.iter().filter(|chart| chart.has_condition(condition)).collect();
    assert!(!found.is_empty(), "nobody has {condition}");
    for chart in found {
        assert!(holds(chart), "{:?} with {condition} is not plausible", chart.patient.text("id"));
    }
}

#[test]
fn hba1c_falls_after_metformin() {
    all_with("44054006", |chart| {
        let values = chart.values("4548-4");
        let metformin = |request: &fhir::Value| {
            request.get("medicationReference").and_then(|it| it.text("reference")) == Some("Medication/medication-metformin")
        };
        values.len() >= 3 && values.last() < values.first() && chart.of_type("MedicationRequest").any(metformin)
    });
}

#[test]
fn blood_pressure_falls_under_treatment() {
    all_with("59621000", |chart| {
        let (systolic, diastolic) = (chart.pressures("8480-6"), chart.pressures("8462-4"));
        let is_first_high = systolic.iter().copied().fold(0.0, f64::max) >= 150.0;
        is_first_high && systolic.last() < Some(&145.0) && systolic.iter().zip(&diastolic).all(|(upper, lower)| upper > lower)
    });
}

#[test]
fn inflammation_falls_in_pneumonia() {
    all_with("233604007", |chart| {
        let (crp, temperature) = (chart.values("1988-5"), chart.values("8310-5"));
        let is_inside = chart.of_type("Encounter").any(|encounter| encounter.text("status") == Some("in-progress"));
        (is_inside || crp.last() < crp.first()) && temperature.first() > temperature.last()
    });
}

#[test]
fn thyrotropin_and_low_mood_come_down() {
    all_with("40930008", |chart| chart.values("3016-3").last() < chart.values("3016-3").first());
    all_with("310496002", |chart| chart.values("44261-6").last() < chart.values("44261-6").first());
}

#[test]
fn only_women_of_the_right_age_are_pregnant() {
    all_with("72892002", |chart| {
        let years = chart.years_at("2026-11-21");
        chart.patient.text("gender") == Some("female") && (18..=45).contains(&years)
    });
}

#[test]
fn a_broken_hip_is_operated_in_the_stay() {
    all_with("5913000", |chart| {
        let operation = chart.of_type("Procedure").find(|procedure| has_code(procedure.get("code"), "52734007"));
        let encounter = operation.and_then(|operation| crate::target(operation, "encounter"));
        let stay = chart.of_type("Encounter").find(|stay| encounter == Some(&format!("Encounter/{}", stay.text("id").unwrap_or_default())));
        chart.years_at("2026-11-21") >= 60 && stay.and_then(|stay| stay.get("class")?.text("code")) == Some("IMP")
    });
}

#[test]
fn children_are_vaccinated_by_their_age() {
    let resources = hospital(260);
    let mut children = 0;
    for chart in charts(&resources) {
        let is_growing = chart.of_type("Encounter").any(|visit| visit.list("reasonCode").any(|reason| has_code(Some(reason), "410620009")));
        let years = chart.years_at("2026-11-21");
        if !is_growing || years > 6 {
            continue;
        }
        children += 1;
        let doses = |code: &str| chart.of_type("Immunization").filter(|dose| has_code(dose.get("vaccineCode"), code)).count();
        let expected = |least: i64, doses: usize| if years >= least { doses } else { 0 };
        assert!(doses("03") >= expected(2, 1), "{:?} has no measles vaccine", chart.patient.text("id"));
        assert!(doses("03") >= expected(5, 2), "{:?} has no second measles vaccine", chart.patient.text("id"));
        assert!(doses("146") >= expected(1, 3), "{:?} lacks basic vaccines", chart.patient.text("id"));
        assert!(doses("146") <= 3 && doses("03") <= 2 && doses("116") <= 3);
        for dose in chart.of_type("Immunization") {
            let given = dose.text("occurrenceDateTime").unwrap_or_default();
            assert!(!has_code(dose.get("vaccineCode"), "03") || chart.years_at(given) >= 0 && given > chart.birth());
        }
    }
    assert!(children > 20, "only {children} small children");
}

#[test]
fn newborns_have_a_chart_and_a_mother() {
    let resources = hospital(160);
    let charts = charts(&resources);
    let newborns: Vec<_> = charts.iter().filter(|chart| chart.patient.text("id").is_some_and(|id| id.ends_with("-child"))).collect();
    assert!(!newborns.is_empty());
    for newborn in newborns {
        let mother = newborn.of_type("RelatedPerson").flat_map(|parent| parent.list("relationship")).any(|it| has_code(Some(it), "MTH"));
        assert!(mother && newborn.values("9274-2").len() == 1);
    }
}
