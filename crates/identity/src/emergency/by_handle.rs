//! Breaking the glass from elsewhere than a page: an app, or a screen of its own, has no session's token, and knows the session by its handle.
//!
//! It takes the same: a reason, and a code that is shown then. The session goes on under its token, and is no stronger than it was.

use crate::attempts::Counter;
use crate::chronicle::{Actor, Did, Told};
use crate::directory::{Changes, Kept};
use crate::error::IdentityError;
use crate::factor::Proof;
use crate::identity::{Identity, TRIES};
use crate::session::Session;
use crate::user::User;

use super::{Asked, Emergency, words};

impl Identity {
    /// Breaks the glass in the session of this handle, which must be of this account, as [`Identity::break_glass`] does.
    ///
    /// Fails with [`IdentityError::NotSignedIn`] when there is no such session, or it is over, and as [`Identity::break_glass`] does.
    pub async fn break_glass_in(&self, (user, handle): (&str, &str), proof: &Proof, asked: &Asked<'_>) -> Result<Emergency, IdentityError> {
        let reason = words("reason", asked.reason)?;
        let (session, account) = self.session_of(user, handle).await?;
        if account.record.membership(asked.tenant).is_none() || !session.record.opens(asked.tenant) {
            return Err(IdentityError::NoMembership);
        }
        match self.proven(&session.record, &account, proof).await {
            Ok(()) => {}
            Err(error @ (IdentityError::FactorRefused | IdentityError::Wait { .. })) => {
                let actor = Actor::in_session(&account.id, &account.record, &session.record, self.now());
                self.refused(Did::StepUp, Some(actor), (session.record.origin.address, None), &error).await?;
                return Err(error);
            }
            Err(error) => return Err(error),
        }
        self.begin_emergency((&account.id, &account.record), &session.record, reason, asked).await
    }

    /// What the session of this handle has beyond the roles of its account; `None`: nothing.
    ///
    /// Fails with [`IdentityError::NotSignedIn`], and when the directory does.
    pub async fn emergency_in(&self, (user, handle): (&str, &str)) -> Result<Option<Emergency>, IdentityError> {
        let (session, _) = self.session_of(user, handle).await?;
        self.emergency(&session.record).await
    }

    /// Gives back what the session of this handle has beyond the roles of its account. Where there is nothing, nothing is done.
    ///
    /// Fails with [`IdentityError::NotSignedIn`], and when the directory does.
    pub async fn mend_glass_in(&self, (user, handle): (&str, &str)) -> Result<(), IdentityError> {
        let (session, account) = self.session_of(user, handle).await?;
        self.end_emergency(&session.record, &account).await
    }

    async fn session_of(&self, user: &str, handle: &str) -> Result<(Kept<Session>, Kept<User>), IdentityError> {
        let found = self.directory().list::<Session>(Some(("handle", handle)), 2).await?;
        let session = found.into_iter().find(|kept| kept.record.user == user).ok_or(IdentityError::NotSignedIn)?;
        let account = self.directory().get::<User>(user).await?.ok_or(IdentityError::NotSignedIn)?;
        match session.record.holds(&account.record, self.settings(), self.now()) {
            true => Ok((session, account)),
            false => Err(IdentityError::NotSignedIn),
        }
    }

    /// Fails unless a proof is good; it is none the next time. Attempts count with those of a step-up in the session.
    async fn proven(&self, session: &Session, account: &Kept<User>, proof: &Proof) -> Result<(), IdentityError> {
        let counter = Counter::session(&session.handle);
        let _turn = self.turn(std::slice::from_ref(&counter)).await?;
        self.attempt(std::slice::from_ref(&counter)).await?;
        for _ in 0..TRIES {
            let known = self.credentials(&account.id).await?.ok_or(IdentityError::FactorRefused)?;
            let deed = self.did(Did::StepUp, Actor::in_session(&account.id, &account.record, session, self.now()));
            let changes = Changes::new("proof for an emergency", Told::Deeds(vec![deed]));
            let changes = self.prove(&known, proof, changes).await?;
            match self.directory().apply(changes).await.map_err(IdentityError::from) {
                Err(IdentityError::Raced) => {}
                done => {
                    done?;
                    return self.succeeded(&[counter], &[]).await;
                }
            }
        }
        Err(IdentityError::Raced)
    }
}
