//! Asthma: peak flow that rises under an inhaled steroid.

use super::{FOLLOW_UP, clinic_hour, days_ago, eased, visit_days};
use crate::chart::{Chart, Diagnosis, Regimen, Visit, Vitals};
use crate::coding::Coding;
use crate::draft::Reference;
use crate::house::formulary::Drug;
use crate::measure::vital;
use crate::moment::Moment;

static ASTHMA: Diagnosis =
    Diagnosis { snomed: Coding::snomed("195967001", "Asthma"), icd10: Coding::icd10("J45.9", "Asthma, unspecified"), is_severe: false };

/// Tells it.
pub(super) fn tell(chart: &mut Chart) {
    let first = days_ago(chart, 350, 900);
    let days = visit_days(chart, first, 110, 7);
    chart.perhaps_allergy(first, true);
    // Grown people blow more than children.
    let best = match chart.person.years_at(first) {
        ..12 => chart.random.around(270, 30),
        12..17 => chart.random.around(380, 40),
        _ => chart.random.around(480, 70),
    };
    let mut known: Option<Reference> = None;
    for (step, &day) in days.iter().enumerate() {
        let at = clinic_hour(chart, day);
        let reason = if step == 0 { Coding::snomed("49727002", "Cough") } else { FOLLOW_UP };
        let visit = chart.consultation(at, reason, &known.iter().collect::<Vec<_>>());
        let share = eased(62, 94, step, 3);
        for (minutes, gain) in [(4, 0), (20, if step == 0 { 17 } else { 3 })] {
            let flow = chart.random.around(best * (share + gain).min(100) / 100, 8);
            chart.score(&visit, &vital::PEAK_FLOW, flow, at.plus_minutes(minutes));
        }
        breathing(chart, &visit, at.plus_minutes(3), step);
        if known.is_none() {
            known = Some(begin_treatment(chart, &visit, best));
        }
        let text = if step == 0 {
            "Cough at night and wheezing on exertion. Peak flow rises clearly after salbutamol: asthma. Inhaler technique shown."
        } else {
            "Sleeps through, hardly needs the reliever. Inhaler technique checked."
        };
        chart.progress_note(&visit, at.plus_minutes(14), text);
        chart.bill(&visit, known.as_ref(), &[("Consultation", 4800), ("Peak flow measurement", 900)]);
    }
}

fn breathing(chart: &mut Chart, visit: &Visit, at: Moment, step: usize) {
    let is_child = chart.person.years_at(at) < 12;
    let unwell = i64::from(step == 0);
    let heart_rate = if is_child { 88 } else { 74 } + 10 * unwell;
    let systolic = if is_child { 104 } else { 121 };
    let diastolic = if is_child { 64 } else { 76 };
    let respiratory_rate = if is_child { 19 } else { 15 } + 5 * unwell;
    let vitals = Vitals { heart_rate, systolic, diastolic, respiratory_rate, saturation: 98 - 3 * unwell, ..Vitals::WELL };
    chart.vitals(visit, vitals, at);
}

fn begin_treatment(chart: &mut Chart, visit: &Visit, best: i64) -> Reference {
    let onset = visit.start.plus_days(-60);
    let condition = chart.diagnose(visit, &ASTHMA, onset, None);
    chart.take_home(visit, &Regimen { drug: Drug::Salbutamol, times_a_day: 0, days: None, reason: ASTHMA.snomed }, None);
    chart.take_home(visit, &Regimen { drug: Drug::Budesonide, times_a_day: 2, days: None, reason: ASTHMA.snomed }, None);
    let acts = ["Peak flow diary", "Reliever before sport", "Come at once when peak flow falls below half"];
    chart.care_plan(visit, &condition, "Asthma action plan", "Peak flow near the personal best", (&vital::PEAK_FLOW, best), &acts);
    condition
}
