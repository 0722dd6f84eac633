//! Who works in the hospital: Practitioners, and the PractitionerRoles they work in.

use fhir::{Value, array, object};

use super::department::Department;
use crate::coding::{Coding, HERE, words};
use crate::draft::{Draft, Reference};
use crate::person::{Sex, culture};
use crate::plan::Plan;
use crate::random::Random;

/// What somebody is employed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Post {
    GeneralPractitioner,
    Internist,
    Surgeon,
    OrthopaedicSurgeon,
    Paediatrician,
    Obstetrician,
    EmergencyPhysician,
    Intensivist,
    Psychiatrist,
    Radiologist,
    Nurse,
    Midwife,
    Pharmacist,
    LaboratoryTechnician,
    Receptionist,
    Biller,
}

/// Somebody at work.
pub(crate) struct Staff {
    pub(crate) practitioner: Reference,
    pub(crate) role: Reference,
}

/// Everybody, by post.
pub(crate) struct Roster(Vec<Vec<Staff>>);

impl Roster {
    /// Those who are employed as `post`; there is always somebody.
    pub(crate) fn all(&self, post: Post) -> &[Staff] {
        &self.0[post as usize]
    }
}

/// A post: what it is called, its code where there is one, its department, and how many hold it.
struct Opening(Post, &'static str, Option<Coding>, Department, u32);

const PHYSICIAN: Option<Coding> = Some(Coding::snomed("309343006", "Physician"));
const NURSE: Option<Coding> = Some(Coding::snomed("224535009", "Registered nurse"));
const MIDWIFE: Option<Coding> = Some(Coding::snomed("309453006", "Midwife"));
const PHARMACIST: Option<Coding> = Some(Coding::snomed("46255001", "Pharmacist"));

/// All openings, in the order of [`Post`]. Of general practitioners there are more in a hospital with more patients.
static OPENINGS: [Opening; 16] = [
    Opening(Post::GeneralPractitioner, "General practitioner", PHYSICIAN, Department::Outpatient, 3),
    Opening(Post::Internist, "Internist", PHYSICIAN, Department::Medicine, 6),
    Opening(Post::Surgeon, "Surgeon", PHYSICIAN, Department::Surgery, 4),
    Opening(Post::OrthopaedicSurgeon, "Orthopaedic surgeon", PHYSICIAN, Department::Orthopaedics, 4),
    Opening(Post::Paediatrician, "Paediatrician", PHYSICIAN, Department::Paediatrics, 4),
    Opening(Post::Obstetrician, "Obstetrician", PHYSICIAN, Department::Obstetrics, 4),
    Opening(Post::EmergencyPhysician, "Emergency physician", PHYSICIAN, Department::Emergency, 5),
    Opening(Post::Intensivist, "Intensivist", PHYSICIAN, Department::IntensiveCare, 3),
    Opening(Post::Psychiatrist, "Psychiatrist", PHYSICIAN, Department::Psychiatry, 3),
    Opening(Post::Radiologist, "Radiologist", PHYSICIAN, Department::Radiology, 3),
    Opening(Post::Nurse, "Nurse", NURSE, Department::Medicine, 24),
    Opening(Post::Midwife, "Midwife", MIDWIFE, Department::Obstetrics, 4),
    Opening(Post::Pharmacist, "Pharmacist", PHARMACIST, Department::Pharmacy, 3),
    Opening(Post::LaboratoryTechnician, "Laboratory technician", None, Department::Laboratory, 4),
    Opening(Post::Receptionist, "Receptionist", None, Department::Administration, 3),
    Opening(Post::Biller, "Billing clerk", None, Department::Administration, 2),
];

/// Adds everybody.
pub(super) fn add(out: &mut Vec<Value>, random: &mut Random, plan: &Plan, departments: &[Reference], services: &[Reference]) -> Roster {
    let posts = OPENINGS.iter().map(|opening| {
        let count = if opening.0 == Post::GeneralPractitioner { (plan.patients / 150).clamp(opening.4, 24) } else { opening.4 };
        (1..=count)
            .map(|number| {
                let place = opening.3 as usize;
                add_one(out, random, opening, number, &departments[place], &services[place])
            })
            .collect()
    });
    Roster(posts.collect())
}

fn add_one(
    out: &mut Vec<Value>,
    random: &mut Random,
    &Opening(_, title, code, department, _): &Opening,
    number: u32,
    organization: &Reference,
    service: &Reference,
) -> Staff {
    let sex = if random.chance(50) { Sex::Female } else { Sex::Male };
    let culture = culture::any(random);
    let (given, family) = (culture.given(sex, random), culture.family(sex, random));
    let is_physician = code.is_some_and(|code| Some(code.code) == PHYSICIAN.map(|physician| physician.code));
    let shown = format!("{}{given} {family}", if is_physician { "Dr. " } else { "" });
    let id = format!("{}-{number}", title.to_lowercase().replace(' ', "-"));
    let mut name = fhir::Object::with_capacity(4);
    name.push("use", "official");
    name.push("family", family);
    name.push("given", array![given]);
    if is_physician {
        name.push("prefix", array!["Dr."]);
    }
    let practitioner = Draft::new("Practitioner", &id)
        .with("identifier", array![object! { "system": format!("{HERE}/staff"), "value": id.as_str() }])
        .with("active", true)
        .with("name", array![name])
        .with("telecom", array![object! { "system": "email", "value": format!("{id}@hospital.example"), "use": "work" }])
        .with("gender", sex.code())
        .add_to(out)
        .shown_as(&shown);
    let role = Draft::new("PractitionerRole", &format!("role-{id}"))
        .with("active", true)
        .with("practitioner", &practitioner)
        .with("organization", organization)
        .with("code", array![code.map_or_else(|| words(title), |code| code.concept())])
        .with_some("specialty", department.profile().specialty.map(|specialty| array![specialty.concept()]))
        .with("healthcareService", array![service])
        .add_to(out);
    Staff { practitioner, role }
}

#[cfg(test)]
mod tests {
    use super::OPENINGS;

    #[test]
    fn every_post_stands_in_its_own_place() {
        for (place, opening) in OPENINGS.iter().enumerate() {
            assert_eq!(opening.0 as usize, place, "{}", opening.1);
        }
    }
}
