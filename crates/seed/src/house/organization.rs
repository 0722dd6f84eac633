//! The hospital, its departments and the insurers as Organizations.

use fhir::{Value, array, object};

use super::department::DEPARTMENTS;
use crate::coding::{Coding, HERE};
use crate::draft::{Draft, Reference};

/// Insurers: part of the id, and name.
const INSURERS: [(&str, &str); 3] =
    [("insurer-meridian", "Meridian Health Fund"), ("insurer-harbour", "Harbour Mutual Insurance"), ("insurer-union", "Union Care Plan")];

/// Adds them; gives the hospital, the insurers, and the departments in their order.
pub(super) fn add(out: &mut Vec<Value>) -> (Reference, Vec<Reference>, Vec<Reference>) {
    let hospital = Draft::new("Organization", "hospital")
        .with("identifier", array![object! { "system": format!("{HERE}/organization"), "value": "H-0001" }])
        .with("active", true)
        .with("type", kind("prov", "Healthcare Provider"))
        .with("name", "Riverford General Hospital")
        .with("alias", array!["RGH"])
        .with("telecom", array![phone("+44 1632 960000"), mail("info@hospital.example")])
        .with("address", array![address()])
        .add_to(out)
        .shown_as("Riverford General Hospital");
    let insurers = INSURERS
        .iter()
        .map(|&(id, name)| {
            Draft::new("Organization", id)
                .with("identifier", array![object! { "system": format!("{HERE}/payer"), "value": id }])
                .with("active", true)
                .with("type", kind("ins", "Insurance Company"))
                .with("name", name)
                .add_to(out)
                .shown_as(name)
        })
        .collect();
    let departments = DEPARTMENTS
        .iter()
        .map(|profile| {
            Draft::new("Organization", &format!("department-{}", profile.key))
                .with("active", true)
                .with("type", kind("dept", "Hospital Department"))
                .with("name", profile.name)
                .with("telecom", array![phone(&format!("+44 1632 9601{:02}", profile.department as usize))])
                .with("partOf", &hospital)
                .add_to(out)
                .shown_as(profile.name)
        })
        .collect();
    (hospital, insurers, departments)
}

fn kind(code: &'static str, display: &'static str) -> Value {
    array![Coding::new("http://terminology.hl7.org/CodeSystem/organization-type", code, display).concept()]
}

fn phone(number: &str) -> Value {
    object! { "system": "phone", "value": number, "use": "work" }
}

fn mail(address: &str) -> Value {
    object! { "system": "email", "value": address, "use": "work" }
}

/// Where the hospital stands.
pub(super) fn address() -> Value {
    object! { "use": "work", "line": array!["1 Infirmary Road"], "city": "Riverford", "postalCode": "RF1 1AA" }
}
