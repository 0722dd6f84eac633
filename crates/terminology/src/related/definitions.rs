//! Compares value sets by what they say, without looking at all their codes.

use std::collections::{BTreeMap, BTreeSet};

use super::Comparison;
use crate::error::TerminologyError;
use crate::session::{Rules, Session};
use crate::system::{Filter, Operator};
use crate::value_set::{ConceptSet, ValueSet};

/// What a value set takes from one system.
enum Taken<'v> {
    Everything,
    Codes(BTreeSet<&'v str>),
    /// The sets of filters, each with the version that it names.
    Filtered(Vec<(&'v [Filter], Option<&'v str>)>),
}

/// How two value sets stand to each other; `None` when that takes an expansion.
pub(super) fn compare(session: &Session<'_>, this: &ValueSet, other: &ValueSet) -> Result<Option<Comparison>, TerminologyError> {
    let (Some(this), Some(other)) = (taken(this), taken(other)) else { return Ok(None) };
    let mut comparison = Comparison::default();
    let systems: BTreeSet<&str> = this.keys().chain(other.keys()).copied().collect();
    for system in systems {
        match (this.get(system), other.get(system)) {
            (Some(Taken::Everything), Some(Taken::Everything)) => comparison.has_common = true,
            (Some(Taken::Everything), Some(_)) => (comparison.has_common, comparison.has_more) = (true, true),
            (Some(_), Some(Taken::Everything)) => (comparison.has_common, comparison.lacks) = (true, true),
            (Some(Taken::Codes(this)), Some(Taken::Codes(other))) => compare_codes(&mut comparison, this, other),
            (Some(Taken::Filtered(this)), Some(Taken::Filtered(other))) => {
                if !compare_filters(session, &mut comparison, system, this, other)? {
                    return Ok(None);
                }
            }
            (Some(_), Some(_)) => return Ok(None),
            (Some(_), None) => comparison.has_more = true,
            (None, _) => comparison.lacks = true,
        }
    }
    Ok(Some(comparison))
}

/// What a value set takes from each system; `None` when it takes something out, includes other value sets, or mixes lists and filters.
fn taken(value_set: &ValueSet) -> Option<BTreeMap<&str, Taken<'_>>> {
    let mut taken: BTreeMap<&str, Taken<'_>> = BTreeMap::new();
    if !value_set.excludes.is_empty() || !value_set.has_compose {
        return None;
    }
    let is_plain = |set: &ConceptSet| set.value_sets.is_empty() && (set.concepts.is_empty() || set.filters.is_empty());
    for set in &value_set.includes {
        let system = set.system.as_deref().filter(|_| is_plain(set))?;
        let codes = || set.concepts.iter().map(|listed| &*listed.code);
        let filters = (set.filters.as_slice(), set.version.as_deref());
        match taken.get_mut(system) {
            Some(Taken::Everything) => {}
            Some(Taken::Codes(list)) if !set.concepts.is_empty() => list.extend(codes()),
            Some(Taken::Filtered(list)) if !set.filters.is_empty() => list.push(filters),
            Some(place) if set.is_whole_system() => *place = Taken::Everything,
            Some(_) => return None,
            None if set.is_whole_system() => drop(taken.insert(system, Taken::Everything)),
            None if set.filters.is_empty() => drop(taken.insert(system, Taken::Codes(codes().collect()))),
            None => drop(taken.insert(system, Taken::Filtered(vec![filters]))),
        }
    }
    Some(taken)
}

fn compare_codes(comparison: &mut Comparison, this: &BTreeSet<&str>, other: &BTreeSet<&str>) {
    let owned = |code: &&str| (*code).to_owned();
    comparison.common.extend(this.intersection(other).map(owned));
    comparison.missing.extend(this.difference(other).map(owned));
    comparison.extra.extend(other.difference(this).map(owned));
    comparison.has_common |= !this.is_disjoint(other);
    comparison.has_more |= !this.is_subset(other);
    comparison.lacks |= !other.is_subset(this);
}

/// Compares filters; whether they can be.
fn compare_filters(
    session: &Session<'_>,
    comparison: &mut Comparison,
    system: &str,
    this: &[(&[Filter], Option<&str>)],
    other: &[(&[Filter], Option<&str>)],
) -> Result<bool, TerminologyError> {
    let same = |left: &(&[Filter], Option<&str>), right: &(&[Filter], Option<&str>)| {
        left.1 == right.1 && left.0.len() == right.0.len() && left.0.iter().all(|filter| right.0.contains(filter))
    };
    if this.len() == other.len() && this.iter().all(|left| other.iter().any(|right| same(left, right))) {
        comparison.has_common = true;
        return Ok(true);
    }
    let ([([left], left_version)], [([right], right_version)]) = (this, other) else { return Ok(false) };
    let is_branch = |filter: &Filter| filter.operator == Operator::IsA && matches!(&*filter.property, "concept" | "code");
    if !is_branch(left) || !is_branch(right) || left_version != right_version {
        return Ok(false);
    }
    let Some(system) = session.system(system, *left_version, Rules::Apply)? else { return Ok(false) };
    let row = |filter: &Filter| system.find(&filter.value).and_then(|concept| concept.row());
    let (Some(left), Some(right)) = (row(left), row(right)) else { return Ok(false) };
    if system.is_above(left, right) {
        (comparison.has_common, comparison.has_more) = (true, true);
    } else if system.is_above(right, left) {
        (comparison.has_common, comparison.lacks) = (true, true);
    } else {
        let mut shared = system.descendants(left);
        shared.intersect(&system.descendants(right));
        comparison.has_common |= !shared.is_empty();
        (comparison.has_more, comparison.lacks) = (true, true);
    }
    Ok(true)
}
