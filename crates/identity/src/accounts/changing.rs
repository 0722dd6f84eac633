//! What changes on an account that is there: its profile, its parts in tenants, its status.

use crate::api_key::ApiKey;
use crate::chronicle::Told;
use crate::credentials::Credentials;
use crate::directory::{Changes, Record};
use crate::error::IdentityError;
use crate::identity::{Identity, TRIES};
use crate::outside::Linked;
use crate::spelling;
use crate::user::{Membership, Status, User};

/// What people change about themselves. `None` leaves it as it is.
#[derive(Clone, Debug, Default)]
pub struct Profile<'a> {
    /// The name to show.
    pub name: Option<&'a str>,
    /// The telephone number; empty: none.
    pub phone: Option<&'a str>,
    /// The language; empty: the server's.
    pub locale: Option<&'a str>,
}

/// What goes because something else does that is told: an account with its proofs and keys, an invitation when another is made.
const WITH_ACCOUNT: Told = Told::Nothing("what it belongs to is told");

impl Identity {
    /// Changes a profile. (The address has to be verified: see [`Identity::ask_for_verification`].)
    ///
    /// Fails with [`IdentityError::Unknown`], with [`IdentityError::Invalid`], and when the directory does.
    pub async fn change_profile(&self, user: &str, profile: Profile<'_>) -> Result<User, IdentityError> {
        let optional = |text: &str, check: fn(&str) -> Result<String, IdentityError>| match text.is_empty() {
            true => Ok(None),
            false => check(text).map(Some),
        };
        let name = profile.name.map(spelling::name).transpose()?;
        let phone = profile.phone.map(|text| optional(text, spelling::phone)).transpose()?;
        let locale = profile.locale.map(|text| optional(text, spelling::locale)).transpose()?;
        let change = |user: &mut User| {
            user.name = name.clone().unwrap_or_else(|| user.name.clone());
            user.phone = phone.clone().unwrap_or_else(|| user.phone.clone());
            user.locale = locale.clone().unwrap_or_else(|| user.locale.clone());
            match user.status {
                Status::Deleted => Err(IdentityError::WrongState("one that is not deleted")),
                _ => Ok(()),
            }
        };
        self.change_user(user, "change profile", |before| self.by_owner(user, before, "the profile of an account was changed"), change)
            .await
    }

    /// Sets the part of an account in a tenant, whatever it was; it holds from the next request on.
    ///
    /// Fails with [`IdentityError::Unknown`], with [`IdentityError::Invalid`], and when the directory does.
    pub async fn set_membership(&self, user: &str, part: Membership) -> Result<User, IdentityError> {
        part.check()?;
        let change = |user: &mut User| {
            user.memberships.retain(|known| known.tenant != part.tenant);
            user.memberships.push(part.clone());
            Ok(())
        };
        self.change_user(user, "set membership", |before| self.on_behalf(user, before, "the rights of an account were set"), change).await
    }

    /// Takes an account out of a tenant. One that has no part in it stays as it is.
    ///
    /// Fails with [`IdentityError::Unknown`], and when the directory does.
    pub async fn remove_membership(&self, user: &str, tenant: store::commit::Tenant) -> Result<User, IdentityError> {
        let change = |user: &mut User| {
            user.memberships.retain(|known| known.tenant != tenant.0);
            Ok(())
        };
        self.change_user(user, "remove membership", |before| self.on_behalf(user, before, "an account was taken out of a tenant"), change)
            .await
    }

    /// Suspends an account: all its sessions end, and nobody signs in until it is active again.
    ///
    /// Fails with [`IdentityError::Unknown`], with [`IdentityError::WrongState`] when it is not active, and when the directory does.
    pub async fn suspend(&self, user: &str) -> Result<User, IdentityError> {
        self.change_user(user, "suspend", |before| self.on_behalf(user, before, "an account was suspended"), User::suspend).await
    }

    /// Makes a suspended account active again.
    ///
    /// Fails with [`IdentityError::Unknown`], with [`IdentityError::WrongState`] when it is not suspended, and when the directory does.
    pub async fn reactivate(&self, user: &str) -> Result<User, IdentityError> {
        self.change_user(user, "reactivate", |before| self.on_behalf(user, before, "a suspended account is active again"), User::reactivate)
            .await
    }

    /// Deletes an account: its sessions, proofs and keys are gone, with what it said before, and its address is free; login and name stay for the records, and nobody else gets the login.
    ///
    /// Fails with [`IdentityError::Unknown`], and when the directory does.
    pub async fn delete_user(&self, user: &str) -> Result<(), IdentityError> {
        let change = |user: &mut User| {
            user.end();
            Ok(())
        };
        self.change_user(user, "delete account", |before| self.on_behalf(user, before, "an account was deleted"), change).await?;
        self.directory().forget(user).await?;
        self.remove_all::<ApiKey>(user).await?;
        self.remove_all::<Linked>(user).await?;
        for _ in 0..TRIES {
            let Some(kept) = self.credentials(user).await? else { return Ok(()) };
            match self
                .directory()
                .apply(Changes::new("delete proofs", WITH_ACCOUNT).remove::<Credentials>(&kept))
                .await
                .map_err(IdentityError::from)
            {
                Err(IdentityError::Raced) => {}
                done => return done,
            }
        }
        Err(IdentityError::Raced)
    }

    /// Removes all records of a kind that are of an account, also when others change them meanwhile.
    pub(crate) async fn remove_all<R: Record>(&self, user: &str) -> Result<(), IdentityError> {
        for _ in 0..TRIES {
            let found = self.directory().list::<R>(Some(("of-user", user)), 1000).await?;
            if found.is_empty() {
                return Ok(());
            }
            for kept in found {
                match self.directory().apply(Changes::new("remove", WITH_ACCOUNT).remove(&kept)).await.map_err(IdentityError::from) {
                    Err(IdentityError::Raced) => {}
                    done => done?,
                }
            }
        }
        Err(IdentityError::Raced)
    }
}
