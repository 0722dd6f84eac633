//! The criteria of the roles that Ward brings, judged by the JSON of a resource. A parameter that is not in here fails the test: it is to be understood first.

use fhir::Value;

use crate::roles::people::Person;
use crate::roles::world::Row;

/// Whether a resource matches all of them.
pub fn match_all(criteria: &[(String, String)], person: &Person, row: &Row) -> bool {
    criteria.iter().all(|(name, value)| matches(name, value, person, row))
}

fn matches(name: &str, value: &str, person: &Person, row: &Row) -> bool {
    let own = person.own_patient();
    let is_own = |element: &str| {
        let target = own.map(|own| format!("Patient/{own}"));
        target.is_some_and(|target| row.body.list(element).any(|reference| reference.text("reference") == Some(&target)))
    };
    match (name, value) {
        ("_id", "%patient") => own == Some(row.id),
        ("patient", "%patient") => own.is_some() && row.about == own,
        ("author" | "sender" | "performer", "%patient") => is_own(name),
        ("consentor", "%patient") => is_own("performer"),
        ("status", codes) => row.body.text("status").is_some_and(|status| codes.split(',').any(|code| code == status)),
        ("category", tokens) => {
            let codings = || row.body.list("category").flat_map(|concept| concept.list("coding"));
            let has = |token: &str| codings().any(|coding| Some(token) == token_of(coding).as_deref());
            tokens.split(',').any(has)
        }
        ("actor:Patient._id:not", "%patient") => {
            let actors = row.body.list("participant").filter_map(|participant| participant.get("actor")?.text("reference"));
            actors.filter_map(|actor| actor.strip_prefix("Patient/")).any(|patient| Some(patient) != own)
        }
        ("agent", "%user") => person.is.is_some_and(|(of, id)| {
            let who = row.body.list("agent").filter_map(|agent| agent.get("who")?.text("reference"));
            who.into_iter().any(|who| who == format!("{of}/{id}"))
        }),
        _ => panic!("the oracle does not know the criterion {name}={value}"),
    }
}

fn token_of(coding: &Value) -> Option<String> {
    Some(format!("{}|{}", coding.text("system")?, coding.text("code")?))
}
