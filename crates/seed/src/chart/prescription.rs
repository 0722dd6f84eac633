//! Drugs: prescribed, handed out, given.

use fhir::{Value, array, object};

use super::{Chart, Visit};
use crate::coding::{Coding, quantity};
use crate::draft::Reference;
use crate::house::Post;
use crate::house::formulary::Drug;
use crate::moment::{Moment, period};

/// How a drug is to be taken.
#[derive(Clone, Copy)]
pub(crate) struct Regimen {
    pub(crate) drug: Drug,
    /// How often in a day; 0 for when needed.
    pub(crate) times_a_day: u64,
    /// For how many days; `None` for good.
    pub(crate) days: Option<i64>,
    /// What for.
    pub(crate) reason: Coding,
}

impl Regimen {
    fn text(&self) -> String {
        let label = self.drug.label();
        match self.times_a_day {
            0 => format!("{label}, when needed"),
            1 => format!("{label}, once daily"),
            2 => format!("{label}, twice daily"),
            times => format!("{label}, {times} times daily"),
        }
    }

    fn dosage(&self) -> Value {
        let product = self.drug.product();
        let (value, digits, unit, ucum) = product.dose;
        let mut dosage = fhir::Object::with_capacity(5);
        dosage.push("text", self.text());
        match self.times_a_day {
            0 => dosage.push("asNeededBoolean", true),
            times => dosage.push("timing", object! { "repeat": object! { "frequency": times, "period": 1_u64, "periodUnit": "d" } }),
        }
        dosage.push("route", product.route.concept());
        dosage.push("doseAndRate", array![object! { "doseQuantity": quantity(value, digits, unit, ucum) }]);
        array![dosage]
    }
}

impl Chart<'_> {
    /// A MedicationRequest. It is active while it lasts, or until it was stopped.
    pub(crate) fn prescribe(&mut self, visit: &Visit, regimen: &Regimen, at: Moment, stopped: Option<Moment>) -> Reference {
        let end = regimen.days.map(|days| at.plus_days(days));
        let status = match (stopped, end) {
            (Some(_), _) => "stopped",
            (None, Some(end)) if end < self.house.now() => "completed",
            _ => "active",
        };
        let is_inside = visit.end.is_none_or(|end| end.days_since(visit.start) > 0);
        let (code, display) = if is_inside { ("inpatient", "Inpatient") } else { ("outpatient", "Outpatient") };
        let category = Coding::new("http://terminology.hl7.org/CodeSystem/medicationrequest-category", code, display);
        let house = self.house;
        let draft = self
            .draft("MedicationRequest")
            .with("status", status)
            .with("intent", "order")
            .with("category", array![category.concept()])
            .with("medicationReference", house.medication(regimen.drug))
            .with("subject", &self.subject)
            .with("encounter", &visit.encounter)
            .with("authoredOn", at.text())
            .with("requester", &visit.doctor.practitioner)
            .with("reasonCode", array![regimen.reason.concept()])
            .with("dosageInstruction", regimen.dosage())
            .with("dispenseRequest", object! { "validityPeriod": period(at, end.or(stopped)) });
        self.add(draft)
    }

    /// A MedicationDispense: a pack for `days` days, handed out at the hospital's pharmacy.
    pub(crate) fn dispense(&mut self, visit: &Visit, request: &Reference, regimen: &Regimen, at: Moment, days: i64) -> Reference {
        let pharmacist = self.staff(Post::Pharmacist);
        let count = days * regimen.times_a_day.max(1) as i64;
        let house = self.house;
        let draft = self
            .draft("MedicationDispense")
            .with("status", "completed")
            .with("medicationReference", house.medication(regimen.drug))
            .with("subject", &self.subject)
            .with("context", &visit.encounter)
            .with("performer", array![object! { "actor": &pharmacist.practitioner }])
            .with("authorizingPrescription", array![request])
            .with("quantity", quantity(count, 0, "doses", "{dose}"))
            .with("daysSupply", quantity(days, 0, "days", "d"))
            .with("whenHandedOver", at.text())
            .with("dosageInstruction", regimen.dosage());
        self.add(draft)
    }

    /// A drug that goes home with the patient: prescribed and handed out, with a new pack each quarter until it ends.
    pub(crate) fn take_home(&mut self, visit: &Visit, regimen: &Regimen, stopped: Option<Moment>) -> Reference {
        let prescribed = visit.end.map_or(visit.start, |end| end.plus_minutes(-5));
        let request = self.prescribe(visit, regimen, prescribed, stopped);
        let days = regimen.days.unwrap_or(90).min(90);
        let handed = prescribed.plus_minutes(40);
        if handed < self.house.now() {
            self.dispense(visit, &request, regimen, handed, days);
        }
        request
    }

    /// A MedicationAdministration of one dose, by a nurse.
    pub(crate) fn administer(&mut self, visit: &Visit, request: &Reference, drug: Drug, at: Moment) -> Reference {
        let nurse = self.staff(Post::Nurse);
        let product = drug.product();
        let (value, digits, unit, ucum) = product.dose;
        let dosage = object! { "route": product.route.concept(), "dose": quantity(value, digits, unit, ucum) };
        let house = self.house;
        let draft = self
            .draft("MedicationAdministration")
            .with("status", "completed")
            .with("medicationReference", house.medication(drug))
            .with("subject", &self.subject)
            .with("context", &visit.encounter)
            .with("effectiveDateTime", at.text())
            .with("performer", array![object! { "actor": &nurse.practitioner }])
            .with("request", request)
            .with("dosage", dosage);
        self.add(draft)
    }

    /// A drug given in the ward: prescribed at `from`, then given every `hours` hours until `until`.
    pub(crate) fn give_on_ward(&mut self, visit: &Visit, regimen: &Regimen, from: Moment, until: Moment, hours: i64) {
        let until = until.min(self.house.now()).min(visit.end.unwrap_or(until));
        let request = self.prescribe(visit, regimen, from, None);
        let mut at = from.plus_minutes(self.random.between(15, 45));
        while at < until {
            self.administer(visit, &request, regimen.drug, at);
            at = at.plus_hours(hours);
        }
    }
}
