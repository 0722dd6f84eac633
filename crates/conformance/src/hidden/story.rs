//! What is written into the two databases, in which order.

use std::collections::HashSet;

use fhir::definitions::ResourceType;
use fhir::{Value, array, object};

use super::actor::{Actor, PATIENTS, Rule};
use crate::random::Random;
use crate::resources::{FREQUENT, IDS, resources};

/// How many resources are written at once.
const TOGETHER: usize = 60;

/// How many resources a type has at most, but for those to which others refer most.
const OF_A_TYPE: usize = 5;

/// Writes that go together.
pub struct Step {
    /// Whether the actor sees nothing of it: then only one of the databases has it.
    pub is_hidden: bool,
    /// The entries of a transaction.
    pub entries: Vec<Value>,
}

/// A resource, as far as it matters to whoever asks for it.
#[derive(Clone, Debug)]
pub struct Told {
    /// `Patient/1`.
    pub place: String,
    /// Its type.
    pub kind: ResourceType,
    /// Whether the actor sees nothing of it.
    pub is_hidden: bool,
    /// What it was last.
    pub last: Value,
}

/// All that is written. Resources are hidden as a whole: what is hidden at the end never was there for the actor, although some of it was shown when it was
/// written first. Of what is shown at the end, some was hidden at first. Hidden ones come before, between and after the others.
pub fn story(seed: u64, actor: &Actor) -> (Vec<Step>, Vec<Told>) {
    let mut random = Random::new(seed, 2 << 50);
    let (mut events, mut told) = (Vec::new(), Vec::new());
    let earlier = resources(seed.wrapping_add(1 << 32));
    for (turn, (resource, earlier)) in resources(seed).into_iter().zip(earlier).enumerate().filter(|(_, (resource, _))| is_taken(resource))
    {
        let Some(kind) = resource.resource_type().and_then(ResourceType::parse) else { continue };
        let is_hidden = match actor.rule(kind) {
            Rule::Everything => false,
            Rule::Nothing => true,
            _ => random.chance(50),
        };
        one(&mut random, actor, (kind, turn, is_hidden), [resource, earlier], &mut events, &mut told);
    }
    for (turn, (id, is_hidden)) in PATIENTS.into_iter().enumerate() {
        let mut patient = object! { "resourceType": "Patient", "id": id, "name": array![object! { "family": "Müller" }] };
        actor.mark(&mut patient, is_hidden, turn);
        events.push((random.below(usize::MAX), is_hidden, put(&patient)));
        told.extend(ResourceType::parse("Patient").map(|kind| Told { place: format!("Patient/{id}"), kind, is_hidden, last: patient }));
    }
    events.sort_by_key(|(at, ..)| *at);
    (steps(events), told)
}

/// When, whether it is hidden, and the entry.
type Event = (usize, bool, Value);

/// What becomes of one resource: sometimes it was another one before, is deleted, and comes back.
fn one(
    random: &mut Random,
    actor: &Actor,
    (kind, turn, is_hidden): (ResourceType, usize, bool),
    [mut resource, mut earlier]: [Value; 2],
    events: &mut Vec<Event>,
    told: &mut Vec<Told>,
) {
    let place = format!("{}/{}", kind.name(), resource.text("id").unwrap_or_default());
    actor.mark(&mut resource, is_hidden, turn);
    let mut entries = Vec::new();
    if random.chance(30) {
        let was_hidden = is_hidden != random.chance(50);
        actor.mark(&mut earlier, was_hidden, turn + 1);
        entries.push(put(&earlier));
    }
    entries.push(put(&resource));
    if random.chance(12) {
        entries.push(object! { "request": object! { "method": "DELETE", "url": place.as_str() } });
        if random.chance(30) {
            entries.push(put(&resource));
        }
    }
    let mut times: Vec<usize> = entries.iter().map(|_| random.below(usize::MAX)).collect();
    times.sort_unstable();
    events.extend(times.into_iter().zip(entries).map(|(at, entry)| (at, is_hidden, entry)));
    told.push(Told { place, kind, is_hidden, last: resource });
}

fn is_taken(resource: &Value) -> bool {
    let is_frequent = resource.resource_type().is_some_and(|kind| FREQUENT.contains(&kind));
    is_frequent || resource.text("id").is_some_and(|id| IDS[..OF_A_TYPE].contains(&id))
}

fn put(resource: &Value) -> Value {
    let url = format!("{}/{}", resource.resource_type().unwrap_or_default(), resource.text("id").unwrap_or_default());
    object! { "resource": resource.clone(), "request": object! { "method": "PUT", "url": url } }
}

/// Those that follow each other and are alike go together, as far as none of them is about the same resource as another.
fn steps(events: Vec<Event>) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut written = HashSet::new();
    for (_, is_hidden, entry) in events {
        let url = entry.get("request").and_then(|request| request.text("url")).unwrap_or_default().to_owned();
        let is_new = written.insert(url.clone());
        match steps.last_mut().filter(|step| step.is_hidden == is_hidden && step.entries.len() < TOGETHER && is_new) {
            Some(step) => step.entries.push(entry),
            None => {
                written = HashSet::from([url]);
                steps.push(Step { is_hidden, entries: vec![entry] });
            }
        }
    }
    steps
}
