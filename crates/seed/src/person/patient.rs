//! The Patient resource of a person.

use fhir::{Value, array, object};

use super::{Person, Sex};
use crate::coding::{Coding, HERE};
use crate::draft::{Draft, Reference};
use crate::house::House;
use crate::moment::Moment;
use crate::random::Random;

/// What a Patient resource tells beside the person.
pub(crate) struct Registration<'a> {
    /// The id of the resource.
    pub(crate) key: &'a str,
    /// The medical record number.
    pub(crate) record: u32,
    /// The general practitioner; newborns have none yet.
    pub(crate) practitioner: Option<&'a Reference>,
    /// Whose contact to name: name, sex, and how they are related (a code of v2-0131 with its display).
    pub(crate) contact: Option<(String, Sex, (&'static str, &'static str))>,
}

/// Writes the Patient.
pub(crate) fn write(person: &Person, registration: Registration, house: &House, random: &mut Random) -> Draft {
    let years = person.years_at(house.now());
    let number = registration.record;
    let record = object! {
        "use": "usual",
        "type": object! { "coding": array![Coding::new("http://terminology.hl7.org/CodeSystem/v2-0203", "MR", "Medical record number").value()] },
        "system": format!("{HERE}/mrn"),
        "value": format!("{number:07}"),
        "assigner": &house.organization,
    };
    let name = object! { "use": "official", "family": person.family, "given": array![person.given] };
    Draft::new("Patient", registration.key)
        .with("identifier", array![record])
        .with("active", true)
        .with("name", array![name])
        .with_list("telecom", telecom(registration.key, years, random))
        .with("gender", person.sex.code())
        .with("birthDate", person.birth.date())
        .with("address", array![address(person)])
        .with_some("maritalStatus", (years >= 18).then(|| marital_status(years, random)))
        .with_some("contact", registration.contact.map(|contact| array![contact_of(contact, random)]))
        .with("communication", array![communication(person)])
        .with_some("generalPractitioner", registration.practitioner.map(|practitioner| array![practitioner]))
        .with("managingOrganization", &house.organization)
}

/// Says that somebody has died.
pub(crate) fn mark_deceased(patient: &mut Value, at: Moment) {
    if let Some(patient) = patient.as_object_mut() {
        let place = patient.iter().position(|(name, _)| **name == *"address").unwrap_or(patient.len());
        patient.insert_at(place, "deceasedDateTime", at.text());
    }
}

/// Numbers from the range that is kept free for drama, and the domain that is kept free for examples.
fn telecom(key: &str, years: i64, random: &mut Random) -> Vec<Value> {
    let mut telecom = vec![home_phone(random)];
    if years >= 14 {
        telecom.push(object! { "system": "phone", "value": format!("+44 7700 900{:03}", random.between(0, 999)), "use": "mobile" });
        telecom.push(object! { "system": "email", "value": format!("{key}@mail.example"), "use": "home" });
    }
    telecom
}

/// A telephone number that nobody has.
pub(super) fn home_phone(random: &mut Random) -> Value {
    object! { "system": "phone", "value": format!("+44 1632 960{:03}", random.between(200, 999)), "use": "home" }
}

pub(super) fn address(person: &Person) -> Value {
    object! { "use": "home", "line": array![person.street.as_str()], "city": person.town.0, "postalCode": person.town.1 }
}

fn marital_status(years: i64, random: &mut Random) -> Value {
    let (code, display) = match random.between(0, 100) + years / 2 {
        ..50 => ("S", "Never Married"),
        50..105 => ("M", "Married"),
        105..125 => ("D", "Divorced"),
        _ => ("W", "Widowed"),
    };
    Coding::new("http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", code, display).concept()
}

fn contact_of((name, sex, (code, display)): (String, Sex, (&'static str, &'static str)), random: &mut Random) -> Value {
    object! {
        "relationship": array![Coding::new("http://terminology.hl7.org/CodeSystem/v2-0131", code, display).concept()],
        "name": object! { "text": name },
        "telecom": array![home_phone(random)],
        "gender": sex.code(),
    }
}

fn communication(person: &Person) -> Value {
    let language = Coding::new("urn:ietf:bcp:47", person.culture.language, person.culture.language_name);
    object! { "language": language.concept(), "preferred": true }
}
