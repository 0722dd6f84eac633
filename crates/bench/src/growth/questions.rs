//! What is asked of a store at every size.

use super::sample::Sample;

/// A search, or a read.
pub struct Question {
    /// What it is called.
    pub name: &'static str,
    /// What it looks like.
    pub example: &'static str,
    /// Why it costs more in a larger store; `None`: it should cost the same.
    pub grows: Option<&'static str>,
    /// Its addresses.
    pub paths: fn(&Sample) -> Vec<String>,
}

/// How many matches a page has when it is full.
const PAGE: usize = 20;

/// All questions: the reads, the harness's searches, and those that a chart makes.
pub const QUESTIONS: &[Question] = &[
    Question {
        name: "read by id",
        example: "Observation/[id]",
        grows: None,
        paths: |sample| sample.observations.iter().map(|one| format!("/fhir/Observation/{}", one.id)).collect(),
    },
    Question {
        name: "patient and code, newest 20",
        example: "Observation?patient&code&_sort=-date&_count=20",
        grows: None,
        paths: |sample| {
            let path = |patient: &str, code: &str| format!("/fhir/Observation?patient={patient}&code={code}&_sort=-date&_count=20");
            sample.observations.iter().map(|one| path(&one.patient, &one.code)).collect()
        },
    },
    Question {
        name: "patient, newest 20",
        example: "Observation?patient&_sort=-date&_count=20",
        grows: None,
        paths: |sample| of_patients(sample, |id| format!("/fhir/Observation?patient={id}&_sort=-date&_count=20")),
    },
    Question {
        name: "identifier",
        example: "Patient?identifier",
        grows: None,
        paths: |sample| sample.patients.iter().map(|one| format!("/fhir/Patient?identifier={}", one.identifier)).collect(),
    },
    Question {
        name: "family name and birth date",
        example: "Patient?family&birthdate&_count=20",
        grows: None,
        paths: |sample| {
            let path = |family: &str, date: &str| format!("/fhir/Patient?family={family}&birthdate={date}&_count=20");
            sample.patients.iter().map(|one| path(&one.family, &one.birth_date)).collect()
        },
    },
    Question {
        name: "encounters with patient and observations",
        example: "Encounter?patient&_include=Encounter:patient&_revinclude=Observation:encounter&_count=20",
        grows: None,
        paths: |sample| {
            let rest = "_include=Encounter:patient&_revinclude=Observation:encounter&_count=20";
            of_patients(sample, |id| format!("/fhir/Encounter?patient={id}&{rest}"))
        },
    },
    Question {
        name: "code and value, 20",
        example: "Observation?code&value-quantity=gt&_count=20",
        grows: None,
        paths: |sample| (6..20).flat_map(|twentieth| above(sample, f64::from(twentieth) / 20.0, PAGE)).collect(),
    },
    Question {
        name: "code and a value that hardly any exceed",
        example: "Observation?code&value-quantity=gt&_count=20",
        grows: Some(
            "neither the code nor the value alone is rare, only both together: the page is full, or known to be short, when all of one were looked at.",
        ),
        paths: |sample| above(sample, 1.0, 0),
    },
    Question {
        name: "chained: family name of the patient, 20",
        example: "Observation?patient.family&_count=20",
        grows: Some(
            "the page has 20, but the patients of that name grow in number with the store, and the newest of all their observations are wanted.",
        ),
        paths: |sample| sample.patients.iter().map(|one| format!("/fhir/Observation?patient.family={}&_count=20", one.family)).collect(),
    },
    Question {
        name: "_has: patients with a code, 20",
        example: "Patient?_has:Observation:patient:code&_count=20",
        grows: Some("the page has 20, but the observations with that code grow in number with the store."),
        paths: |sample| of_codes(sample, |code| format!("/fhir/Patient?_has:Observation:patient:code={code}&_count=20")),
    },
    Question {
        name: "exact total of a code",
        example: "Observation?code&_total=accurate&_count=1",
        grows: Some("it counts: the total is what grows. It reads one key for each match."),
        paths: |sample| of_codes(sample, |code| format!("/fhir/Observation?code={code}&_total=accurate&_count=1")),
    },
];

/// Those with a value above what so large a share of their code's have, where more than so many do.
fn above(sample: &Sample, share: f64, at_least: usize) -> Vec<String> {
    let bounds = sample.codes.iter().map(|code| (&code.code, code.bound(share)));
    let full = bounds.filter(|(_, (_, matches))| *matches >= at_least);
    full.map(|(code, (bound, _))| format!("/fhir/Observation?code={code}&value-quantity=gt{bound}&_count=20")).collect()
}

fn of_patients(sample: &Sample, path: impl Fn(&str) -> String) -> Vec<String> {
    sample.patients.iter().map(|one| path(&one.id)).collect()
}

fn of_codes(sample: &Sample, path: impl Fn(&str) -> String) -> Vec<String> {
    sample.codes.iter().map(|code| path(&code.code)).collect()
}
