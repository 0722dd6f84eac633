//! Asking for a second factor: after the password, and again when something needs to be sure.

use serde_json::Value;

use crate::attempts::Counter;
use crate::chronicle::{Actor, Did, Told};
use crate::credentials::{Credentials, Totp};
use crate::directory::{Changes, Kept};
use crate::error::IdentityError;
use crate::factor::{recovery, totp};
use crate::identity::{Identity, TRIES};
use crate::secret::Secret;
use crate::session::Session;
use crate::sign_in::{BEGINS, Begun, Halfway};
use crate::user::{Status, User};

/// A second factor, as it is presented.
#[derive(Clone, Debug)]
pub enum Proof {
    /// A code of the authenticator app.
    Totp(Secret),
    /// A recovery code.
    Recovery(Secret),
    /// What a device has signed: an `AuthenticationResponseJSON`, asked for by [`Identity::ask_for_passkey`].
    Passkey(Value),
}

impl Identity {
    /// The second half of a sign-in: a session begins, of [`access::Strength::Two`]. `token` is that of [`crate::sign_in::SignedIn::Halfway`].
    ///
    /// Fails with [`IdentityError::NotSignedIn`] when the first half has ended or was used, with [`IdentityError::FactorRefused`], with [`IdentityError::Wait`] after too many attempts, and when the
    /// directory does.
    pub async fn second_factor(&self, token: &Secret, proof: &Proof) -> Result<Begun, IdentityError> {
        let (half, user) = self.first_half(token).await?;
        let done = self.judge_second_factor(token, proof, (&half, &user)).await;
        if let Err(error @ (IdentityError::FactorRefused | IdentityError::Wait { .. })) = &done {
            let by = half.record.came_by.as_ref().map(|by| &*by.name);
            self.refused(Did::SignIn, Some(Actor::of(&user.id, &user.record)), (half.record.origin.address, by), error).await?;
        }
        done
    }

    async fn judge_second_factor(
        &self,
        token: &Secret,
        proof: &Proof,
        (half, user): (&Kept<Halfway>, &Kept<User>),
    ) -> Result<Begun, IdentityError> {
        let counter = Counter::factor(&user.id, half.record.known_device);
        let _turn = self.turn(std::slice::from_ref(&counter)).await?;
        self.attempt(std::slice::from_ref(&counter)).await?;
        for _ in 0..TRIES {
            let known = self.credentials(&user.id).await?.ok_or(IdentityError::FactorRefused)?;
            let changes = self.prove(&known, proof, Changes::new("second factor", BEGINS).remove(half)).await?;
            let strong_until = Some(self.now() + self.settings().strong_ms);
            match self.begin(&user.id, half.record.generation, half.record.opening(strong_until), changes).await {
                Err(IdentityError::Raced) => drop(self.first_half(token).await?),
                Err(error) => return Err(error),
                Ok(begun) => {
                    self.succeeded(&[counter], &[]).await?;
                    return Ok(begun);
                }
            }
        }
        Err(IdentityError::Raced)
    }

    /// Makes a session one of [`access::Strength::Two`] for [`crate::settings::Settings::strong_ms`]: it goes on under a new token.
    ///
    /// Fails as [`Identity::second_factor`] does.
    pub async fn step_up(&self, token: &Secret, proof: &Proof) -> Result<Begun, IdentityError> {
        let (session, user) = self.session(token).await?;
        let done = self.judge_step_up(token, proof, &session.record).await;
        if let Err(error @ (IdentityError::FactorRefused | IdentityError::Wait { .. })) = &done {
            let actor = Actor::in_session(&user.id, &user.record, &session.record, self.now());
            self.refused(Did::StepUp, Some(actor), (session.record.origin.address, None), error).await?;
        }
        done
    }

    async fn judge_step_up(&self, token: &Secret, proof: &Proof, session: &Session) -> Result<Begun, IdentityError> {
        let counter = Counter::session(&session.handle);
        let _turn = self.turn(std::slice::from_ref(&counter)).await?;
        self.attempt(std::slice::from_ref(&counter)).await?;
        for _ in 0..TRIES {
            let (session, user) = self.session(token).await?;
            let known = self.credentials(&user.id).await?.ok_or(IdentityError::FactorRefused)?;
            let deed = self.did(Did::StepUp, Actor::in_session(&user.id, &user.record, &session.record, self.now()));
            let changes = self.prove(&known, proof, Changes::new("step up", Told::Deeds(vec![deed]))).await?;
            let strong_until = Some(self.now() + self.settings().strong_ms);
            match self.go_on(&session, &user, strong_until, changes).await {
                Err(IdentityError::Raced) => {}
                Err(error) => return Err(error),
                Ok(begun) => {
                    self.succeeded(&[counter], &[]).await?;
                    return Ok(begun);
                }
            }
        }
        Err(IdentityError::Raced)
    }

    /// Adds to changes that a proof was used.
    pub(crate) async fn prove(&self, known: &Kept<Credentials>, proof: &Proof, changes: Changes) -> Result<Changes, IdentityError> {
        let mut proven = known.record.clone();
        match proof {
            Proof::Totp(code) => {
                let totp = proven.totp.as_mut().ok_or(IdentityError::FactorRefused)?;
                totp.last_step = self.step_of(&known.record.user, totp, code)?;
            }
            Proof::Recovery(code) => {
                let given = recovery::fingerprint(&known.record.user, code);
                proven.recovery.retain(|kept| *kept != given);
                if proven.recovery.len() == known.record.recovery.len() || !known.record.has_factor() {
                    return Err(IdentityError::FactorRefused);
                }
            }
            Proof::Passkey(answer) => {
                let signed = self.signed(&known.record, answer, Some(&known.record.user)).await?;
                return Ok(signed.note(changes, known));
            }
        }
        Ok(changes.update(known, &proven))
    }

    /// The step of a code of an app, which was not used yet.
    pub(crate) fn step_of(&self, user: &str, app: &Totp, code: &Secret) -> Result<u64, IdentityError> {
        let sealed = unhex(&app.sealed).ok_or(IdentityError::Unsealable)?;
        let secret = self.sealer().open(&totp_context(user), &sealed)?;
        totp::accepted(&secret, code, self.now(), app.last_step).ok_or(IdentityError::FactorRefused)
    }

    /// Goes on with a session under a new token: the old one is worth nothing.
    pub(crate) async fn go_on(
        &self,
        session: &Kept<Session>,
        user: &Kept<User>,
        strong_until: Option<i64>,
        changes: Changes,
    ) -> Result<Begun, IdentityError> {
        let going_on =
            Session { strong_until: strong_until.or(session.record.strong_until), last_seen: self.now(), ..session.record.clone() };
        let (changes, token) = self.open_session(changes.remove(session), &going_on)?;
        self.directory().apply(changes).await?;
        Ok(Begun { token, user_id: user.id.to_string(), user: user.record.clone(), session: going_on, device: None })
    }

    /// The first half of a sign-in, and whose it is.
    pub(crate) async fn first_half(&self, token: &Secret) -> Result<(Kept<Halfway>, Kept<User>), IdentityError> {
        let half = self.directory().get::<Halfway>(&token.fingerprint()).await?.ok_or(IdentityError::NotSignedIn)?;
        let user = self.directory().get::<User>(&half.record.user).await?.ok_or(IdentityError::NotSignedIn)?;
        let same = user.record.status == Status::Active && user.record.generation == half.record.generation;
        match same && self.now() < half.record.until {
            true => Ok((half, user)),
            false => Err(IdentityError::NotSignedIn),
        }
    }
}

/// To what the secret of an app is bound when it is sealed.
pub(crate) fn totp_context(user: &str) -> String {
    format!("totp|{user}")
}

/// The bytes of hexadecimal digits.
fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |sign: u8| char::from(sign).to_digit(16).map(|digit| digit as u8);
    text.as_bytes().chunks(2).map(|pair| Some(digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?)).collect()
}
