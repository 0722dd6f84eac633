//! Reading a chart: what belongs to a patient, and values in it.

use fhir::Value;

/// One patient with everything that came with it, up to the next patient.
pub(crate) struct Chart<'a> {
    pub(crate) patient: &'a Value,
    pub(crate) entries: &'a [Value],
}

/// The charts in a hospital. A newborn's is one of its own, and what comes after it about the mother is found in it.
pub(crate) fn charts(resources: &[Value]) -> Vec<Chart<'_>> {
    let starts: Vec<usize> = (0..resources.len()).filter(|&at| resources[at].resource_type() == Some("Patient")).collect();
    let ends = starts.iter().skip(1).copied().chain([resources.len()]);
    starts.iter().zip(ends).map(|(&start, end)| Chart { patient: &resources[start], entries: &resources[start + 1..end] }).collect()
}

/// Whether a CodeableConcept has this code.
pub(crate) fn has_code(concept: Option<&Value>, code: &str) -> bool {
    concept.is_some_and(|concept| concept.list("coding").any(|coding| coding.text("code") == Some(code)))
}

impl<'a> Chart<'a> {
    /// The entries of one type.
    pub(crate) fn of_type(&self, kind: &'static str) -> impl Iterator<Item = &'a Value> + use<'a> {
        self.entries.iter().filter(move |entry| entry.resource_type() == Some(kind))
    }

    /// Whether a condition with this code is on it.
    pub(crate) fn has_condition(&self, code: &str) -> bool {
        self.of_type("Condition").any(|condition| has_code(condition.get("code"), code))
    }

    /// The values of a measurement, in order.
    pub(crate) fn values(&self, code: &str) -> Vec<f64> {
        self.of_type("Observation")
            .filter(|observation| has_code(observation.get("code"), code))
            .filter_map(|observation| observation.get("valueQuantity")?.get("value")?.as_number()?.parse().ok())
            .collect()
    }

    /// The components of the blood pressures with this code, in order.
    pub(crate) fn pressures(&self, code: &str) -> Vec<f64> {
        self.of_type("Observation")
            .flat_map(|observation| observation.list("component"))
            .filter(|component| has_code(component.get("code"), code))
            .filter_map(|component| component.get("valueQuantity")?.get("value")?.as_number()?.parse().ok())
            .collect()
    }

    /// The day of birth.
    pub(crate) fn birth(&self) -> &'a str {
        self.patient.text("birthDate").unwrap_or_default()
    }

    /// The whole years from birth to a date.
    pub(crate) fn years_at(&self, date: &str) -> i64 {
        let number = |text: &str, from: usize, to: usize| text.get(from..to).and_then(|part| part.parse::<i64>().ok()).unwrap_or(0);
        let birth = self.birth();
        number(date, 0, 4) - number(birth, 0, 4) - i64::from(date.get(5..10) < birth.get(5..10))
    }
}
