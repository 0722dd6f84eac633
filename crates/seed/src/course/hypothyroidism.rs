//! An underactive thyroid: TSH comes down under levothyroxine.

use super::{FOLLOW_UP, clinic_hour, days_ago, eased, stature, visit_days};
use crate::chart::{Chart, Diagnosis, Regimen};
use crate::coding::Coding;
use crate::draft::Reference;
use crate::house::formulary::Drug;
use crate::measure::laboratory as lab;
use crate::measure::vital;

static HYPOTHYROIDISM: Diagnosis = Diagnosis {
    snomed: Coding::snomed("40930008", "Hypothyroidism"),
    icd10: Coding::icd10("E03.9", "Hypothyroidism, unspecified"),
    is_severe: false,
};

/// Tells it.
pub(super) fn tell(chart: &mut Chart) {
    let first = days_ago(chart, 300, 1400);
    let days = visit_days(chart, first, 75, 6);
    chart.perhaps_allergy(first, true);
    let body_mass_index = chart.random.around(285, 40);
    let (weight, height) = stature(chart, body_mass_index);
    let begin = chart.random.between(1150, 2900);
    let mut known: Option<Reference> = None;
    for (step, &day) in days.iter().enumerate() {
        let at = clinic_hour(chart, day);
        let reason = if step == 0 { Coding::snomed("84229001", "Fatigue") } else { FOLLOW_UP };
        let visit = chart.consultation(at, reason, &known.iter().collect::<Vec<_>>());
        let pulse = chart.random.around(eased(56, 72, step, 3), 4);
        chart.vital_sign(&visit, &vital::HEART_RATE, pulse, at.plus_minutes(3));
        chart.blood_pressure(&visit, 124, 79, at.plus_minutes(3));
        chart.body(&visit, weight - 10 * step.min(3) as i64, height, at.plus_minutes(4));
        let tsh = chart.random.around(eased(begin, 220, step, 3), 40);
        let thyroxine = eased(6, 12, step, 3);
        chart.laboratory(&visit, &lab::THYROID, &[(&lab::TSH, tsh), (&lab::FREE_T4, thyroxine)], at.plus_minutes(8));
        if step == 0 {
            let (total, hemoglobin) = (chart.random.around(238, 20), chart.random.around(122, 8));
            chart.lipids(&visit, total, 150, at.plus_minutes(8));
            chart.blood_count(&visit, 62, hemoglobin, at.plus_minutes(8));
            let condition = chart.diagnose(&visit, &HYPOTHYROIDISM, at, None);
            let regimen = Regimen { drug: Drug::Levothyroxine, times_a_day: 1, days: None, reason: HYPOTHYROIDISM.snomed };
            chart.take_home(&visit, &regimen, None);
            known = Some(condition);
        }
        let text = if step == 0 {
            "Tired, cold, weight gain. TSH is high. Levothyroxine started, to be taken fasting."
        } else {
            "Feels better. Dose unchanged."
        };
        chart.progress_note(&visit, at.plus_minutes(13), text);
        chart.bill(&visit, known.as_ref(), &[("Consultation", 4800), ("Thyrotropin", 1400)]);
    }
}
