//! Files under the resource that they stand with: a Binary whose `securityContext` names a resource is seen by whoever may read that one
//! (<http://hl7.org/fhir/R4/binary-definitions.html#Binary.securityContext>). A Binary itself tells neither whose it is nor how restricted.

use fhir::definitions::ResourceType;
use fhir::json;
use store::commit::{Key, Tenant};
use store::contract::ReadError;
use store::query::{Answer, Version};

use super::{Gate, visible};
use crate::consent::local;
use crate::grant::{Act, Grant};

/// Whether resources of a type stand under others, for somebody who may not read everything.
pub(super) fn shelters(grant: &Grant, kind: ResourceType) -> bool {
    kind.name() == "Binary" && !grant.allows_all(Act::Read)
}

/// The version, if what it stands under is seen as it is now.
pub(super) async fn seen(gate: &Gate, tenant: Tenant, found: Option<Version>) -> Result<Option<Version>, ReadError> {
    match found {
        Some(version) if !is_seen(gate, tenant, &version).await? => Ok(None),
        found => Ok(found),
    }
}

/// Leaves those out of a list that stand under what is not seen.
pub(super) async fn retain(gate: &Gate, tenant: Tenant, versions: &mut Vec<Version>) -> Result<(), ReadError> {
    let mut at = 0;
    while let Some(version) = versions.get(at) {
        match is_seen(gate, tenant, version).await? {
            true => at += 1,
            false => drop(versions.remove(at)),
        }
    }
    Ok(())
}

/// The same for what was found.
pub(super) async fn retain_found(gate: &Gate, tenant: Tenant, answer: &mut Answer) -> Result<(), ReadError> {
    retain(gate, tenant, &mut answer.included).await?;
    let mut at = 0;
    while let Some(version) = answer.matches.get(at) {
        if is_seen(gate, tenant, version).await? {
            at += 1;
            continue;
        }
        answer.matches.remove(at);
        answer.places.remove(at);
        if at < answer.scores.len() {
            answer.scores.remove(at);
        }
        if at < answer.inside.len() {
            answer.inside.remove(at);
        }
    }
    Ok(())
}

async fn is_seen(gate: &Gate, tenant: Tenant, version: &Version) -> Result<bool, ReadError> {
    if !shelters(&gate.grant, version.key.kind) {
        return Ok(true);
    }
    let Some(context) = version.text().and_then(context) else { return Ok(true) };
    match context {
        Some(key) => Ok(visible::by_rule(gate, Act::Read, tenant, &key).await?.is_some()),
        // What is elsewhere cannot be asked.
        None => Ok(false),
    }
}

/// What a Binary with this text stands under; `None` inside: something that is not here. `None`: nothing.
fn context(text: &bytes::Bytes) -> Option<Option<Key>> {
    let resource = json::parse(text).ok()?;
    let reference = resource.get("securityContext")?.text("reference")?;
    Some(local(reference))
}
