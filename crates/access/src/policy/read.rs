//! A policy out of its JSON.

use fhir::definitions::ResourceType;
use fhir::{Issue, Value, json};
use search::Registry;

use super::hours::{DAYS, minute};
use super::members::{Members, unknown, wrong};
use super::{Days, Effect, Hours, PURPOSES, Permission, Placeholder, Policy, Rule, check, group};
use crate::Acts;
use crate::label::Clearance;
use crate::relation::Relation;

/// How many bytes a policy has at most.
pub const MAX_TEXT_BYTES: usize = 256 * 1024;
/// How many rules a policy has at most.
pub const MAX_RULES: usize = 200;

/// How many bytes the name of a policy has at most.
const MAX_NAME_BYTES: usize = 64;

const POLICY: [&str; 3] = ["name", "description", "rules"];
const RULE: [&str; 20] = [
    "name",
    "effect",
    "types",
    "acts",
    "operations",
    "administration",
    "assigns",
    "criteria",
    "patients",
    "compartment",
    "relations",
    "clearance",
    "hidden",
    "readOnly",
    "own",
    "purposes",
    "hours",
    "users",
    "secondFactor",
    "breakGlass",
];
const HOURS: [&str; 3] = ["days", "from", "until"];
const ACTS: [&str; 5] = ["create", "read", "update", "delete", "search"];

impl Policy {
    /// Understands a policy, and checks it by the search parameters in force: that its types, elements, parameters, purposes and placeholders exist.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, each with its place (`rules[2].types[0]`): WARD-1320 for what is no JSON or too large, WARD-1321 for a member that
    /// the language does not have, WARD-1322 for a value, WARD-1323 for criteria, WARD-1324 for elements.
    pub fn read(text: &[u8], registry: &Registry) -> Result<Self, Vec<Issue>> {
        let unreadable = |rule: String| vec![Issue::error(crate::codes::UNREADABLE_POLICY, fhir::IssueCode::Structure, "", rule)];
        if text.len() > MAX_TEXT_BYTES {
            return Err(unreadable(format!("the policy is longer than {MAX_TEXT_BYTES} bytes: make several of it")));
        }
        let value = json::parse(text).map_err(|error| unreadable(format!("the policy is not JSON: {error}")))?;
        let mut issues = Vec::new();
        let policy = policy(&value, &mut issues);
        match policy {
            Some(policy) => {
                for (index, rule) in policy.rules.iter().enumerate() {
                    check::rule(rule, &format!("rules[{index}]"), registry, &mut issues);
                }
                if issues.is_empty() { Ok(policy) } else { Err(issues) }
            }
            None => Err(issues),
        }
    }
}

fn policy(value: &Value, issues: &mut Vec<Issue>) -> Option<Policy> {
    let mut members = Members::of(value, String::new(), &POLICY, issues)?;
    let name = members.required("name", "it is the code by which assignments name the policy");
    if name.len() > MAX_NAME_BYTES || !name.bytes().all(is_code) {
        members.report("name", "it has 1 to 64 small letters, digits and hyphens");
    }
    let description = members.required("description", "say in a sentence what the policy is for");
    let Some(list) = members.get("rules").and_then(Value::as_array) else {
        members.report("rules", "it is missing or no array: without rules nothing is allowed");
        return None;
    };
    if list.len() > MAX_RULES {
        members.report("rules", format!("there are more than {MAX_RULES} rules: make several policies of it"));
        return None;
    }
    let rules = list.iter().enumerate().filter_map(|(index, value)| rule(value, format!("rules[{index}]"), members.issues)).collect();
    Some(Policy { name: name.into(), description: description.into(), rules })
}

fn rule(value: &Value, path: String, issues: &mut Vec<Issue>) -> Option<Rule> {
    let mut members = Members::of(value, path, &RULE, issues)?;
    let effect = match members.text("effect") {
        None | Some("allow") => Effect::Allow,
        Some("deny") => Effect::Deny,
        Some(other) => {
            let issue = unknown(&members.at("effect"), "effect", other, ["allow", "deny"].into_iter());
            members.issues.push(issue);
            return None;
        }
    };
    Some(Rule {
        name: members.required("name", "say in a few words what the rule is: explanations show it").into(),
        effect,
        kinds: kinds(&mut members),
        acts: acts(&mut members, effect),
        operations: members.texts("operations").into_iter().map(|(name, _)| name.trim_start_matches('$').into()).collect(),
        administration: administration(&mut members),
        assigns: assigns(&mut members),
        criteria: criteria(&mut members, "criteria"),
        patients: criteria(&mut members, "patients"),
        compartment: compartment(&mut members),
        relations: named(&mut members, "relations", "relation", &Relation::ALL, |relation| relation.name()),
        clearance: clearance(&mut members),
        hidden: elements(&mut members, "hidden"),
        read_only: elements(&mut members, "readOnly"),
        own: elements(&mut members, "own"),
        purposes: named(&mut members, "purposes", "purpose of use", &PURPOSES, |code| code).into_iter().map(Into::into).collect(),
        hours: hours(&mut members),
        users: users(&mut members),
        second_factor: members.flag("secondFactor"),
        break_glass: members.flag("breakGlass"),
    })
}

/// The types, groups and `*` of a rule, as types.
fn kinds(members: &mut Members<'_, '_>) -> Vec<ResourceType> {
    let mut kinds = Vec::new();
    for (name, path) in members.texts("types") {
        match (ResourceType::parse(name), group::members(name)) {
            (Some(kind), _) => kinds.push(kind),
            (None, Some(group)) => kinds.extend(group),
            (None, None) if name == "*" => kinds.extend(ResourceType::all()),
            (None, None) => {
                let known = ResourceType::all().map(ResourceType::name).chain(group::names());
                let known: Vec<&str> = known.collect();
                members.issues.push(unknown(&path, "type or group of types", name, known.iter().copied()));
            }
        }
    }
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

fn acts(members: &mut Members<'_, '_>, effect: Effect) -> Acts {
    let mut acts = Acts::default();
    for (name, path) in members.texts("acts") {
        match name {
            "create" => acts.create = true,
            "read" => acts.read = true,
            "update" => acts.update = true,
            "delete" => acts.delete = true,
            "search" => acts.search = true,
            "*" => acts = Acts::ALL,
            other => members.issues.push(unknown(&path, "act", other, ACTS.into_iter().chain(["*"]))),
        }
    }
    // Who may not read could still find, and who finds reads.
    if effect == Effect::Deny && acts.read {
        acts.search = true;
    }
    acts
}

fn is_code(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
}

fn administration(members: &mut Members<'_, '_>) -> Vec<Permission> {
    let mut permissions = Vec::new();
    for (code, path) in members.texts("administration") {
        match Permission::parse(code) {
            Some(permission) => permissions.push(permission),
            None if code == "*" => permissions.extend(Permission::ALL),
            None => {
                let known = Permission::ALL.into_iter().map(Permission::code).chain(["*"]);
                members.issues.push(unknown(&path, "permission", code, known));
            }
        }
    }
    permissions.sort_unstable();
    permissions.dedup();
    permissions
}

/// The names of roles and policies. Whether they are there is not looked at: one may be written later.
fn assigns(members: &mut Members<'_, '_>) -> Vec<Box<str>> {
    let mut names = Vec::new();
    for (name, path) in members.texts("assigns") {
        if name == "*" || ((1..=MAX_NAME_BYTES).contains(&name.len()) && name.bytes().all(is_code)) {
            names.push(name.into());
        } else {
            members.issues.push(wrong(&path, "it is the name of a role or policy, of 1 to 64 small letters, digits and hyphens, or `*`"));
        }
    }
    names
}

fn criteria(members: &mut Members<'_, '_>, member: &str) -> Vec<(String, String)> {
    let Some(text) = members.text(member) else { return Vec::new() };
    match search::url::query_pairs(&super::placeholder::shielded(text.trim_start_matches('?'))) {
        Ok(pairs) => pairs,
        Err(_) => {
            members.report(member, "it is not percent-encoded UTF-8: write a percent sign that begins no placeholder as `%25`");
            Vec::new()
        }
    }
}

fn compartment(members: &mut Members<'_, '_>) -> Option<Placeholder> {
    let text = members.text("compartment")?;
    let known = [Placeholder::Patient, Placeholder::User, Placeholder::Practitioner, Placeholder::Encounter];
    let found = known.into_iter().find(|placeholder| placeholder.text() == text);
    if found.is_none() {
        let issue = unknown(&members.at("compartment"), "owner of a compartment", text, known.iter().map(|known| known.text()));
        members.issues.push(issue);
    }
    found
}

fn clearance(members: &mut Members<'_, '_>) -> Clearance {
    match members.text("clearance") {
        None => Clearance::Normal,
        Some(code) => Clearance::parse(code).unwrap_or_else(|| {
            let issue = unknown(&members.at("clearance"), "clearance", code, ["N", "R", "V"].into_iter());
            members.issues.push(issue);
            Clearance::Normal
        }),
    }
}

/// Elements with their types, `Patient.telecom`; whether they exist is checked later.
fn elements(members: &mut Members<'_, '_>, name: &str) -> Vec<(ResourceType, Box<str>)> {
    let mut elements = Vec::new();
    for (text, path) in members.texts(name) {
        match text.split_once('.').map(|(kind, rest)| (ResourceType::parse(kind), rest)) {
            Some((Some(kind), rest)) => elements.push((kind, rest.replace("[x]", "").into())),
            _ => members.issues.push(wrong(&path, "an element is written with its type: `Patient.telecom`")),
        }
    }
    elements
}

fn users(members: &mut Members<'_, '_>) -> Vec<ResourceType> {
    const KNOWN: [&str; 5] = ["Patient", "Practitioner", "RelatedPerson", "Person", "PractitionerRole"];
    named(members, "users", "type that a user may be", &KNOWN, |name| name).into_iter().filter_map(ResourceType::parse).collect()
}

fn hours(members: &mut Members<'_, '_>) -> Vec<Hours> {
    let Some(value) = members.get("hours") else { return Vec::new() };
    let Some(items) = value.as_array().filter(|items| !items.is_empty()) else {
        members.report("hours", "it is an array of objects such as {\"days\": [\"mon\"], \"from\": \"07:00\", \"until\": \"19:00\"}");
        return Vec::new();
    };
    let at = members.at("hours");
    items.iter().enumerate().filter_map(|(index, item)| of_days(item, format!("{at}[{index}]"), members.issues)).collect()
}

fn of_days(value: &Value, path: String, issues: &mut Vec<Issue>) -> Option<Hours> {
    let mut members = Members::of(value, path, &HOURS, issues)?;
    let days = named(&mut members, "days", "day", &DAYS, |day| day);
    let days = if members.get("days").is_none() { Days::ALL } else { Days(DAYS.map(|day| days.contains(&day))) };
    let mut at = |name: &str, absent: u16| {
        let Some(text) = members.text(name) else { return absent };
        minute(text).unwrap_or_else(|| {
            members.report(name, "it is a time of day such as `07:30`, at most `24:00`");
            absent
        })
    };
    let (from, until) = (at("from", 0), at("until", 24 * 60));
    Some(Hours { days, from, until })
}

/// The texts of a member, each of which is one of those known.
fn named<T: Copy>(members: &mut Members<'_, '_>, name: &str, what: &str, known: &[T], text: fn(&T) -> &'static str) -> Vec<T> {
    let mut found = Vec::new();
    for (asked, path) in members.texts(name) {
        match known.iter().find(|each| text(each) == asked) {
            Some(each) => found.push(*each),
            None => {
                let names: Vec<&str> = known.iter().map(text).collect();
                members.issues.push(unknown(&path, what, asked, names.iter().copied()));
            }
        }
    }
    found
}
