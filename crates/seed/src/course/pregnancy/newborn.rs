//! The child that has just been born: a patient with a chart of its own.

use crate::chart::{Chart, Vaccine};
use crate::coding::Coding;
use crate::house::Post;
use crate::house::department::Department;
use crate::measure::vital;
use crate::moment::Moment;
use crate::person::{Person, Sex, family, patient};
use crate::random::Random;

static HEPATITIS_B: Vaccine = Vaccine { code: Coding::cvx("08", "Hep B, adolescent or pediatric"), is_oral: false };

/// Newborns' record numbers begin above those of everybody else.
const FIRST_RECORD: u32 = 5_000_000;

/// Tells of the child's first days, and adds them to the mother's chart.
pub(super) fn tell(mother: &mut Chart, birth: Moment, home: Option<Moment>) {
    let mut random: Random = mother.random.fork();
    let sex = if random.chance(49) { Sex::Female } else { Sex::Male };
    let parent = &mother.person;
    let culture = parent.culture;
    let person = Person {
        sex,
        birth,
        given: culture.given(sex, &mut random),
        family: culture.same_family(parent.family, sex),
        culture,
        street: parent.street.clone(),
        town: parent.town,
    };
    let given = parent.given;
    let key = format!("{}-child", mother.key());
    let registration = patient::Registration {
        key: &key,
        record: FIRST_RECORD.saturating_add(mother.record),
        practitioner: None,
        contact: Some((parent.name(), Sex::Female, ("N", "Next-of-Kin"))),
    };
    let draft = patient::write(&person, registration, mother.house, &mut random);
    let mut chart = Chart::new(mother.house, random, person.clone(), key, draft);
    (chart.doctor, chart.bed_today, chart.record) = (mother.doctor, mother.bed_today, mother.record);
    let holder = family::add_parent(&mut chart, &person, given, Sex::Female);
    chart.coverage = Some(family::add_coverage(&mut chart, Some(&holder)));
    first_days(&mut chart, birth, home);
    mother.out.append(&mut chart.out);
}

fn first_days(chart: &mut Chart, birth: Moment, home: Option<Moment>) {
    let reason = Coding::new("http://hl7.org/fhir/sid/icd-10", "Z38.0", "Singleton, born in hospital");
    let visit = chart.stay(birth, home, Department::Obstetrics, Post::Paediatrician, &[], reason);
    let apgar = chart.random.between(7, 9);
    chart.score(&visit, &vital::APGAR_1, apgar, birth.plus_minutes(1));
    chart.score(&visit, &vital::APGAR_5, apgar + 1, birth.plus_minutes(5));
    let (weight, height) = (chart.random.around(34, 6), chart.random.around(505, 22));
    chart.body(&visit, weight, height, birth.plus_minutes(30));
    let head = chart.random.around(348, 12);
    chart.vital_sign(&visit, &vital::HEAD_CIRCUMFERENCE, head, birth.plus_minutes(31));
    for hours in [1, 4, 8] {
        let (pulse, temperature) = (chart.random.around(140, 12), chart.random.around(369, 3));
        chart.vital_sign(&visit, &vital::HEART_RATE, pulse, birth.plus_hours(hours));
        chart.vital_sign(&visit, &vital::TEMPERATURE, temperature, birth.plus_hours(hours));
    }
    chart.vaccinate(&visit, &HEPATITIS_B, 1, birth.plus_hours(10));
    chart.bill(&visit, None, &[("Newborn care", 42_000)]);
}
