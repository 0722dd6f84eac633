//! Notes: DocumentReferences that carry their text.

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
            "data": base64(note.as_bytes()),
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

/// Base64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let sextet = ALPHABET[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place > chunk.len() { '=' } else { char::from(sextet) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn writes_the_vectors_of_rfc_4648() {
        let vectors =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy")];
        for (plain, coded) in vectors {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }
}
