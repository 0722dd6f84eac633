//! Immunizations.

use fhir::{array, object};

use super::{Chart, Visit};
use crate::coding::{Coding, quantity};
use crate::house::Post;
use crate::moment::Moment;

/// A vaccine: its CVX code, and the disease it protects from in words.
#[derive(Debug)]
pub(crate) struct Vaccine {
    pub(crate) code: Coding,
    /// Whether it is swallowed; otherwise it is injected into a muscle.
    pub(crate) is_oral: bool,
}

impl Chart<'_> {
    /// An Immunization: dose number `dose` of a vaccine.
    pub(crate) fn vaccinate(&mut self, visit: &Visit, vaccine: &Vaccine, dose: u64, at: Moment) {
        let nurse = self.staff(Post::Nurse);
        let route = if vaccine.is_oral {
            Coding::new("http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration", "PO", "Swallow, oral")
        } else {
            Coding::new("http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration", "IM", "Injection, intramuscular")
        };
        let lot = format!("L{:05}", self.random.between(1, 99_999));
        let draft = self
            .draft("Immunization")
            .with("status", "completed")
            .with("vaccineCode", vaccine.code.concept())
            .with("patient", &self.subject)
            .with("encounter", &visit.encounter)
            .with("occurrenceDateTime", at.text())
            .with("primarySource", true)
            .with("lotNumber", lot)
            .with("expirationDate", at.plus_days(400).date())
            .with("route", route.concept())
            .with("doseQuantity", quantity(5, 1, "mL", "mL"))
            .with("performer", array![object! { "actor": &nurse.practitioner }])
            .with("protocolApplied", array![object! { "doseNumberPositiveInt": dose }]);
        self.add(draft);
    }
}
