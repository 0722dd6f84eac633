//! Changes that rest on what an account was when somebody looked at it, and on who else could administer the tenant then.

use serde::{Deserialize, Serialize};
use store::commit::Tenant;

use crate::directory::{Changes, Kept, Record};
use crate::error::IdentityError;
use crate::identity::Identity;
use crate::user::User;

/// Says how often a tenant's administrators became fewer. Whoever takes one away changes it in the same commit, so that of two who each count on the other one loses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Count {
    tenant: u32,
    changes: u64,
}

impl Record for Count {
    const KIND: &'static str = "administrators";
}

/// The administrators of a tenant as they were at a moment: what rests on them fails when they have become fewer since.
#[derive(Clone, Debug)]
pub struct Roster {
    tenant: Tenant,
    kept: Option<Kept<Count>>,
}

impl Roster {
    fn id(tenant: Tenant) -> String {
        format!("administrators-{}", tenant.0)
    }

    fn counted(&self, changes: Changes) -> Changes {
        match &self.kept {
            Some(kept) => changes.update(kept, &Count { changes: kept.record.changes + 1, ..kept.record }),
            None => changes.create(&Self::id(self.tenant), &Count { tenant: self.tenant.0, changes: 1 }),
        }
    }
}

impl Identity {
    /// The administrators of a tenant as they are now. Look who they are after this.
    ///
    /// Fails when the directory does.
    pub async fn roster(&self, tenant: Tenant) -> Result<Roster, IdentityError> {
        Ok(Roster { tenant, kept: self.directory().get(&Roster::id(tenant)).await? })
    }

    /// Writes what an account is from now on, if it is still the one that was read; with a roster, if the administrators have not become fewer either. What is done is told to the audit trail, in its own words and in those that say what is changed; for the audit trail. Its new version comes back.
    ///
    /// Fails with [`IdentityError::Raced`] when another was faster, with [`IdentityError::Taken`] for a name, with [`IdentityError::Invalid`] for a part in a tenant, and when the directory does.
    pub async fn change_account(
        &self,
        kept: &Kept<User>,
        mut user: User,
        (what, words): (&'static str, String),
        roster: Option<Roster>,
    ) -> Result<u64, IdentityError> {
        user.memberships.iter().try_for_each(|part| part.check())?;
        user.updated = self.now();
        let changes = Changes::new(what, self.on_behalf(&kept.id, &kept.record, what)).of(words).update(kept, &user);
        let changes = roster.iter().fold(changes, |changes, roster| roster.counted(changes));
        self.directory().apply(changes).await?;
        Ok(kept.version + 1)
    }
}
