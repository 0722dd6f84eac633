//! Encounters: visits to the clinic and the emergency department, and stays in a bed.

use fhir::{Value, array, object};

use super::Chart;
use crate::coding::{Coding, HERE};
use crate::draft::{Draft, Reference};
use crate::house::department::Department;
use crate::house::{Bed, Post, Staff};
use crate::moment::{Moment, period};

/// An Encounter that has been written.
pub(crate) struct Visit<'a> {
    pub(crate) encounter: Reference,
    pub(crate) start: Moment,
    /// When it ended; `None` while the patient is still there.
    pub(crate) end: Option<Moment>,
    /// Who is responsible.
    pub(crate) doctor: &'a Staff,
    pub(crate) reason: Coding,
}

/// The parts in which kinds of Encounter differ.
struct Kind {
    class: Coding,
    department: Department,
    place: Reference,
}

const ACT: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

impl<'a> Chart<'a> {
    /// A visit to the outpatient clinic, with the patient's general practitioner. `known` are conditions that it is about.
    pub(crate) fn consultation(&mut self, start: Moment, reason: Coding, known: &[&Reference]) -> Visit<'a> {
        let doctor = self.general_practitioner();
        self.clinic_visit(start, reason, known, doctor, Department::Outpatient)
    }

    /// A visit to a specialist's clinic.
    pub(crate) fn specialist_visit(
        &mut self,
        start: Moment,
        reason: Coding,
        known: &[&Reference],
        post: Post,
        department: Department,
    ) -> Visit<'a> {
        let doctor = self.staff(post);
        self.clinic_visit(start, reason, known, doctor, department)
    }

    fn clinic_visit(
        &mut self,
        start: Moment,
        reason: Coding,
        known: &[&Reference],
        doctor: &'a Staff,
        department: Department,
    ) -> Visit<'a> {
        let house = self.house;
        let place = self.random.pick(&house.places.consulting_rooms).clone();
        let kind = Kind { class: Coding::new(ACT, "AMB", "ambulatory"), department, place };
        let end = Some(start.plus_minutes(self.random.between(34, 50)));
        let draft = self.encounter(&kind, (start, end), reason, known, doctor);
        Visit { encounter: self.add(draft), start, end, doctor, reason }
    }

    /// A visit to the emergency department that lasts some hours.
    pub(crate) fn emergency_visit(&mut self, start: Moment, hours: i64, reason: Coding) -> Visit<'a> {
        let department = Department::Emergency;
        let (place, doctor) = (self.house.places.emergency_room.clone(), self.staff(Post::EmergencyPhysician));
        let kind = Kind { class: Coding::new(ACT, "EMER", "emergency"), department, place };
        let end = Some(start.plus_hours(hours));
        let draft = self.encounter(&kind, (start, end), reason, &[], doctor);
        Visit { encounter: self.add(draft), start, end, doctor, reason }
    }

    /// A stay in a bed of a department, or in the bed in which the patient lies today when it has no end.
    pub(crate) fn stay(
        &mut self,
        start: Moment,
        end: Option<Moment>,
        department: Department,
        post: Post,
        known: &[&Reference],
        reason: Coding,
    ) -> Visit<'a> {
        let house = self.house;
        let beds: Vec<&Bed> = house.places.beds_of(department).collect();
        let bed = match (end, self.bed_today) {
            (None, Some(bed)) => bed,
            // By number, not by chance: see where stays get their times.
            _ => beds[self.record as usize % beds.len()],
        };
        let kind = Kind { class: Coding::new(ACT, "IMP", "inpatient encounter"), department, place: bed.location.clone() };
        let doctor = self.staff(post);
        let home = end.map(|_| Coding::new("http://terminology.hl7.org/CodeSystem/discharge-disposition", "home", "Home").concept());
        let (code, display) = match department {
            _ if start == self.person.birth => ("born", "Born in hospital"),
            Department::Obstetrics => ("mp", "Medical Practitioner/physician referral"),
            _ => ("emd", "From accident/emergency department"),
        };
        let source = Coding::new("http://terminology.hl7.org/CodeSystem/admit-source", code, display);
        let mut hospitalization = fhir::Object::with_capacity(2);
        hospitalization.push("admitSource", source.concept());
        if let Some(home) = home {
            hospitalization.push("dischargeDisposition", home);
        }
        let draft = self.encounter(&kind, (start, end), reason, known, doctor).with("hospitalization", hospitalization);
        Visit { encounter: self.add(draft), start, end, doctor, reason }
    }

    fn encounter(
        &mut self,
        kind: &Kind,
        (start, end): (Moment, Option<Moment>),
        reason: Coding,
        known: &[&Reference],
        doctor: &Staff,
    ) -> Draft {
        let status = if end.is_some() { "finished" } else { "in-progress" };
        let place_status = if end.is_some() { "completed" } else { "active" };
        let arrived = start.plus_minutes(-self.random.between(3, 25));
        let mut history = vec![object! { "status": "arrived", "period": period(arrived, Some(start)) }];
        history.push(object! { "status": "in-progress", "period": period(start, end) });
        let attender = Coding::new("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "ATND", "attender");
        let participant = object! {
            "type": array![attender.concept()], "period": period(start, end), "individual": &doctor.practitioner,
        };
        let place = object! { "location": &kind.place, "status": place_status, "period": period(start, end) };
        let house = self.house;
        let draft = self.draft("Encounter");
        let number = object! { "system": format!("{HERE}/visit"), "value": self.visit_number() };
        draft
            .with("identifier", array![number])
            .with("status", status)
            .with("statusHistory", history)
            .with("class", kind.class.value())
            .with("subject", &self.subject)
            .with("participant", array![participant])
            .with("period", period(arrived, end))
            .with("reasonCode", array![reason.concept()])
            .with_list("diagnosis", known.iter().enumerate().map(|(rank, condition)| diagnosis(condition, rank)).collect())
            .with("location", array![place])
            .with("serviceProvider", house.department(kind.department))
    }
}

fn diagnosis(condition: &Reference, rank: usize) -> Value {
    let (code, display) = if rank == 0 { ("CC", "Chief complaint") } else { ("CM", "Comorbidity diagnosis") };
    object! {
        "condition": condition,
        "use": Coding::new("http://terminology.hl7.org/CodeSystem/diagnosis-role", code, display).concept(),
        "rank": rank as u64 + 1,
    }
}
