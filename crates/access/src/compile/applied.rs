//! A rule as it holds for one who asks.

use std::sync::{Arc, OnceLock};

use fhir::definitions::ResourceType;
use jiff::tz::TimeZone;
use search::Registry;
use store::commit::Instant;
use store::query::Filter;

use super::{emergency, of_patient};
use crate::criteria::{self, all, any, nothing};
use crate::policy::{Effect, Placeholder, Policy, Rule, Values};
use crate::relation::of_patients;
use crate::{Assignment, Principal, Strength, place};

/// Where a rule comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// A role, where it holds.
    Role(Assignment),
    /// A policy of the user alone.
    User,
}

/// Why a rule does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Skipped {
    /// A placeholder has no value.
    NoValue,
    /// It is for other purposes.
    Purpose,
    /// It is for other hours.
    Hours,
    /// It is for users who are something else in the records.
    Users,
    /// It needs a second factor.
    SecondFactor,
    /// It needs the glass to be broken.
    BreakGlass,
}

impl Skipped {
    pub(crate) fn in_words(self) -> &'static str {
        match self {
            Skipped::NoValue => "it names the patient, the encounter or the place at hand, and there is none",
            Skipped::Purpose => "it is for other purposes of use than the one given",
            Skipped::Hours => "it is for other hours",
            Skipped::Users => "it is for users who are of another type in the records",
            Skipped::SecondFactor => "it needs a second factor, which was not presented in this session",
            Skipped::BreakGlass => "it opens only when the glass is broken",
        }
    }
}

/// A rule as it holds for one who asks, or why it does not.
#[derive(Debug)]
pub(crate) struct Applied {
    pub(crate) source: Source,
    policy: Arc<Policy>,
    index: usize,
    pub(crate) skipped: Option<Skipped>,
    values: Values,
    /// Of which patients it is, by their relations to the user: the same for every type.
    related: OnceLock<Filter>,
}

impl Applied {
    pub(super) fn new(source: Source, policy: &Arc<Policy>, index: usize, principal: &Principal, now: Instant, zone: &TimeZone) -> Self {
        let assignment = match &source {
            Source::Role(assignment) => Some(assignment),
            Source::User => None,
        };
        let values = Values::of(principal, assignment);
        let skipped = skipped(&policy.rules[index], principal, &values, now, zone);
        Self { source, policy: policy.clone(), index, skipped, values, related: OnceLock::new() }
    }

    pub(crate) fn rule(&self) -> &Rule {
        &self.policy.rules[self.index]
    }

    /// The name of the policy that it is part of.
    pub(crate) fn policy(&self) -> &str {
        &self.policy.name
    }

    pub(crate) fn holds(&self) -> bool {
        self.skipped.is_none()
    }

    /// When its hours, or the days that its relations reach back, change next.
    pub(super) fn until(&self, now: Instant, zone: &TimeZone) -> Option<Instant> {
        const DAY_MS: i64 = 24 * 60 * 60 * 1000;
        let hours = self.rule().hours.iter().filter_map(|hours| hours.next_change(now, zone));
        let midnight = (!self.rule().relations.is_empty()).then(|| (now.div_euclid(DAY_MS) + 1) * DAY_MS);
        hours.chain(midnight).min()
    }

    /// What makes a relation that it goes by, each what refers to the patient. There are some when [`Applied::filter`] was asked for.
    pub(super) fn relations(&self) -> Vec<Filter> {
        let mut found = Vec::new();
        self.related.get().into_iter().for_each(|related| reverse(related, &mut found));
        found
    }

    /// The resources of a type that it is about.
    pub(super) fn filter(&self, registry: &Registry, kind: ResourceType, principal: &Principal, now: Instant) -> Filter {
        let rule = self.rule();
        let denies = rule.effect == Effect::Deny;
        // What cannot be worked out denies all, and allows nothing.
        let unclear = || if denies { Filter::everything() } else { nothing() };
        let mut parts = Vec::new();
        if !rule.criteria.is_empty() {
            let filled = self.values.fill(&rule.criteria);
            let found = filled.and_then(|criteria| criteria::filter(registry, kind, &criteria, now).ok());
            parts.push(found.unwrap_or_else(unclear));
        }
        if !rule.patients.is_empty() {
            let found = self.values.fill(&rule.patients).zip(ResourceType::parse("Patient"));
            let patients = found.and_then(|(criteria, patient)| criteria::filter(registry, patient, &criteria, now).ok());
            parts.push(patients.map_or_else(unclear, |patients| of_patients(registry, kind, &patients)));
        }
        if let Some(owner) = rule.compartment {
            let owner = self.values.get(owner);
            parts.push(owner.map_or_else(unclear, |owner| search::compartment::filter(registry, owner, kind).unwrap_or_else(nothing)));
        }
        if !rule.relations.is_empty() {
            let users = principal.fhir_user.iter();
            let patients = users.flat_map(|user| rule.relations.iter().map(|relation| relation.patients(registry, user, now)));
            parts.push(of_patients(registry, kind, self.related.get_or_init(|| any(patients))));
        }
        if rule.break_glass {
            parts.push(emergency(principal, now).map_or_else(nothing, |patient| of_patient(registry, kind, patient)));
        }
        if !denies {
            parts.push(rule.clearance.filter(registry, kind));
        }
        // A denial holds everywhere; and in an emergency a patient is treated wherever they are.
        if let (Source::Role(assignment), false) = (&self.source, denies || rule.break_glass) {
            let places = assignment.facility.iter().chain(&assignment.department);
            parts.extend(places.map(|place| place::within(registry, place, kind)));
        }
        all(parts)
    }
}

fn skipped(rule: &Rule, principal: &Principal, values: &Values, now: Instant, zone: &TimeZone) -> Option<Skipped> {
    let allows = rule.effect == Effect::Allow;
    let is_emergency = emergency(principal, now).is_some();
    let lacks_value = || {
        let owner = rule.compartment.is_some_and(|owner: Placeholder| values.get(owner).is_none());
        owner || values.fill(&rule.criteria).is_none() || values.fill(&rule.patients).is_none()
    };
    let is_for = |purpose: &str| rule.purposes.iter().any(|known| **known == *purpose);
    let for_other_purpose = match &principal.purpose {
        _ if is_emergency && is_for(crate::policy::BREAK_THE_GLASS) => false,
        Some(purpose) => !is_for(purpose),
        // Nobody said what for: it is not taken to be for what a rule allows, and it is for what one denies.
        None => allows,
    };
    let user = principal.fhir_user.as_ref().map(|user| user.kind);
    let checks = [
        (Skipped::Purpose, !rule.purposes.is_empty() && for_other_purpose),
        (Skipped::Hours, !rule.hours.is_empty() && !rule.hours.iter().any(|hours| hours.hold(now, zone))),
        (Skipped::Users, !rule.users.is_empty() && !user.is_some_and(|user| rule.users.contains(&user))),
        (Skipped::SecondFactor, rule.second_factor && principal.strength < Strength::Two),
        (Skipped::BreakGlass, rule.break_glass && !is_emergency),
        (Skipped::NoValue, allows && lacks_value()),
    ];
    checks.into_iter().find(|(_, applies)| *applies).map(|(why, _)| why)
}

/// The `_has` among the alternatives of a filter.
fn reverse(filter: &Filter, found: &mut Vec<Filter>) {
    match filter {
        Filter::Any(filters) => filters.iter().for_each(|filter| reverse(filter, found)),
        Filter::Has(..) if !found.contains(filter) => found.push(filter.clone()),
        _ => {}
    }
}
