//! Heart failure: breathless into a bed, water driven out, then visits; some do not live through the year.

use super::ward_round::{has_come, last_moment, prevent_clots, vitals_chart};
use super::{FOLLOW_UP, clinic_hour, eased, stature, stay_time};
use crate::chart::{Chart, Diagnosis, Regimen, Visit, Vitals};
use crate::coding::Coding;
use crate::draft::Reference;
use crate::house::Post;
use crate::house::department::Department;
use crate::house::formulary::Drug;
use crate::measure::{laboratory as lab, vital};
use crate::moment::Moment;
use crate::person::patient;

static HEART_FAILURE: Diagnosis = Diagnosis {
    snomed: Coding::snomed("84114007", "Heart failure"),
    icd10: Coding::icd10("I50.9", "Heart failure, unspecified"),
    is_severe: true,
};

/// Tells it.
pub(super) fn tell(chart: &mut Chart) {
    let days = chart.random.between(5, 8);
    let (start, end) = stay_time(chart, Department::Medicine, days);
    chart.perhaps_allergy(start.plus_days(-500), true);
    let body_mass_index = chart.random.around(285, 40);
    let (weight, height) = stature(chart, body_mass_index);
    let arrival = start.plus_hours(-4);
    let emergency = chart.emergency_visit(arrival, 4, Coding::snomed("267036007", "Dyspnea"));
    let ill = Vitals { heart_rate: 112, systolic: 152, diastolic: 92, temperature: 367, respiratory_rate: 27, saturation: 88 };
    let well = Vitals { heart_rate: 72, systolic: 118, saturation: 96, ..Vitals::WELL };
    chart.vitals(&emergency, ill, arrival.plus_minutes(8));
    let strain = chart.random.between(3800, 9200);
    blood(chart, &emergency, strain, arrival.plus_minutes(20));
    let xray = Coding::loinc("36643-5", "Chest X-ray, two views");
    chart.imaging(&emergency, xray, "Enlarged heart, congested vessels, small effusions on both sides.", arrival.plus_minutes(60));
    let condition = chart.diagnose(&emergency, &HEART_FAILURE, arrival.plus_days(-21), None);
    chart.bill(&emergency, Some(&condition), &[("Emergency visit", 14500), ("Chest X-ray", 5400), ("NT-proBNP", 3600)]);
    let visit = chart.stay(start, end, Department::Medicine, Post::Internist, &[&condition], HEART_FAILURE.snomed);
    chart.body(&visit, weight + 60, height, start.plus_minutes(40));
    treat(chart, &visit, &condition);
    vitals_chart(chart, &visit, ill, well, days);
    for day in 1..days {
        let at = start.plus_days(day).at(7, 0);
        if has_come(chart, &visit, at) {
            chart.vital_sign(&visit, &vital::WEIGHT, eased(weight + 60, weight, day as usize, days as usize), at);
            if day % 3 == 0 {
                blood(chart, &visit, eased(strain, 1400, day as usize, days as usize), at);
            }
        }
    }
    if let Some(end) = end {
        go_home(chart, &visit, &condition, end, days);
        afterwards(chart, &condition, end, weight);
    }
}

fn blood(chart: &mut Chart, visit: &Visit, strain: i64, at: Moment) {
    chart.laboratory(visit, &lab::HEART_STRAIN, &[(&lab::NT_PRO_BNP, strain)], at);
    let (creatinine, potassium) = (chart.random.around(118, 16), chart.random.around(42, 5));
    chart.metabolic(visit, creatinine, 108, potassium, at);
}

fn treat(chart: &mut Chart, visit: &Visit, condition: &Reference) {
    let reason = HEART_FAILURE.snomed;
    let (from, until) = (visit.start.plus_minutes(15), last_moment(chart, visit));
    chart.give_on_ward(visit, &Regimen { drug: Drug::Furosemide, times_a_day: 2, days: Some(8), reason }, from, until, 12);
    prevent_clots(chart, visit, reason);
    let echo = visit.start.plus_days(1).at(10, 15);
    chart.procedure(visit, Coding::snomed("40701008", "Echocardiography"), condition, echo, 25);
    chart.progress_note(
        visit,
        visit.start.plus_hours(2),
        "Breathless at rest, legs swollen. Diuretic, oxygen, weight each morning, fluids limited.",
    );
}

fn go_home(chart: &mut Chart, visit: &Visit, condition: &Reference, end: Moment, days: i64) {
    let reason = HEART_FAILURE.snomed;
    for drug in [Drug::Ramipril, Drug::Bisoprolol, Drug::Furosemide, Drug::Spironolactone] {
        chart.take_home(visit, &Regimen { drug, times_a_day: 1, days: None, reason }, None);
    }
    let text = format!(
        "Heart failure with congestion, {days} days of diuretic treatment, weight and breath back to usual. Weigh daily; come at two kilograms more."
    );
    chart.discharge_summary(visit, end.plus_minutes(-30), &text);
    let acts = ["Weigh each morning", "At most 1.5 litres to drink", "Walk every day"];
    chart.care_plan(visit, condition, "Heart failure care plan", "NT-proBNP at or below 1000 pg/mL", (&lab::NT_PRO_BNP, 1000), &acts);
    chart.bill(visit, Some(condition), &[("Room and board", 31_000 * days), ("Echocardiography", 16_500), ("Laboratory", 12_400)]);
}

fn afterwards(chart: &mut Chart, condition: &Reference, end: Moment, weight: i64) {
    for month in 1..=3 {
        let at = clinic_hour(chart, end.plus_days(30 * month));
        if at.plus_days(1) > chart.house.now() {
            return;
        }
        let visit = chart.consultation(at, FOLLOW_UP, &[condition]);
        let well = Vitals { systolic: 116, saturation: 96, ..Vitals::WELL };
        chart.vitals(&visit, well, at.plus_minutes(3));
        chart.vital_sign(&visit, &vital::WEIGHT, weight + 2 * month, at.plus_minutes(4));
        blood(chart, &visit, 1400 - 200 * month, at.plus_minutes(8));
        chart.bill(&visit, Some(condition), &[("Consultation", 4800), ("NT-proBNP", 3600)]);
    }
    let death = end.plus_days(chart.random.between(120, 300)).at(4, 20);
    let is_deadly = !chart.is_expected && chart.random.chance(25) && death < chart.house.now();
    if let Some(subject) = chart.out.first_mut().filter(|_| is_deadly) {
        patient::mark_deceased(subject, death);
    }
}
