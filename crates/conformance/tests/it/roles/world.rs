//! What there is: of each type some resources, and what was planted in them that rules go by.

use std::sync::OnceLock;

use fhir::definitions::{ResourceType, definitions};
use fhir::{Value, array, object};
use interaction::prepare::{Rules, prepare};
use search::Registry;
use seed::smallest::{plant, reference, smallest};
use store::commit::{Key, Put};

use super::around::around;
use super::cells::is_few;
use super::oracle;
use super::people::Person;

/// The type of a name.
pub fn kind(name: &str) -> ResourceType {
    ResourceType::parse(name).unwrap_or_else(|| panic!("{name} is no type"))
}

/// The address of the server.
pub const BASE: &str = "http://ward.test/fhir";

/// The resources of each type: the id, the patient whom it is about, its label, and whether it has what the criteria of roles ask for.
const ROWS: [(&str, &str, &str, bool); 7] = [
    ("own", "own", "N", true),
    ("own-unfit", "own", "N", false),
    ("own-r", "own", "R", true),
    ("own-v", "own", "V", true),
    ("other", "other", "N", true),
    ("other-r", "other", "R", true),
    ("private", "private", "N", true),
];

/// Types of every kind.
pub const FEW: [&str; 21] = [
    "Appointment",
    "AuditEvent",
    "Basic",
    "Binary",
    "CodeSystem",
    "Communication",
    "Condition",
    "Consent",
    "Device",
    "FamilyMemberHistory",
    "Encounter",
    "Library",
    "Location",
    "MedicationRequest",
    "Observation",
    "Organization",
    "Patient",
    "Practitioner",
    "Schedule",
    "Slot",
    "Task",
];

/// The types that somebody asks about: whoever has a role and nothing else about all, the others about some, or about all when `WARD_CELLS=all` asks for that.
pub fn kinds(person: &Person) -> Vec<ResourceType> {
    let is_all = std::env::var("WARD_CELLS").is_ok_and(|cells| cells == "all");
    let is_some = !is_all && (is_few() || !person.has_a_role_alone());
    ResourceType::all().filter(|kind| !is_some || FEW.contains(&kind.name())).collect()
}

/// An id that no resource has.
pub const ABSENT: &str = "absent";

/// A resource, and what an oracle needs to know of it.
#[derive(Clone)]
pub struct Row {
    pub kind: ResourceType,
    pub id: &'static str,
    /// The patient whom it is about, by id; itself for a Patient.
    pub about: Option<&'static str>,
    /// How confidential: `N`, `R`, `V`.
    pub label: &'static str,
    pub body: Value,
}

/// All of it.
pub struct World {
    /// Of each type those of [`ROWS`], in their order.
    pub rows: Vec<Vec<Row>>,
    /// One that refers to each of them: a Basic, or a Provenance where the type is Basic itself.
    pub pointers: Vec<Vec<Row>>,
    /// As it is stored, with those around it.
    pub puts: Vec<Put>,
}

impl World {
    /// Made once.
    pub fn shared() -> &'static World {
        static WORLD: OnceLock<World> = OnceLock::new();
        WORLD.get_or_init(World::new)
    }

    fn new() -> Self {
        let rows: Vec<Vec<Row>> = ResourceType::all().map(|of| ROWS.map(|row| Row::new(of, row)).to_vec()).collect();
        let pointers: Vec<Vec<Row>> = rows.iter().map(|rows| rows.iter().map(pointer).collect()).collect();
        let rules = Rules::of_structure(Registry::standard().with_words(true));
        let all = rows.iter().chain(&pointers).flatten().map(|row| row.body.clone()).chain(around());
        let put = |body: Value| {
            let key = Key::new(kind(body.resource_type().expect("a type")), body.text("id").expect("an id"));
            let prepared = prepare(&rules, BASE, &body, key.clone());
            prepared.unwrap_or_else(|error| panic!("{key} is no sample: {:?}", error.outcome().issues)).put
        };
        let puts = all.map(put).collect();
        Self { rows, pointers, puts }
    }

    /// Those of a type.
    pub fn of(&self, kind: ResourceType) -> &[Row] {
        &self.rows[kind.index()]
    }

    /// About so many of them, others for each `turn`, with their places; all of them when `WARD_CELLS=all` asks for it.
    pub fn some(&self, kind: ResourceType, turn: usize, count: usize) -> impl Iterator<Item = (usize, &Row)> {
        let count = if std::env::var("WARD_CELLS").is_ok_and(|cells| cells == "all") { ROWS.len() } else { count };
        // Their number is a prime: whatever the step, none comes twice.
        let places = (0..count).map(move |at| (kind.index() + turn + 3 * at) % ROWS.len());
        places.map(move |place| (place, &self.of(kind)[place]))
    }

    /// Those that refer to them, in the same order.
    pub fn pointers_to(&self, kind: ResourceType) -> &[Row] {
        &self.pointers[kind.index()]
    }
}

impl Row {
    fn new(of: ResourceType, (id, patient, label, is_fit): (&'static str, &'static str, &'static str, bool)) -> Self {
        let mut members = smallest(of, id);
        // Every type has a language: what patches change.
        members.set("language", "en");
        if label != "N" {
            let security = object! { "system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": label };
            members.set("meta", object! { "security": array![security] });
        }
        let mut about = None;
        if of.name() == "Patient" {
            about = Some(id);
            if patient == "own" {
                plant(&mut members, of, "generalPractitioner", Some(reference("Practitioner/gp")));
                plant(&mut members, of, "managingOrganization", Some(reference("Organization/here")));
            }
        } else if let Some((_, path)) = patient_parameter(of) {
            plant(&mut members, of, &path, Some(reference(&format!("Patient/{patient}"))));
            about = Some(patient);
        }
        if of.name() == "Encounter" && patient == "own" {
            plant(&mut members, of, "serviceProvider", Some(reference("Organization/here")));
        }
        for (_, path) in oracle::hidden_somewhere().iter().filter(|(kind, _)| *kind == of) {
            plant(&mut members, of, path, None);
        }
        for (name, path, fit, unfit) in FIT.iter().filter(|(name, ..)| *name == of.name()) {
            debug_assert_eq!(*name, of.name());
            let text = if is_fit { fit } else { unfit };
            if !text.is_empty() {
                plant(&mut members, of, path, Some(planted(text, patient)));
            }
        }
        Self { kind: of, id, about, label, body: Value::Object(members) }
    }

    /// `Patient/own`.
    pub fn place(&self) -> String {
        format!("{}/{}", self.kind.name(), self.id)
    }
}

/// What the criteria of roles ask for: a type, an element, its value in what is fit, and in what is not; empty: none. A value with a bar is a CodeableConcept,
/// `%` a reference to the patient.
const FIT: [(&str, &str, &str, &str); 16] = [
    ("Observation", "status", "final", "preliminary"),
    (
        "Observation",
        "category",
        "http://terminology.hl7.org/CodeSystem/observation-category|laboratory http://terminology.hl7.org/CodeSystem/observation-category|vital-signs",
        "",
    ),
    ("Observation", "performer", "%", "Practitioner/gp"),
    ("DiagnosticReport", "status", "final", "registered"),
    ("DiagnosticReport", "category", "http://terminology.hl7.org/CodeSystem/v2-0074|LAB", ""),
    ("DocumentReference", "status", "current", "superseded"),
    ("QuestionnaireResponse", "status", "completed", "stopped"),
    ("QuestionnaireResponse", "author", "%", ""),
    ("Appointment", "status", "proposed", "booked"),
    ("Communication", "sender", "%", ""),
    ("Consent", "performer", "%", ""),
    ("ServiceRequest", "category", "http://snomed.info/sct|108252007", ""),
    ("Provenance", "agent.who", "Practitioner/gp", ""),
    ("Slot", "status", "free", "busy"),
    ("Questionnaire", "status", "active", "draft"),
    // None that is in force: two of the same code are refused.
    ("SearchParameter", "status", "draft", "retired"),
];

fn planted(text: &str, patient: &str) -> Value {
    if text == "%" {
        return reference(&format!("Patient/{patient}"));
    }
    if !text.contains('|') {
        return if text.contains('/') { reference(text) } else { Value::from(text) };
    }
    let coding = |text: &str| {
        let (system, code) = text.split_once('|').expect("a token");
        object! { "system": system, "code": code }
    };
    array![object! { "coding": text.split(' ').map(coding).collect::<Vec<_>>() }]
}

/// One that refers to another.
fn pointer(row: &Row) -> Row {
    let (of, path) = if row.kind.name() == "Basic" { (kind("Provenance"), "target") } else { (kind("Basic"), "subject") };
    let id: &'static str = Box::leak(format!("to-{}-{}", row.kind.name(), row.id).into_boxed_str());
    let mut members = smallest(of, id);
    plant(&mut members, of, path, Some(reference(&row.place())));
    let about = (row.kind.name() == "Patient").then_some(row.id);
    Row { kind: of, id, about, label: "N", body: Value::Object(members) }
}

/// The parameter by which resources of the type say which patient they are about, and the element that it reads.
pub fn patient_parameter(of: ResourceType) -> Option<(&'static str, String)> {
    let row = definitions().compartments().iter().find(|row| row.compartment.name() == "Patient" && row.resource_type == of);
    let codes = ["patient", "subject"].into_iter().chain(row.into_iter().flat_map(|row| row.parameters.iter().copied()));
    codes.into_iter().find_map(|code| {
        let of_type = |parameter: &&fhir::definitions::SearchParameter| parameter.code == code && parameter.bases.contains(&of.name());
        let parameter =
            definitions().search_parameters().iter().filter(of_type).find(|parameter| parameter.targets.contains(&"Patient"))?;
        Some((parameter.code, element(of, parameter.expression?)?))
    })
}

/// The element that an expression leads to from the type: `participant.actor` of `Appointment.participant.actor`.
fn element(of: ResourceType, expression: &str) -> Option<String> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric();
    let start = format!("{}.", of.name());
    let (at, _) = expression.match_indices(&start).find(|(at, _)| !expression[..*at].ends_with(is_part))?;
    let (mut known, mut path) = (definitions().resource(of), Vec::new());
    for name in expression[at + start.len()..].split('.') {
        let Some(element) = known.element(name.split(|letter| !is_part(letter)).next()?) else { break };
        path.push(element.name);
        known = definitions().get(element.types.first()?.id);
    }
    (!path.is_empty()).then(|| path.join("."))
}
