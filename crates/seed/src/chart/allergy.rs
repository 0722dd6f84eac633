//! Allergies.

use fhir::{array, object};

use super::Chart;
use crate::coding::Coding;
use crate::moment::Moment;

/// An allergy: its code, what kind of substance it is to, and how the body answers.
struct Allergy(Coding, &'static str, Coding, &'static str);

const ALLERGIES: [Allergy; 4] = [
    Allergy(Coding::snomed("91936005", "Allergy to penicillin"), "medication", Coding::snomed("271807003", "Eruption of skin"), "high"),
    Allergy(Coding::snomed("91935009", "Allergy to peanut"), "food", Coding::snomed("39579001", "Anaphylaxis"), "high"),
    Allergy(Coding::snomed("300916003", "Allergy to latex"), "environment", Coding::snomed("247472004", "Weal"), "low"),
    Allergy(Coding::snomed("232350006", "Allergy to dust mite protein"), "environment", Coding::snomed("49727002", "Cough"), "low"),
];

impl Chart<'_> {
    /// Perhaps an AllergyIntolerance, known since `at`. Penicillin is left out for those who are going to get it or its relatives.
    pub(crate) fn perhaps_allergy(&mut self, at: Moment, may_be_penicillin: bool) {
        if !self.random.chance(18) {
            return;
        }
        let choices = if may_be_penicillin { &ALLERGIES[..] } else { &ALLERGIES[1..] };
        let Allergy(code, category, manifestation, criticality) = self.random.pick(choices);
        let clinical = Coding::new("http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "active", "Active");
        let verified = Coding::new("http://terminology.hl7.org/CodeSystem/allergyintolerance-verification", "confirmed", "Confirmed");
        let reaction = object! { "manifestation": array![manifestation.concept()], "severity": "moderate" };
        let doctor = self.general_practitioner();
        let draft = self
            .draft("AllergyIntolerance")
            .with("clinicalStatus", clinical.concept())
            .with("verificationStatus", verified.concept())
            .with("type", "allergy")
            .with("category", array![*category])
            .with("criticality", *criticality)
            .with("code", code.concept())
            .with("patient", &self.subject)
            .with("recordedDate", at.text())
            .with("recorder", &doctor.practitioner)
            .with("reaction", array![reaction]);
        self.add(draft);
    }
}
