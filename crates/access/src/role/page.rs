//! `docs/roles.md`: the roles, their rules in words, and the table of what each may do.

use fhir::definitions::ResourceType;
use search::Registry;

use super::matrix;
use crate::label::Clearance;
use crate::place::{Way, way};
use crate::policy::{Effect, Permission, Policy, Rule, group};

/// Where the page is, from the folder of the repository.
pub const FILE: &str = "docs/roles.md";

const HEAD: &str = "# Roles\n\n\
Written by `cargo xtask roles` from `crates/access/roles/*.json`. Each role is a policy in the language of [policies](policies.md); a hospital adds its own, also\n\
under one of these names. What no rule allows is refused. Of several roles each allows what it allows; what one denies is denied.\n\n\
Unless a rule says *restricted* or *very restricted*, resources that are labelled `R` or `V` (confidentiality) are left out.\n\n";

/// The page.
pub fn page() -> String {
    let mut page = HEAD.to_owned();
    for policy in super::all() {
        role(policy, &mut page);
    }
    page.push_str(&table());
    page.push_str(&places());
    page
}

fn role(policy: &Policy, page: &mut String) {
    page.push_str(&format!("## {}\n\n{}\n\n| rule | types | acts | of which |\n|---|---|---|---|\n", policy.name, policy.description));
    for rule in &policy.rules {
        let denies = if rule.effect == Effect::Deny { "**denied**: " } else { "" };
        let acts = rule.acts.letters().into_iter().filter(|(_, there)| *there).map(|(letter, _)| letter);
        let operations = rule.operations.iter().map(|name| format!("operations: {name}"));
        let acts = [acts.collect::<String>()].into_iter().filter(|acts| !acts.is_empty());
        let acts: Vec<String> = acts.chain(operations).chain(administration(rule)).collect();
        page.push_str(&format!("| {denies}{} | {} | {} | {} |\n", rule.name, types(&rule.kinds), acts.join("; "), limits(rule)));
    }
    page.push('\n');
}

/// What may be administered, and which roles be handed out.
fn administration(rule: &Rule) -> Vec<String> {
    let permissions: Vec<&str> = rule.administration.iter().map(|permission| permission.code()).collect();
    let list = |words: &str, names: &[&str]| (!names.is_empty()).then(|| format!("{words}: {}", names.join(", ")));
    let permissions = if permissions.len() == Permission::ALL.len() { vec!["all"] } else { permissions };
    let assigns: Vec<&str> = rule.assigns.iter().map(|name| if **name == *"*" { "all" } else { &**name }).collect();
    [list("administration", &permissions), list("assigns", &assigns)].into_iter().flatten().collect()
}

/// The types, those of a whole group by its name.
fn types(kinds: &[ResourceType]) -> String {
    if kinds.len() == ResourceType::all().len() {
        return "all".to_owned();
    }
    let mut rest = kinds.to_vec();
    let mut names = Vec::new();
    for (name, _, _) in group::GROUPS {
        let members = group::members(name).unwrap_or_default();
        if members.len() > 1 && members.iter().all(|member| rest.contains(member)) {
            rest.retain(|kind| !members.contains(kind));
            names.push(format!("*{name}*"));
        }
    }
    names.extend(rest.iter().map(|kind| kind.name().to_owned()));
    names.join(", ")
}

/// What a rule asks for besides types and acts.
fn limits(rule: &Rule) -> String {
    let mut limits = Vec::new();
    let searches = [("", &rule.criteria), ("about patients who match ", &rule.patients)];
    for (words, criteria) in searches.into_iter().filter(|(_, criteria)| !criteria.is_empty()) {
        let criteria: Vec<String> = criteria.iter().map(|(name, value)| format!("{name}={value}")).collect();
        limits.push(format!("{words}`{}`", criteria.join("&").replace('|', "\\|")));
    }
    limits.extend(rule.compartment.map(|owner| format!("in the compartment of `{}`", owner.text())));
    limits.extend(rule.relations.iter().map(|relation| format!("relation `{}`", relation.name())));
    limits.extend(match rule.clearance {
        Clearance::Normal => None,
        Clearance::Restricted => Some("restricted too".to_owned()),
        Clearance::VeryRestricted => Some("very restricted too".to_owned()),
    });
    let users: Vec<&str> = rule.users.iter().map(|kind| kind.name()).collect();
    limits.extend((!users.is_empty()).then(|| format!("users who are a {}", users.join(" or "))));
    limits.extend(rule.second_factor.then(|| "with a second factor".to_owned()));
    limits.extend(rule.break_glass.then(|| "**when the glass is broken**, for that patient".to_owned()));
    for (word, elements) in [("hidden", &rule.hidden), ("read-only", &rule.read_only), ("names nobody but the user", &rule.own)] {
        let names: Vec<String> = elements.iter().map(|(kind, path)| format!("{}.{path}", kind.name())).collect();
        limits.extend((!names.is_empty()).then(|| format!("{word}: {}", names.join(", "))));
    }
    limits.join("; ")
}

fn table() -> String {
    let names: Vec<&str> = super::names().collect();
    let mut table = format!(
        "## Who may do what\n\nLetters of `cruds` (create, read, update, delete, search): large with every resource of the type, small with those that the rules are about, `-` none. Without\n\
         a second factor, a place and a broken glass; the user of `patient` is a Patient.\n\n| type | {} |\n|---|{}\n",
        names.join(" | "),
        "---|".repeat(names.len())
    );
    for (kind, cells) in matrix::rows() {
        table.push_str(&format!("| {} | {} |\n", kind.name(), cells.join(" | ")));
    }
    table
}

fn places() -> String {
    let registry = Registry::standard();
    let ways = [
        (Way::Organization, "the place itself, and its parts; for a Location those that manage it"),
        (Way::Location, "the place itself, what is in it (two levels), what it manages"),
        (Way::Encounter, "served by it, or at a location in it"),
        (Way::Patient, "with an Encounter there, or managed by it"),
        (Way::EncounterOrPatient, "by the Encounter; where it has none, by the patient"),
        (Way::OfPatient, "by the patient"),
        (Way::Named, "by the organization, location or actor that they name"),
        (Way::Schedule, "by the Schedule"),
        (Way::Unlimited, "not limited: no search parameter leads from them to a place"),
    ];
    let mut text = "\n## Where a role holds\n\nAn assignment may name a facility (an Organization) and a department (an Organization or a Location): the role holds for what goes on there, and of two \
                    places in both.\nA denial holds everywhere, and so does what a broken glass opens.\n\n| belongs to a place | types |\n|---|---|\n"
        .to_owned();
    for (wanted, words) in ways {
        let kinds: Vec<ResourceType> = ResourceType::all().filter(|kind| way(&registry, *kind) == wanted).collect();
        text.push_str(&format!("| {words} | {} |\n", types(&kinds)));
    }
    text
}
