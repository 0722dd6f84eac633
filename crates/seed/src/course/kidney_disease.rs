//! Chronic kidney disease: creatinine creeps up, slower under treatment.

use super::{FOLLOW_UP, clinic_hour, days_ago, stature, visit_days};
use crate::chart::{Chart, Diagnosis, Regimen};
use crate::coding::Coding;
use crate::draft::Reference;
use crate::house::Post;
use crate::house::department::Department;
use crate::house::formulary::Drug;
use crate::measure::{laboratory as lab, vital};

static KIDNEY_DISEASE: Diagnosis = Diagnosis {
    snomed: Coding::snomed("433144002", "Chronic kidney disease stage 3"),
    icd10: Coding::icd10("N18.3", "Chronic kidney disease, stage 3"),
    is_severe: false,
};

/// Tells it.
pub(super) fn tell(chart: &mut Chart) {
    let first = days_ago(chart, 600, 1500);
    let days = visit_days(chart, first, 120, 8);
    chart.perhaps_allergy(first, true);
    let body_mass_index = chart.random.around(272, 40);
    let (weight, height) = stature(chart, body_mass_index);
    let begin = chart.random.between(148, 170);
    let mut known: Option<Reference> = None;
    for (step, &day) in days.iter().enumerate() {
        let at = clinic_hour(chart, day);
        let reason = if step == 0 { Coding::snomed("162673000", "General examination of patient") } else { FOLLOW_UP };
        let visit = chart.specialist_visit(at, reason, &known.iter().collect::<Vec<_>>(), Post::Internist, Department::Medicine);
        let drawn = at.plus_minutes(7);
        chart.blood_pressure(&visit, 146 - 2 * step as i64, 84, at.plus_minutes(3));
        if step == 0 {
            chart.body(&visit, weight, height, at.plus_minutes(3));
        } else {
            let weight = chart.random.around(weight, 12);
            chart.vital_sign(&visit, &vital::WEIGHT, weight, at.plus_minutes(3));
        }
        let creatinine = chart.random.around(begin + 3 * step as i64, 5);
        let potassium = chart.random.around(48, 5);
        chart.metabolic(&visit, creatinine, 101, potassium, drawn);
        let leak = chart.random.around(180 - 10 * step as i64, 30);
        chart.laboratory(&visit, &lab::KIDNEY_LEAK, &[(&lab::ALBUMIN_RATIO, leak)], drawn);
        if step.is_multiple_of(2) {
            let hemoglobin = chart.random.around(118, 6);
            chart.blood_count(&visit, 70, hemoglobin, drawn);
        }
        if step == 0 {
            let condition = chart.diagnose(&visit, &KIDNEY_DISEASE, at, None);
            chart.take_home(&visit, &Regimen { drug: Drug::Ramipril, times_a_day: 1, days: None, reason: KIDNEY_DISEASE.snomed }, None);
            let acts = ["No ibuprofen or similar drugs", "Blood pressure below 130/80", "Laboratory control every four months"];
            chart.care_plan(&visit, &condition, "Kidney care plan", "Potassium at or below 5.1 mmol/L", (&lab::POTASSIUM, 51), &acts);
            known = Some(condition);
        }
        let text = format!("Creatinine {}.{:02} mg/dL. No swelling. Blood pressure treatment goes on.", creatinine / 100, creatinine % 100);
        chart.progress_note(&visit, at.plus_minutes(14), &text);
        chart.bill(&visit, known.as_ref(), &[("Specialist consultation", 8900), ("Basic metabolic panel", 1800)]);
    }
}
