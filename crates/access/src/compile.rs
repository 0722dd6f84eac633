//! Policies, scopes and consents put together for one who asks.
//!
//! What may be done is what a rule of a role, or of the user's own, allows, and the client's scopes allow too, and no rule and no consent denies.

mod administration;
mod applied;
mod fields;
mod scoped;

use std::sync::Arc;

use fhir::definitions::ResourceType;
use jiff::tz::TimeZone;
use search::Registry;
use store::commit::Instant;
use store::query::Filter;

pub(crate) use applied::{Applied, Source};
pub(crate) use scoped::Scoped;

use crate::consent::Agreement;
use crate::criteria::{all, any, is_everything, is_nothing, not, nothing};
use crate::policy::{Effect, Policy};
use crate::{ACTS, Act, Acts, Context, Grant, Principal, Strength, Verdict};

/// What a grant is made of.
pub(crate) struct Parts<'a> {
    pub(crate) principal: Arc<Principal>,
    /// The policies of the roles, each for its assignment; `None`: there is no such role.
    pub(crate) roles: Vec<Option<Arc<Policy>>>,
    /// The policies of the user alone.
    pub(crate) own: Vec<Arc<Policy>>,
    pub(crate) agreement: Arc<Agreement>,
    pub(crate) zone: &'a TimeZone,
    pub(crate) now: Instant,
}

/// The parts, ready to be asked for each type.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) principal: Arc<Principal>,
    /// All rules, those too that do not hold now.
    pub(crate) applied: Vec<Applied>,
    /// Those assigned roles that do not exist.
    pub(crate) unknown_roles: Vec<Box<str>>,
    /// The client's scopes; `None`: it needs none.
    pub(crate) scopes: Option<Vec<Scoped>>,
    pub(crate) agreement: Arc<Agreement>,
    /// The first moment at which time makes something else of it.
    pub(crate) until: Instant,
    now: Instant,
}

/// For a type: what each rule that holds, and each scope, says of it.
pub(crate) struct OfKind {
    pub(crate) kind: ResourceType,
    pub(crate) rules: Vec<(usize, Filter)>,
    pub(crate) scopes: Option<Vec<(usize, Filter)>>,
    /// What consents let be seen, and written.
    pub(crate) agreed: [Filter; 2],
}

impl Plan {
    pub(crate) fn of(parts: Parts<'_>) -> Self {
        let Parts { principal, roles, own, agreement, zone, now, .. } = parts;
        let mut applied = Vec::new();
        let mut unknown_roles = Vec::new();
        for (assignment, policy) in principal.roles.iter().zip(roles) {
            let Some(policy) = policy else {
                unknown_roles.push(assignment.role.clone());
                continue;
            };
            let source = Source::Role(assignment.clone());
            applied.extend((0..policy.rules.len()).map(|index| Applied::new(source.clone(), &policy, index, &principal, now, zone)));
        }
        for policy in own {
            applied.extend((0..policy.rules.len()).map(|index| Applied::new(Source::User, &policy, index, &principal, now, zone)));
        }
        let scopes = principal.scopes.as_ref().map(|scopes| scopes.resources.iter().map(|scope| Scoped::new(scope, &principal)).collect());
        let ends = applied.iter().filter_map(|applied| applied.until(now, zone));
        let glass = principal.break_glass.iter().map(|glass| glass.until).filter(|until| *until > now);
        let until = ends.chain(glass).chain(agreement.until).min().unwrap_or(Instant::MAX);
        Self { principal, applied, unknown_roles, scopes, agreement, until, now }
    }

    /// What rules, scopes and consents say of a type.
    pub(crate) fn of_kind(&self, registry: &Registry, kind: ResourceType) -> OfKind {
        let rules =
            self.applied.iter().enumerate().filter(|(_, applied)| applied.holds() && applied.rule().kinds.binary_search(&kind).is_ok());
        let rules = rules.map(|(index, applied)| (index, applied.filter(registry, kind, &self.principal, self.now)));
        let scopes = self.scopes.as_ref().map(|scopes| {
            let of = scopes.iter().enumerate().filter(|(_, scoped)| scoped.scope.kind.is_none_or(|known| known == kind));
            of.map(|(index, scoped)| (index, scoped.filter(registry, kind, &self.principal, self.now))).collect()
        });
        let agreed = [false, true].map(|writes| self.agreement.filter(registry, kind, writes));
        OfKind { kind, rules: rules.filter(|(_, filter)| !is_nothing(filter)).collect(), scopes, agreed }
    }

    /// The rules of a type that have an effect on an act.
    pub(crate) fn acting<'p>(&'p self, of: &'p OfKind, act: Act, effect: Effect) -> impl Iterator<Item = &'p (usize, Filter)> {
        of.rules.iter().filter(move |(index, _)| {
            let rule = self.applied[*index].rule();
            rule.effect == effect && rule.acts.has(act)
        })
    }

    /// The verdict on an act with resources of a type.
    pub(crate) fn verdict(&self, of: &OfKind, act: Act) -> Filter {
        self.judged(of, act, |acts| acts.has(act))
    }

    /// The verdict on making resources of a type by an update; `None` where it is that on making them otherwise: scopes may allow updates alone, rules tell them from creates.
    fn upsert(&self, of: &OfKind) -> Option<Filter> {
        let known = |index: &usize| self.scopes.as_ref().map(|all| all[*index].scope.acts);
        let differs = of.scopes.iter().flatten().filter_map(|(index, _)| known(index)).any(|acts| acts.update && !acts.create);
        differs.then(|| self.judged(of, Act::Create, |acts| acts.update || acts.create))
    }

    /// The verdict on an act by the scopes that `reach` it.
    fn judged(&self, of: &OfKind, act: Act, reach: impl Fn(Acts) -> bool) -> Filter {
        let filters = |effect| any(self.acting(of, act, effect).map(|(_, filter)| filter.clone()));
        let allowed = filters(Effect::Allow);
        if is_nothing(&allowed) || is_kept(of.kind, act) {
            return nothing();
        }
        let scoped = of.scopes.as_ref().map_or_else(Filter::everything, |scopes| {
            let acting = scopes.iter().filter(|(index, _)| self.scopes.as_ref().is_some_and(|all| reach(all[*index].scope.acts)));
            any(acting.map(|(_, filter)| filter.clone()))
        });
        all([allowed, scoped, of.agreed[usize::from(writes(act))].clone(), not(filters(Effect::Deny))])
    }

    /// The grant.
    pub(crate) fn grant(&self, registry: &Registry) -> Grant {
        let mut grant = Grant::nothing(self.principal.clone());
        for kind in ResourceType::all() {
            let of = self.of_kind(registry, kind);
            let mut known: Vec<(Vec<usize>, Verdict)> = Vec::new();
            for act in ACTS {
                let made_of = self.made_of(&of, act);
                let before = known.iter().find(|(same, _)| *same == made_of).map(|(_, verdict)| verdict.clone());
                let verdict = before.unwrap_or_else(|| verdict(self.verdict(&of, act)));
                known.push((made_of, verdict.clone()));
                grant = grant.with(kind, act, verdict);
            }
            if let Some(upsert) = self.upsert(&of) {
                grant = grant.with_upsert(kind, verdict(upsert));
            }
            if let Some(fields) = self.fields(&of, kind) {
                grant = grant.with_fields(kind, fields);
            }
        }
        let related = self.applied.iter().filter(|applied| applied.holds()).flat_map(Applied::relations);
        let grant = related.fold(grant, Grant::with_relation);
        let grant = self.operations().into_iter().fold(grant, |grant, name| grant.with_operation(&name));
        let grant = self.administration().into_iter().fold(grant, Grant::with_administration);
        self.assigns().into_iter().fold(grant, |grant, name| grant.assigning(&name))
    }

    /// The parts of a verdict, by their numbers: acts of which they are the same share their filter.
    fn made_of(&self, of: &OfKind, act: Act) -> Vec<usize> {
        let rules = of.rules.iter().map(|(index, _)| *index).filter(|index| self.applied[*index].rule().acts.has(act));
        let scopes = of.scopes.iter().flatten().map(|(index, _)| *index);
        let acting = scopes.filter(|index| self.scopes.as_ref().is_some_and(|all| all[*index].scope.acts.has(act)));
        let kind_of_act = usize::from(writes(act)) + 2 * usize::from(is_kept(of.kind, act));
        rules.chain([usize::MAX, kind_of_act, usize::MAX]).chain(acting).collect()
    }

    /// The operations that are allowed. A denial takes its operation away, and `*` with it, which would bring it back. Under scopes there are none but for a
    /// client that may do everything.
    pub(crate) fn operations(&self) -> Vec<Box<str>> {
        let of = |effect| {
            let holding = self.applied.iter().filter(move |applied| applied.holds() && applied.rule().effect == effect);
            holding.flat_map(|applied| applied.rule().operations.iter().cloned()).collect::<Vec<Box<str>>>()
        };
        let scoped = self.scopes.as_ref().is_none_or(|scopes| {
            scopes.iter().any(|scoped| scoped.counts && scoped.scope.context != Context::Patient && scoped.is_whole())
        });
        if !scoped || self.agreement.needs_permission() {
            return Vec::new();
        }
        let denied = of(Effect::Deny);
        let mut allowed = of(Effect::Allow);
        allowed.retain(|name| !denied.iter().any(|other| other == name || **other == *"*" || **name == *"*"));
        allowed.sort_unstable();
        allowed.dedup();
        allowed
    }
}

/// Whether an act would change what is kept as it is: what the audit trail says is the server's alone, and added to, changed and deleted by nobody else, whatever a
/// rule says. An event that somebody made up would be signed with the others.
pub(crate) fn is_kept(kind: ResourceType, act: Act) -> bool {
    kind.name() == "AuditEvent" && writes(act)
}

/// Whether an act writes.
pub(crate) fn writes(act: Act) -> bool {
    matches!(act, Act::Create | Act::Update | Act::Delete)
}

fn verdict(filter: Filter) -> Verdict {
    if is_nothing(&filter) {
        Verdict::Refused
    } else if is_everything(&filter) {
        Verdict::Allowed
    } else {
        Verdict::Where(Arc::new(filter))
    }
}

/// Whether the glass is broken now by somebody of whom it is sure enough who they are; the patient for whom.
pub(crate) fn emergency(principal: &Principal, now: Instant) -> Option<&str> {
    let glass = principal.break_glass.as_ref().filter(|glass| now < glass.until)?;
    (principal.strength == Strength::Two && !glass.reason.trim().is_empty()).then_some(&*glass.patient)
}

/// The resources of a type that are about a patient; nothing for a type that is about nobody.
pub(crate) fn of_patient(registry: &Registry, kind: ResourceType, patient: &str) -> Filter {
    use store::query::Test;
    if kind.name() == "Patient" {
        return Filter::Id(vec![patient.into()]);
    }
    let target: Box<str> = format!("Patient/{patient}").into();
    let about = crate::relation::about(registry, kind);
    if about.is_empty() {
        return nothing();
    }
    any(about.into_iter().map(|parameter| Filter::Match(parameter.param, Test::Local(target.clone()))))
}
