//! What a role lets somebody do, said a second time: the roles' files, read and judged resource by resource.
//!
//! A rule is asked of one resource, of which is known what was planted in it. What the program does, it does by filters over an index; nothing of that is used here,
//! but for the texts of the roles, the table of groups of types, and FHIR's own tables.

mod criteria;
mod places;
mod rules;
mod scopes;

use access::Act;
use fhir::definitions::ResourceType;

use super::people::Person;
use super::world::{Row, patient_parameter};
pub use rules::{Rule, hidden_somewhere, rules_of};

/// Types of which the server itself brings resources: everybody reads and finds those.
pub const BROUGHT: [&str; 7] =
    ["CodeSystem", "CompartmentDefinition", "ConceptMap", "OperationDefinition", "SearchParameter", "StructureDefinition", "ValueSet"];

/// Patients whom the physician takes care of.
const IN_CARE: [&str; 4] = ["own", "own-unfit", "own-r", "own-v"];

/// Whether somebody may do something with a resource that is as it is.
pub fn may(person: &Person, act: Act, row: &Row) -> bool {
    let holding = || rules_of(person).iter().filter(|rule| rule.holds(person) && rule.has(act, row.kind));
    let allowed = holding().any(|rule| !rule.denies && covers(rule, person, row));
    let denied = holding().any(|rule| rule.denies && covers(rule, person, row));
    allowed && !denied && !is_kept(row.kind, act) && scopes::let_do(person, act, row) && agreed(person, row)
}

/// Whether there could be a resource of the type with which they may do it. Where there could not, they are told so, whatever is there.
pub fn could(person: &Person, act: Act, kind: ResourceType) -> bool {
    let about_patients = is_about_patients(kind);
    let could_hold = |rule: &&Rule| !rule.denies && rule.holds(person) && rule.has(act, kind);
    let could_cover = |rule: &Rule| about_patients || !rule.is_for_emergencies && !rule.is_for_care_team;
    let closed = person.purpose.is_some() && !about_patients && !is_open_to_all_purposes(kind);
    rules_of(person).iter().filter(could_hold).any(could_cover) && !is_kept(kind, act) && scopes::could(person, act, kind) && !closed
}

/// Whether a request for a type is refused, whatever is there: what the server brings is never refused to be read or found.
pub fn refuses(person: &Person, act: Act, kind: ResourceType) -> bool {
    let is_open = matches!(act, Act::Read | Act::Search) && BROUGHT.contains(&kind.name());
    !could(person, act, kind) && !is_open
}

/// Whether resources of the type say which patient they are about.
pub fn is_about_patients(kind: ResourceType) -> bool {
    kind.name() == "Patient" || patient_parameter(kind).is_some()
}

/// The elements of the type that somebody does not see: those that a rule of theirs hides, unless another one shows all of the type.
pub fn hidden(person: &Person, kind: ResourceType) -> Vec<String> {
    let reading =
        || rules_of(person).iter().filter(|rule| rule.holds(person) && (rule.has(Act::Read, kind) || rule.has(Act::Search, kind)));
    let shows_all = |path: &String| reading().any(|rule| rule.is_about_everything() && !rule.hidden.contains(&(kind, path.clone())));
    let all = reading().flat_map(|rule| rule.hidden.iter());
    all.filter(|(of, _)| *of == kind).map(|(_, path)| path.clone()).filter(|path| !shows_all(path)).collect()
}

/// What the audit trail says is written, changed and deleted by nobody.
fn is_kept(kind: ResourceType, act: Act) -> bool {
    kind.name() == "AuditEvent" && matches!(act, Act::Create | Act::Update | Act::Delete)
}

/// Whether a rule is about a resource.
fn covers(rule: &Rule, person: &Person, row: &Row) -> bool {
    let is_in = |patients: &[&str]| row.about.is_some_and(|about| patients.contains(&about));
    let is_in_place = !person.is_in_one_place || rule.denies || rule.is_for_emergencies || places::is_here(row);
    (rule.denies || rank(row.label) <= rank(&rule.clearance))
        && criteria::match_all(&rule.criteria, person, row)
        && rule.patient.as_ref().is_none_or(|patient| is_in(&[patient]))
        && (!rule.is_for_care_team || person.is.is_some_and(|(of, _)| of == "Practitioner") && is_in(&IN_CARE))
        && (!rule.is_for_emergencies || person.glass.is_some_and(|patient| is_in(&[patient])))
        && is_in_place
        && signs(rule, person, row)
}

/// Whether it names nobody but them where the rule wants that.
fn signs(rule: &Rule, person: &Person, row: &Row) -> bool {
    let own = person.is.map(|(of, id)| fhir::object! { "reference": format!("{of}/{id}") });
    let of_kind = rule.own.iter().filter(|(of, _)| *of == row.kind);
    of_kind
        .flat_map(|(_, element)| {
            row.body.get(element).into_iter().flat_map(move |value| value.as_array().unwrap_or(std::slice::from_ref(value)))
        })
        .all(|named| Some(named) == own.as_ref())
}

fn rank(label: &str) -> usize {
    ["N", "R", "V"].iter().position(|known| *known == label).expect("a label")
}

/// Whether the patient whom it is about lets it be used so. One of them denies everything to others, one permits research, and one research on results and nobody
/// to see what is said of the family.
fn agreed(person: &Person, row: &Row) -> bool {
    if matches!(row.kind.name(), "Consent" | "AuditEvent" | "Provenance") || row.about.is_some() && row.about == person.own_patient() {
        return true;
    }
    let is_emergency = person.has_second_factor && person.glass.is_some() && person.glass == row.about;
    let is_of_family = row.about == Some("own") && row.kind.name() == "FamilyMemberHistory";
    let is_denied = (is_of_family || row.about == Some("private") && row.kind.name() != "Patient") && !is_emergency;
    let is_permitted = match person.purpose {
        None => true,
        Some(_) if is_about_patients(row.kind) => {
            row.about == Some("other") || row.about == Some("own") && row.kind.name() == "Observation"
        }
        Some(_) => is_open_to_all_purposes(row.kind),
    };
    !is_denied && is_permitted
}

/// Whether what is about no patient is open whatever it is for.
fn is_open_to_all_purposes(kind: ResourceType) -> bool {
    !matches!(access::policy::group::of(kind), "infrastructure" | "clinical" | "financial")
}

/// The types that are about no patient and that a client with one chart may see all the same.
fn is_of_the_house(kind: ResourceType) -> bool {
    matches!(access::policy::group::of(kind), "directory" | "knowledge" | "conformance")
}

/// Whether they may do something with every resource of a type, whatever it is like.
pub fn does_all(person: &Person, act: Act, kind: ResourceType) -> bool {
    let holding = || rules_of(person).iter().filter(|rule| rule.holds(person) && rule.has(act, kind));
    let is_whole = person.own_patient().is_none() && person.purpose.is_none() && !person.is_in_one_place;
    // Somebody has denied something of each type that is about patients.
    let is_denied = is_about_patients(kind) && !matches!(kind.name(), "Patient" | "Consent" | "AuditEvent" | "Provenance");
    holding().any(|rule| !rule.denies && rule.is_about_everything())
        && !holding().any(|rule| rule.denies)
        && is_whole
        && !is_denied
        && scopes::let_do_all(person, act, kind)
}

/// Whether they may invoke an operation that needs a right by its name.
pub fn may_invoke(person: &Person, code: &str) -> bool {
    let named = rules_of(person).iter().filter(|rule| rule.holds(person)).flat_map(|rule| &rule.operations);
    named.into_iter().any(|name| name == code || name == "*") && person.purpose.is_none() && scopes::are_whole(person)
}

/// The elements of the type that somebody must leave as they are.
pub fn read_only(person: &Person, kind: ResourceType) -> Vec<String> {
    let writing = |rule: &&Rule| rule.holds(person) && (rule.has(Act::Create, kind) || rule.has(Act::Update, kind));
    let all = rules_of(person).iter().filter(writing).flat_map(|rule| rule.read_only.iter());
    all.filter(|(of, _)| *of == kind).map(|(_, path)| path.clone()).collect()
}
