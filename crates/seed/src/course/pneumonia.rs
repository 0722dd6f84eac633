//! Pneumonia: through the emergency department into a bed, antibiotics, CRP that falls, and home.

use super::ward_round::{has_come, last_moment, prevent_clots, vitals_chart};
use super::{FOLLOW_UP, clinic_hour, eased, stay_time};
use crate::chart::{Chart, Diagnosis, Regimen, Visit, Vitals};
use crate::coding::Coding;
use crate::draft::Reference;
use crate::house::Post;
use crate::house::department::Department;
use crate::house::formulary::Drug;
use crate::measure::laboratory as lab;

static PNEUMONIA: Diagnosis = Diagnosis {
    snomed: Coding::snomed("233604007", "Pneumonia"),
    icd10: Coding::icd10("J18.9", "Pneumonia, unspecified"),
    is_severe: true,
};

const CHEST_XRAY: Coding = Coding::loinc("36643-5", "Chest X-ray, two views");

/// Tells it, for a grown person or a child.
pub(super) fn tell(chart: &mut Chart) {
    let days = chart.random.between(4, 7);
    let is_child = chart.person.years_at(chart.house.now()) < 16;
    let (department, post) =
        if is_child { (Department::Paediatrics, Post::Paediatrician) } else { (Department::Medicine, Post::Internist) };
    let (start, end) = stay_time(chart, department, days);
    chart.perhaps_allergy(start.plus_days(-300), false);
    let arrival = start.plus_hours(-4);
    let emergency = chart.emergency_visit(arrival, 4, Coding::snomed("386661006", "Fever"));
    let (ill, well) = states(is_child);
    chart.vitals(&emergency, ill, arrival.plus_minutes(10));
    let conclusion = "Patchy consolidation in the right lower lobe. No effusion. Heart of normal size. Findings of pneumonia.";
    chart.imaging(&emergency, CHEST_XRAY, conclusion, arrival.plus_minutes(70));
    let crp = chart.random.between(120, 290);
    blood(chart, &emergency, crp, 0);
    let condition = chart.diagnose(
        &emergency,
        &PNEUMONIA,
        arrival.plus_days(-3),
        end.map(|end| end.plus_days(10)).filter(|&day| day < chart.house.now()),
    );
    chart.bill(&emergency, Some(&condition), &[("Emergency visit", 14500), ("Chest X-ray", 5400), ("Laboratory, emergency", 4700)]);
    let visit = chart.stay(start, end, department, post, &[&condition], PNEUMONIA.snomed);
    treat(chart, &visit, is_child);
    vitals_chart(chart, &visit, ill, well, days);
    for day in 1..days as usize {
        let at = start.plus_days(day as i64).at(6, 30);
        if has_come(chart, &visit, at) && day % 2 == 1 {
            let crp = eased(crp, 8, day, days as usize);
            laboratory_round(chart, &visit, crp, at);
        }
    }
    if let Some(end) = end {
        go_home(chart, &visit, &condition, end, days);
    }
}

fn states(is_child: bool) -> (Vitals, Vitals) {
    if is_child {
        let well = Vitals { heart_rate: 92, systolic: 102, diastolic: 62, respiratory_rate: 21, ..Vitals::WELL };
        (Vitals { heart_rate: 132, temperature: 393, respiratory_rate: 38, saturation: 91, ..well }, well)
    } else {
        (Vitals { heart_rate: 108, systolic: 112, diastolic: 68, temperature: 390, respiratory_rate: 26, saturation: 88 }, Vitals::WELL)
    }
}

fn blood(chart: &mut Chart, visit: &Visit, crp: i64, hours: i64) {
    let at = visit.start.plus_hours(hours).plus_minutes(25);
    laboratory_round(chart, visit, crp, at);
    let (creatinine, glucose) = (chart.random.around(88, 20), chart.random.around(118, 15));
    let creatinine = if chart.person.years_at(at) < 16 { creatinine / 2 } else { creatinine };
    chart.metabolic(visit, creatinine, glucose, 40, at);
}

fn laboratory_round(chart: &mut Chart, visit: &Visit, crp: i64, at: crate::moment::Moment) {
    chart.laboratory(visit, &lab::INFLAMMATION, &[(&lab::CRP, crp)], at);
    let hemoglobin = chart.random.around(132, 8);
    chart.blood_count(visit, 65 + crp / 2, hemoglobin, at);
}

fn treat(chart: &mut Chart, visit: &Visit, is_child: bool) {
    let (from, until, reason) = (visit.start.plus_minutes(10), last_moment(chart, visit), PNEUMONIA.snomed);
    chart.give_on_ward(
        visit,
        &Regimen { drug: Drug::Ceftriaxone, times_a_day: 1, days: Some(5), reason },
        from,
        from.plus_days(5).min(until),
        24,
    );
    chart.give_on_ward(visit, &Regimen { drug: Drug::Paracetamol, times_a_day: 3, days: Some(3), reason }, from, from.plus_days(2), 8);
    if !is_child {
        prevent_clots(chart, visit, reason);
    }
    chart.progress_note(
        visit,
        visit.start.plus_hours(1),
        "Fever and cough for three days, consolidation on the chest X-ray. Antibiotic by infusion, oxygen as needed.",
    );
}

fn go_home(chart: &mut Chart, visit: &Visit, condition: &Reference, end: crate::moment::Moment, days: i64) {
    let regimen = Regimen { drug: Drug::Amoxicillin, times_a_day: 3, days: Some(5), reason: PNEUMONIA.snomed };
    chart.take_home(visit, &regimen, None);
    let text = format!(
        "Pneumonia of the right lower lobe, treated for {days} days. Free of fever, CRP falling. Amoxicillin for five more days. Control at the clinic."
    );
    chart.discharge_summary(visit, end.plus_minutes(-30), &text);
    chart.bill(visit, Some(condition), &[("Room and board", 31_000 * days), ("Antibiotic therapy", 8_600), ("Laboratory", 9_400)]);
    let at = clinic_hour(chart, end.plus_days(10));
    if at < chart.house.now() {
        let control = chart.consultation(at, FOLLOW_UP, &[condition]);
        let (_, well) = states(chart.person.years_at(at) < 16);
        chart.vitals(&control, well, at.plus_minutes(4));
        chart.laboratory(&control, &lab::INFLAMMATION, &[(&lab::CRP, 3)], at.plus_minutes(9));
        chart.bill(&control, Some(condition), &[("Consultation", 4800)]);
    }
}
