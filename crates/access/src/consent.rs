//! What patients have agreed to: Consent resources, as filters on everybody else's searches (<http://hl7.org/fhir/R4/consent.html>).
//!
//! A Consent counts when its `status` is `active` and its `scope` is `patient-privacy`. Its provision, and those nested in it, say what is permitted or denied: to
//! whom, what for, when, and which data.
//!
//! **Without a consent** treatment, its payment, the running of the hospital and what patients ask for themselves are permitted, also when nobody said what
//! for; research, marketing and other purposes are not.
//! **What is denied** beats what is permitted. **What cannot be understood** in a provision makes one that denies deny more, and one that permits permit
//! nothing.
//! **Never hidden by a consent:** who a patient is (the Patient itself, unless a provision names that class), consents themselves, and the audit trail;
//! and nothing is hidden from the patient.

mod apply;
mod data;
mod load;
mod read;

use fhir::definitions::ResourceType;
use store::commit::{Instant, Key};

pub(crate) use apply::{Agreement, Reader, names_groups};
pub(crate) use data::Data;
pub(crate) use load::load;
pub use load::{MAX_CONSENTS, MAX_SAID};
pub(crate) use read::{local, read};

/// What one Consent says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Directive {
    /// The id of the Consent.
    pub(crate) id: Box<str>,
    /// The id of the patient who agreed.
    pub(crate) patient: Box<str>,
    /// The provision of the Consent.
    pub(crate) base: Provision,
    /// Those nested in it: the exceptions.
    pub(crate) exceptions: Vec<Provision>,
}

/// A provision.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Provision {
    /// Whether it permits; `None`: it does neither, and only holds exceptions.
    pub(crate) permits: Option<bool>,
    /// When.
    pub(crate) period: Period,
    /// Whom it is about; empty: everybody.
    pub(crate) actors: Vec<Actor>,
    /// What for; empty: any purpose. One without a code is an empty text.
    pub(crate) purposes: Vec<Box<str>>,
    /// Whether it is about seeing and about writing.
    pub(crate) acts: Seeing,
    /// Which data.
    pub(crate) data: Data,
}

/// A time, both ends part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) first: Instant,
    pub(crate) last: Instant,
}

impl Period {
    pub(crate) const ALWAYS: Period = Period { first: Instant::MIN, last: Instant::MAX };

    fn has(&self, now: Instant) -> bool {
        (self.first..=self.last).contains(&now)
    }
}

/// Whom a provision is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Actor {
    /// A resource of this server.
    Known(Key),
    /// Somebody who cannot be told from what is written: only a role, or a reference to elsewhere.
    Unknown,
}

/// Which acts a provision is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seeing {
    pub(crate) sees: bool,
    pub(crate) writes: bool,
}

/// Types that no consent hides.
pub(crate) fn is_exempt(kind: ResourceType) -> bool {
    matches!(kind.name(), "Consent" | "AuditEvent" | "Provenance")
}
