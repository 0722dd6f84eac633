//! What was, for whom the rules let see it then **and** now: whoever has lost sight of a resource does not find it in the past.

use std::collections::{HashMap, HashSet};

use fhir::definitions::ResourceType;
use store::Store;
use store::as_of::AsOf;
use store::commit::{Instant, Key, Tenant};
use store::contract::ReadError;
use store::query::{Answer, Filter, Query, Subject, Version};

use super::{Gate, narrow, visible};
use crate::grant::{Act, Grant, Verdict};

/// How many resources of a type may match in the past before the rules of now are put to them, and how many of a type a chain may lead to.
const MAX_RESOURCES: u32 = 1000;

/// The version of that time, a deletion included.
pub(super) async fn read(gate: &Gate, tenant: Tenant, key: &Key, moment: Instant) -> Result<Option<Version>, ReadError> {
    let Some(found) = AsOf::new(gate.store.clone(), moment).read(tenant, key).await? else { return Ok(None) };
    visible::version(gate, tenant, key, found.version).await
}

/// A search in the state of that time. Resources that are deleted now are found by the rules as [`visible::current`] says; chains, `_has` and what is brought along
/// see none of them.
///
/// [`ReadError::TooCostly`] when more than 1,000 resources would have to be looked at one by one.
pub(super) async fn search(gate: &Gate, asked: &Query, moment: Instant) -> Result<Answer, ReadError> {
    let asked = Query { as_of: Some(moment), ..asked.clone() };
    if narrow::is_open(&gate.grant, &asked) {
        return gate.store.search(&asked).await;
    }
    if asked.include.iter().any(|include| include.iterate) {
        return Err(too_costly("what is brought along in the past is looked at one by one: leave :iterate out, or _asOf"));
    }
    let rules = Then::of(gate, &asked).await?;
    let mut query = narrow::query(&rules, gate.grant.visible(), &asked)?;
    seen_now(gate, &mut query).await?;
    let mut answer = gate.store.search(&query).await?;
    retain(gate, asked.tenant, &mut answer.included).await?;
    Ok(answer)
}

/// The rules for chains and `_has` in the past: only what is seen now is there.
struct Then<'a> {
    grant: &'a Grant,
    seen: HashMap<ResourceType, Verdict>,
}

impl narrow::Rules for Then<'_> {
    fn rule(&self, kind: ResourceType) -> &Verdict {
        self.seen.get(&kind).unwrap_or_else(|| self.grant.rule(kind))
    }
}

impl<'a> Then<'a> {
    async fn of(gate: &'a Gate, asked: &Query) -> Result<Self, ReadError> {
        let mut kinds = Vec::new();
        asked.subjects.iter().chain(&asked.inside).for_each(|subject| narrow::others(&subject.filter, &mut kinds));
        let mut seen = HashMap::new();
        for kind in kinds {
            let Verdict::Where(rule) = gate.grant.verdict(kind, Act::Search) else { continue };
            if seen.contains_key(&kind) {
                continue;
            }
            let query = Query { count: MAX_RESOURCES + 1, ..Query::new(asked.tenant, kind, Filter::clone(rule)) };
            let now = gate.store.search(&query).await?.matches;
            if now.len() > MAX_RESOURCES as usize {
                return Err(too_costly("a chain leads to more resources than can be looked at one by one: leave the chain out, or _asOf"));
            }
            let ids = Filter::Id(now.into_iter().map(|version| version.key.id).collect());
            seen.insert(kind, Verdict::Where(Filter::All(vec![Filter::clone(rule), ids]).into()));
        }
        Ok(Self { grant: &gate.grant, seen })
    }
}

/// Leaves of the search what is seen now.
async fn seen_now(gate: &Gate, query: &mut Query) -> Result<(), ReadError> {
    let is_ruled = |subject: &Subject| matches!(gate.grant.verdict(subject.kind, Act::Search), Verdict::Where(_));
    let subjects: Vec<Subject> = query.subjects.iter().filter(|subject| is_ruled(subject)).cloned().collect();
    if subjects.is_empty() {
        return Ok(());
    }
    let candidates = Query { count: MAX_RESOURCES + 1, as_of: query.as_of, ..Query::over(query.tenant, subjects) };
    let found: HashSet<Key> = gate.store.search(&candidates).await?.matches.into_iter().map(|version| version.key).collect();
    if found.len() > MAX_RESOURCES as usize {
        return Err(too_costly("more resources matched then than can be looked at one by one: narrow the search, or leave _asOf out"));
    }
    let seen = visible::among(gate, Act::Search, query.tenant, found).await?;
    let seen: HashSet<&Key> = seen.keys().collect();
    for subject in query.subjects.iter_mut().filter(|subject| is_ruled(subject)) {
        let ids = seen.iter().filter(|key| key.kind == subject.kind).map(|key| key.id.clone()).collect();
        let asked = std::mem::replace(&mut subject.filter, narrow::nothing());
        subject.filter = Filter::All(vec![Filter::Id(ids), asked]);
    }
    Ok(())
}

/// Takes out of what was brought along what is not seen now; the store has left out what was not seen then.
async fn retain(gate: &Gate, tenant: Tenant, versions: &mut Vec<Version>) -> Result<(), ReadError> {
    let keys: HashSet<Key> = versions.iter().map(|version| version.key.clone()).collect();
    let seen = visible::among(gate, Act::Search, tenant, keys).await?;
    versions.retain(|version| seen.contains_key(&version.key));
    Ok(())
}

fn too_costly(remedy: &str) -> ReadError {
    ReadError::TooCostly(remedy.to_owned())
}
