//! What a client expects, as far as they may see it.

use std::collections::HashMap;

use store::commit::{Commit, CommitError, Conflict, Expect, Key, Tenant};

use super::failed;
use crate::gate::{Gate, narrow, visible};
use crate::grant::{Act, Verdict};

/// The expectations of a commit as the store is to judge them: those about what is hidden are judged here, as if it were not there. The puts have been judged before.
pub(super) async fn seen(gate: &Gate, asked: &Commit) -> Result<Vec<Expect>, CommitError> {
    let mut seen = Vec::with_capacity(asked.expect.len());
    let mut known = Known { gate, tenant: asked.tenant, seen: HashMap::new() };
    // Who may update what they may not read learns by that whether it is there; who may not has been refused.
    let is_put = |key: &Key| asked.put.iter().any(|put| put.key == *key);
    for each in &asked.expect {
        match each {
            Expect::Exists(key) if is_open_to(gate, key) => seen.push(each.clone()),
            Expect::Version(key, _) | Expect::Exists(key) if is_put(key) => seen.push(each.clone()),
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

/// Whether a client has been told of a resource at its launch: the patient whose record is open, and who the user is. A client that may write Conditions alone has to
/// refer to that patient, whom it may not read; that they are there is no news to it.
fn is_open_to(gate: &Gate, key: &Key) -> bool {
    let principal = &gate.grant.principal;
    let is_patient = key.kind.name() == "Patient" && principal.patient.as_deref() == Some(&*key.id);
    is_patient || principal.fhir_user.as_ref() == Some(key)
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
