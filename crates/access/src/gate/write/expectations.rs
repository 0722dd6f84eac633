//! What a client expects, as far as they may see it.

use std::collections::HashMap;

use store::commit::{CommitError, Conflict, Expect, Key, Tenant};

use super::failed;
use crate::gate::{Gate, narrow, visible};
use crate::grant::{Act, Verdict};

/// The expectations as the store is to judge them: those about what is hidden are judged here, as if it were not there.
pub(super) async fn seen(gate: &Gate, tenant: Tenant, expected: &[Expect]) -> Result<Vec<Expect>, CommitError> {
    let mut seen = Vec::with_capacity(expected.len());
    let mut known = Known { gate, tenant, seen: HashMap::new() };
    for each in expected {
        match each {
            Expect::Version(key, _) | Expect::Exists(key) | Expect::Absent(key) if known.sees(key).await? => seen.push(each.clone()),
            Expect::Version(_, 0) | Expect::Absent(_) => {}
            Expect::Version(key, expected) => {
                return Err(Conflict::Version { key: key.clone(), expected: *expected, found: 0 }.into());
            }
            Expect::Exists(key) => return Err(Conflict::Missing(key.clone()).into()),
            Expect::NoMatch(kind, filter) => {
                check(gate, filter)?;
                let filter = narrow::ruled(&*gate.grant, *kind, filter).map_err(failed)?;
                seen.extend(filter.map(|filter| Expect::NoMatch(*kind, filter)));
            }
            Expect::OnlyMatch(key, filter) => {
                check(gate, filter)?;
                match narrow::ruled(&*gate.grant, key.kind, filter).map_err(failed)? {
                    Some(filter) => seen.push(Expect::OnlyMatch(key.clone(), filter)),
                    None => return Err(Conflict::Matches { kind: key.kind, found: Vec::new() }.into()),
                }
            }
        }
    }
    Ok(seen)
}

fn check(gate: &Gate, filter: &store::query::Filter) -> Result<(), CommitError> {
    if gate.grant.has_fields() { gate.hidden_params().check_filter(filter).map_err(failed) } else { Ok(()) }
}

struct Known<'a> {
    gate: &'a Gate,
    tenant: Tenant,
    seen: HashMap<Key, bool>,
}

impl Known<'_> {
    /// Whether the resource may be read, if it is there.
    async fn sees(&mut self, key: &Key) -> Result<bool, CommitError> {
        if let Some(known) = self.seen.get(key) {
            return Ok(*known);
        }
        let sees = match self.gate.grant.verdict(key.kind, Act::Read) {
            Verdict::Allowed => true,
            Verdict::Refused => false,
            Verdict::Where(_) => visible::current(self.gate, Act::Read, self.tenant, key).await.map_err(failed)?.is_some(),
        };
        self.seen.insert(key.clone(), sees);
        Ok(sees)
    }
}
