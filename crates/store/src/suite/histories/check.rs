//! Whether an order of commits explains a history.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use super::{Act, Call, Order, Seen, Write};

/// Why a history cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The call that no place in the order explains; `None` when the order alone is wrong.
    pub call: Option<Call>,
    /// What is wrong.
    pub why: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.call {
            None => f.write_str(&self.why),
            Some(call) => write!(f, "{}: {call:?}", self.why),
        }
    }
}

/// Judges a history by an order of commits, which holds every write of the history and no other.
///
/// Each call gets a place: a write its own, a read the first that shows what it saw. It is not before the place of any call that was
/// answered before this one was made; of all places that would do, the first leaves most room to those that follow, so that when it fails there is none.
///
/// # Errors
/// The first call, by the time at which it was made, that no place explains.
pub fn check(order: &Order, calls: &[Call]) -> Result<(), Violation> {
    versions_count_from_one(order)?;
    let places = places_of_writes(order, calls)?;
    // Both ends of all calls, in the order of time.
    let ends = calls.iter().enumerate().flat_map(|(index, call)| [(call.invoked, index, false), (call.returned, index, true)]);
    let mut ends: Vec<_> = ends.collect();
    ends.sort_unstable();
    let mut taken: Vec<usize> = vec![0; calls.len()];
    let mut floor = 0;
    for (_, index, is_answered) in ends {
        if is_answered {
            floor = floor.max(taken[index]);
        } else {
            let wrong = |why: String| Violation { call: Some(calls[index].clone()), why };
            taken[index] = place(order, &calls[index].act, places[index], floor).map_err(wrong)?;
        }
    }
    Ok(())
}

/// The first place of an act that is not before `floor`.
fn place(order: &Order, act: &Act, own: Option<usize>, floor: usize) -> Result<usize, String> {
    match (act, own) {
        (Act::Saw(seen), _) => at_one_moment(order, seen, floor).ok_or_else(|| format!("from place {floor} on, nobody can see this")),
        (Act::SawLast(versions), _) => {
            let place = order.place_of_last(versions).ok_or("these were never the last versions")?;
            if place < floor { Err(format!("these were the last at place {place}, and what was known was at {floor}")) } else { Ok(place) }
        }
        (Act::Wrote { expected, writes: _ }, Some(place)) => {
            if place <= floor {
                return Err(format!("it comes at place {place}, after an answer of place {floor}"));
            }
            match expected.iter().find(|(key, seen)| order.next(key, *seen, place - 1) != Some(place - 1)) {
                Some(unmet) => Err(format!("before place {place} it is not so: {unmet:?}")),
                None => Ok(place),
            }
        }
        (Act::Wrote { .. }, None) => Ok(floor),
    }
}

/// The first place from `floor` on that shows all of this together.
fn at_one_moment(order: &Order, seen: &[(String, Seen)], floor: usize) -> Option<usize> {
    let mut place = floor;
    loop {
        let mut next = place;
        for (key, seen) in seen {
            next = order.next(key, *seen, next)?;
        }
        if next == place {
            return Some(place);
        }
        place = next;
    }
}

fn versions_count_from_one(order: &Order) -> Result<(), Violation> {
    let mut last: BTreeMap<&str, u64> = BTreeMap::new();
    for Write { key, version, .. } in order.commits().iter().flatten() {
        let before = last.insert(key, *version).unwrap_or(0);
        if *version != before + 1 {
            return Err(Violation { call: None, why: format!("{key} has version {version} after {before}") });
        }
    }
    Ok(())
}

/// The place of each write of the history; an error when one is not in the order as it was acknowledged, or one of the order is nobody's.
fn places_of_writes(order: &Order, calls: &[Call]) -> Result<Vec<Option<usize>>, Violation> {
    // What one commit wrote, in whatever order it says it.
    let first_writes = order.commits().iter().enumerate().filter_map(|(index, commit)| Some((sorted(commit).first()?.0, index)));
    let mut commits: HashMap<(&str, u64), usize> = first_writes.collect();
    let mut places = vec![None; calls.len()];
    for (index, call) in calls.iter().enumerate() {
        let Act::Wrote { writes, .. } = &call.act else { continue };
        let writes = sorted(writes);
        let Some((first, _)) = writes.first() else { continue };
        let found = commits.remove(first).filter(|place| sorted(&order.commits()[*place]) == writes);
        let Some(place) = found else {
            return Err(Violation { call: Some(call.clone()), why: "what was acknowledged is not in the order as one commit".to_owned() });
        };
        places[index] = Some(place + 1);
    }
    match commits.into_values().min() {
        Some(unknown) => Err(Violation { call: None, why: format!("nobody wrote {:?}", order.commits()[unknown]) }),
        None => Ok(places),
    }
}

fn sorted(writes: &[Write]) -> Vec<((&str, u64), Option<u64>)> {
    let mut sorted: Vec<_> = writes.iter().map(|write| ((write.key.as_str(), write.version), write.value)).collect();
    sorted.sort_unstable();
    sorted
}
