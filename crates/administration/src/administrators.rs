//! The last administrator stays: somebody must be able to give everything back.

use std::sync::Arc;

use access::{Permission, Principal, Strength};
use fhir::IssueCode;
use identity::Status;
use identity::accounts::Roster;
use identity::user::{HOLDS, User, holding};

use crate::asked::Asked;
use crate::codes;
use crate::desk::Desk;
use crate::refusal::Refusal;

/// How many accounts with a role are read at once, and how many of them are looked at before it is given up to find another administrator.
const BATCH: u32 = 50;
const BATCHES: usize = 20;

impl Desk {
    /// Fails when an account is to change so that nobody is left who could administer everything. What comes back, when the account is such an administrator and is none after the
    /// change, belongs into the same commit: another who goes at the same time is noticed by it.
    pub(crate) async fn keeping_one(&self, asked: &Asked, id: &str, before: &User, after: &User) -> Result<Option<Roster>, Refusal> {
        if !self.administers_all(asked, id, before).await? || self.administers_all(asked, id, after).await? {
            return Ok(None);
        }
        let roster = self.identity.roster(asked.tenant()).await?;
        if self.has_another(asked, id).await? {
            return Ok(Some(roster));
        }
        let what =
            "this is the last account that can administer everything: make another one first, whose owner has accepted the invitation";
        Err(Refusal::of(409, IssueCode::BusinessRule, codes::LAST_ADMINISTRATOR, what))
    }

    async fn has_another(&self, asked: &Asked, id: &str) -> Result<bool, Refusal> {
        for name in self.names(asked).await? {
            let Some(policy) = self.rules.policy(asked.tenant(), &name).await? else { continue };
            if !policy.rules.iter().any(|rule| !rule.administration.is_empty()) {
                continue;
            }
            let (group, mut after) = (holding(asked.tenant(), &name), None);
            for _ in 0..BATCHES {
                let (found, next) = self.identity.directory().page::<User>(Some((HOLDS, &group)), BATCH, after).await?;
                for kept in found.iter().filter(|kept| *kept.id != *id) {
                    if self.administers_all(asked, &kept.id, &kept.record).await? {
                        return Ok(true);
                    }
                }
                after = next;
                if after.is_none() {
                    break;
                }
            }
        }
        Ok(false)
    }

    /// Whether the owner of an account could administer everything, with a second factor.
    async fn administers_all(&self, asked: &Asked, id: &str, user: &User) -> Result<bool, Refusal> {
        if user.status != Status::Active {
            return Ok(false);
        }
        let principal = Principal { strength: Strength::Two, ..user.principal(id, asked.tenant()) };
        let grant = self.rules.grant(&Arc::new(principal), self.identity.now()).await?;
        Ok(Permission::ALL.into_iter().all(|permission| grant.administers(permission)) && grant.assigns("*"))
    }
}
