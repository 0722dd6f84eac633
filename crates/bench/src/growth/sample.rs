//! What can be asked of a store, drawn evenly from the resources that went in.

use std::collections::BTreeMap;

use fhir::Value;

use crate::hospital;

/// How many of each kind are kept.
const KEPT: usize = 10_000;

/// How many bodies for creates are kept.
const BODIES: usize = 5_000;

/// How many observations with a value a code needs in the smallest store, for its searches to fill a page.
const FREQUENT: usize = 40;

/// A patient, by what a search may know.
pub struct Patient {
    /// The logical id.
    pub id: String,
    /// The family name.
    pub family: String,
    /// The day of birth.
    pub birth_date: String,
    /// System and value of the first identifier, escaped as a search wants it.
    pub identifier: String,
}

/// An observation, by what a search may know.
pub struct Observation {
    /// The logical id.
    pub id: String,
    /// The patient's id.
    pub patient: String,
    /// System and code, escaped as a search wants it.
    pub code: String,
    /// The number of its quantity.
    pub value: Option<f64>,
}

/// A code that many observations have.
pub struct Code {
    /// System and code, escaped as a search wants it.
    pub code: String,
    /// The values of the observations with it, rising; at least one.
    values: Vec<f64>,
}

/// What can be asked.
#[derive(Default)]
pub struct Sample {
    /// Some patients.
    pub patients: Vec<Patient>,
    /// Some observations.
    pub observations: Vec<Observation>,
    /// Observations as a client sends them to have them created; their patients are in the store at every size.
    pub bodies: Vec<String>,
    /// Codes that many of the observations had when [`Sample::settle`] was called.
    pub codes: Vec<Code>,
    seen: [u64; 2],
}

impl Sample {
    /// Looks at a resource that goes into the store.
    pub fn add(&mut self, resource: &Value) {
        match resource.resource_type() {
            Some("Patient") => {
                if let (Some(place), Some(found)) = (place(&mut self.seen[0]), patient(resource)) {
                    keep(&mut self.patients, place, found);
                }
            }
            Some("Observation") => {
                if self.bodies.len() < BODIES {
                    self.bodies.push(hospital::without_id(resource));
                }
                if let (Some(place), Some(found)) = (place(&mut self.seen[1]), observation(resource)) {
                    keep(&mut self.observations, place, found);
                }
            }
            _ => {}
        }
    }
}

impl Sample {
    /// Decides what is asked about codes, the first time that it is called: in a larger store the same is asked, so that a page that was full
    /// stays full.
    pub fn settle(&mut self) {
        if !self.codes.is_empty() {
            return;
        }
        let mut values: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
        for one in &self.observations {
            values.entry(&one.code).or_default().extend(one.value);
        }
        values.retain(|_, values| values.len() >= FREQUENT);
        self.codes = values.into_iter().map(|(code, values)| Code { code: code.to_owned(), values: sorted(values) }).collect();
    }
}

impl Code {
    /// The value that so large a share of the observations with the code do not exceed, and how many do.
    pub fn bound(&self, share: f64) -> (f64, usize) {
        let bound = self.values[((self.values.len() - 1) as f64 * share) as usize];
        (bound, self.values.iter().filter(|value| **value > bound).count())
    }
}

fn sorted(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values
}

/// The place for the next of those seen so far, so that each stays with the same chance; `None`: it is passed over.
fn place(seen: &mut u64) -> Option<usize> {
    *seen += 1;
    if *seen <= KEPT as u64 {
        return Some(*seen as usize - 1);
    }
    // A number that follows from the count alone, so that two runs ask the same.
    let mut random = seen.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    random = (random ^ (random >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    random = (random ^ (random >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    let place = ((random ^ (random >> 31)) % *seen) as usize;
    (place < KEPT).then_some(place)
}

fn keep<T>(kept: &mut Vec<T>, place: usize, found: T) {
    match kept.get_mut(place) {
        Some(before) => *before = found,
        None => kept.push(found),
    }
}

fn patient(resource: &Value) -> Option<Patient> {
    let identifier = resource.list("identifier").next()?;
    Some(Patient {
        id: resource.text("id")?.to_owned(),
        family: escaped(resource.list("name").next()?.text("family")?),
        birth_date: resource.text("birthDate")?.to_owned(),
        identifier: format!("{}%7C{}", identifier.text("system")?, identifier.text("value")?),
    })
}

fn observation(resource: &Value) -> Option<Observation> {
    Some(Observation {
        id: resource.text("id")?.to_owned(),
        patient: hospital::patient(resource)?.to_owned(),
        code: hospital::code(resource)?,
        value: resource.get("valueQuantity").and_then(|quantity| quantity.get("value")?.as_number()?.parse().ok()),
    })
}

/// A word as an address has it.
fn escaped(word: &str) -> String {
    let byte = |byte: u8| if byte.is_ascii_alphanumeric() { (byte as char).to_string() } else { format!("%{byte:02X}") };
    word.bytes().map(byte).collect()
}
