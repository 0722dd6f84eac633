//! A broken hip: a fall, a new joint the next morning, days on the ward, and learning to walk.

use super::ward_round::{has_come, last_moment, pain_scores, prevent_clots, vitals_chart};
use super::{FOLLOW_UP, clinic_hour, stay_time};
use crate::chart::{Chart, Diagnosis, Regimen, Visit, Vitals};
use crate::coding::Coding;
use crate::draft::Reference;
use crate::house::Post;
use crate::house::department::Department;
use crate::house::formulary::Drug;
use crate::measure::laboratory as lab;
use crate::moment::Moment;

static FRACTURE: Diagnosis = Diagnosis {
    snomed: Coding::snomed("5913000", "Fracture of neck of femur"),
    icd10: Coding::icd10("S72.0", "Fracture of neck of femur"),
    is_severe: true,
};

const HIP_XRAY: Coding = Coding::loinc("24762-7", "Hip X-ray");

/// Tells it.
pub(super) fn tell(chart: &mut Chart) {
    let days = chart.random.between(7, 10);
    let (start, end) = stay_time(chart, Department::Orthopaedics, days);
    chart.perhaps_allergy(start.plus_days(-400), false);
    let arrival = start.plus_hours(-3);
    let emergency = chart.emergency_visit(arrival, 3, Coding::snomed("33036003", "Fall on same level"));
    let ill = Vitals { heart_rate: 94, systolic: 148, diastolic: 84, respiratory_rate: 18, saturation: 95, ..Vitals::WELL };
    let well = Vitals { systolic: 132, saturation: 96, ..Vitals::WELL };
    chart.vitals(&emergency, ill, arrival.plus_minutes(10));
    chart.imaging(&emergency, HIP_XRAY, "Displaced fracture of the neck of the left femur. Osteoporotic bone.", arrival.plus_minutes(50));
    let hemoglobin = chart.random.around(128, 8);
    blood(chart, &emergency, hemoglobin, 6, arrival.plus_minutes(25));
    let condition = chart.diagnose(&emergency, &FRACTURE, arrival, end.map(|end| end.plus_days(80)).filter(|&day| day < chart.house.now()));
    chart.bill(&emergency, Some(&condition), &[("Emergency visit", 14500), ("Hip X-ray", 5800)]);
    let visit = chart.stay(start, end, Department::Orthopaedics, Post::OrthopaedicSurgeon, &[&condition], FRACTURE.snomed);
    operate(chart, &visit, &condition);
    vitals_chart(chart, &visit, ill, well, days);
    for (day, loss, crp) in [(2, 30, 130), (4, 26, 90), (6, 20, 38)] {
        let at = start.plus_days(day).at(6, 30);
        if has_come(chart, &visit, at) {
            blood(chart, &visit, hemoglobin - loss, crp, at);
        }
    }
    pain_scores(chart, &visit, start.plus_hours(2), 6);
    prevent_clots(chart, &visit, FRACTURE.snomed);
    if let Some(end) = end {
        go_home(chart, &visit, &condition, end, days);
    }
}

fn blood(chart: &mut Chart, visit: &Visit, hemoglobin: i64, crp: i64, at: Moment) {
    let leukocytes = chart.random.around(92, 14);
    chart.blood_count(visit, leukocytes, hemoglobin, at);
    chart.laboratory(visit, &lab::INFLAMMATION, &[(&lab::CRP, crp)], at);
    let creatinine = chart.random.around(98, 18);
    chart.metabolic(visit, creatinine, 112, 42, at);
}

fn operate(chart: &mut Chart, visit: &Visit, condition: &Reference) {
    let cut = visit.start.plus_days(1).at(8, 30);
    let (closed, reason) = (cut.plus_minutes(95), FRACTURE.snomed);
    let antibiotic = Regimen { drug: Drug::Cefazolin, times_a_day: 1, days: Some(1), reason };
    chart.give_on_ward(visit, &antibiotic, cut.plus_minutes(-60), cut, 24);
    chart.operation(visit, Coding::snomed("52734007", "Total replacement of hip"), condition, (cut, closed), Post::OrthopaedicSurgeon);
    let text = "Total replacement of the left hip, cementless cup, cemented stem. Blood loss 350 mL. May put full weight on the leg.";
    chart.operation_note(visit, closed.plus_minutes(45), text);
    let morphine = Regimen { drug: Drug::Morphine, times_a_day: 4, days: Some(2), reason };
    chart.give_on_ward(visit, &morphine, closed, closed.plus_days(1), 6);
    let until = last_moment(chart, visit);
    chart.give_on_ward(visit, &Regimen { drug: Drug::Paracetamol, times_a_day: 3, days: Some(7), reason }, closed, until, 8);
}

fn go_home(chart: &mut Chart, visit: &Visit, condition: &Reference, end: Moment, days: i64) {
    let regimen = Regimen { drug: Drug::Colecalciferol, times_a_day: 1, days: None, reason: FRACTURE.snomed };
    chart.take_home(visit, &regimen, None);
    let text = format!(
        "Fall at home, fracture of the neck of the left femur, hip replaced the next morning. {days} days on the ward, walks with a frame, wound dry."
    );
    chart.discharge_summary(visit, end.plus_minutes(-30), &text);
    let lines = [
        ("Room and board", 31_000 * days),
        ("Hip replacement", 412_000),
        ("Implant", 168_000),
        ("Anaesthesia", 64_000),
        ("Physiotherapy", 21_000),
    ];
    chart.bill(visit, Some(condition), &lines);
    let at = clinic_hour(chart, end.plus_days(42));
    if at < chart.house.now() {
        let control = chart.specialist_visit(at, FOLLOW_UP, &[condition], Post::OrthopaedicSurgeon, Department::Orthopaedics);
        chart.imaging(&control, HIP_XRAY, "Implant in place, no loosening.", at.plus_minutes(25));
        chart.progress_note(&control, at.plus_minutes(30), "Walks with one stick, little pain.");
        chart.bill(&control, Some(condition), &[("Specialist consultation", 8900), ("Hip X-ray", 5800)]);
    }
}
