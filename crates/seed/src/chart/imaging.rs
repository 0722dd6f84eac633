//! Imaging: ordered, done, read by a radiologist.

use fhir::array;

use super::{Chart, Visit};
use crate::coding::Coding;
use crate::draft::Reference;
use crate::house::Post;
use crate::moment::Moment;

impl Chart<'_> {
    /// An examination with the radiologist's conclusion: a ServiceRequest and its DiagnosticReport.
    pub(crate) fn imaging(&mut self, visit: &Visit, code: Coding, conclusion: &str, at: Moment) -> Reference {
        let request = self.order(visit, Coding::snomed("363679005", "Imaging"), code, at.plus_minutes(-20));
        let radiologist = self.staff(Post::Radiologist);
        let category = Coding::new("http://terminology.hl7.org/CodeSystem/v2-0074", "RAD", "Radiology");
        let draft = self
            .draft("DiagnosticReport")
            .with("basedOn", array![&request])
            .with("status", "final")
            .with("category", array![category.concept()])
            .with("code", code.concept())
            .with("subject", &self.subject)
            .with("encounter", &visit.encounter)
            .with("effectiveDateTime", at.text())
            .with("issued", at.plus_minutes(45).text())
            .with("performer", array![&radiologist.practitioner])
            .with("conclusion", conclusion);
        self.add(draft)
    }
}
