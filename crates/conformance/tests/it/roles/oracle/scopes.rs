//! The scopes of a client, read by themselves: `patient/Observation.rs?status=final`.

use access::Act;
use fhir::definitions::ResourceType;

use super::{criteria, is_about_patients, is_of_the_house};
use crate::roles::people::Person;
use crate::roles::world::Row;

/// A scope that is about resources.
struct Scope<'t> {
    context: &'t str,
    of: &'t str,
    letters: &'t str,
    criteria: Vec<(String, String)>,
}

fn all(text: &str) -> impl Iterator<Item = Scope<'_>> {
    text.split(' ').filter_map(|word| {
        let (context, rest) = word.split_once('/')?;
        let (head, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (of, letters) = head.split_once('.')?;
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        Some(Scope { context, of, letters, criteria: pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect() })
    })
}

/// Those that are for somebody like them, and about the act with the type.
fn concerning<'p>(person: &'p Person, act: Act, kind: ResourceType) -> impl Iterator<Item = Scope<'static>> + use<'p> {
    let letter = ['c', 'r', 'u', 'd', 's'][act as usize];
    all(person.scopes.unwrap_or_default()).filter(move |scope| {
        let counts = match scope.context {
            "patient" => launched(person).is_some(),
            "user" => person.is.is_some(),
            _ => person.is.is_none(),
        };
        counts && scope.letters.contains(letter) && (scope.of == "*" || scope.of == kind.name())
    })
}

/// The patient of the launch; where none was chosen, the one that the user is.
fn launched(person: &Person) -> Option<&'static str> {
    person.launch.or(person.own_patient())
}

/// Whether the scopes let somebody do something with a resource.
pub fn let_do(person: &Person, act: Act, row: &Row) -> bool {
    person.scopes.is_none()
        || concerning(person, act, row.kind).any(|scope| {
            let is_theirs = || match is_about_patients(row.kind) {
                true => row.about.is_some() && row.about == launched(person),
                false => is_of_the_house(row.kind),
            };
            (scope.context != "patient" || is_theirs()) && criteria::match_all(&scope.criteria, person, row)
        })
}

/// Whether there could be a resource of the type with which they let it be done.
pub fn could(person: &Person, act: Act, kind: ResourceType) -> bool {
    let is_theirs = is_about_patients(kind) || is_of_the_house(kind);
    person.scopes.is_none() || concerning(person, act, kind).any(|scope| scope.context != "patient" || is_theirs)
}

/// Whether the scopes leave an act with a type unlimited.
pub fn let_do_all(person: &Person, act: Act, kind: ResourceType) -> bool {
    person.scopes.is_none() || concerning(person, act, kind).any(|scope| scope.context != "patient" && scope.criteria.is_empty())
}

/// Whether the scopes limit nothing: operations need that.
pub fn are_whole(person: &Person) -> bool {
    let whole = |scope: &Scope<'_>| scope.context != "patient" && scope.of == "*" && scope.letters == "cruds" && scope.criteria.is_empty();
    let mut all = concerning(person, Act::Read, super::super::world::kind("Patient"));
    person.scopes.is_none() || all.any(|scope| whole(&scope))
}
