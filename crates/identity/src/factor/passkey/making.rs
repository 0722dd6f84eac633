//! Making a passkey: options go to the browser, and the device's answer comes back
//! (<https://www.w3.org/TR/webauthn-3/#sctn-registering-a-new-credential>).

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::{Value, json};

use crate::base64url;
use crate::credentials::Credentials;
use crate::directory::Changes;
use crate::error::IdentityError;
use crate::factor::passkey::Passkey;
use crate::factor::passkey::authenticator_data::AuthenticatorData;
use crate::factor::passkey::cbor::{self, Cbor};
use crate::factor::passkey::challenge::{Ceremony, HOLDS_MS};
use crate::factor::passkey::client_data::{ClientData, member};
use crate::factor::passkey::cose::{ALGORITHMS, PublicKey};
use crate::factor::{FACTORS, recovery};
use crate::identity::{Identity, put_credentials};
use crate::outbox::About;
use crate::secret::Secret;
use crate::settings::RelyingParty;
use crate::sign_in::Begun;
use crate::spelling;

/// The most passkeys of one account.
pub const MOST: usize = 20;

/// What a new credential is: what becomes of the device's answer.
struct Made<'a> {
    id: &'a [u8],
    key: &'a [u8],
    said: AuthenticatorData<'a>,
}

impl Identity {
    /// The options with which a browser makes a passkey: a `PublicKeyCredentialCreationOptionsJSON`.
    ///
    /// Fails with [`IdentityError::NotSignedIn`], with [`IdentityError::FactorRefused`] when the account has a factor and the session is not of [`access::Strength::Two`], with
    /// [`IdentityError::WrongState`] when there are no passkeys or the account has [`MOST`] of them, and when the directory does.
    pub async fn offer_passkey(&self, token: &Secret) -> Result<Value, IdentityError> {
        let party = self.relying_party()?;
        let (_, user, known) = self.enrolling(token).await?;
        let passkeys = known.map(|kept| kept.record.passkeys).unwrap_or_default();
        if passkeys.len() >= MOST {
            return Err(IdentityError::WrongState("one with fewer than 20 passkeys"));
        }
        let challenge = self.challenge(Ceremony::Making, Some(&user.id)).await?;
        let algorithms: Vec<Value> = ALGORITHMS.iter().map(|number| json!({ "type": "public-key", "alg": number })).collect();
        Ok(json!({
            "rp": { "id": party.id, "name": self.settings().issuer },
            "user": { "id": base64url::encode(user.id.as_bytes()), "name": user.record.login, "displayName": user.record.name },
            "challenge": challenge,
            "pubKeyCredParams": algorithms,
            "timeout": HOLDS_MS,
            "excludeCredentials": descriptors(self.usable(&passkeys)),
            "authenticatorSelection": { "residentKey": "preferred", "userVerification": "preferred" },
            "attestation": "none",
        }))
    }

    /// Takes the passkey that a device has made: `answer` is a `RegistrationResponseJSON`, `name` what its owner calls it. The session goes on under a new token and is of
    /// [`access::Strength::Two`]. With the first factor come ten recovery codes, shown once.
    ///
    /// Fails with [`IdentityError::NotSignedIn`], with [`IdentityError::Invalid`] for the name, with [`IdentityError::FactorRefused`] when the answer is not one to a challenge of this account or the passkey
    /// belongs to somebody, with [`IdentityError::Raced`], and when the directory does.
    pub async fn take_passkey(&self, token: &Secret, name: &str, answer: &Value) -> Result<(Begun, Vec<Secret>), IdentityError> {
        let (name, party) = (spelling::name(name)?, self.relying_party()?);
        let (session, user, known) = self.enrolling(token).await?;
        let client_bytes = member(answer, "clientDataJSON").ok_or(IdentityError::FactorRefused)?;
        let client = ClientData::read(&client_bytes, "webauthn.create", party).ok_or(IdentityError::FactorRefused)?;
        let challenge = self.challenged(&client.challenge, Ceremony::Making, Some(&user.id)).await?;
        let object = member(answer, "attestationObject").ok_or(IdentityError::FactorRefused)?;
        let made = made(&object, &client_bytes, party).ok_or(IdentityError::FactorRefused)?;
        let id = base64url::encode(made.id);
        if answer.get("id").and_then(Value::as_str) != Some(&id) {
            return Err(IdentityError::FactorRefused);
        }
        let mut taken = known.as_ref().map_or_else(Credentials::default, |kept| kept.record.clone());
        if taken.passkeys.len() >= MOST || taken.passkeys.iter().any(|passkey| passkey.id == id) {
            return Err(IdentityError::FactorRefused);
        }
        let (codes, recovery) = match taken.has_factor() {
            true => (Vec::new(), taken.recovery),
            false => recovery::make(&user.id, self.random())?,
        };
        (taken.user, taken.recovery) = (user.id.to_string(), recovery);
        let key = base64url::encode(made.key);
        let (created, count, backed_up) = (self.now(), made.said.count, made.said.backed_up());
        let party = self.party_of_passkeys().to_owned();
        taken.passkeys.push(Passkey { id, name, key, count, created, last_used: None, backed_up, party });
        let changes = put_credentials(
            Changes::new("take passkey", self.by_owner(&user.id, &user.record, FACTORS)).remove(&challenge),
            known.as_ref(),
            &taken,
        );
        let strong_until = Some(self.now() + self.settings().strong_ms);
        match self.go_on(&session, &user, strong_until, changes).await {
            Err(IdentityError::Taken(_)) => Err(IdentityError::FactorRefused),
            done => {
                let begun = done?;
                self.write_to(&user.record, About::FactorsChanged);
                Ok((begun, codes))
            }
        }
    }

    /// Takes a passkey off an account, by its id; without any factor left, its recovery codes go, too.
    ///
    /// Fails with [`IdentityError::NotSignedIn`], with [`IdentityError::FactorRefused`] when the session is not of [`access::Strength::Two`], with [`IdentityError::Unknown`], with
    /// [`IdentityError::Raced`], and when the directory does.
    pub async fn remove_passkey(&self, token: &Secret, id: &str) -> Result<(), IdentityError> {
        let (_, user, known) = self.enrolling(token).await?;
        let known = known.ok_or(IdentityError::Unknown("passkey"))?;
        let mut without = known.record.clone();
        without.passkeys.retain(|passkey| passkey.id != id);
        if without.passkeys.len() == known.record.passkeys.len() {
            return Err(IdentityError::Unknown("passkey"));
        }
        if !without.has_factor() {
            without.recovery.clear();
        }
        self.directory()
            .apply(Changes::new("remove passkey", self.by_owner(&user.id, &user.record, FACTORS)).update(&known, &without))
            .await?;
        self.write_to(&user.record, About::FactorsChanged);
        Ok(())
    }

    /// The passkeys of an account, the oldest first.
    ///
    /// Fails when the directory does.
    pub async fn passkeys(&self, user: &str) -> Result<Vec<Passkey>, IdentityError> {
        Ok(self.credentials(user).await?.map(|kept| kept.record.passkeys).unwrap_or_default())
    }

    /// Calls a passkey of an account by another name.
    ///
    /// Fails with [`IdentityError::NotSignedIn`], with [`IdentityError::FactorRefused`] when the session is not of [`access::Strength::Two`], with [`IdentityError::Invalid`] for the name, with
    /// [`IdentityError::Unknown`], with [`IdentityError::Raced`], and when the directory does.
    pub async fn rename_passkey(&self, token: &Secret, id: &str, name: &str) -> Result<(), IdentityError> {
        let name = spelling::name(name)?;
        let (_, user, known) = self.enrolling(token).await?;
        let known = known.ok_or(IdentityError::Unknown("passkey"))?;
        let mut renamed = known.record.clone();
        let passkey = renamed.passkeys.iter_mut().find(|passkey| passkey.id == id).ok_or(IdentityError::Unknown("passkey"))?;
        passkey.name = name;
        self.directory()
            .apply(Changes::new("rename passkey", self.by_owner(&user.id, &user.record, FACTORS)).update(&known, &renamed))
            .await?;
        Ok(())
    }

    /// Whether passkeys can be made and used on the pages of an origin.
    pub fn takes_passkeys_of(&self, origin: &str) -> bool {
        self.relying_party().is_ok_and(|party| party.origins.iter().any(|known| known == origin))
    }

    /// Those of some passkeys that can be used here.
    pub(super) fn usable<'p>(&self, passkeys: &'p [Passkey]) -> impl Iterator<Item = &'p Passkey> {
        let party = self.party_of_passkeys();
        passkeys.iter().filter(move |passkey| passkey.party == party)
    }
}

/// Passkeys, as browsers are told of them.
pub(super) fn descriptors<'p>(passkeys: impl Iterator<Item = &'p Passkey>) -> Vec<Value> {
    passkeys.map(|passkey| json!({ "type": "public-key", "id": passkey.id })).collect()
}

/// The new credential in an attestation object. Its attestation is none, or one of the credential with itself (which says no more).
fn made<'a>(object: &'a [u8], client_bytes: &[u8], party: &RelyingParty) -> Option<Made<'a>> {
    let object = cbor::whole(object)?;
    let bytes = object.named("authData")?.bytes()?;
    let said = AuthenticatorData::read(bytes)?;
    let (id, key) = said.credential?;
    let public = PublicKey::read(key)?;
    let statement = object.named("attStmt")?;
    let attested = match object.named("fmt")? {
        Cbor::Text("none") => *statement == Cbor::Map(Vec::new()),
        Cbor::Text("packed") => {
            let message = [bytes, digest(&SHA256, client_bytes).as_ref()].concat();
            let signed = statement.named("sig").and_then(Cbor::bytes).is_some_and(|signature| public.verifies(&message, signature));
            signed && statement.named("x5c").is_none() && statement.named("alg").and_then(Cbor::int) == Some(public.algorithm())
        }
        _ => false,
    };
    let ours = said.relying_party == digest(&SHA256, party.id.as_bytes()).as_ref();
    (attested && ours && said.present()).then_some(Made { id, key, said })
}
