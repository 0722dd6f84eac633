//! Using a passkey: options go to the browser, and the device's signature comes back
//! (<https://www.w3.org/TR/webauthn-3/#sctn-verifying-assertion>).

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::{Value, json};

use crate::base64url;
use crate::chronicle::Did;
use crate::credentials::Credentials;
use crate::directory::{Changes, Kept};
use crate::error::IdentityError;
use crate::factor::passkey::authenticator_data::AuthenticatorData;
use crate::factor::passkey::challenge::{Ceremony, Challenge, HOLDS_MS};
use crate::factor::passkey::client_data::{ClientData, member};
use crate::factor::passkey::cose::PublicKey;
use crate::factor::passkey::making::descriptors;
use crate::factor::passkey::{Passkey, fingerprint};
use crate::identity::{Identity, TRIES};
use crate::secret::Secret;
use crate::session::Origin;
use crate::sign_in::{BEGINS, Begun, Opening};
use crate::user::Status;

/// A signature that was verified.
pub(crate) struct Signed {
    challenge: Kept<Challenge>,
    /// The proofs of the account, with the use noted.
    used: Credentials,
    verified: bool,
}

impl Identity {
    /// The options with which a browser asks for a passkey as a second factor (`token` is that of [`crate::sign_in::SignedIn::Halfway`]) or to step up (that of a session): a
    /// `PublicKeyCredentialRequestOptionsJSON`. The answer goes into [`crate::factor::Proof::Passkey`].
    ///
    /// Fails with [`IdentityError::NotSignedIn`], with [`IdentityError::FactorRefused`] when the account has no passkey that can be used here, with [`IdentityError::WrongState`] when there are no passkeys at all, and when the
    /// directory does.
    pub async fn ask_for_passkey(&self, token: &Secret) -> Result<Value, IdentityError> {
        let user = match self.first_half(token).await {
            Ok((_, user)) => user.id,
            Err(IdentityError::NotSignedIn) => self.session(token).await?.1.id,
            Err(error) => return Err(error),
        };
        let passkeys = self.passkeys(&user).await?;
        if self.usable(&passkeys).next().is_none() {
            return Err(IdentityError::FactorRefused);
        }
        self.options(Some(&user), &passkeys).await
    }

    /// The options with which a browser asks for a passkey in place of login and password: a `PublicKeyCredentialRequestOptionsJSON`. The answer goes to
    /// [`Identity::sign_in_with_passkey`].
    ///
    /// Fails with [`IdentityError::WrongState`] when there are no passkeys, and when the directory does.
    pub async fn ask_for_any_passkey(&self) -> Result<Value, IdentityError> {
        self.options(None, &[]).await
    }

    /// Signs in by a passkey alone, if the device has made sure that it is its owner: a session begins, of [`access::Strength::Two`]. `answer` is an `AuthenticationResponseJSON`.
    /// `device` is what the device was given at a sign-in before.
    ///
    /// Fails with [`IdentityError::SignInRefused`] when the answer is none to a challenge, the passkey is nobody's, or the account may not sign in; and when the directory does.
    pub async fn sign_in_with_passkey(&self, answer: &Value, origin: Origin, device: Option<&Secret>) -> Result<Begun, IdentityError> {
        let address = origin.address;
        let done = self.judge_passkey(answer, origin, device).await;
        if let Err(error @ IdentityError::SignInRefused) = &done {
            self.refused(Did::SignIn, None, (address, None), error).await?;
        }
        done
    }

    async fn judge_passkey(&self, answer: &Value, origin: Origin, device: Option<&Secret>) -> Result<Begun, IdentityError> {
        let id = answer.get("id").and_then(Value::as_str).ok_or(IdentityError::SignInRefused)?;
        for _ in 0..TRIES {
            let known = self.directory().find::<Credentials>("passkey", &fingerprint(id)).await?.ok_or(IdentityError::SignInRefused)?;
            let user = self.known(&known.record.user).await?;
            let signed = match self.signed(&known.record, answer, None).await {
                Ok(signed) if signed.verified && user.record.status == Status::Active => signed,
                Ok(_) | Err(IdentityError::FactorRefused) => return Err(IdentityError::SignInRefused),
                Err(error) => return Err(error),
            };
            let device = self.device(device, &user.id, user.record.generation).await?;
            let changes = signed.note(Changes::new("sign-in by passkey", BEGINS), &known);
            let strong_until = Some(self.now() + self.settings().strong_ms);
            let opening = Opening { origin: origin.clone(), strong_until, known_device: device.is_some(), only_in: None, came_by: None };
            match self.begin(&user.id, user.record.generation, opening, changes).await {
                Err(IdentityError::Raced) => {}
                done => return done,
            }
        }
        Err(IdentityError::Raced)
    }

    /// Verifies the answer of a device to a challenge that was made for `user`, or for whoever it is.
    pub(crate) async fn signed(&self, known: &Credentials, answer: &Value, user: Option<&str>) -> Result<Signed, IdentityError> {
        let refused = || IdentityError::FactorRefused;
        let party = self.relying_party().map_err(|_| refused())?;
        let client_bytes = member(answer, "clientDataJSON").ok_or_else(refused)?;
        let client = ClientData::read(&client_bytes, "webauthn.get", party).ok_or_else(refused)?;
        let challenge = self.challenged(&client.challenge, Ceremony::Using, user).await?;
        let mut used = known.clone();
        let id = answer.get("id").and_then(Value::as_str).ok_or_else(refused)?;
        let passkey =
            used.passkeys.iter_mut().find(|passkey| passkey.id == id && passkey.party == self.party_of_passkeys()).ok_or_else(refused)?;
        // A device that names its owner must name this one.
        if member(answer, "userHandle").is_some_and(|handle| handle != known.user.as_bytes()) {
            return Err(refused());
        }
        let bytes = member(answer, "authenticatorData").ok_or_else(refused)?;
        let said = AuthenticatorData::read(&bytes).ok_or_else(refused)?;
        let message = [&bytes, digest(&SHA256, &client_bytes).as_ref()].concat();
        let signature = member(answer, "signature").ok_or_else(refused)?;
        let public = base64url::decode(&passkey.key).and_then(|key| PublicKey::read(&key)).ok_or_else(refused)?;
        let ours = said.relying_party == digest(&SHA256, party.id.as_bytes()).as_ref() && said.credential.is_none();
        if !(ours && said.present() && counts_on(passkey, said.count) && public.verifies(&message, &signature)) {
            return Err(refused());
        }
        (passkey.count, passkey.last_used, passkey.backed_up) = (said.count, Some(self.now()), said.backed_up());
        Ok(Signed { challenge, used, verified: said.verified() })
    }

    async fn options(&self, user: Option<&str>, passkeys: &[Passkey]) -> Result<Value, IdentityError> {
        let party = self.relying_party()?;
        Ok(json!({
            "challenge": self.challenge(Ceremony::Using, user).await?,
            "timeout": HOLDS_MS,
            "rpId": party.id,
            "allowCredentials": descriptors(self.usable(passkeys)),
            "userVerification": if user.is_some() { "preferred" } else { "required" },
        }))
    }
}

impl Signed {
    /// Adds to changes that the challenge is spent and the passkey was used.
    pub(crate) fn note(&self, changes: Changes, known: &Kept<Credentials>) -> Changes {
        changes.remove(&self.challenge).update(known, &self.used)
    }
}

/// Whether a device counts on from what it said last. One that counts back was copied, or answers again.
fn counts_on(passkey: &Passkey, count: u32) -> bool {
    (passkey.count == 0 && count == 0) || count > passkey.count
}
