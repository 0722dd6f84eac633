//! The rules of a role, as its file has them.

use std::collections::{HashMap, HashSet};
use std::sync::{LazyLock, Mutex, OnceLock};

use access::{Act, role};
use fhir::definitions::ResourceType;
use fhir::{Value, json};

use crate::roles::people::{POINTERS, Person};
use crate::roles::world::kind;

/// A rule.
#[derive(Debug)]
pub struct Rule {
    pub denies: bool,
    types: HashSet<ResourceType>,
    acts: Vec<String>,
    pub operations: Vec<String>,
    /// Names and values, as they are written.
    pub criteria: Vec<(String, String)>,
    /// The one patient whom it is about.
    pub patient: Option<String>,
    pub is_for_care_team: bool,
    pub is_for_emergencies: bool,
    pub clearance: String,
    pub hidden: Vec<(ResourceType, String)>,
    pub read_only: Vec<(ResourceType, String)>,
    pub own: Vec<(ResourceType, String)>,
    users: Vec<String>,
    needs_second_factor: bool,
}

impl Rule {
    fn read(rule: &Value) -> Self {
        let texts = |name: &str| rule.list(name).filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>();
        let pairs = |name: &str| {
            let query = rule.text(name).into_iter().flat_map(|query| query.split('&'));
            query.map(|pair| pair.split_once('=').expect("a criterion")).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
        };
        let elements = |name: &str| {
            let split = |text: String| text.split_once('.').map(|(of, path)| (kind(of), path.to_owned())).expect("an element");
            texts(name).into_iter().map(split).collect::<Vec<_>>()
        };
        let patients: Vec<(String, String)> = pairs("patients");
        Self {
            denies: rule.text("effect") == Some("deny"),
            types: texts("types").iter().flat_map(|name| types(name)).collect(),
            acts: texts("acts"),
            operations: texts("operations"),
            criteria: pairs("criteria"),
            patient: patients
                .into_iter()
                .next()
                .map(|(name, value)| if name == "_id" { value } else { panic!("{name} is not understood") }),
            is_for_care_team: texts("relations").iter().any(|relation| relation == "care-team"),
            is_for_emergencies: rule.get("breakGlass").and_then(Value::as_bool) == Some(true),
            clearance: rule.text("clearance").unwrap_or("N").to_owned(),
            hidden: elements("hidden"),
            read_only: elements("readOnly"),
            own: elements("own"),
            users: texts("users"),
            needs_second_factor: rule.get("secondFactor").and_then(Value::as_bool) == Some(true),
        }
    }

    /// Whether it is for somebody like them.
    pub fn holds(&self, person: &Person) -> bool {
        let is_user = self.users.is_empty() || person.is.is_some_and(|(of, _)| self.users.iter().any(|user| user == of));
        let is_emergency = person.glass.is_some() && person.has_second_factor;
        is_user && (!self.needs_second_factor || person.has_second_factor) && (!self.is_for_emergencies || is_emergency)
    }

    /// Whether it is about an act with resources of the type. To deny reading denies searching too.
    pub fn has(&self, act: Act, kind: ResourceType) -> bool {
        let names: &[&str] = match act {
            Act::Create => &["create"],
            Act::Read => &["read"],
            Act::Update => &["update"],
            Act::Delete => &["delete"],
            Act::Search if self.denies => &["search", "read"],
            Act::Search => &["search"],
        };
        self.types.contains(&kind) && self.acts.iter().any(|known| known == "*" || names.contains(&known.as_str()))
    }

    /// Whether it is about every resource of its types.
    pub fn is_about_everything(&self) -> bool {
        self.criteria.is_empty() && self.patient.is_none() && !self.is_for_care_team && !self.is_for_emergencies && self.clearance == "V"
    }
}

/// The types that a name stands for.
fn types(name: &str) -> Vec<ResourceType> {
    match name {
        "*" => ResourceType::all().collect(),
        _ => access::policy::group::members(name).unwrap_or_else(|| vec![kind(name)]),
    }
}

/// The rules of somebody: of their roles, and of their own.
pub fn rules_of(person: &Person) -> &'static [Rule] {
    static KNOWN: LazyLock<Mutex<HashMap<&'static str, &'static [Rule]>>> = LazyLock::new(Mutex::default);
    let mut known = KNOWN.lock().expect("no panic");
    known.entry(person.name).or_insert_with(|| {
        let roles = person.roles.iter().map(|role| role::text(role).expect("a role"));
        let texts = roles.chain(person.own).chain(person.reads_pointers.then_some(POINTERS));
        texts.flat_map(read).collect::<Vec<_>>().leak()
    })
}

fn read(text: &str) -> Vec<Rule> {
    json::parse(text.as_bytes()).expect("JSON").list("rules").map(Rule::read).collect()
}

/// The elements that some role hides.
pub fn hidden_somewhere() -> &'static [(ResourceType, String)] {
    static HIDDEN: OnceLock<Vec<(ResourceType, String)>> = OnceLock::new();
    HIDDEN.get_or_init(|| {
        let all = role::names().flat_map(|name| read(role::text(name).expect("a role"))).flat_map(|rule| rule.hidden);
        let mut hidden: Vec<_> = all.collect();
        hidden.sort_by_key(|(of, path)| (of.index(), path.clone()));
        hidden.dedup();
        hidden
    })
}
