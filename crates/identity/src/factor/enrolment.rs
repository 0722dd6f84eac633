//! How second factors come to an account, and how they go. The first needs a session; whatever comes after needs one of [`access::Strength::Two`].

use access::Strength;
use store::commit::Tenant;

use crate::chronicle::{Told, named};
use crate::credentials::{Credentials, Totp};
use crate::directory::{Changes, Kept};
use crate::error::IdentityError;
use crate::factor::proving::totp_context;
use crate::factor::{FACTORS, recovery, totp};
use crate::identity::{Identity, put_credentials};
use crate::outbox::About;
use crate::secret::{Secret, hex};
use crate::session::Session;
use crate::sign_in::Begun;
use crate::user::User;

/// The secret of an authenticator app that is to be set up. It is shown once.
#[derive(Clone, Debug)]
pub struct TotpOffer {
    /// In base 32, for typing it.
    pub secret: Secret,
    /// As an `otpauth:` address, for a picture.
    pub address: Secret,
}

/// Which second factors an account has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Factors {
    /// Whether it has an authenticator app.
    pub totp: bool,
    /// How many passkeys it has.
    pub passkeys: usize,
    /// How many recovery codes are left.
    pub recovery: usize,
}

impl Identity {
    /// Which second factors an account has.
    ///
    /// Fails when the directory does.
    pub async fn factors(&self, user: &str) -> Result<Factors, IdentityError> {
        let known = self.credentials(user).await?.map(|kept| kept.record).unwrap_or_default();
        Ok(Factors { totp: known.totp.is_some(), passkeys: known.passkeys.len(), recovery: known.recovery.len() })
    }

    /// Offers a secret for an authenticator app. It counts when a code of it was shown ([`Identity::confirm_totp`]); the app before it counts until then.
    ///
    /// Fails with [`IdentityError::NotSignedIn`], with [`IdentityError::FactorRefused`] when the account has a factor and the session is not of [`Strength::Two`], with
    /// [`IdentityError::Unsealable`] when there is no key to seal with, with [`IdentityError::Raced`], and when the directory does.
    pub async fn offer_totp(&self, token: &Secret) -> Result<TotpOffer, IdentityError> {
        let (_, user, known) = self.enrolling(token).await?;
        let mut secret = [0; totp::SECRET_BYTES];
        self.random().fill(&mut secret)?;
        let sealed = hex(&self.sealer().seal(&totp_context(&user.id), &secret)?);
        let before = known.as_ref().map_or_else(Credentials::default, |kept| kept.record.clone());
        let offered = Credentials { user: user.id.to_string(), offered_totp: Some(Totp { sealed, last_step: 0 }), ..before };
        self.directory()
            .apply(put_credentials(
                Changes::new("offer authenticator", Told::Nothing("what is offered proves nothing yet")),
                known.as_ref(),
                &offered,
            ))
            .await?;
        let secret = totp::base32(&secret);
        Ok(TotpOffer { address: totp::address(&self.settings().issuer, &user.record.login, &secret), secret: Secret::new(secret) })
    }

    /// Takes the authenticator app that was offered, by a code of it. The session goes on under a new token and is of [`Strength::Two`]; the ten recovery codes
    /// are shown once, and those before them are worth nothing.
    ///
    /// Fails with [`IdentityError::NotSignedIn`], with [`IdentityError::FactorRefused`] when the code is wrong or nothing was offered, with [`IdentityError::Raced`], and when the directory does.
    pub async fn confirm_totp(&self, token: &Secret, code: &Secret) -> Result<(Begun, Vec<Secret>), IdentityError> {
        let (session, user, known) = self.enrolling(token).await?;
        let known = known.ok_or(IdentityError::FactorRefused)?;
        let offered = known.record.offered_totp.clone().ok_or(IdentityError::FactorRefused)?;
        let last_step = self.step_of(&user.id, &offered, code)?;
        let (codes, recovery) = recovery::make(&user.id, self.random())?;
        let totp = Some(Totp { last_step, ..offered });
        let taken = Credentials { totp, offered_totp: None, recovery, ..known.record.clone() };
        let strong_until = Some(self.now() + self.settings().strong_ms);
        let changes = Changes::new("take authenticator", self.by_owner(&user.id, &user.record, FACTORS));
        let begun = self.go_on(&session, &user, strong_until, changes.update(&known, &taken)).await?;
        self.write_to(&user.record, About::FactorsChanged);
        Ok((begun, codes))
    }

    /// Makes ten new recovery codes, shown once; those before them are worth nothing.
    ///
    /// Fails with [`IdentityError::NotSignedIn`], with [`IdentityError::FactorRefused`] when the account has no factor or the session is not of [`Strength::Two`], with [`IdentityError::Raced`], and
    /// when the directory does.
    pub async fn renew_recovery_codes(&self, token: &Secret) -> Result<Vec<Secret>, IdentityError> {
        let (_, user, known) = self.enrolling(token).await?;
        let known = known.filter(|kept| kept.record.has_factor()).ok_or(IdentityError::FactorRefused)?;
        let (codes, recovery) = recovery::make(&user.id, self.random())?;
        let renewed = Credentials { recovery, ..known.record.clone() };
        let changes = Changes::new("renew recovery codes", self.by_owner(&user.id, &user.record, FACTORS));
        self.directory().apply(changes.update(&known, &renewed)).await?;
        self.write_to(&user.record, About::FactorsChanged);
        Ok(codes)
    }

    /// Takes the authenticator app off an account; without any factor left, its recovery codes go, too.
    ///
    /// Fails with [`IdentityError::NotSignedIn`], with [`IdentityError::FactorRefused`] when the session is not of [`Strength::Two`], with [`IdentityError::Raced`], and when the directory does.
    pub async fn remove_totp(&self, token: &Secret) -> Result<(), IdentityError> {
        let (_, user, known) = self.enrolling(token).await?;
        let Some(known) = known.filter(|kept| kept.record.totp.is_some()) else { return Ok(()) };
        let mut without = Credentials { totp: None, offered_totp: None, ..known.record.clone() };
        if !without.has_factor() {
            without.recovery.clear();
        }
        let changes = Changes::new("remove authenticator", self.by_owner(&user.id, &user.record, FACTORS));
        self.directory().apply(changes.update(&known, &without)).await?;
        self.write_to(&user.record, About::FactorsChanged);
        Ok(())
    }

    /// Takes all second factors off an account, for somebody who has lost them; all its sessions end. For administrators, who have made sure who asks.
    ///
    /// Fails with [`IdentityError::Unknown`], with [`IdentityError::Raced`], and when the directory does.
    pub async fn remove_factors(&self, user: &str) -> Result<(), IdentityError> {
        let (kept, known) = (self.known(user).await?, self.credentials(user).await?);
        let Some(known) = known else { return Ok(()) };
        let password = known.record.password.clone();
        let without = Credentials { user: user.to_owned(), password, password_set: known.record.password_set, ..Credentials::default() };
        let ended = User { generation: kept.record.generation + 1, updated: self.now(), ..kept.record.clone() };
        let changes = Changes::new("remove factors", self.on_behalf(user, &kept.record, FACTORS)).of(named(user, &kept.record));
        self.directory().apply(changes.update(&known, &without).update(&kept, &ended)).await?;
        self.write_to(&kept.record, About::FactorsChanged);
        Ok(())
    }

    /// Who changes their factors: their session is strong enough for it.
    pub(crate) async fn enrolling(&self, token: &Secret) -> Result<(Kept<Session>, Kept<User>, Option<Kept<Credentials>>), IdentityError> {
        let (session, user) = self.session(token).await?;
        // What opens the account everywhere is not for whoever was vouched for in one tenant.
        if !user.record.memberships.iter().all(|part| session.record.opens(Tenant(part.tenant))) {
            return Err(IdentityError::OneTenantOnly);
        }
        let known = self.credentials(&user.id).await?;
        let has = known.as_ref().is_some_and(|kept| kept.record.has_factor());
        match has && session.record.strength(self.now()) < Strength::Two {
            true => Err(IdentityError::FactorRefused),
            false => Ok((session, user, known)),
        }
    }
}
