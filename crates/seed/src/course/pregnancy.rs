//! Pregnancy: visits through the months, and, if its time has come, the birth of a child who gets a chart too.

mod newborn;

use super::ward_round::pain_scores;
use super::{clinic_hour, days_ago, days_since_stay, stature};
use crate::chart::{Chart, Diagnosis, Regimen, Visit, Vitals};
use crate::coding::Coding;
use crate::draft::Reference;
use crate::house::Post;
use crate::house::department::Department;
use crate::house::formulary::Drug;
use crate::measure::{laboratory as lab, vital};
use crate::moment::Moment;

static PREGNANCY: Diagnosis = Diagnosis {
    snomed: Coding::snomed("72892002", "Normal pregnancy"),
    icd10: Coding::icd10("Z34.9", "Supervision of normal pregnancy, unspecified"),
    is_severe: false,
};

const ANTENATAL: Coding = Coding::snomed("424525001", "Antenatal care");
/// The days of pregnancy on which visits usually are.
const VISIT_DAYS: [i64; 9] = [60, 88, 118, 148, 178, 206, 234, 255, 270];
/// The days of a whole pregnancy.
const TERM: i64 = 280;

/// Tells it.
pub(super) fn tell(chart: &mut Chart) {
    let (begin, birth) = when(chart);
    chart.perhaps_allergy(begin.plus_days(-300), true);
    let (weight, height) = stature(chart, 235);
    let end = birth.map(|birth| birth.plus_days(1)).filter(|&end| end < chart.house.now());
    let mut known: Option<Reference> = None;
    for (number, day) in VISIT_DAYS.into_iter().enumerate() {
        let at = clinic_hour(chart, begin.plus_days(day));
        if at.plus_hours(1) >= chart.house.now() || birth.is_some_and(|birth| at.plus_days(1) > birth) {
            break;
        }
        let visit = chart.specialist_visit(at, ANTENATAL, &known.iter().collect::<Vec<_>>(), Post::Obstetrician, Department::Obstetrics);
        if known.is_none() {
            known = Some(found(chart, &visit, begin, end));
            chart.body(&visit, weight + gain(day), height, at.plus_minutes(4));
        } else {
            chart.vital_sign(&visit, &vital::WEIGHT, weight + gain(day), at.plus_minutes(4));
        }
        checks(chart, &visit, number, day);
        chart.bill(&visit, known.as_ref(), &[("Antenatal visit", 7400)]);
    }
    if let (Some(birth), Some(condition)) = (birth, known) {
        give_birth(chart, &condition, birth);
    }
}

/// When it began, and when the child is or was born; `None` while it is not.
fn when(chart: &mut Chart) -> (Moment, Option<Moment>) {
    let term = TERM + chart.random.between(-10, 6);
    let minute = chart.random.between(0, 1439);
    if chart.bed_today.is_some() {
        let birth = days_ago(chart, 1, 2).plus_minutes(minute.min(1200));
        return (birth.plus_days(-term), Some(birth));
    }
    if chart.random.chance(35) {
        return (days_ago(chart, 90, 262), None);
    }
    let days = days_since_stay(chart, Department::Obstetrics);
    let birth = chart.house.today.plus_days(-days).plus_minutes(minute);
    (birth.plus_days(-term), Some(birth))
}

fn found(chart: &mut Chart, visit: &Visit, begin: Moment, end: Option<Moment>) -> Reference {
    let condition = chart.diagnose(visit, &PREGNANCY, begin, end);
    let folic = Regimen { drug: Drug::FolicAcid, times_a_day: 1, days: Some(120), reason: PREGNANCY.snomed };
    chart.take_home(visit, &folic, None);
    chart.expected_date(visit, begin.plus_days(TERM), visit.start.plus_minutes(6));
    condition
}

/// What a woman has gained by this day of pregnancy, in tenths of a kilogram.
fn gain(day: i64) -> i64 {
    120 * day / TERM
}

fn checks(chart: &mut Chart, visit: &Visit, number: usize, day: i64) {
    let at = visit.start.plus_minutes(5);
    let (systolic, diastolic) = (chart.random.around(114, 6), chart.random.around(70, 5));
    chart.blood_pressure(visit, systolic, diastolic, at);
    if day > 110 {
        let pulse = chart.random.around(142, 10);
        chart.score(visit, &vital::FETAL_HEART_RATE, pulse, at);
    }
    if number.is_multiple_of(3) {
        let hemoglobin = chart.random.around(124 - 2 * number as i64, 5);
        chart.blood_count(visit, 92, hemoglobin, at.plus_minutes(6));
        if hemoglobin < 112 {
            let iron = Regimen { drug: Drug::FerrousSulfate, times_a_day: 1, days: Some(60), reason: PREGNANCY.snomed };
            chart.take_home(visit, &iron, None);
        }
    }
    if number == 4 {
        let glucose = chart.random.around(86, 8);
        chart.laboratory(visit, &lab::METABOLIC, &[(&lab::GLUCOSE, glucose)], at.plus_minutes(6));
    }
    if matches!(number, 1 | 3 | 6) {
        let text = format!("One fetus, heart beats, size as expected in week {}. Placenta and fluid without findings.", day / 7);
        chart.imaging(visit, Coding::loinc("11525-3", "Pregnancy ultrasound"), &text, at.plus_minutes(25));
    }
}

fn give_birth(chart: &mut Chart, condition: &Reference, birth: Moment) {
    let start = birth.plus_hours(-7);
    let home = birth.plus_days(3).at(11, 0);
    let end = Some(home).filter(|_| chart.bed_today.is_none());
    let visit = chart.stay(start, end, Department::Obstetrics, Post::Obstetrician, &[condition], PREGNANCY.snomed);
    for hours in [0, 2, 4, 6] {
        chart.vitals(&visit, Vitals { heart_rate: 88, ..Vitals::WELL }, start.plus_hours(hours).plus_minutes(10));
        let pulse = chart.random.around(138, 10);
        chart.score(&visit, &vital::FETAL_HEART_RATE, pulse, start.plus_hours(hours).plus_minutes(10));
    }
    let delivery = Coding::snomed("177184002", "Normal delivery procedure");
    chart.operation(&visit, delivery, condition, (birth.plus_minutes(-50), birth), Post::Midwife);
    let oxytocin = Regimen { drug: Drug::Oxytocin, times_a_day: 1, days: Some(1), reason: PREGNANCY.snomed };
    chart.give_on_ward(&visit, &oxytocin, birth.plus_minutes(-20), birth.plus_minutes(40), 24);
    for hours in [2, 6, 10, 22, 34, 46] {
        let at = birth.plus_hours(hours);
        if at < chart.house.now() {
            chart.vitals(&visit, Vitals::WELL, at);
        }
    }
    pain_scores(chart, &visit, birth.plus_hours(3), 3);
    let hemoglobin = chart.random.around(108, 8);
    let at = birth.plus_hours(8);
    if at < chart.house.now() {
        chart.blood_count(&visit, 118, hemoglobin, at);
    }
    newborn::tell(chart, birth, end);
    if let Some(end) = end {
        chart.discharge_summary(
            &visit,
            end.plus_minutes(-30),
            "Spontaneous birth at term, mother and child well, feeding established. Midwife visits at home.",
        );
        chart.bill(&visit, Some(condition), &[("Room and board", 93_000), ("Delivery", 126_000)]);
    }
}
