//! High blood pressure: found at a visit, then brought down.

use super::{FOLLOW_UP, clinic_hour, days_ago, eased, stature, visit_days};
use crate::chart::{Chart, Diagnosis, Regimen, Visit};
use crate::coding::Coding;
use crate::draft::Reference;
use crate::house::formulary::Drug;
use crate::measure::vital;

pub(super) static HYPERTENSION: Diagnosis = Diagnosis {
    snomed: Coding::snomed("59621000", "Essential hypertension"),
    icd10: Coding::icd10("I10", "Essential (primary) hypertension"),
    is_severe: false,
};

/// Tells it.
pub(super) fn tell(chart: &mut Chart) {
    let first = days_ago(chart, 400, 1300);
    let days = visit_days(chart, first, 95, 8);
    chart.perhaps_allergy(first, true);
    let body_mass_index = chart.random.around(275, 45);
    let (weight, height) = stature(chart, body_mass_index);
    let begin = chart.random.between(158, 182);
    let mut known: Option<Reference> = None;
    for (step, &day) in days.iter().enumerate() {
        let at = clinic_hour(chart, day);
        let reason = if step == 0 { Coding::snomed("25064002", "Headache") } else { FOLLOW_UP };
        let visit = chart.consultation(at, reason, &known.iter().collect::<Vec<_>>());
        let systolic = chart.random.around(eased(begin, 131, step, 4), 4);
        // Twice at each visit: the second reading counts.
        chart.blood_pressure(&visit, systolic + 5, systolic * 6 / 10 + 3, at.plus_minutes(2));
        chart.blood_pressure(&visit, systolic, systolic * 6 / 10, at.plus_minutes(8));
        let pulse = chart.random.around(74, 9);
        chart.vital_sign(&visit, &vital::HEART_RATE, pulse, at.plus_minutes(8));
        if step.is_multiple_of(3) {
            chart.body(&visit, weight - 5 * step as i64, height, at.plus_minutes(9));
            tests(chart, &visit);
        }
        match &known {
            None => known = Some(begin_treatment(chart, &visit, systolic)),
            Some(_) if step == 2 => {
                let amlodipine = Regimen { drug: Drug::Amlodipine, times_a_day: 1, days: None, reason: HYPERTENSION.snomed };
                chart.take_home(&visit, &amlodipine, None);
            }
            Some(_) => {}
        }
        if step > 0 && step.is_multiple_of(3) {
            chart.progress_note(
                &visit,
                at.plus_minutes(13),
                &format!("Blood pressure {systolic}/{} mmHg under treatment. No cough, no swelling.", systolic * 6 / 10),
            );
        }
        chart.bill(&visit, known.as_ref(), &[("Consultation", 4800)]);
    }
}

fn tests(chart: &mut Chart, visit: &Visit) {
    let (creatinine, glucose, potassium) = (chart.random.around(90, 20), chart.random.around(96, 12), chart.random.around(43, 5));
    let drawn = visit.start.plus_minutes(11);
    chart.metabolic(visit, creatinine, glucose, potassium, drawn);
    let (total, triglycerides) = (chart.random.around(205, 35), chart.random.around(140, 45));
    chart.lipids(visit, total, triglycerides, drawn);
}

fn begin_treatment(chart: &mut Chart, visit: &Visit, systolic: i64) -> Reference {
    let condition = chart.diagnose(visit, &HYPERTENSION, visit.start, None);
    let at = visit.start.plus_minutes(10);
    chart.procedure(visit, Coding::snomed("29303009", "Electrocardiographic procedure"), &condition, at, 5);
    chart.take_home(visit, &Regimen { drug: Drug::Ramipril, times_a_day: 1, days: None, reason: HYPERTENSION.snomed }, None);
    chart.smoking(visit, at);
    let acts = ["Less salt", "Measure blood pressure at home twice a week", "Exercise three times a week"];
    chart.care_plan(visit, &condition, "Blood pressure care plan", "Systolic pressure below 140 mmHg", (&vital::SYSTOLIC, 139), &acts);
    let text = format!(
        "Headaches in the morning. Blood pressure {systolic} mmHg systolic on repeated measurement. ECG without findings. Ramipril started."
    );
    chart.progress_note(visit, visit.start.plus_minutes(14), &text);
    condition
}
