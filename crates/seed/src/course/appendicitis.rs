//! Acute appendicitis: pain, ultrasound, operation the same night, home after some days.

use super::stay_time;
use super::ward_round::{has_come, last_moment, pain_scores, vitals_chart};
use crate::chart::{Chart, Diagnosis, Regimen, Visit, Vitals};
use crate::coding::Coding;
use crate::draft::Reference;
use crate::house::Post;
use crate::house::department::Department;
use crate::house::formulary::Drug;
use crate::measure::laboratory as lab;
use crate::moment::Moment;

static APPENDICITIS: Diagnosis = Diagnosis {
    snomed: Coding::snomed("85189001", "Acute appendicitis"),
    icd10: Coding::icd10("K35.8", "Acute appendicitis, other and unspecified"),
    is_severe: true,
};

/// Tells it.
pub(super) fn tell(chart: &mut Chart) {
    let days = chart.random.between(3, 4);
    let (start, end) = stay_time(chart, Department::Surgery, days);
    chart.perhaps_allergy(start.plus_days(-200), false);
    let arrival = start.plus_hours(-5);
    let emergency = chart.emergency_visit(arrival, 5, Coding::snomed("21522001", "Abdominal pain"));
    let ill = Vitals { heart_rate: 98, temperature: 383, respiratory_rate: 19, ..Vitals::WELL };
    chart.vitals(&emergency, ill, arrival.plus_minutes(10));
    let pain = chart.random.between(6, 8);
    chart.score(&emergency, &crate::measure::vital::PAIN, pain, arrival.plus_minutes(10));
    let crp = chart.random.between(45, 110);
    inflammation(chart, &emergency, crp, arrival.plus_minutes(30));
    let conclusion = "Appendix thickened to 11 mm, not compressible, a little free fluid. Findings of acute appendicitis.";
    chart.imaging(&emergency, Coding::loinc("24558-9", "Abdominal ultrasound"), conclusion, arrival.plus_minutes(90));
    let condition = chart.diagnose(&emergency, &APPENDICITIS, arrival.plus_days(-1), end);
    chart.bill(&emergency, Some(&condition), &[("Emergency visit", 14500), ("Abdominal ultrasound", 7200)]);
    let visit = chart.stay(start, end, Department::Surgery, Post::Surgeon, &[&condition], APPENDICITIS.snomed);
    operate(chart, &visit, &condition);
    vitals_chart(chart, &visit, ill, Vitals::WELL, days);
    let at = start.plus_days(1).at(6, 30);
    if has_come(chart, &visit, at) {
        inflammation(chart, &visit, crp / 2, at);
    }
    pain_scores(chart, &visit, start.plus_hours(6), 5);
    if let Some(end) = end {
        let regimen = Regimen { drug: Drug::Ibuprofen, times_a_day: 3, days: Some(4), reason: APPENDICITIS.snomed };
        chart.take_home(&visit, &regimen, None);
        chart.discharge_summary(
            &visit,
            end.plus_minutes(-30),
            "Laparoscopic appendectomy without complications. Wounds dry, eats and walks. No sport for two weeks.",
        );
        chart.bill(
            &visit,
            Some(&condition),
            &[("Room and board", 31_000 * days), ("Laparoscopic appendectomy", 184_000), ("Anaesthesia", 52_000)],
        );
    }
}

fn inflammation(chart: &mut Chart, visit: &Visit, crp: i64, at: Moment) {
    chart.laboratory(visit, &lab::INFLAMMATION, &[(&lab::CRP, crp)], at);
    let hemoglobin = chart.random.around(138, 8);
    chart.blood_count(visit, 90 + crp / 2, hemoglobin, at);
}

fn operate(chart: &mut Chart, visit: &Visit, condition: &Reference) {
    let (cut, closed) = (visit.start.plus_hours(3), visit.start.plus_minutes(3 * 60 + 55));
    let (reason, until) = (APPENDICITIS.snomed, last_moment(chart, visit));
    let once = visit.start.plus_hours(2);
    chart.give_on_ward(visit, &Regimen { drug: Drug::Cefazolin, times_a_day: 1, days: Some(1), reason }, once, cut, 24);
    chart.give_on_ward(
        visit,
        &Regimen { drug: Drug::Metronidazole, times_a_day: 3, days: Some(2), reason },
        once,
        once.plus_days(2).min(until),
        8,
    );
    chart.operation(visit, Coding::snomed("6025007", "Laparoscopic appendectomy"), condition, (cut, closed), Post::Surgeon);
    chart.operation_note(
        visit,
        closed.plus_minutes(40),
        "Three ports. Appendix inflamed, not perforated, removed. Abdomen rinsed. Count complete.",
    );
    chart.give_on_ward(visit, &Regimen { drug: Drug::Paracetamol, times_a_day: 3, days: Some(3), reason }, closed, until, 8);
}
