//! A patient's chart while it is being written: what a story adds to it, one file for each kind of entry.

mod allergy;
mod appointment;
mod billing;
mod care_plan;
mod condition;
mod document;
mod imaging;
mod laboratory;
mod observation;
mod prescription;
mod procedure;
mod vaccination;
mod visit;

use fhir::Value;

use crate::draft::{Draft, Reference};
use crate::house::{Bed, House, Post, Staff};
use crate::person::Person;
use crate::random::Random;

pub(crate) use condition::Diagnosis;
pub(crate) use observation::Vitals;
pub(crate) use prescription::Regimen;
pub(crate) use vaccination::Vaccine;
pub(crate) use visit::Visit;

/// The chart of one patient.
pub(crate) struct Chart<'a> {
    /// The hospital.
    pub(crate) house: &'a House,
    /// The patient's own stream of chance.
    pub(crate) random: Random,
    /// Who the patient is.
    pub(crate) person: Person,
    /// The Patient resource.
    pub(crate) subject: Reference,
    /// The number of the patient's record; a newborn has its mother's here, whose bed it shares.
    pub(crate) record: u32,
    /// Which of the general practitioners looks after the patient.
    pub(crate) doctor: usize,
    /// Who pays: set once the patient's insurance is written.
    pub(crate) insurer: Option<Reference>,
    /// The Coverage that pays.
    pub(crate) coverage: Option<Reference>,
    /// The bed in which the patient lies today.
    pub(crate) bed_today: Option<&'a Bed>,
    /// Whether the patient has an appointment in the next days.
    pub(crate) is_expected: bool,
    /// What has been written, in order. The Patient comes first.
    pub(crate) out: Vec<Value>,
    /// The id of the Patient, with which all ids of the chart begin.
    key: String,
    entries: u32,
}

impl<'a> Chart<'a> {
    /// A chart that begins with this Patient. `key` is its id.
    pub(crate) fn new(house: &'a House, random: Random, person: Person, key: String, patient: Draft) -> Self {
        let mut out = Vec::with_capacity(160);
        let subject = patient.add_to(&mut out);
        Self {
            house,
            random,
            person,
            subject,
            record: 0,
            doctor: 0,
            insurer: None,
            coverage: None,
            bed_today: None,
            is_expected: false,
            out,
            key,
            entries: 0,
        }
    }

    /// The id of the Patient.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// A number for the visit that is being written, which no other visit has.
    fn visit_number(&self) -> String {
        format!("V-{}-{:03}", self.key, self.entries)
    }

    /// A new resource with an id of its own.
    pub(crate) fn draft(&mut self, kind: &'static str) -> Draft {
        self.entries += 1;
        let mut id = String::with_capacity(self.key.len() + 5);
        id.push_str(&self.key);
        id.push('-');
        id.push_str(&self.entries.to_string());
        Draft::new(kind, &id)
    }

    /// Adds a finished resource.
    pub(crate) fn add(&mut self, draft: Draft) -> Reference {
        draft.add_to(&mut self.out)
    }

    /// Somebody who is employed as `post`.
    pub(crate) fn staff(&mut self, post: Post) -> &'a Staff {
        let house = self.house;
        self.random.pick(house.roster.all(post))
    }

    /// The patient's general practitioner.
    pub(crate) fn general_practitioner(&self) -> &'a Staff {
        &self.house.roster.all(Post::GeneralPractitioner)[self.doctor]
    }
}
