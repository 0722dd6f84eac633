//! What consents mean for one who asks: patients whose data are denied or permitted, and which data.

use std::collections::{BTreeMap, HashMap, HashSet};

use fhir::definitions::ResourceType;
use search::Registry;
use store::commit::{Instant, Key};
use store::query::{Filter, Test};

use super::{Actor, Data, Directive, Provision, Seeing, is_exempt};
use crate::criteria::{all, any, not, nothing};
use crate::policy::group;
use crate::relation::about;

/// Who asks, as far as consents care.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reader {
    /// What names them: who they are in the records, and the teams, groups and organizations that they are of.
    pub(crate) names: HashSet<Key>,
    /// The patient whom they are: nothing of theirs is hidden from them.
    pub(crate) own: Option<Box<str>>,
    /// The purposes; none when nobody said.
    pub(crate) purposes: Vec<Box<str>>,
    /// Whether all of the purposes are among those that need no consent.
    pub(crate) needs_none: bool,
    /// The patient for whom the glass is broken.
    pub(crate) emergency: Option<Box<str>>,
}

/// Data of a patient, as one consent sees it.
type Part = (Data, Vec<Data>);
/// Patients whose consents say the same, by their ids, each with the consent.
type Patients = BTreeMap<Box<str>, Box<str>>;

/// What consents mean for one who asks.
#[derive(Debug, Default)]
pub(crate) struct Agreement {
    /// What is denied, and but for which: for reading, and for writing.
    denied: [HashMap<Part, Patients>; 2],
    /// What is permitted likewise, when the purpose needs that; `None` when it does not.
    permitted: Option<[HashMap<Part, Patients>; 2]>,
    /// The first moment at which it may be another.
    pub(crate) until: Option<Instant>,
}

impl Agreement {
    pub(crate) fn of(directives: &[Directive], reader: &Reader, now: Instant) -> Self {
        let mut agreement = Agreement { permitted: (!reader.needs_none).then(Default::default), ..Agreement::default() };
        for directive in directives.iter().filter(|directive| reader.own.as_deref() != Some(&*directive.patient)) {
            agreement.add(directive, reader, now);
        }
        agreement
    }

    fn add(&mut self, directive: &Directive, reader: &Reader, now: Instant) {
        let provisions = [&directive.base].into_iter().chain(&directive.exceptions);
        let ends = provisions.flat_map(|provision| [provision.period.first, provision.period.last.saturating_add(1)]);
        self.until = ends.filter(|at| *at > now && *at < Instant::MAX).chain(self.until).min();
        let concerning = |provision: &&Provision| concerns(provision, directive, reader, now);
        let base = Some(&directive.base).filter(concerning);
        let exceptions: Vec<&Provision> = directive.exceptions.iter().filter(concerning).collect();
        for (index, is_meant) in [|acts: Seeing| acts.sees, |acts: Seeing| acts.writes].into_iter().enumerate() {
            let base = base.filter(|base| is_meant(base.acts));
            let of = |permits| {
                let those = exceptions.iter().filter(move |each| each.permits == Some(permits) && is_meant(each.acts));
                those.map(|each| each.data.clone()).collect::<Vec<_>>()
            };
            let (denials, permissions) = (of(false), of(true));
            let mut deny = |part: Part| note(&mut self.denied[index], part, directive);
            // An exception that denies stands alone; one that permits takes its data out of what the base denies.
            denials.iter().for_each(|data| deny((data.clone(), Vec::new())));
            if let Some(base) = base.filter(|base| base.permits == Some(false)) {
                deny((base.data.clone(), permissions.clone()));
            }
            if let Some(permitted) = &mut self.permitted {
                permissions.iter().for_each(|data| note(&mut permitted[index], (data.clone(), Vec::new()), directive));
                if let Some(base) = base.filter(|base| base.permits == Some(true)) {
                    note(&mut permitted[index], (base.data.clone(), denials.clone()), directive);
                }
            }
        }
    }

    /// The resources of a type that consents let be seen, or written.
    pub(crate) fn filter(&self, registry: &Registry, kind: ResourceType, writes: bool) -> Filter {
        let index = usize::from(writes);
        if is_exempt(kind) || self.denied[index].is_empty() && self.permitted.is_none() {
            return Filter::everything();
        }
        let denied = self.denied[index].iter().map(|(part, patients)| of(registry, kind, part, patients, true));
        let kept = not(any(denied));
        match &self.permitted {
            None => kept,
            Some(_) if kind.name() != "Patient" && about(registry, kind).is_empty() => {
                // What holds patients' data and does not say whose stays closed.
                if matches!(group::of(kind), "infrastructure" | "clinical" | "financial") { nothing() } else { Filter::everything() }
            }
            Some(permitted) => all([any(permitted[index].iter().map(|(part, patients)| of(registry, kind, part, patients, false))), kept]),
        }
    }

    /// The ids of the consents of a patient that deny the one who asks something.
    pub(crate) fn denying(&self, patient: &str, writes: bool) -> Vec<&str> {
        self.denied[usize::from(writes)].values().filter_map(|patients| patients.get(patient).map(|consent| &**consent)).collect()
    }

    /// Whether the purpose needs a consent that permits it.
    pub(crate) fn needs_permission(&self) -> bool {
        self.permitted.is_some()
    }
}

fn note(parts: &mut HashMap<Part, Patients>, part: Part, directive: &Directive) {
    parts.entry(part).or_default().insert(directive.patient.clone(), directive.id.clone());
}

/// Whether a provision is about whoever asks, now.
fn concerns(provision: &Provision, directive: &Directive, reader: &Reader, now: Instant) -> bool {
    let Some(permits) = provision.permits else { return false };
    let names = |actor: &Actor| match actor {
        Actor::Known(key) => reader.names.contains(key) || !permits && !is_resolved(key),
        Actor::Unknown => !permits,
    };
    let is_emergency = reader.emergency.as_deref() == Some(&*directive.patient);
    let for_emergency = provision.purposes.iter().any(|purpose| crate::policy::EMERGENCY.contains(&&**purpose));
    if is_emergency && !permits && !for_emergency {
        return false;
    }
    let purpose = match (provision.purposes.is_empty(), reader.purposes.is_empty()) {
        (true, _) => true,
        // Nobody said what for: one that denies is taken to be about it.
        (false, true) => !permits,
        // One without a code may be any.
        (false, false) => provision.purposes.iter().any(|purpose| reader.purposes.contains(purpose) || !permits && purpose.is_empty()),
    };
    provision.period.has(now) && purpose && (provision.actors.is_empty() || provision.actors.iter().any(names))
}

/// Whether it can be told who is of it: the module `identities` of [`crate::access`] looks it up.
fn is_resolved(key: &Key) -> bool {
    matches!(
        key.kind.name(),
        "Practitioner" | "PractitionerRole" | "Patient" | "RelatedPerson" | "Person" | "Organization" | "CareTeam" | "Group" | "Location"
    )
}

/// The data of patients that a part is about. `widely` as in [`Data::filter`]; what is excepted is read the other way.
fn of(registry: &Registry, kind: ResourceType, (data, but): &Part, patients: &Patients, widely: bool) -> Filter {
    if kind.name() == "Patient" && widely && !data.names(kind) {
        return nothing();
    }
    let meant = data.filter(registry, kind, widely);
    let excepted = any(but.iter().map(|data| data.filter(registry, kind, !widely)));
    let meant = all([meant, not(excepted)]);
    if crate::criteria::is_nothing(&meant) {
        return meant;
    }
    all([theirs(registry, kind, patients), meant])
}

/// What is about these patients.
fn theirs(registry: &Registry, kind: ResourceType, patients: &Patients) -> Filter {
    if kind.name() == "Patient" {
        return Filter::Id(patients.keys().cloned().collect());
    }
    let targets: Vec<Box<str>> = patients.keys().map(|id| format!("Patient/{id}").into()).collect();
    let tests = about(registry, kind).into_iter().flat_map(|parameter| {
        let param = parameter.param;
        targets.iter().map(move |target| Filter::Match(param, Test::Local(target.clone())))
    });
    let mut tests: Vec<Filter> = tests.collect();
    if tests.len() == 1 { tests.remove(0) } else { Filter::Any(tests) }
}

/// Whether some provision names a team, a group, a role or an organization: then it has to be looked up who is of it.
pub(crate) fn names_groups(directives: &[Directive]) -> bool {
    let is_group = |actor: &Actor| match actor {
        Actor::Known(key) => !matches!(key.kind.name(), "Practitioner" | "Patient" | "RelatedPerson" | "Person"),
        Actor::Unknown => false,
    };
    let provisions = directives.iter().flat_map(|directive| [&directive.base].into_iter().chain(&directive.exceptions));
    provisions.flat_map(|provision| &provision.actors).any(is_group)
}
