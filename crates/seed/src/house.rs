//! The hospital itself: departments, places, staff, services, formulary, devices, and the calendar of its outpatient clinic.

pub(crate) mod calendar;
pub(crate) mod department;
mod device;
pub(crate) mod formulary;
mod organization;
mod place;
mod service;
pub(crate) mod staff;

use fhir::Value;

use crate::draft::Reference;
use crate::moment::Moment;
use crate::plan::Plan;
use crate::random::Random;

use calendar::Calendar;
use department::Department;
use formulary::Drug;
use place::Places;
use staff::Roster;

pub(crate) use place::Bed;
pub(crate) use staff::{Post, Staff};

/// The hospital as a patient's story needs it: references to what the story meets.
pub(crate) struct House {
    /// Today, at midnight.
    pub(crate) today: Moment,
    /// The hospital's own Organization.
    pub(crate) organization: Reference,
    /// The insurers of its patients.
    pub(crate) insurers: Vec<Reference>,
    /// Rooms and beds.
    pub(crate) places: Places,
    /// Who works there.
    pub(crate) roster: Roster,
    /// The slots of the outpatient clinic, and who has booked them.
    pub(crate) calendar: Calendar,
    departments: Vec<Reference>,
    medications: Vec<Reference>,
}

impl House {
    /// Builds the house of a plan: what stories need of it, and its resources in an order in which references point back.
    pub(crate) fn build(plan: &Plan) -> (Self, Vec<Value>) {
        let mut out = Vec::new();
        // Patients draw from the streams that bear their numbers.
        let mut random = Random::new(plan.seed, u64::MAX);
        let (organization, insurers, departments) = organization::add(&mut out);
        let places = place::add(&mut out, plan, &organization, &departments);
        let services = service::add(&mut out, &departments, &places);
        let roster = staff::add(&mut out, &mut random, plan, &departments, &services);
        let medications = formulary::add(&mut out);
        device::add(&mut out, &organization, &places);
        let calendar = calendar::add(&mut out, plan, &roster, &services, &places);
        (Self { today: plan.today(), organization, insurers, places, roster, calendar, departments, medications }, out)
    }

    /// The last moment that may be charted: this morning.
    pub(crate) fn now(&self) -> Moment {
        self.today.at(8, 0)
    }

    /// The Organization of a department.
    pub(crate) fn department(&self, department: Department) -> &Reference {
        &self.departments[department as usize]
    }

    /// The Medication of a drug.
    pub(crate) fn medication(&self, drug: Drug) -> &Reference {
        &self.medications[drug as usize]
    }
}
