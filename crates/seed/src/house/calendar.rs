//! The calendar of the outpatient clinic: Schedules, and Slots for the next two weeks.

use fhir::{Value, array, object};

use super::department::Department;
use super::place::{Places, spread, spread_back};
use super::staff::{Post, Roster};
use crate::draft::{Draft, Reference};
use crate::moment::{Moment, period};
use crate::plan::Plan;

/// How long a slot is.
pub(crate) const SLOT_MIN: i64 = 30;
/// The slots of a day begin at these times: hour, minute.
const TIMES: [(i64, i64); 14] =
    [(8, 0), (8, 30), (9, 0), (9, 30), (10, 0), (10, 30), (11, 0), (13, 0), (13, 30), (14, 0), (14, 30), (15, 0), (15, 30), (16, 0)];

/// A slot somebody can book.
pub(crate) struct Slot {
    pub(crate) reference: Reference,
    pub(crate) start: Moment,
    /// Which of the general practitioners it is with.
    pub(crate) doctor: usize,
    /// Where.
    pub(crate) room: Reference,
}

/// The slots of the next two weeks.
pub(crate) struct Calendar {
    slots: Vec<Slot>,
    patients: u32,
    booked: u32,
}

impl Calendar {
    /// The slot that patient `index` has booked.
    pub(crate) fn booking(&self, index: u32) -> Option<&Slot> {
        let booking = spread_back(index, self.patients, self.booked)?;
        self.slots.get(spread(booking, self.booked, self.slots.len() as u32) as usize)
    }
}

/// Adds the schedules of the general practitioners and their slots.
pub(super) fn add(out: &mut Vec<Value>, plan: &Plan, roster: &Roster, services: &[Reference], places: &Places) -> Calendar {
    let doctors = roster.all(Post::GeneralPractitioner);
    let first_day = plan.today().plus_days(1);
    let days: Vec<Moment> = (0..14).map(|day| first_day.plus_days(day)).filter(|day| day.weekday() < 5).collect();
    let total = (doctors.len() * days.len() * TIMES.len()) as u32;
    let booked = (plan.patients / 3).min(total * 2 / 3);
    let service = &services[Department::Outpatient as usize];
    let specialty = Department::Outpatient.profile().specialty;
    let mut slots = Vec::with_capacity(total as usize);
    for (doctor, staff) in doctors.iter().enumerate() {
        let room = &places.consulting_rooms[doctor % places.consulting_rooms.len()];
        let schedule = Draft::new("Schedule", &format!("schedule-{}", doctor + 1))
            .with("active", true)
            .with_some("specialty", specialty.map(|specialty| array![specialty.concept()]))
            .with("actor", array![&staff.practitioner, &staff.role, service, room])
            .with("planningHorizon", period(first_day, Some(first_day.plus_days(14))))
            .add_to(out);
        for day in &days {
            for (hour, minute) in TIMES {
                let (number, start) = (slots.len() as u32, day.at(hour, minute));
                let status = if spread_back(number, total, booked).is_some() { "busy" } else { "free" };
                let reference = Draft::new("Slot", &format!("slot-{}", number + 1))
                    .with("serviceType", array![object! { "text": "Outpatient consultation" }])
                    .with("schedule", &schedule)
                    .with("status", status)
                    .with("start", start.text())
                    .with("end", start.plus_minutes(SLOT_MIN).text())
                    .add_to(out);
                slots.push(Slot { reference, start, doctor, room: room.clone() });
            }
        }
    }
    Calendar { slots, patients: plan.patients, booked }
}
