//! People who are well: check-ups, vaccinations, now and then a cold.

use super::{FOLLOW_UP, clinic_hour, days_ago, stature, visit_days};
use crate::chart::{Chart, Diagnosis, Regimen, Vaccine, Visit, Vitals};
use crate::coding::Coding;
use crate::house::formulary::Drug;
use crate::moment::Moment;

static COLD: Diagnosis = Diagnosis {
    snomed: Coding::snomed("54150009", "Upper respiratory infection"),
    icd10: Coding::icd10("J06.9", "Acute upper respiratory infection, unspecified"),
    is_severe: false,
};

static INFLUENZA: Vaccine = Vaccine { code: Coding::cvx("140", "Influenza, seasonal, injectable, preservative free"), is_oral: false };
static TETANUS: Vaccine = Vaccine { code: Coding::cvx("115", "Tdap"), is_oral: false };
static ZOSTER: Vaccine = Vaccine { code: Coding::cvx("187", "Zoster recombinant"), is_oral: false };
static PAPILLOMA: Vaccine = Vaccine { code: Coding::cvx("165", "HPV9"), is_oral: false };

/// A grown person's yearly check-ups.
pub(super) fn adult(chart: &mut Chart) {
    let first = days_ago(chart, 900, 1700);
    let days = visit_days(chart, first, 360, 4);
    chart.perhaps_allergy(first, true);
    let body_mass_index = chart.random.around(245, 35);
    let (weight, height) = stature(chart, body_mass_index);
    for (step, &day) in days.iter().enumerate() {
        let at = clinic_hour(chart, day);
        let visit = chart.consultation(at, Coding::snomed("162673000", "General examination of patient"), &[]);
        chart.vitals(&visit, Vitals::WELL, at.plus_minutes(3));
        let change = chart.random.between(-15, 20);
        chart.body(&visit, weight + change, height, at.plus_minutes(4));
        chart.smoking(&visit, at.plus_minutes(5));
        let (leukocytes, hemoglobin) = (chart.random.around(64, 14), chart.random.around(144, 12));
        chart.blood_count(&visit, leukocytes, hemoglobin, at.plus_minutes(8));
        let (creatinine, glucose, potassium) = (chart.random.around(85, 15), chart.random.around(90, 10), chart.random.around(43, 4));
        chart.metabolic(&visit, creatinine, glucose, potassium, at.plus_minutes(8));
        let (total, triglycerides) = (chart.random.around(186, 30), chart.random.around(110, 35));
        chart.lipids(&visit, total, triglycerides, at.plus_minutes(8));
        let years = chart.person.years_at(at);
        chart.vaccinate(&visit, &INFLUENZA, 1, at.plus_minutes(12));
        if step == 0 {
            chart.vaccinate(&visit, &TETANUS, 1, at.plus_minutes(13));
        }
        if years >= 50 && step == 1 {
            chart.vaccinate(&visit, &ZOSTER, 1, at.plus_minutes(13));
        }
        chart.progress_note(&visit, at.plus_minutes(14), "Check-up without findings. Vaccinations brought up to date.");
        chart.bill(&visit, None, &[("Check-up", 6500), ("Laboratory, basic", 3900)]);
    }
    let last = days_ago(chart, 40, 200);
    cold(chart, last);
}

/// A school child's check-ups.
pub(super) fn school_child(chart: &mut Chart) {
    let first = days_ago(chart, 700, 1000);
    let days = visit_days(chart, first, 340, 3);
    chart.perhaps_allergy(first, true);
    for &day in &days {
        let at = clinic_hour(chart, day);
        let visit = chart.consultation(at, Coding::snomed("410620009", "Well child visit"), &[]);
        let age = chart.person.years_at(at);
        let vitals = Vitals { heart_rate: 92 - age, systolic: 96 + 2 * age, diastolic: 58 + age, respiratory_rate: 19, ..Vitals::WELL };
        chart.vitals(&visit, vitals, at.plus_minutes(3));
        let (weight, height) = growth(chart, age);
        chart.body(&visit, weight, height, at.plus_minutes(5));
        if (11..13).contains(&age) {
            chart.vaccinate(&visit, &TETANUS, 1, at.plus_minutes(9));
            chart.vaccinate(&visit, &PAPILLOMA, 1, at.plus_minutes(10));
        }
        chart.vaccinate(&visit, &INFLUENZA, 1, at.plus_minutes(9));
        chart.progress_note(&visit, at.plus_minutes(12), "Grows well, sees and hears well, likes school.");
        chart.bill(&visit, None, &[("Well child visit", 5200)]);
    }
    for _ in 0..2 {
        let day = days_ago(chart, 30, 600);
        cold(chart, day);
    }
}

/// The usual weight in tenths of a kilogram and height in tenths of a centimetre, from four years of age to seventeen.
const GROWTH: [(i64, i64); 14] = [
    (163, 1030),
    (183, 1095),
    (206, 1160),
    (231, 1220),
    (258, 1278),
    (288, 1332),
    (322, 1386),
    (362, 1442),
    (408, 1500),
    (458, 1560),
    (508, 1612),
    (552, 1652),
    (588, 1680),
    (615, 1698),
];

/// Weight and height of a school child of this age.
fn growth(chart: &mut Chart, age: i64) -> (i64, i64) {
    let (weight, height) = GROWTH[(age - 4).clamp(0, 13) as usize];
    (chart.random.around(weight, weight / 12), chart.random.around(height, 30))
}

/// A cold, and the visit a week later.
fn cold(chart: &mut Chart, day: Moment) {
    let at = clinic_hour(chart, day);
    let visit = chart.consultation(at, Coding::snomed("49727002", "Cough"), &[]);
    let vitals = Vitals { temperature: 379, heart_rate: 86, ..Vitals::WELL };
    chart.vitals(&visit, vitals, at.plus_minutes(3));
    let condition = chart.diagnose(&visit, &COLD, at.plus_days(-2), Some(at.plus_days(6)));
    let regimen = Regimen { drug: Drug::Paracetamol, times_a_day: 3, days: Some(5), reason: COLD.snomed };
    chart.take_home(&visit, &regimen, None);
    chart.bill(&visit, Some(&condition), &[("Consultation", 4800)]);
    if chart.random.chance(50) {
        let at = clinic_hour(chart, day.plus_days(7));
        let visit: Visit = chart.consultation(at, FOLLOW_UP, &[&condition]);
        chart.vitals(&visit, Vitals::WELL, at.plus_minutes(3));
        chart.bill(&visit, Some(&condition), &[("Consultation, short", 2600)]);
    }
}
