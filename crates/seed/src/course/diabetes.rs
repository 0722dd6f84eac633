//! Type 2 diabetes: found by chance or thirst, then years of visits in which HbA1c falls under metformin.

use super::{FOLLOW_UP, clinic_hour, days_ago, eased, stature, visit_days};
use crate::chart::{Chart, Diagnosis, Regimen, Visit};
use crate::coding::Coding;
use crate::draft::Reference;
use crate::house::formulary::Drug;
use crate::measure::laboratory as lab;

pub(super) static TYPE_2_DIABETES: Diagnosis = Diagnosis {
    snomed: Coding::snomed("44054006", "Type 2 diabetes mellitus"),
    icd10: Coding::icd10("E11.9", "Type 2 diabetes mellitus without complications"),
    is_severe: false,
};

/// Tells it.
pub(super) fn tell(chart: &mut Chart) {
    story(chart, 134);
}

/// Tells it together with high blood pressure.
pub(super) fn with_hypertension(chart: &mut Chart) {
    story(chart, 128);
    super::hypertension::tell(chart);
}

fn story(chart: &mut Chart, systolic: i64) {
    let first = days_ago(chart, 500, 1500);
    let days = visit_days(chart, first, 140, 7);
    chart.perhaps_allergy(first, true);
    let body_mass_index = chart.random.around(315, 45);
    let (weight, height) = stature(chart, body_mass_index);
    let (begin, goal) = (chart.random.between(79, 104), chart.random.between(62, 72));
    let mut known: Option<Reference> = None;
    for (step, &day) in days.iter().enumerate() {
        let at = clinic_hour(chart, day);
        let reason = if step == 0 { Coding::snomed("17173007", "Excessive thirst") } else { FOLLOW_UP };
        let visit = chart.consultation(at, reason, &known.iter().collect::<Vec<_>>());
        let hba1c = chart.random.around(eased(begin, goal, step, 4), 3);
        chart.blood_pressure(&visit, systolic - step as i64, 82, at.plus_minutes(3));
        chart.body(&visit, weight - 8 * step as i64, height, at.plus_minutes(4));
        tests(chart, &visit, hba1c, step);
        match &known {
            None => known = Some(begin_treatment(chart, &visit)),
            Some(condition) if step.is_multiple_of(3) => {
                let examination = Coding::snomed("401191002", "Diabetic foot examination");
                chart.procedure(&visit, examination, condition, at.plus_minutes(10), 8);
            }
            Some(_) => {}
        }
        if step.is_multiple_of(2) {
            chart.progress_note(&visit, at.plus_minutes(14), &note(hba1c, step));
        }
        chart.bill(&visit, known.as_ref(), &[("Consultation", 4800), ("Hemoglobin A1c", 1250), ("Basic metabolic panel", 1800)]);
    }
}

fn tests(chart: &mut Chart, visit: &Visit, hba1c: i64, step: usize) {
    let drawn = visit.start.plus_minutes(8);
    chart.laboratory(visit, &lab::GLYCATED, &[(&lab::HBA1C, hba1c)], drawn);
    // The mean glucose that goes with an HbA1c, in mg/dL.
    let glucose = chart.random.around((287 * hba1c - 4670) / 100, 18);
    let creatinine = chart.random.around(92, 18);
    let potassium = chart.random.around(43, 5);
    if step.is_multiple_of(2) {
        chart.metabolic(visit, creatinine, glucose, potassium, drawn);
    } else {
        chart.laboratory(visit, &lab::METABOLIC, &[(&lab::GLUCOSE, glucose)], drawn);
    }
    if step.is_multiple_of(3) {
        let (total, triglycerides) = (chart.random.around(215 - 9 * step as i64, 22), chart.random.around(170, 40));
        chart.lipids(visit, total, triglycerides, drawn);
        let leak = chart.random.between(6, 44);
        chart.laboratory(visit, &lab::KIDNEY_LEAK, &[(&lab::ALBUMIN_RATIO, leak)], drawn);
    }
}

fn begin_treatment(chart: &mut Chart, visit: &Visit) -> Reference {
    let condition = chart.diagnose(visit, &TYPE_2_DIABETES, visit.start, None);
    let reason = TYPE_2_DIABETES.snomed;
    chart.take_home(visit, &Regimen { drug: Drug::Metformin, times_a_day: 2, days: None, reason }, None);
    chart.take_home(visit, &Regimen { drug: Drug::Atorvastatin, times_a_day: 1, days: None, reason }, None);
    chart.smoking(visit, visit.start.plus_minutes(5));
    let acts = ["Diet advice", "Thirty minutes of walking each day", "Yearly examination of eyes and feet"];
    chart.care_plan(visit, &condition, "Diabetes care plan", "HbA1c at or below 7 %", (&lab::HBA1C, 70), &acts);
    condition
}

fn note(hba1c: i64, step: usize) -> String {
    let (whole, tenth) = (hba1c / 10, hba1c % 10);
    if step == 0 {
        format!(
            "Thirst and tiredness for some weeks. HbA1c {whole}.{tenth} %. Type 2 diabetes explained, metformin and diet started. Control in some months."
        )
    } else {
        format!("Feels well, takes metformin regularly, no hypoglycaemia. HbA1c {whole}.{tenth} %. Treatment goes on.")
    }
}
