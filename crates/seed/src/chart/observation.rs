//! Vital signs and other measurements at the bedside.

use fhir::{Value, array, object};

use super::{Chart, Visit};
use crate::coding::Coding;
use crate::draft::{Draft, Reference};
use crate::house::Post;
use crate::measure::{Measure, vital};
use crate::moment::Moment;

/// One round of vital signs. Temperature in tenths of a degree Celsius.
#[derive(Clone, Copy)]
pub(crate) struct Vitals {
    pub(crate) heart_rate: i64,
    pub(crate) systolic: i64,
    pub(crate) diastolic: i64,
    pub(crate) temperature: i64,
    pub(crate) respiratory_rate: i64,
    pub(crate) saturation: i64,
}

impl Vitals {
    /// Those of somebody who is well.
    pub(crate) const WELL: Self =
        Self { heart_rate: 72, systolic: 122, diastolic: 78, temperature: 366, respiratory_rate: 15, saturation: 98 };
}

/// The category of an Observation.
pub(super) fn category(code: &'static str, display: &'static str) -> Value {
    array![Coding::new("http://terminology.hl7.org/CodeSystem/observation-category", code, display).concept()]
}

impl Chart<'_> {
    /// The members that every Observation has. It tells of the moment `at`, and was known at `issued`.
    pub(super) fn observation(
        &mut self,
        visit: &Visit,
        category: Value,
        code: Value,
        (at, issued): (Moment, Moment),
        performer: &Reference,
    ) -> Draft {
        self.draft("Observation")
            .with("status", "final")
            .with("category", category)
            .with("code", code)
            .with("subject", &self.subject)
            .with("encounter", &visit.encounter)
            .with("effectiveDateTime", at.text())
            .with("issued", issued.text())
            .with("performer", array![performer])
    }

    /// The value of a measurement with its judgement.
    pub(super) fn judged(&self, draft: Draft, measure: &Measure, value: i64, at: Moment) -> Draft {
        let draft = draft.with("valueQuantity", measure.quantity(value));
        if !measure.is_judged_at(self.person.years_at(at)) {
            return draft;
        }
        draft.with("interpretation", measure.interpretation(value)).with("referenceRange", measure.reference_range())
    }

    /// A vital sign, by a nurse.
    pub(crate) fn vital_sign(&mut self, visit: &Visit, measure: &Measure, value: i64, at: Moment) -> Reference {
        let code = if std::ptr::eq(measure, &vital::OXYGEN_SATURATION) {
            object! { "coding": array![measure.code.value(), vital::BY_PULSE_OXIMETRY.value()] }
        } else {
            measure.code.concept()
        };
        self.bedside(visit, category("vital-signs", "Vital Signs"), code, measure, value, at)
    }

    /// A score or a test that is not a vital sign, by a nurse.
    pub(crate) fn score(&mut self, visit: &Visit, measure: &Measure, value: i64, at: Moment) -> Reference {
        self.bedside(visit, category("survey", "Survey"), measure.code.concept(), measure, value, at)
    }

    fn bedside(&mut self, visit: &Visit, category: Value, code: Value, measure: &Measure, value: i64, at: Moment) -> Reference {
        let nurse = self.staff(Post::Nurse);
        let draft = self.observation(visit, category, code, (at, at), &nurse.practitioner);
        let draft = self.judged(draft, measure, value, at);
        self.add(draft)
    }

    /// Both blood pressures, as one panel.
    pub(crate) fn blood_pressure(&mut self, visit: &Visit, systolic: i64, diastolic: i64, at: Moment) -> Reference {
        let component = |measure: &Measure, value, is_judged: bool| {
            let code = measure.code.concept();
            if is_judged {
                object! { "code": code, "valueQuantity": measure.quantity(value), "interpretation": measure.interpretation(value) }
            } else {
                object! { "code": code, "valueQuantity": measure.quantity(value) }
            }
        };
        let is_judged = vital::SYSTOLIC.is_judged_at(self.person.years_at(at));
        let components = array![component(&vital::SYSTOLIC, systolic, is_judged), component(&vital::DIASTOLIC, diastolic, is_judged)];
        let nurse = self.staff(Post::Nurse);
        let category = category("vital-signs", "Vital Signs");
        let draft = self.observation(visit, category, vital::BLOOD_PRESSURE.concept(), (at, at), &nurse.practitioner);
        self.add(draft.with("component", components))
    }

    /// A whole round of vital signs.
    pub(crate) fn vitals(&mut self, visit: &Visit, vitals: Vitals, at: Moment) {
        let heart_rate = self.random.around(vitals.heart_rate, 6);
        let (systolic, diastolic) = (self.random.around(vitals.systolic, 7), self.random.around(vitals.diastolic, 5));
        let temperature = self.random.around(vitals.temperature, 3);
        let respiratory_rate = self.random.around(vitals.respiratory_rate, 2);
        let saturation = self.random.around(vitals.saturation, 1).min(100);
        self.vital_sign(visit, &vital::HEART_RATE, heart_rate, at);
        self.blood_pressure(visit, systolic, diastolic, at);
        self.vital_sign(visit, &vital::TEMPERATURE, temperature, at);
        self.vital_sign(visit, &vital::RESPIRATORY_RATE, respiratory_rate, at);
        self.vital_sign(visit, &vital::OXYGEN_SATURATION, saturation, at);
    }

    /// Weight in tenths of a kilogram, height in tenths of a centimetre, and the index they make.
    pub(crate) fn body(&mut self, visit: &Visit, weight: i64, height: i64, at: Moment) {
        self.vital_sign(visit, &vital::WEIGHT, weight, at);
        self.vital_sign(visit, &vital::HEIGHT, height, at);
        if self.person.years_at(at) >= 2 {
            self.vital_sign(visit, &vital::BODY_MASS_INDEX, weight * 1_000_000 / (height * height).max(1), at);
        }
    }

    /// The day on which a child is expected.
    pub(crate) fn expected_date(&mut self, visit: &Visit, expected: Moment, at: Moment) {
        let code = Coding::loinc("11778-8", "Delivery date, estimated");
        let draft = self.observation(visit, category("exam", "Exam"), code.concept(), (at, at), &visit.doctor.practitioner);
        self.add(draft.with("valueDateTime", expected.date()));
    }

    /// Whether the patient smokes.
    pub(crate) fn smoking(&mut self, visit: &Visit, at: Moment) {
        let habits = [
            Coding::snomed("266919005", "Never smoked tobacco"),
            Coding::snomed("266919005", "Never smoked tobacco"),
            Coding::snomed("8517006", "Ex-smoker"),
            Coding::snomed("77176002", "Smoker"),
        ];
        let habit = self.random.pick(&habits).concept();
        let category = category("social-history", "Social History");
        let draft = self.observation(visit, category, vital::SMOKING.concept(), (at, at), &visit.doctor.practitioner);
        self.add(draft.with("valueCodeableConcept", habit));
    }
}
