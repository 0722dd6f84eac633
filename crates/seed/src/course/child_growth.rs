//! A child growing up: visits at the usual ages, with growth and the vaccinations of the schedule.

use super::clinic_hour;
use crate::chart::{Chart, Vaccine, Visit, Vitals};
use crate::coding::Coding;
use crate::measure::vital;
use crate::moment::Moment;
use crate::person::Sex;

const WELL_CHILD: Coding = Coding::snomed("410620009", "Well child visit");

static HEXAVALENT: Vaccine = Vaccine { code: Coding::cvx("146", "DTaP-IPV-Hib-HepB"), is_oral: false };
static PNEUMOCOCCAL: Vaccine = Vaccine { code: Coding::cvx("133", "Pneumococcal conjugate PCV 13"), is_oral: false };
static ROTAVIRUS: Vaccine = Vaccine { code: Coding::cvx("116", "Rotavirus, pentavalent"), is_oral: true };
static MEASLES: Vaccine = Vaccine { code: Coding::cvx("03", "MMR"), is_oral: false };
static VARICELLA: Vaccine = Vaccine { code: Coding::cvx("21", "Varicella"), is_oral: false };
static HEPATITIS_A: Vaccine = Vaccine { code: Coding::cvx("83", "Hep A, pediatric/adolescent, 2 dose"), is_oral: false };
static PERTUSSIS: Vaccine = Vaccine { code: Coding::cvx("20", "DTaP"), is_oral: false };
static POLIO: Vaccine = Vaccine { code: Coding::cvx("10", "IPV"), is_oral: false };

/// A visit of the schedule.
struct Stage {
    months: i64,
    /// The usual weight in tenths of a kilogram, height and head in tenths of a centimetre.
    usual: (i64, i64, i64),
    vaccines: &'static [(&'static Vaccine, u64)],
}

const fn stage(months: i64, usual: (i64, i64, i64), vaccines: &'static [(&'static Vaccine, u64)]) -> Stage {
    Stage { months, usual, vaccines }
}

static SCHEDULE: [Stage; 12] = [
    stage(1, (43, 545, 370), &[]),
    stage(2, (54, 580, 389), &[(&HEXAVALENT, 1), (&PNEUMOCOCCAL, 1), (&ROTAVIRUS, 1)]),
    stage(4, (68, 635, 412), &[(&HEXAVALENT, 2), (&PNEUMOCOCCAL, 2), (&ROTAVIRUS, 2)]),
    stage(6, (77, 670, 428), &[(&HEXAVALENT, 3), (&PNEUMOCOCCAL, 3), (&ROTAVIRUS, 3)]),
    stage(9, (87, 715, 446), &[]),
    stage(12, (95, 755, 458), &[(&MEASLES, 1), (&VARICELLA, 1), (&PNEUMOCOCCAL, 4)]),
    stage(15, (102, 790, 466), &[(&PERTUSSIS, 4)]),
    stage(18, (108, 820, 472), &[(&HEPATITIS_A, 1)]),
    stage(24, (121, 875, 482), &[(&HEPATITIS_A, 2)]),
    stage(36, (143, 955, 494), &[]),
    stage(48, (163, 1030, 500), &[(&PERTUSSIS, 5), (&POLIO, 4), (&MEASLES, 2), (&VARICELLA, 2)]),
    stage(60, (183, 1095, 506), &[]),
];

/// Tells it, up to the child's age today.
pub(super) fn tell(chart: &mut Chart) {
    // A child stays a little above or below the usual all the time: in thousandths.
    let girls = if chart.person.sex == Sex::Female { -25 } else { 15 };
    let build = girls + chart.random.around(0, 110);
    let birth = chart.person.birth;
    for stage in &SCHEDULE {
        let late = chart.random.between(0, 9);
        let at = clinic_hour(chart, birth.plus_days(stage.months * 3044 / 100 + late));
        if at.plus_hours(1) >= chart.house.now() {
            break;
        }
        let visit = chart.consultation(at, WELL_CHILD, &[]);
        measure(chart, &visit, stage, build);
        for &(vaccine, dose) in stage.vaccines {
            chart.vaccinate(&visit, vaccine, dose, at.plus_minutes(9));
        }
        let text = format!("Well child visit at {} months. Grows along the curve, development as expected for the age.", stage.months);
        chart.progress_note(&visit, at.plus_minutes(12), &text);
        chart.bill(&visit, None, &[("Well child visit", 5200), ("Vaccination", 1900 * stage.vaccines.len().max(1) as i64)]);
    }
    chart.perhaps_allergy(birth.plus_days(400).min(chart.house.now().plus_days(-1)).max(birth), true);
}

fn measure(chart: &mut Chart, visit: &Visit, stage: &Stage, build: i64) {
    let (weight, height, head) = stage.usual;
    let at: Moment = visit.start.plus_minutes(4);
    let weight = chart.random.around(weight + weight * build / 1000, 1);
    let height = chart.random.around(height + height * build / 3000, 4);
    chart.body(visit, weight, height, at);
    if stage.months <= 24 {
        chart.vital_sign(visit, &vital::HEAD_CIRCUMFERENCE, head + head * build / 5000, at);
    } else {
        let vitals = Vitals { heart_rate: 104 - stage.months / 3, systolic: 96, diastolic: 58, respiratory_rate: 23, ..Vitals::WELL };
        chart.vitals(visit, vitals, at);
    }
    let pulse = chart.random.around(138 - stage.months / 2, 8);
    if stage.months <= 24 {
        chart.vital_sign(visit, &vital::HEART_RATE, pulse, at);
    }
}
