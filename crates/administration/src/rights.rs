//! Who may hand out what: the rules against helping oneself to more.
//!
//! - A role or policy is handed out, and taken back, by whom a rule lets do so (`assigns`). What it allows to administer and to hand out they must have themselves.
//! - An account, client or key is changed by whoever may hand out all that it has: a link that resets a password is worth as much as the account.
//! - Nobody changes their own rights, also not by writing a role that they have.

use access::policy::Effect;
use access::{Permission, Policy, Rule};
use fhir::nearest;
use identity::user::{HeldRole, Membership, User};

use crate::asked::Asked;
use crate::desk::Desk;
use crate::refusal::Refusal;

/// The roles and policies that a part in a tenant names, in their order.
pub(crate) fn named(part: &Membership) -> impl Iterator<Item = &str> {
    of_roles(&part.roles).chain(part.granted.iter().chain(&part.denied).map(String::as_str))
}

/// The names of roles.
pub(crate) fn of_roles(roles: &[HeldRole]) -> impl Iterator<Item = &str> {
    roles.iter().map(|held| held.role.as_str())
}

/// Whether an account is that of whoever asks, by its id.
pub(crate) fn is_own(asked: &Asked, user: &str) -> bool {
    asked.who().user.as_deref() == Some(user)
}

impl Desk {
    /// Fails unless whoever asks may hand out all these roles and policies, each of which must be there.
    pub(crate) async fn may_hand_out(&self, asked: &Asked, names: impl Iterator<Item = &str>) -> Result<(), Refusal> {
        for name in names {
            match self.rules.policy(asked.tenant(), name).await? {
                Some(policy) => may_hand_out_policy(asked, name, &policy)?,
                None => return Err(self.no_such_policy(asked, name).await?),
            }
        }
        Ok(())
    }

    /// Fails unless whoever asks may take back all these roles and policies. One that is not there any more can be taken away by whoever may hand it out by its name.
    pub(crate) async fn may_take_back(&self, asked: &Asked, names: impl Iterator<Item = &str>) -> Result<(), Refusal> {
        for name in names {
            match self.rules.policy(asked.tenant(), name).await? {
                Some(policy) => may_hand_out_policy(asked, name, &policy)?,
                None if asked.grant.assigns(name) => {}
                None => return Err(not_assigned(name)),
            }
        }
        Ok(())
    }

    /// Fails unless whoever asks may change an account: they may hand out all that it has in the tenant, and it is not their own.
    pub(crate) async fn may_change(&self, asked: &Asked, id: &str, user: &User) -> Result<(), Refusal> {
        if is_own(asked, id) {
            return Err(Refusal::own_rights());
        }
        match user.membership(asked.tenant()) {
            Some(part) => self.may_take_back(asked, named(part)).await,
            None => Ok(()),
        }
    }

    /// Fails unless whoever asks may write a policy under its name, in place of what is in force under it.
    pub(crate) async fn may_write(&self, asked: &Asked, policy: &Policy, before: Option<&Policy>) -> Result<(), Refusal> {
        let who = asked.who();
        let has = who.roles.iter().any(|held| held.role == policy.name) || who.direct.iter().any(|direct| direct.policy == policy.name);
        if has {
            return Err(Refusal::own_rights());
        }
        for policy in [Some(policy), before].into_iter().flatten() {
            may_hand_out_policy(asked, &policy.name, policy)?;
        }
        if asked.grant.assigns("*") {
            return Ok(());
        }
        let mut own: Vec<std::sync::Arc<Policy>> = Vec::new();
        for name in who.roles.iter().filter(|held| held.facility.is_none() && held.department.is_none()).map(|held| &held.role) {
            own.extend(self.rules.policy(asked.tenant(), name).await?);
        }
        for name in self.names(asked).await?.iter().filter(|name| asked.grant.assigns(name) && ***name != *policy.name) {
            own.extend(self.rules.policy(asked.tenant(), name).await?);
        }
        let covered = |rule: &&Rule| own.iter().flat_map(|policy| &policy.rules).any(|wider| covers(wider, rule));
        match policy.rules.iter().filter(|rule| rule.effect == Effect::Allow).find(|rule| !covered(rule)) {
            None => Ok(()),
            Some(rule) => Err(Refusal::beyond(format!(
                "the rule `{}` allows more than any rule of yours, or of a role that you may hand out: narrow it, or ask somebody who may hand out everything",
                rule.name
            ))),
        }
    }

    async fn no_such_policy(&self, asked: &Asked, name: &str) -> Result<Refusal, Refusal> {
        let names = self.names(asked).await?;
        let near = nearest(name, names.iter().map(|name| &**name));
        let remedy = near.map_or_else(|| "the list of roles has those that there are".to_owned(), |near| format!("did you mean `{near}`?"));
        let shown: String = name.chars().take(64).collect();
        Ok(Refusal::wrong("", format!("there is no role or policy `{shown}`: {remedy}")))
    }

    /// The names of all roles and policies in force in the tenant, sorted.
    pub(crate) async fn names(&self, asked: &Asked) -> Result<Vec<Box<str>>, Refusal> {
        let own = self.rules.own_rules(asked.tenant()).await?;
        let mut names: Vec<Box<str>> = access::role::names().map(Box::from).chain(own.roles.keys().cloned()).collect();
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }
}

fn may_hand_out_policy(asked: &Asked, name: &str, policy: &Policy) -> Result<(), Refusal> {
    if !asked.grant.assigns(name) {
        return Err(not_assigned(name));
    }
    let allowing = || policy.rules.iter().filter(|rule| rule.effect == Effect::Allow);
    let lacking = |permission: &Permission| !asked.grant.administers(*permission);
    if let Some(permission) = allowing().flat_map(|rule| rule.administration.iter().copied()).find(lacking) {
        return Err(Refusal::beyond(format!(
            "`{name}` has the permission `{}`, which you do not have now: nobody hands out, or takes back, more than they have",
            permission.code()
        )));
    }
    match allowing().flat_map(|rule| &rule.assigns).find(|other| !asked.grant.assigns(other)) {
        None => Ok(()),
        Some(other) => Err(Refusal::beyond(format!(
            "`{name}` lets hand out `{other}`, which you may not hand out now: nobody hands out, or takes back, more than they have"
        ))),
    }
}

fn not_assigned(name: &str) -> Refusal {
    let shown: String = name.chars().take(64).collect();
    Refusal::beyond(format!(
        "no rule lets you hand out `{shown}`, or change who has it: a rule of a role of yours would have to name it in `assigns`"
    ))
}

/// Whether a rule allows everything that another does. In doubt it does not.
fn covers(wider: &Rule, rule: &Rule) -> bool {
    let within = |acts: access::Acts| acts.and(wider.acts) == acts;
    let any_or_same = |wide: bool, same: bool| wide || same;
    wider.effect == Effect::Allow
        && rule.kinds.iter().all(|kind| wider.kinds.binary_search(kind).is_ok())
        && within(rule.acts)
        && rule.operations.iter().all(|name| wider.operations.iter().any(|known| known == name || **known == *"*"))
        && rule.clearance <= wider.clearance
        && any_or_same(wider.criteria.is_empty(), wider.criteria == rule.criteria)
        && any_or_same(wider.patients.is_empty(), wider.patients == rule.patients)
        && any_or_same(wider.compartment.is_none(), wider.compartment == rule.compartment)
        && any_or_same(wider.relations.is_empty(), wider.relations == rule.relations)
        && any_or_same(wider.purposes.is_empty(), wider.purposes == rule.purposes)
        && any_or_same(wider.hours.is_empty(), wider.hours == rule.hours)
        && any_or_same(wider.users.is_empty(), wider.users == rule.users)
        && (!wider.second_factor || rule.second_factor)
        && (!wider.break_glass || rule.break_glass)
        && wider.hidden.iter().all(|element| rule.hidden.contains(element))
        && wider.read_only.iter().all(|element| rule.read_only.contains(element))
        && wider.own.iter().all(|element| rule.own.contains(element))
}
