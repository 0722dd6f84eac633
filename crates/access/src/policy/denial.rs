//! A policy that is denied to somebody: all that it would allow is kept from them.

use fhir::definitions::ResourceType;

use super::{Effect, Permission, Policy, Rule};
use crate::Acts;
use crate::label::Clearance;

impl Policy {
    /// What is left for somebody to whom this is denied directly: each of its rules that allows denies instead, whatever else it asks for (hidden elements, a second factor, a
    /// broken glass, a clearance). Rules that deny stay.
    pub fn denied(&self) -> Self {
        let denied = |rule: &Rule| match rule.effect {
            Effect::Deny => rule.clone(),
            Effect::Allow => Rule {
                effect: Effect::Deny,
                acts: Acts { search: rule.acts.search || rule.acts.read, ..rule.acts },
                clearance: Clearance::Normal,
                hidden: Vec::new(),
                read_only: Vec::new(),
                own: Vec::new(),
                second_factor: false,
                break_glass: false,
                ..rule.clone()
            },
        };
        Self { name: self.name.clone(), description: self.description.clone(), rules: self.rules.iter().map(denied).collect() }
    }

    /// What denies everything: it stands for a policy that is denied to somebody and not there, or that cannot be read any more.
    pub fn denying_everything(name: &str) -> Self {
        let rule = Rule {
            name: "a policy that is not there or cannot be read".into(),
            effect: Effect::Deny,
            kinds: ResourceType::all().collect(),
            acts: Acts::ALL,
            operations: vec!["*".into()],
            administration: Permission::ALL.to_vec(),
            assigns: vec!["*".into()],
            criteria: Vec::new(),
            patients: Vec::new(),
            compartment: None,
            relations: Vec::new(),
            clearance: Clearance::Normal,
            hidden: Vec::new(),
            read_only: Vec::new(),
            own: Vec::new(),
            purposes: Vec::new(),
            hours: Vec::new(),
            users: Vec::new(),
            second_factor: false,
            break_glass: false,
        };
        Self { name: name.into(), description: "Denies everything.".into(), rules: vec![rule] }
    }
}
