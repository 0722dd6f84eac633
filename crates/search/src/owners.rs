//! The one patient to whom a version belongs: the compartment (<http://hl7.org/fhir/R4/compartmentdefinition-patient.html>), seen from what is in it.

use std::collections::HashMap;

use fhir::definitions::{ResourceType, definitions};
use store::commit::Key;
use store::entry::{Entry, EntryValue, Param};
use store::owners::Owners;

/// The types that are in a patient's compartment and are not the patient's: they tell what was done, also with what is gone.
const STAY: [&str; 2] = ["AuditEvent", "Provenance"];

/// Owners that are patients.
///
/// What refers to several patients, such as an appointment of two, belongs to none of them; so does an AuditEvent and a Provenance.
pub struct PatientOwners {
    patient: ResourceType,
    /// The parameters by which a resource of a type belongs to a patient.
    linking: HashMap<ResourceType, Vec<Param>>,
}

impl PatientOwners {
    /// By the definition of R4's Patient compartment; `None` when there is no such type.
    pub fn new() -> Option<Self> {
        let patient = ResourceType::parse("Patient")?;
        let rows =
            definitions().compartments().iter().filter(|row| row.compartment == patient && !STAY.contains(&row.resource_type.name()));
        let params = |kind: ResourceType, codes: &[&str]| codes.iter().map(|code| Param::of(kind.name(), code)).collect();
        let linking = rows.map(|row| (row.resource_type, params(row.resource_type, &row.parameters))).collect();
        Some(Self { patient, linking })
    }
}

impl Owners for PatientOwners {
    fn owner(&self, key: &Key, entries: &[Entry]) -> Option<Key> {
        if key.kind == self.patient {
            return Some(key.clone());
        }
        let linking = self.linking.get(&key.kind)?;
        let mut owner = None;
        for entry in entries.iter().filter(|entry| linking.contains(&entry.param)) {
            let EntryValue::Local(local) = &entry.value else { continue };
            let Some((kind, id)) = local.target.split_once('/') else { continue };
            if kind != self.patient.name() || id.starts_with('#') {
                continue;
            }
            match owner {
                None => owner = Some(id),
                Some(other) if other != id => return None,
                Some(_) => {}
            }
        }
        owner.map(|id| Key::new(self.patient, id))
    }
}
