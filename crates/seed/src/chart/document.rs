//! Notes: DocumentReferences that carry their text.

use fhir::primitive::base64;
use fhir::{array, object};

use super::{Chart, Visit};
use crate::coding::Coding;
use crate::draft::Reference;
use crate::moment::{Moment, period};

impl Chart<'_> {
    /// A progress note of a visit.
    pub(crate) fn progress_note(&mut self, visit: &Visit, at: Moment, text: &str) -> Reference {
        self.document(visit, Coding::loinc("11506-3", "Progress note"), at, text)
    }

    /// The summary written when a patient goes home.
    pub(crate) fn discharge_summary(&mut self, visit: &Visit, at: Moment, text: &str) -> Reference {
        self.document(visit, Coding::loinc("18842-5", "Discharge summary"), at, text)
    }

    /// The surgeon's report of an operation.
    pub(crate) fn operation_note(&mut self, visit: &Visit, at: Moment, text: &str) -> Reference {
        self.document(visit, Coding::loinc("11504-8", "Surgical operation note"), at, text)
    }

    fn document(&mut self, visit: &Visit, kind: Coding, at: Moment, text: &str) -> Reference {
        let date = at.date();
        let note = format!("{}\n{}\n{date}\n\n{text}\n\n{}\n", kind.display, self.person.name(), visit.doctor.practitioner.display());
        let attachment = object! {
            "contentType": "text/plain; charset=utf-8",
            "language": "en",
            "data": base64::encode(note.as_bytes(), base64::PLAIN),
            "title": kind.display,
            "creation": at.text(),
        };
        let house = self.house;
        let draft = self
            .draft("DocumentReference")
            .with("status", "current")
            .with("docStatus", "final")
            .with("type", kind.concept())
            .with("subject", &self.subject)
            .with("date", at.text())
            .with("author", array![&visit.doctor.practitioner])
            .with("custodian", &house.organization)
            .with("content", array![object! { "attachment": attachment }])
            .with("context", object! { "encounter": array![&visit.encounter], "period": period(visit.start, visit.end) });
        self.add(draft)
    }
}
