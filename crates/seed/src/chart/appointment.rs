//! The next Appointment.

use fhir::{Value, array, object};

use super::Chart;
use crate::coding::Coding;
use crate::draft::Reference;
use crate::house::Post;
use crate::house::calendar::{SLOT_MIN, Slot};

impl Chart<'_> {
    /// An Appointment in the slot that the patient has booked.
    pub(crate) fn appointment(&mut self, slot: &Slot) {
        let house = self.house;
        let doctor = &house.roster.all(Post::GeneralPractitioner)[slot.doctor];
        let participant = |who: &Reference| -> Value {
            object! { "actor": who, "required": "required", "status": "accepted" }
        };
        let kind =
            Coding::new("http://terminology.hl7.org/CodeSystem/v2-0276", "FOLLOWUP", "A follow up visit from a previous appointment");
        let created = house.now().plus_days(-self.random.between(1, 30));
        let draft = self
            .draft("Appointment")
            .with("status", "booked")
            .with("appointmentType", kind.concept())
            .with("description", "Outpatient consultation")
            .with("start", slot.start.text())
            .with("end", slot.start.plus_minutes(SLOT_MIN).text())
            .with("minutesDuration", SLOT_MIN as u64)
            .with("slot", array![&slot.reference])
            .with("created", created.text())
            .with("participant", array![participant(&self.subject), participant(&doctor.practitioner), participant(&slot.room)]);
        self.add(draft);
    }
}
