//! Depression: PHQ-9 falls under sertraline and talks, and in some it ends.

use super::{FOLLOW_UP, clinic_hour, days_ago, eased, visit_days};
use crate::chart::{Chart, Diagnosis, Regimen};
use crate::coding::Coding;
use crate::draft::Reference;
use crate::house::Post;
use crate::house::department::Department;
use crate::house::formulary::Drug;
use crate::measure::vital;

static DEPRESSION: Diagnosis = Diagnosis {
    snomed: Coding::snomed("310496002", "Moderate depression"),
    icd10: Coding::icd10("F32.1", "Moderate depressive episode"),
    is_severe: false,
};

/// Tells it.
pub(super) fn tell(chart: &mut Chart) {
    let first = days_ago(chart, 250, 700);
    let days = visit_days(chart, first, 38, 8);
    chart.perhaps_allergy(first, true);
    let (begin, end) = (chart.random.between(14, 19), chart.random.between(2, 6));
    let mut known: Option<Reference> = None;
    for (step, &day) in days.iter().enumerate() {
        let at = clinic_hour(chart, day);
        let conditions: Vec<&Reference> = known.iter().collect();
        let visit = match step {
            0 => chart.consultation(at, Coding::snomed("84229001", "Fatigue"), &conditions),
            1 | 4 => chart.specialist_visit(at, FOLLOW_UP, &conditions, Post::Psychiatrist, Department::Psychiatry),
            _ => chart.consultation(at, FOLLOW_UP, &conditions),
        };
        let score = chart.random.around(eased(begin, end, step, 6), 1).max(0);
        chart.score(&visit, &vital::DEPRESSION_SCORE, score, at.plus_minutes(5));
        let pulse = chart.random.around(76, 8);
        chart.vital_sign(&visit, &vital::HEART_RATE, pulse, at.plus_minutes(6));
        chart.blood_pressure(&visit, 121, 77, at.plus_minutes(6));
        if step == 0 {
            let condition = chart.diagnose(&visit, &DEPRESSION, at.plus_days(-30), None);
            chart.blood_count(&visit, 66, 138, at.plus_minutes(9));
            chart.metabolic(&visit, 82, 92, 42, at.plus_minutes(9));
            let regimen = Regimen { drug: Drug::Sertraline, times_a_day: 1, days: None, reason: DEPRESSION.snomed };
            chart.take_home(&visit, &regimen, None);
            let acts = ["Talking therapy every two weeks", "Regular sleep", "Emergency number handed over"];
            chart.care_plan(&visit, &condition, "Depression care plan", "PHQ-9 below 5", (&vital::DEPRESSION_SCORE, 4), &acts);
            known = Some(condition);
        }
        let text = format!(
            "PHQ-9 score {score}. {}",
            if score > 9 { "Low mood, poor sleep, no intent to harm." } else { "Mood and sleep better, works again." }
        );
        chart.progress_note(&visit, at.plus_minutes(14), &text);
        chart.bill(&visit, known.as_ref(), &[("Consultation, long", 7200)]);
    }
}
