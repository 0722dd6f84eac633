//! Scopes in the words of the person who is asked whether a client may have them.

use fhir::definitions::ResourceType;

use super::{Context, ResourceScope};

/// What people call resources of a type, where its name does not say it.
const NAMES: [(&str, &str); 30] = [
    ("AllergyIntolerance", "allergies and intolerances"),
    ("AuditEvent", "the log of who did what"),
    ("Binary", "files"),
    ("CarePlan", "care plans"),
    ("CareTeam", "care teams"),
    ("ChargeItem", "charges"),
    ("Claim", "insurance claims"),
    ("Communication", "messages"),
    ("Condition", "health problems and diagnoses"),
    ("Coverage", "insurance coverage"),
    ("DiagnosticReport", "reports of tests and imaging"),
    ("DocumentReference", "documents and clinical notes"),
    ("Encounter", "visits and stays"),
    ("ExplanationOfBenefit", "statements of benefits"),
    ("FamilyMemberHistory", "diseases in the family"),
    ("Goal", "health goals"),
    ("Immunization", "vaccinations"),
    ("Media", "pictures and recordings"),
    ("MedicationAdministration", "medicines that were given"),
    ("MedicationDispense", "medicines that were handed out"),
    ("MedicationRequest", "prescriptions"),
    ("MedicationStatement", "medicines that are taken"),
    ("Observation", "measurements, results and observations"),
    ("Patient", "name, birth date, address and other details of the person"),
    ("Procedure", "procedures and operations"),
    ("Provenance", "where entries come from"),
    ("QuestionnaireResponse", "answers to questionnaires"),
    ("RelatedPerson", "relatives and contacts"),
    ("ServiceRequest", "orders and referrals"),
    ("VisionPrescription", "prescriptions of glasses and lenses"),
];

/// What people call resources of a type, in the plural: `vaccinations`, `care plans`, `device requests`.
pub fn words_of_type(kind: ResourceType) -> String {
    if let Ok(found) = NAMES.binary_search_by(|(name, _)| (*name).cmp(kind.name())) {
        return NAMES[found].1.to_owned();
    }
    let mut words = String::new();
    for letter in kind.name().chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    match words.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None if words.ends_with('s') => words,
        None => format!("{words}s"),
    }
}

/// A scope that is not about resources, in a sentence; `None` where the name is known to nobody here.
pub fn in_words(other: &str) -> Option<&'static str> {
    Some(match other {
        "openid" => "Know that it is you who signs in.",
        "profile" => "Know your name.",
        "fhirUser" => "Know who you are in the records.",
        "launch" => "Start from the screen that is open.",
        "launch/patient" => "Know which patient's record is open.",
        "launch/encounter" => "Know which visit or stay is open.",
        "offline_access" => "Keep its access when you are not there, until you end it.",
        "online_access" => "Keep its access while you are signed in.",
        _ => return None,
    })
}

impl ResourceScope {
    /// What it allows, in a sentence: `See and search health problems and diagnoses of the patient whose record is open (category: problem-list-item).`
    pub fn in_words(&self) -> String {
        let verbs = [("see", self.acts.read), ("search", self.acts.search), ("add", self.acts.create), ("change", self.acts.update)];
        let mut verbs: Vec<&str> = verbs.into_iter().filter(|(_, there)| *there).map(|(verb, _)| verb).collect();
        verbs.extend(self.acts.delete.then_some("delete"));
        let verbs = match verbs.as_slice() {
            [] => return "Do nothing.".to_owned(),
            [one] => (*one).to_owned(),
            [first @ .., last] => format!("{} and {last}", first.join(", ")),
        };
        let what = self.kind.map_or_else(|| "everything".to_owned(), words_of_type);
        let whose = match self.context {
            Context::Patient => "of the patient whose record is open",
            Context::User => "that you may see yourself",
            Context::System => "in the whole hospital, as far as the client may",
        };
        let mut sentence = format!("{verbs} {what} {whose}");
        sentence[..1].make_ascii_uppercase();
        let limits: Vec<String> =
            self.params.iter().map(|(name, value)| format!("{}: {}", words_of_param(name), words_of_value(value))).collect();
        if !limits.is_empty() {
            sentence.push_str(&format!(" (only {})", limits.join("; ")));
        }
        sentence.push('.');
        sentence
    }
}

/// `clinical-status` in words. Letters that could make a sentence look like another are left out.
fn words_of_param(name: &str) -> String {
    plain(name).replace(['-', '_'], " ").trim().to_owned()
}

/// The codes of a value, without their systems.
fn words_of_value(value: &str) -> String {
    let codes = value.split(',').map(|code| plain(code.rsplit_once('|').map_or(code, |(_, code)| code)));
    codes.take(5).collect::<Vec<_>>().join(" or ")
}

fn plain(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric() || "-_.:/ ".contains(*letter)).take(80).collect()
}
