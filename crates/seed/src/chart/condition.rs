//! Conditions.

use fhir::{array, object};

use super::{Chart, Visit};
use crate::coding::Coding;
use crate::draft::Reference;
use crate::moment::Moment;

/// A diagnosis, in two code systems.
pub(crate) struct Diagnosis {
    pub(crate) snomed: Coding,
    pub(crate) icd10: Coding,
    /// Whether it is serious.
    pub(crate) is_severe: bool,
}

impl Chart<'_> {
    /// A condition diagnosed at `visit`. It is active unless it has ended.
    pub(crate) fn diagnose(&mut self, visit: &Visit, diagnosis: &Diagnosis, onset: Moment, ended: Option<Moment>) -> Reference {
        let (code, display) = if ended.is_some() { ("resolved", "Resolved") } else { ("active", "Active") };
        let clinical = Coding::new("http://terminology.hl7.org/CodeSystem/condition-clinical", code, display);
        let verified = Coding::new("http://terminology.hl7.org/CodeSystem/condition-ver-status", "confirmed", "Confirmed");
        let category = Coding::new("http://terminology.hl7.org/CodeSystem/condition-category", "problem-list-item", "Problem List Item");
        let severe = Coding::snomed("24484000", "Severe");
        let draft = self
            .draft("Condition")
            .with("clinicalStatus", clinical.concept())
            .with("verificationStatus", verified.concept())
            .with("category", array![category.concept()])
            .with_some("severity", diagnosis.is_severe.then(|| severe.concept()))
            .with("code", object! { "coding": array![diagnosis.snomed.value(), diagnosis.icd10.value()], "text": diagnosis.snomed.display })
            .with("subject", &self.subject)
            .with("encounter", &visit.encounter)
            .with("onsetDateTime", onset.date())
            .with_some("abatementDateTime", ended.map(Moment::date))
            .with("recordedDate", visit.start.text())
            .with("recorder", &visit.doctor.practitioner);
        self.add(draft).shown_as(diagnosis.snomed.display)
    }
}
