//! What looks suspicious, found as it happens: each finding is a happening of its own ([`What::Alert`]) with the rule's code and its reason.
//!
//! | code | when |
//! |---|---|
//! | `many-charts` | somebody touches more patients' records within an hour than [`Limits::charts`] |
//! | `many-listed` | somebody is shown more patients in lists within an hour than [`Limits::listed`] |
//! | `many-written` | a person changes more patients' records within an hour than [`Limits::written`] |
//! | `many-deletions` | somebody deletes more resources within an hour than [`Limits::deletions`] |
//! | `many-rights` | somebody changes accounts, roles and policies more often than [`Limits::rights`] within [`Limits::rights_within_ms`] |
//! | `out-of-hours` | a person changes accounts, roles, clients or keys outside [`Limits::work`] |
//! | `unusual-hour` | somebody who is known well is at work at an hour of the day at which they never were, nor within an hour of it |
//! | `same-name` | somebody touches the record of a patient who has their family name |
//! | `failed-sign-ins` | signing in fails more often for an account, or from an address, than [`Limits::failures`] within [`Limits::failures_within_ms`] |
//! | `impossible-travel` | somebody's address is suddenly further away than anybody travels in the time between |
//!
//! An alert says nothing of a patient but who it is, and no rule tells the same of the same actor twice within its window. It refuses
//! nobody: it is for whoever reviews. Memory is bounded by [`Limits::actors`]: of more, those who were not seen for longest are forgotten.
//! What is remembered does not outlive the process.

mod actor;
pub mod places;
mod recent;

use std::net::IpAddr;
use std::sync::Arc;

use store::commit::{Instant, Tenant};

use crate::happening::{Administered, Done, Happening, Interaction, Outcome, What};
use crate::materialise::{Observer, Seen};
use actor::{Actor, Place};
use recent::Recent;

/// Tells where an address is, as latitude and longitude in ten-millionths of a degree; `None`: nobody knows, such as for a private address.
pub trait Locator: Send + Sync {
    /// Where the address is.
    fn locate(&self, address: IpAddr) -> Option<(i32, i32)>;
}

/// From where on something is suspicious.
#[derive(Clone, Debug)]
pub struct Limits {
    /// How many patients' records somebody touches within an hour without an alert.
    pub charts: usize,
    /// How many patients somebody is shown in lists within an hour without an alert: by queries that find more than one.
    pub listed: usize,
    /// How many patients' records a person changes within an hour without an alert. (What feeds records in has no person behind it.)
    pub written: usize,
    /// How many resources somebody deletes within an hour without an alert.
    pub deletions: usize,
    /// How often somebody changes accounts, roles and policies without an alert.
    pub rights: usize,
    /// Within how many milliseconds.
    pub rights_within_ms: i64,
    /// From which hour of the day on, and until which, people administer: `(6, 20)` is from 6:00 until 19:59, `(20, 6)` the night, `(0, 24)` any hour.
    pub work: (u8, u8),
    /// After how many acts somebody's hours are known.
    pub known_after: u32,
    /// How many milliseconds the clocks of the hospital are ahead of UTC: for the hours of the day.
    pub ahead_of_utc_ms: i64,
    /// How often signing in may fail without an alert.
    pub failures: usize,
    /// Within how many milliseconds.
    pub failures_within_ms: i64,
    /// How fast people travel, in kilometres an hour.
    pub travel_km_h: u64,
    /// Shorter distances than this, in kilometres, are the locator's error and no travel.
    pub travel_km: u64,
    /// How many people, clients and addresses are remembered.
    pub actors: usize,
}

impl Default for Limits {
    /// 100 charts, 500 patients in lists, 200 changed and 50 deletions an hour; 20 changes of rights in 10 minutes; administration at any hour; hours known after 500 acts, in UTC; 10 failures in 10 minutes; 1,000 km/h beyond 200
    /// km; 10,000 actors.
    fn default() -> Self {
        Self {
            charts: 100,
            listed: 500,
            written: 200,
            deletions: 50,
            rights: 20,
            rights_within_ms: 600_000,
            work: (0, 24),
            known_after: 500,
            ahead_of_utc_ms: 0,
            failures: 10,
            failures_within_ms: 600_000,
            travel_km_h: 1000,
            travel_km: 200,
            actors: 10_000,
        }
    }
}

/// The window of rules that have no other, and how long a rule is silent after an alert: an hour, in milliseconds.
const WINDOW_MS: i64 = 3_600_000;

/// Watches what happens.
pub struct Watch {
    limits: Limits,
    locator: Option<Arc<dyn Locator>>,
    actors: Recent<Actor>,
}

impl Watch {
    /// One that has seen nothing yet. Without a locator no travel is impossible.
    pub fn new(limits: Limits, locator: Option<Arc<dyn Locator>>) -> Self {
        Self { actors: Recent::new(limits.actors), limits, locator }
    }

    /// Looks at what happened, and returns an alert for each rule that finds it suspicious.
    pub fn look(&mut self, seen: &Seen<'_>) -> Vec<Happening> {
        let happening = seen.happening;
        if matches!(happening.what, What::Alert(..) | What::Recording(_)) {
            return Vec::new();
        }
        let mut alerts = Alerts { of: happening, found: Vec::new() };
        let who = happening.who.as_deref();
        let user = who.and_then(|who| who.user.as_deref());
        let name = user.map(|user| format!("user {user}")).or_else(|| who?.client.as_deref().map(|client| format!("client {client}")));
        if matches!(happening.what, What::SignIn(_) | What::StepUp) && happening.outcome != Outcome::Done {
            let address = happening.address.map(|address| format!("address {address}"));
            for name in [name, address].into_iter().flatten() {
                self.failed(&name, &mut alerts);
            }
            return alerts.found;
        }
        let Some(name) = name.filter(|_| happening.outcome == Outcome::Done) else { return alerts.found };
        match happening.what {
            What::Rest(interaction) if interaction.writes() => {
                self.changes(&name, (interaction, user.is_some()), seen, &mut alerts);
            }
            What::Administration(of, done, _) if done != Done::Read => self.administers(&name, of, user.is_some(), &mut alerts),
            _ => {
                self.charts(&name, seen, &mut alerts);
                if user.is_some() {
                    self.same_name(&name, seen, &mut alerts);
                }
            }
        }
        if user.is_some() {
            self.hours(&name, &mut alerts);
            self.travel(&name, &mut alerts);
        }
        alerts.found
    }

    fn actor(&mut self, tenant: Tenant, name: &str) -> &mut Actor {
        self.actors.get(&(tenant, name.into()))
    }

    fn failed(&mut self, name: &str, alerts: &mut Alerts<'_>) {
        let (most, window) = (self.limits.failures, self.limits.failures_within_ms);
        let (at, tenant) = (alerts.of.at, alerts.of.tenant);
        let actor = self.actor(tenant, name);
        if actor.failures.add(at, window, most) && actor.may_tell("failed-sign-ins", at, window) {
            alerts.tell("failed-sign-ins", format!("signing in failed more than {most} times within {} s: {name}", window / 1000));
        }
    }

    fn charts(&mut self, name: &str, seen: &Seen<'_>, alerts: &mut Alerts<'_>) {
        let is_list = is_list(seen);
        let (rule, most, how) = match is_list {
            true => ("many-listed", self.limits.listed, "patients in lists"),
            false => ("many-charts", self.limits.charts, "patients' records"),
        };
        let (at, tenant) = (alerts.of.at, alerts.of.tenant);
        let actor = self.actor(tenant, name);
        for patient in seen.patients() {
            let known = if is_list { &mut actor.listed } else { &mut actor.charts };
            if known.add(patient, at, WINDOW_MS, most) && actor.may_tell(rule, at, WINDOW_MS) {
                alerts.tell(rule, format!("more than {most} {how} within an hour: {name}"));
            }
        }
    }

    /// What somebody writes and deletes.
    fn changes(&mut self, name: &str, (interaction, is_person): (Interaction, bool), seen: &Seen<'_>, alerts: &mut Alerts<'_>) {
        let (written, deletions) = (self.limits.written, self.limits.deletions);
        let (at, tenant) = (alerts.of.at, alerts.of.tenant);
        let actor = self.actor(tenant, name);
        if interaction == Interaction::Delete
            && actor.deletions.add(at, WINDOW_MS, deletions)
            && actor.may_tell("many-deletions", at, WINDOW_MS)
        {
            alerts.tell("many-deletions", format!("more than {deletions} resources deleted within an hour: {name}"));
        }
        for patient in seen.patients().filter(|_| is_person) {
            if actor.written.add(patient, at, WINDOW_MS, written) && actor.may_tell("many-written", at, WINDOW_MS) {
                alerts.tell("many-written", format!("more than {written} patients' records changed within an hour: {name}"));
            }
        }
    }

    /// What somebody changes in accounts, roles, clients and keys.
    fn administers(&mut self, name: &str, of: Administered, is_person: bool, alerts: &mut Alerts<'_>) {
        let (most, window, (from, until)) = (self.limits.rights, self.limits.rights_within_ms, self.limits.work);
        let (at, tenant, hour) = (alerts.of.at, alerts.of.tenant, self.hour(alerts.of.at) as u8);
        let actor = self.actor(tenant, name);
        let hands_out = matches!(of, Administered::Account | Administered::Role);
        if hands_out && actor.rights.add(at, window, most) && actor.may_tell("many-rights", at, window) {
            alerts.tell("many-rights", format!("more than {most} changes of accounts and roles within {} s: {name}", window / 1000));
        }
        let is_at_work = match from <= until {
            true => (from..until).contains(&hour),
            false => hour >= from || hour < until,
        };
        if is_person && !is_at_work && actor.may_tell("out-of-hours", at, WINDOW_MS) {
            alerts.tell("out-of-hours", format!("administered at {hour} o'clock, which is outside {from} to {until}: {name}"));
        }
    }

    /// The hour of the day at a moment, as the clocks of the hospital have it.
    fn hour(&self, at: Instant) -> usize {
        (at.saturating_add(self.limits.ahead_of_utc_ms)).div_euclid(WINDOW_MS).rem_euclid(24) as usize
    }

    fn hours(&mut self, name: &str, alerts: &mut Alerts<'_>) {
        let known_after = self.limits.known_after;
        let (at, tenant) = (alerts.of.at, alerts.of.tenant);
        let hour = self.hour(at);
        let actor = self.actor(tenant, name);
        let is_unusual = actor.hours.is_unusual(hour, known_after);
        actor.hours.add(hour);
        if is_unusual && actor.may_tell("unusual-hour", at, WINDOW_MS) {
            alerts.tell("unusual-hour", format!("at work at {hour} o'clock, for the first time: {name}"));
        }
    }

    fn travel(&mut self, name: &str, alerts: &mut Alerts<'_>) {
        let Some(point) = alerts.of.address.and_then(|address| self.locator.as_ref()?.locate(address)) else { return };
        let (least, fastest) = (self.limits.travel_km, self.limits.travel_km_h);
        let (at, tenant) = (alerts.of.at, alerts.of.tenant);
        let actor = self.actor(tenant, name);
        let Some(last) = actor.place.replace(Place { at, point }) else { return };
        let distance_km = store::matches::distance_mm(last.point, point) / 1_000_000;
        let took_ms = at.saturating_sub(last.at).max(0) as u64;
        let possible_km = fastest.saturating_mul(took_ms) / WINDOW_MS as u64;
        if distance_km > least && distance_km > possible_km && actor.may_tell("impossible-travel", at, WINDOW_MS) {
            alerts.tell("impossible-travel", format!("{distance_km} km within {} minutes: {name}", took_ms / 60_000));
        }
    }

    fn same_name(&mut self, name: &str, seen: &Seen<'_>, alerts: &mut Alerts<'_>) {
        // Who reads their own record reads nothing of somebody else's.
        let who = alerts.of.who.as_deref();
        let own_record = who.and_then(|who| who.fhir_user.as_ref()).filter(|key| key.kind.name() == "Patient").map(|key| &*key.id);
        let family = who.map(|who| search::fold::text(who.name.split_whitespace().last().unwrap_or_default())).unwrap_or_default();
        if family.is_empty() || is_list(seen) {
            return;
        }
        let (at, tenant) = (alerts.of.at, alerts.of.tenant);
        for (patient, families) in seen.families {
            let is_same = families.iter().any(|known| **known == *family) && own_record != Some(&**patient);
            if is_same && self.actor(tenant, name).may_tell_of("same-name", patient, at, WINDOW_MS) {
                alerts.tell_of("same-name", format!("a patient with the family name of whoever looked: {name}"), patient);
            }
        }
    }
}

/// Whether somebody finds patients in a list, and looks at nobody's record yet.
fn is_list(seen: &Seen<'_>) -> bool {
    let is_query = matches!(seen.happening.what, What::Rest(interaction) if interaction.is_query());
    let mut patients = seen.patients();
    let first = patients.next();
    is_query && patients.any(|patient| Some(patient) != first)
}

/// What was found in one happening.
struct Alerts<'a> {
    of: &'a Happening,
    found: Vec<Happening>,
}

impl Alerts<'_> {
    fn tell(&mut self, code: &str, reason: String) {
        let what = What::Alert(code.into(), reason.into());
        let (query, entities, patients, outcome) = (None, Vec::new(), Vec::new(), Outcome::Done);
        self.found.push(Happening { what, query, entities, patients, outcome, ..self.of.clone() });
    }

    fn tell_of(&mut self, code: &str, reason: String, patient: &str) {
        self.tell(code, reason);
        if let Some(alert) = self.found.last_mut() {
            alert.patients = vec![patient.into()];
        }
    }
}

impl Observer for Watch {
    fn observe(&mut self, seen: &Seen<'_>) -> Vec<Happening> {
        self.look(seen)
    }
}

/// Whether a moment lies within a window before another.
fn is_within(at: Instant, now: Instant, window_ms: i64) -> bool {
    now.saturating_sub(at) < window_ms
}
