//! Verifying that an e-mail address is theirs: a letter goes there, and its link comes back.

use crate::attempts::Counter;
use crate::directory::Changes;
use crate::error::IdentityError;
use crate::identity::Identity;
use crate::link::{LETTER, Link, Purpose};
use crate::outbox::About;
use crate::secret::Secret;
use crate::spelling;
use crate::user::{Email, Status, User};

impl Identity {
    /// Writes a letter to an address that an account is to have. Until it is answered the account keeps the one that it has.
    ///
    /// Fails with [`IdentityError::Unknown`], with [`IdentityError::Invalid`], with [`IdentityError::Wait`] after many letters, and when the directory does.
    pub async fn ask_for_verification(&self, id: &str, address: &str) -> Result<(), IdentityError> {
        let address = spelling::email(address)?;
        let user = self.known(id).await?.record;
        if user.status == Status::Deleted {
            return Err(IdentityError::WrongState("one that is not deleted"));
        }
        self.attempt(&[Counter::letters(id)]).await?;
        let until = self.now() + self.settings().verification_ms;
        let link =
            Link { purpose: Purpose::Verification, user: id.to_owned(), email: Some(address.clone()), generation: user.generation, until };
        let (changes, token) = self.make_link(Changes::new("ask for verification", LETTER), &link)?;
        self.directory().apply(changes).await?;
        self.post(&address, &user, About::Verification, Some((token, until)));
        Ok(())
    }

    /// Verifies the address that a letter was sent to: it is the account's from now on (the one before is told so), and who registered by themselves is active. The id
    /// comes back.
    ///
    /// Fails with [`IdentityError::LinkSpent`], with [`IdentityError::Taken`] when the address belongs to another account, and when the directory does.
    pub async fn verify_email(&self, token: &Secret) -> Result<String, IdentityError> {
        let link = self.link(token, Purpose::Verification).await?;
        let address = link.record.email.clone().ok_or(IdentityError::LinkSpent)?;
        for _ in 0..crate::identity::TRIES {
            let kept = self.known(&link.record.user).await?;
            if kept.record.status == Status::Deleted || kept.record.generation != link.record.generation {
                return Err(IdentityError::LinkSpent);
            }
            let has_password = self.credentials(&kept.id).await?.is_some_and(|known| known.record.password.is_some());
            let status = match kept.record.status {
                Status::Invited if has_password => Status::Active,
                status => status,
            };
            let email = Some(Email { address: address.clone(), verified: true });
            let user = User { email, status, updated: self.now(), ..kept.record.clone() };
            let told = self.by_owner(&kept.id, &user, "the address of an account was verified");
            match self
                .directory()
                .apply(Changes::new("verify address", told).remove(&link).update(&kept, &user))
                .await
                .map_err(IdentityError::from)
            {
                // Either the link was used, or the account was changed: only in the second case it is tried again.
                Err(IdentityError::Raced) => drop(self.link(token, Purpose::Verification).await?),
                done => {
                    done?;
                    if let Some(before) = kept.record.verified_email().filter(|before| *before != address) {
                        self.post(before, &user, About::AddressChanged, None);
                    }
                    return Ok(link.record.user.clone());
                }
            }
        }
        Err(IdentityError::Raced)
    }
}
