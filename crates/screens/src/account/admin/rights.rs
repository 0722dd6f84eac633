//! The part of a form that says who an account is in the records, its roles, and what is granted and denied to it.

use fhir::{Object, Value};
use maud::{Markup, html};

use super::super::form::Sent;
use super::drawn::{line, named_line, text, texts};

/// How many roles can be added at once.
const BLANK: usize = 2;

/// The fields, with what is there already (`null`: nothing). `known`: names of roles to choose from.
pub(super) fn fields(part: &Value, known: &[String]) -> Markup {
    html! {
        (line("fhirUser", "Who it is in the records", text(part, "fhirUser"), "Such as Practitioner/12."))
        (roles(part, known))
        (line("granted", "Policies granted directly", &texts(part, "granted"), "Their names, with commas between them."))
        (line("denied", "Policies denied directly", &texts(part, "denied"), "All that they allow is kept from the account, whatever its roles say."))
    }
}

/// The fields of roles.
pub(super) fn roles(part: &Value, known: &[String]) -> Markup {
    let held: Vec<Option<&Value>> = part.list("roles").map(Some).chain([None; BLANK]).collect();
    html! {
        datalist id="known-roles" { @for name in known { option value=(name) {} } }
        @for (index, role) in held.iter().enumerate() {
            @let given = |name: &str| role.map_or("", |role| text(role, name));
            @let number = (index + 1).to_string();
            fieldset {
                legend { @if role.is_some() { "Role " (number) } @else { "Another role (" (number) ")" } }
                div.field {
                    label for={ "role-" (number) } { "Role" }
                    input id={ "role-" (number) } name="role" type="text" list="known-roles" value=(given("role")) autocomplete="off" spellcheck="false" autocapitalize="none" maxlength="200";
                }
                (named_line((&format!("facility-{number}"), "facility"), "Only in the facility", given("facility"), "Such as Organization/3; everywhere when it is empty."))
                (named_line((&format!("department-{number}"), "department"), "Only in the department", given("department"), "Such as Location/4 or Organization/5."))
            }
        }
        p.hint { "A role whose name is empty is left out." }
    }
}

/// What a form has of it, as `/api/v1` takes it.
pub(super) fn read(sent: &Sent, members: &mut Object) {
    if !sent.text("fhirUser").trim().is_empty() {
        members.push("fhirUser", sent.text("fhirUser").trim());
    }
    members.push("roles", read_roles(sent));
    for name in ["granted", "denied"] {
        members.push(name, separate(sent.text(name), ','));
    }
}

/// The roles that a form has.
pub(super) fn read_roles(sent: &Sent) -> Value {
    // Each role sends all three fields, empty ones too, in their order.
    let places = sent.all("facility").zip(sent.all("department"));
    let roles = sent.all("role").zip(places).filter(|(role, _)| !role.trim().is_empty()).map(|(role, (facility, department))| {
        let members = [("role", role), ("facility", facility), ("department", department)];
        let there = members.into_iter().map(|(name, value)| (name, value.trim())).filter(|(_, value)| !value.is_empty());
        Value::from(there.map(|(name, value)| (name, Value::from(value))).collect::<Object>())
    });
    Value::Array(roles.collect())
}

/// Texts with something between them, without blanks around each.
pub(super) fn separate(text: &str, by: char) -> Value {
    Value::Array(text.split(by).map(str::trim).filter(|part| !part.is_empty()).map(Value::from).collect())
}
