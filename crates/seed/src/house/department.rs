//! The departments.

use crate::coding::Coding;

/// A department of the hospital.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Department {
    Medicine,
    Surgery,
    Orthopaedics,
    Paediatrics,
    Obstetrics,
    Emergency,
    IntensiveCare,
    Psychiatry,
    Outpatient,
    Laboratory,
    Radiology,
    Pharmacy,
    Administration,
}

/// What there is to know about a department.
pub(crate) struct Profile {
    pub(crate) department: Department,
    /// Its part of ids.
    pub(crate) key: &'static str,
    pub(crate) name: &'static str,
    /// The specialty it works in; `None` where there is no medical one.
    pub(crate) specialty: Option<Coding>,
}

const fn profile(department: Department, key: &'static str, name: &'static str, specialty: Coding) -> Profile {
    Profile { department, key, name, specialty: Some(specialty) }
}

const fn support(department: Department, key: &'static str, name: &'static str) -> Profile {
    Profile { department, key, name, specialty: None }
}

/// All departments, in the order of [`Department`].
pub(crate) static DEPARTMENTS: [Profile; 13] = [
    profile(Department::Medicine, "medicine", "Internal Medicine", Coding::snomed("394802001", "General medicine")),
    profile(Department::Surgery, "surgery", "General Surgery", Coding::snomed("394609007", "General surgery")),
    profile(Department::Orthopaedics, "orthopaedics", "Trauma and Orthopaedics", Coding::snomed("394801008", "Trauma and orthopaedics")),
    profile(Department::Paediatrics, "paediatrics", "Paediatrics", Coding::snomed("394537008", "Pediatric specialty")),
    profile(Department::Obstetrics, "obstetrics", "Obstetrics and Gynaecology", Coding::snomed("394585009", "Obstetrics and gynecology")),
    profile(Department::Emergency, "emergency", "Emergency Department", Coding::snomed("773568002", "Emergency medicine")),
    profile(Department::IntensiveCare, "intensive-care", "Intensive Care Unit", Coding::snomed("408478003", "Critical care medicine")),
    profile(Department::Psychiatry, "psychiatry", "Psychiatry", Coding::snomed("394587001", "Psychiatry")),
    profile(Department::Outpatient, "outpatient", "Outpatient Clinic", Coding::snomed("394814009", "General practice")),
    support(Department::Laboratory, "laboratory", "Laboratory"),
    profile(Department::Radiology, "radiology", "Radiology", Coding::snomed("394914008", "Radiology")),
    support(Department::Pharmacy, "pharmacy", "Pharmacy"),
    support(Department::Administration, "administration", "Administration"),
];

impl Department {
    /// What there is to know about it.
    pub(crate) fn profile(self) -> &'static Profile {
        &DEPARTMENTS[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::DEPARTMENTS;

    #[test]
    fn every_department_stands_in_its_own_place() {
        for (place, profile) in DEPARTMENTS.iter().enumerate() {
            assert_eq!(profile.department as usize, place, "{}", profile.name);
        }
    }
}
