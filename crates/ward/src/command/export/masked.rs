//! Resources without what tells whose they are (HIPAA's Safe Harbor, 45 CFR 164.514(b)(2)).

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;

use crate::command::Failure;
use crate::wiring;

/// What makes resources so, for one export.
pub struct Mask {
    /// Makes pseudonyms. It is drawn for this export and kept nowhere, so that nobody can tell whose a pseudonym is.
    key: hmac::Key,
    year: u16,
}

impl Mask {
    /// For an export that is made today.
    ///
    /// Fails when the system gives no random bytes.
    pub fn new() -> Result<Self, Failure> {
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new());
        let key = key.map_err(|_| Failure::failed("the system gives no random bytes"))?;
        let year = u16::try_from(wiring::today().0).map_err(|_| Failure::failed("the clock's year is none: set the clock"))?;
        Ok(Self { key, year })
    }

    /// The text of a resource without what tells whose it is; `None` when nothing of it may stay.
    ///
    /// Fails when it is no resource: nothing goes out then that nobody has looked through.
    pub fn masked(&self, text: &[u8]) -> Result<Option<Vec<u8>>, Failure> {
        let resource = fhir::json::parse(text).map_err(|_| Failure::failed("a resource cannot be read, and is not exported"))?;
        let settings = deidentify::Settings { year: self.year, pseudonym: &|kind, id| self.pseudonym(kind, id) };
        Ok(deidentify::deidentified(&resource, &settings).map(|masked| fhir::json::to_string(&masked).into_bytes()))
    }

    fn pseudonym(&self, kind: &str, id: &str) -> String {
        let tag = hmac::sign(&self.key, format!("{kind}/{id}").as_bytes());
        tag.as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }
}
