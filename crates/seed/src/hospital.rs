//! The hospital as a stream of resources.

use std::iter::FusedIterator;

use fhir::Value;

use crate::chart::Chart;
use crate::course;
use crate::house::House;
use crate::person::culture::Culture;
use crate::person::{Person, Sex, family, patient};
use crate::plan::Plan;
use crate::random::Random;

/// The resources of a synthetic hospital: first the house, then patient by patient, each with all that is theirs.
///
/// Every resource has a `resourceType` and an `id`; references point to resources that came before. The next patient is made
/// when the last one's resources have been taken: what is held is the house and one patient, whatever the size of the hospital.
pub struct Hospital {
    plan: Plan,
    house: House,
    ready: std::vec::IntoIter<Value>,
    next_patient: u32,
}

impl Hospital {
    /// The hospital of a plan.
    pub fn new(plan: Plan) -> Self {
        let (house, resources) = House::build(&plan);
        Self { plan, house, ready: resources.into_iter(), next_patient: 0 }
    }

    /// How many patients' stories have begun so far: what a progress display may show against [`Plan::patients`].
    pub fn patients_begun(&self) -> u32 {
        self.next_patient
    }
}

impl Iterator for Hospital {
    type Item = Value;

    fn next(&mut self) -> Option<Value> {
        loop {
            if let Some(resource) = self.ready.next() {
                return Some(resource);
            }
            if self.next_patient >= self.plan.patients {
                return None;
            }
            self.ready = tell(&self.house, &self.plan, self.next_patient).into_iter();
            self.next_patient += 1;
        }
    }
}

impl FusedIterator for Hospital {}

/// Everything about patient number `index`.
fn tell(house: &House, plan: &Plan, index: u32) -> Vec<Value> {
    let mut random = Random::new(plan.seed, u64::from(index));
    let bed = house.places.bed_today(index);
    let course = match bed {
        Some(bed) => course::for_bed(bed.department, &mut random),
        None => course::any(&mut random),
    };
    let person = Person::draw(&mut random, house.today, course.ages, course.sex);
    let slot = house.calendar.booking(index);
    let doctors = house.roster.all(crate::house::Post::GeneralPractitioner);
    let doctor = slot.map_or_else(|| random.between(0, doctors.len() as i64 - 1) as usize, |slot| slot.doctor);
    let is_child = person.years_at(house.now()) < 18;
    let relative = relative(&person, is_child, &mut random);
    let key = format!("p{:06}", index + 1);
    let registration = patient::Registration {
        key: &key,
        record: index + 1,
        practitioner: Some(&doctors[doctor].practitioner),
        contact: Some((format!("{} {}", relative.0, relative.1), relative.2, relative.3)),
    };
    let draft = patient::write(&person, registration, house, &mut random);
    let mut chart = Chart::new(house, random, person.clone(), key, draft);
    (chart.doctor, chart.bed_today, chart.is_expected, chart.record) = (doctor, bed, slot.is_some(), index + 1);
    let parent = is_child.then(|| family::add_parent(&mut chart, &person, relative.0, relative.2));
    chart.coverage = Some(family::add_coverage(&mut chart, parent.as_ref()));
    (course.tell)(&mut chart);
    if let Some(slot) = slot {
        chart.appointment(slot);
    }
    chart.out
}

/// Somebody near: given name, family name, sex, relation.
type Relative = (&'static str, &'static str, Sex, (&'static str, &'static str));

fn relative(person: &Person, is_child: bool, random: &mut Random) -> Relative {
    let culture: &Culture = person.culture;
    let sex = if random.chance(if is_child { 75 } else { 50 }) { Sex::Female } else { Sex::Male };
    let relation = if is_child { ("N", "Next-of-Kin") } else { ("C", "Emergency Contact") };
    (culture.given(sex, random), culture.same_family(person.family, sex), sex, relation)
}
