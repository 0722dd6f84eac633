//! What may be administered, by the rules that hold.

use super::{Applied, Plan, Source};
use crate::Context;
use crate::policy::{Effect, Permission, Rule};

impl Plan {
    /// What may be administered. A role that holds at a place administers nothing: accounts and roles are in no place. Under scopes there is only what a client
    /// does for itself that may do everything (`system/*.cruds`): who lets an app see all their records has not handed it their accounts.
    pub(crate) fn administration(&self) -> Vec<Permission> {
        let of = |effect| self.administering(effect).flat_map(|rule| rule.administration.iter().copied()).collect::<Vec<Permission>>();
        if !self.scopes_let_administer() {
            return Vec::new();
        }
        let denied = of(Effect::Deny);
        let mut allowed = of(Effect::Allow);
        allowed.retain(|permission| !denied.contains(permission));
        allowed.sort_unstable();
        allowed.dedup();
        allowed
    }

    /// The roles and policies that may be handed out. A denial takes its name away, and `*` with it, which would bring it back.
    pub(crate) fn assigns(&self) -> Vec<Box<str>> {
        let of = |effect| self.administering(effect).flat_map(|rule| rule.assigns.iter().cloned()).collect::<Vec<Box<str>>>();
        if !self.scopes_let_administer() {
            return Vec::new();
        }
        let denied = of(Effect::Deny);
        let mut allowed = of(Effect::Allow);
        allowed.retain(|name| !denied.iter().any(|other| other == name || **other == *"*" || **name == *"*"));
        allowed.sort_unstable();
        allowed.dedup();
        allowed
    }

    /// The rules that hold, of an effect. A denial holds everywhere.
    fn administering(&self, effect: Effect) -> impl Iterator<Item = &Rule> {
        let everywhere = |applied: &&Applied| match &applied.source {
            Source::Role(assignment) => assignment.facility.is_none() && assignment.department.is_none(),
            Source::User => true,
        };
        let holding = self.applied.iter().filter(move |applied| applied.holds() && applied.rule().effect == effect);
        holding.filter(move |applied| effect == Effect::Deny || everywhere(applied)).map(Applied::rule)
    }

    fn scopes_let_administer(&self) -> bool {
        self.scopes
            .as_ref()
            .is_none_or(|scopes| scopes.iter().any(|scoped| scoped.counts && scoped.scope.context == Context::System && scoped.is_whole()))
    }
}
