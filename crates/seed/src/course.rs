//! Clinical courses: the stories that charts tell.

mod appendicitis;
mod asthma;
mod check_up;
mod child_growth;
mod depression;
mod diabetes;
mod heart_failure;
mod hip_fracture;
mod hypertension;
mod hypothyroidism;
mod kidney_disease;
mod pneumonia;
mod pregnancy;
mod ward_round;

use crate::chart::Chart;
use crate::coding::Coding;
use crate::house::department::Department;
use crate::moment::Moment;
use crate::person::Sex;
use crate::random::Random;

/// A clinical course.
pub(crate) struct Course {
    /// Of a hundred patients, how many follow it.
    share: i64,
    /// The department in whose beds its patients lie.
    department: Option<Department>,
    /// The patient's age today, in years, from and to.
    pub(crate) ages: (i64, i64),
    /// The patient's sex, where it matters.
    pub(crate) sex: Option<Sex>,
    /// Writes the story.
    pub(crate) tell: fn(&mut Chart),
}

/// A course told in the outpatient clinic.
const fn clinic(share: i64, ages: (i64, i64), tell: fn(&mut Chart)) -> Course {
    Course { share, department: None, ages, sex: None, tell }
}

/// A course with a stay in a bed of this department.
const fn bedded(share: i64, department: Department, ages: (i64, i64), tell: fn(&mut Chart)) -> Course {
    Course { share, department: Some(department), ages, sex: None, tell }
}

static COURSES: [Course; 16] = [
    clinic(12, (38, 84), diabetes::tell),
    clinic(14, (35, 88), hypertension::tell),
    clinic(8, (8, 60), asthma::tell),
    clinic(13, (0, 6), child_growth::tell),
    clinic(5, (25, 75), hypothyroidism::tell),
    clinic(6, (18, 70), depression::tell),
    clinic(8, (18, 90), check_up::adult),
    clinic(6, (7, 17), check_up::school_child),
    clinic(5, (50, 88), kidney_disease::tell),
    clinic(2, (45, 85), diabetes::with_hypertension),
    Course { sex: Some(Sex::Female), ..bedded(7, Department::Obstetrics, (20, 41), pregnancy::tell) },
    bedded(4, Department::Orthopaedics, (66, 94), hip_fracture::tell),
    bedded(4, Department::Medicine, (30, 92), pneumonia::tell),
    bedded(2, Department::Paediatrics, (4, 13), pneumonia::tell),
    bedded(2, Department::Medicine, (58, 92), heart_failure::tell),
    bedded(2, Department::Surgery, (9, 52), appendicitis::tell),
];

/// One of the courses, by their shares.
pub(crate) fn any(random: &mut Random) -> &'static Course {
    among(&COURSES.iter().collect::<Vec<_>>(), random)
}

/// One of the courses whose patients lie in this department's beds.
pub(crate) fn for_bed(department: Department, random: &mut Random) -> &'static Course {
    let fitting: Vec<_> = COURSES.iter().filter(|course| course.department == Some(department)).collect();
    if fitting.is_empty() { any(random) } else { among(&fitting, random) }
}

fn among(courses: &[&'static Course], random: &mut Random) -> &'static Course {
    let mut left = random.between(1, courses.iter().map(|course| course.share).sum());
    for course in courses {
        left -= course.share;
        if left <= 0 {
            return course;
        }
    }
    &COURSES[0]
}

/// The reason of a visit that checks how things go.
const FOLLOW_UP: Coding = Coding::snomed("185349003", "Encounter for check up");

/// A time at which the clinic is open, on this day or the Monday that follows.
fn clinic_hour(chart: &mut Chart, day: Moment) -> Moment {
    let quarter = chart.random.between(0, 31);
    day.on_workday().at(8 + quarter / 4, quarter % 4 * 15)
}

/// The days of follow-up visits: the first one, then one every `step` days with some days of play, as long as they are past.
fn visit_days(chart: &mut Chart, first: Moment, step: i64, most: usize) -> Vec<Moment> {
    let (mut days, mut day) = (vec![first], first);
    let last = chart.house.today.plus_days(-4);
    while days.len() < most {
        day = day.plus_days(step + chart.random.between(-9, 9));
        if day > last {
            break;
        }
        days.push(day);
    }
    days
}

/// A day that lies this many days back.
fn days_ago(chart: &mut Chart, least: i64, most: i64) -> Moment {
    let days = chart.random.between(least, most);
    chart.house.today.plus_days(-days)
}

/// The days between two stays in one bed.
const TURNOVER_DAYS: i64 = 14;

/// Into how many times the past is cut.
const PAST_WINDOWS: i64 = 48;

/// How many days ago a past stay in this department began. The past is cut into times which patients get by their numbers, so that
/// those who have the same bed do not have it at the same time. Two may meet in it once there are more patients than the beds of
/// the department times [`PAST_WINDOWS`]: 576 in the smallest.
fn days_since_stay(chart: &mut Chart, department: Department) -> i64 {
    let beds = chart.house.places.beds_of(department).count().max(1) as i64;
    let window = i64::from(chart.record) / beds % PAST_WINDOWS;
    2 * TURNOVER_DAYS + TURNOVER_DAYS * window + chart.random.between(0, 3)
}

/// When a stay of at most ten `days` began, and when it ended: not yet, if the patient lies in a bed today.
fn stay_time(chart: &mut Chart, department: Department, days: i64) -> (Moment, Option<Moment>) {
    let (hour, minute) = (chart.random.between(9, 16), chart.random.between(0, 59));
    if chart.bed_today.is_some() {
        return (days_ago(chart, 2, 4).at(hour, minute), None);
    }
    let start = chart.house.today.plus_days(-days_since_stay(chart, department)).at(hour, minute);
    (start, Some(start.plus_days(days).at(11, chart.random.between(0, 59))))
}

/// An adult's height in tenths of a centimetre, and the weight in tenths of a kilogram that gives this body mass index (tenths).
fn stature(chart: &mut Chart, body_mass_index: i64) -> (i64, i64) {
    let height = match chart.person.sex {
        Sex::Female => chart.random.around(1645, 110),
        Sex::Male => chart.random.around(1775, 120),
    };
    (body_mass_index * height * height / 1_000_000, height)
}

/// A value that goes from `from` to `to` as `step` goes from 0 to `steps`, most of the way in the beginning.
fn eased(from: i64, to: i64, step: usize, steps: usize) -> i64 {
    let steps = steps.max(1) as i64;
    let left = (steps - (step as i64).min(steps)) * (steps - (step as i64).min(steps));
    to + (from - to) * left / (steps * steps)
}
