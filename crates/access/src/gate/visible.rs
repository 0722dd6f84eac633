//! Which resources are seen, by their keys.

use std::collections::{HashMap, HashSet};

use fhir::definitions::ResourceType;
use store::commit::{Key, Tenant};
use store::contract::ReadError;
use store::query::{Filter, Query, Subject, Version};

use super::judge::Judge;
use super::{Gate, shelter};
use crate::grant::{Act, Verdict};

/// The current version of a resource, a deletion included; `None` when it is not there, or not seen. A deleted resource is seen when its last version
/// that was no deletion would be.
pub(super) async fn current(gate: &Gate, act: Act, tenant: Tenant, key: &Key) -> Result<Option<Version>, ReadError> {
    let found = by_rule(gate, act, tenant, key).await?;
    shelter::seen(gate, tenant, found).await
}

/// The same by the rule of its type alone.
pub(super) async fn by_rule(gate: &Gate, act: Act, tenant: Tenant, key: &Key) -> Result<Option<Version>, ReadError> {
    match gate.grant.verdict(key.kind, act) {
        Verdict::Refused => Ok(None),
        Verdict::Allowed => gate.store.read(tenant, key).await,
        Verdict::Where(rule) => {
            let shown = gate.grant.shown().filter(|shown| act == Act::Read && shown.remembers(key.kind, rule));
            if let Some(shown) = shown
                && let Some(found) = gate.store.read(tenant, key).await?.filter(|found| shown.has(found))
            {
                return Ok(Some(found));
            }
            if let Some(found) = passing(gate, tenant, key, rule).await? {
                shown.inspect(|shown| shown.keep(&found));
                return Ok(Some(found));
            }
            let deleted = gate.store.read(tenant, key).await?.filter(|version| version.text().is_none());
            let Some(deleted) = deleted else { return Ok(None) };
            let registry = gate.parameters.current();
            let mut judge = Judge::new(&*gate.store, tenant, &registry);
            Ok(passes(gate, &mut judge, rule, tenant, &deleted).await?.then_some(deleted))
        }
    }
}

/// The current version of a resource when it is no deletion and passes the rule: one search.
pub(super) async fn passing(gate: &Gate, tenant: Tenant, key: &Key, rule: &Filter) -> Result<Option<Version>, ReadError> {
    let filter = Filter::All(vec![Filter::Id(vec![key.id.clone()]), rule.clone()]);
    let query = Query { count: 1, ..Query::new(tenant, key.kind, filter) };
    Ok(gate.store.search(&query).await?.matches.pop())
}

/// A version of a resource, a deletion included, for whom the rules let see it and the current one.
pub(super) async fn version(gate: &Gate, tenant: Tenant, key: &Key, number: u64) -> Result<Option<Version>, ReadError> {
    let rule = match gate.grant.verdict(key.kind, Act::Read) {
        Verdict::Refused => return Ok(None),
        Verdict::Allowed if shelter::shelters(&gate.grant, key.kind) => {
            if current(gate, Act::Read, tenant, key).await?.is_none() {
                return Ok(None);
            }
            let found = gate.store.vread(tenant, key, number).await?;
            return shelter::seen(gate, tenant, found).await;
        }
        Verdict::Allowed => return gate.store.vread(tenant, key, number).await,
        Verdict::Where(rule) => rule,
    };
    let Some(current) = current(gate, Act::Read, tenant, key).await? else { return Ok(None) };
    if current.version == number {
        return Ok(Some(current));
    }
    let Some(found) = gate.store.vread(tenant, key, number).await? else { return Ok(None) };
    let registry = gate.parameters.current();
    let mut judge = Judge::new(&*gate.store, tenant, &registry);
    let found = passes(gate, &mut judge, rule, tenant, &found).await?.then_some(found);
    shelter::seen(gate, tenant, found).await
}

/// Which versions are seen of a resource whose current version is.
#[derive(Clone, Copy)]
pub(super) enum Seen<'a> {
    /// All of them.
    All,
    /// Those that pass this rule by their own content.
    Where(&'a Filter),
}

impl Seen<'_> {
    /// Whether a version is among them.
    pub(super) async fn has(self, gate: &Gate, judge: &mut Judge<'_>, tenant: Tenant, version: &Version) -> Result<bool, ReadError> {
        match self {
            Self::All => Ok(true),
            Self::Where(rule) => passes(gate, judge, rule, tenant, version).await,
        }
    }
}

/// Whether a version passes by its own content; a deletion by that of the version before it, and not at all when that was erased.
async fn passes(gate: &Gate, judge: &mut Judge<'_>, rule: &Filter, tenant: Tenant, version: &Version) -> Result<bool, ReadError> {
    if version.text().is_some() {
        return judge.version_passes(rule, version).await;
    }
    match gate.store.vread(tenant, &version.key, version.version.saturating_sub(1)).await? {
        Some(before) => judge.version_passes(rule, &before).await,
        None => Ok(false),
    }
}

/// Those of the resources that are seen in their current versions, deleted ones included, and which versions of them: one search for all, and a look at
/// each that is deleted.
pub(super) async fn among(gate: &Gate, act: Act, tenant: Tenant, keys: HashSet<Key>) -> Result<HashMap<Key, Seen<'_>>, ReadError> {
    let mut seen = HashMap::with_capacity(keys.len());
    let mut asked: HashMap<ResourceType, (&Filter, Vec<Box<str>>)> = HashMap::new();
    for key in keys {
        match gate.grant.verdict(key.kind, act) {
            Verdict::Refused => {}
            Verdict::Allowed => drop(seen.insert(key, Seen::All)),
            Verdict::Where(rule) => asked.entry(key.kind).or_insert_with(|| (rule, Vec::new())).1.push(key.id),
        }
    }
    if asked.is_empty() {
        return Ok(seen);
    }
    let subject = |(kind, (rule, ids)): (&ResourceType, &(&Filter, Vec<Box<str>>))| {
        let filter = Filter::All(vec![Filter::Id(ids.clone()), Filter::clone(rule)]);
        Subject { kind: *kind, filter }
    };
    let count = asked.values().map(|(_, ids)| ids.len()).sum::<usize>() as u32;
    let query = Query { count, ..Query::over(tenant, asked.iter().map(subject).collect()) };
    let found: HashSet<Key> = gate.store.search(&query).await?.matches.into_iter().map(|version| version.key).collect();
    for (kind, (rule, ids)) in asked {
        for id in ids {
            let key = Key::new(kind, id);
            if found.contains(&key) || current(gate, act, tenant, &key).await?.is_some() {
                seen.insert(key, Seen::Where(rule));
            }
        }
    }
    Ok(seen)
}
