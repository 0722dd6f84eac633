//! This server's own keys towards a SAML provider: one by which it signs, one for which assertions are encrypted. Each provider has others; they are sealed, and replaced by an order.
//!
//! Providers read metadata when somebody tells them to. So a key that replaces another is published at once, and both go on until the end of the old one: the old one signs until then,
//! as the provider may not know the new one; and what is encrypted for the old one is opened, as the provider may not have heard of the new one.

use identity::base64url;
use identity::chronicle::Told;
use identity::directory::{Changes, DirectoryError, Kept, Record};
use identity::random::{SystemRandom, id};
use saml::Refused;
use saml::encrypted::OpeningKey;
use saml::own::{SigningKey, make};
use serde::{Deserialize, Serialize};
use store::commit::{Instant, Tenant};

use crate::error::FederationError;
use crate::federation::Federation;
use crate::provider::{OutsideProvider, Protocol};
use crate::registry::changing;

/// How many keys towards a provider are looked at.
const MOST: u32 = 50;
const DAY_MS: i64 = 86_400_000;

/// A key towards a provider.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct OwnKey {
    /// The provider, by the id of its record.
    provider: String,
    purpose: Purpose,
    /// Of its purpose, counted from 1.
    number: u32,
    /// The private key in PKCS #8, sealed for the id of the record, in base64url.
    sealed: String,
    /// The certificate, in base64.
    certificate: String,
    /// From when on it signs.
    begins: Instant,
    /// Until when it signs, or opens what is encrypted for it; `None`: nobody has replaced it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ends: Option<Instant>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Purpose {
    Signing,
    Encryption,
}

impl Record for OwnKey {
    const KIND: &'static str = "provider-key";

    fn names(&self) -> Vec<(&'static str, String)> {
        let purpose = if self.purpose == Purpose::Signing { "signing" } else { "encryption" };
        vec![("number", format!("{}|{purpose}|{}", self.provider, self.number))]
    }

    fn groups(&self) -> Vec<(&'static str, String)> {
        vec![("provider", self.provider.clone())]
    }

    fn ends(&self) -> Option<Instant> {
        self.ends
    }
}

/// What of the keys stands in the metadata.
pub(crate) struct Published {
    /// The certificates by which this server signs, or is to sign.
    pub(crate) signing: Vec<String>,
    /// The certificate for which to encrypt.
    pub(crate) encryption: String,
}

impl Federation {
    /// Replaces the keys of this server towards a SAML provider. The old ones go on for so many days, in which the provider has to read the metadata anew; with 0 they end now.
    ///
    /// Fails with [`FederationError::NoProvider`] when there is none of this slug that speaks SAML, with `Raced`, and when the directory does.
    pub async fn rotate(&self, tenant: Tenant, slug: &str, days: u16) -> Result<(), FederationError> {
        let kept = self.used(tenant, slug).await?;
        let Protocol::Saml(_) = &kept.record.protocol else { return Err(FederationError::NoProvider) };
        let (now, deadline) = (self.now(), self.now() + i64::from(days) * DAY_MS);
        let known = self.own_keys(&kept).await?;
        let mut changes = changing(self.now(), "rotate provider keys", "the keys towards a provider were replaced", &kept.record);
        for old in &known {
            let ends = old.record.ends.map_or(deadline, |ends| ends.min(deadline));
            changes = changes.update(old, &OwnKey { ends: Some(ends), ..old.record.clone() });
        }
        for purpose in [Purpose::Signing, Purpose::Encryption] {
            let number = of(&known, purpose).map(|key| key.record.number).max().unwrap_or(0) + 1;
            let begins = if purpose == Purpose::Signing { deadline } else { now };
            let (id, key) = self.made(&kept, purpose, number, begins).await?;
            changes = changes.create(&id, &key);
        }
        Ok(self.directory().apply(changes).await?)
    }

    /// The keys towards a provider that have not ended, the newest first, at least one for each purpose: the first ones are made when there are none.
    async fn own_keys(&self, kept: &Kept<OutsideProvider>) -> Result<Vec<Kept<OwnKey>>, FederationError> {
        for _ in 0..4 {
            let known = self.known_keys(&kept.id).await?;
            let missing = [Purpose::Signing, Purpose::Encryption].into_iter().find(|purpose| of(&known, *purpose).next().is_none());
            let Some(purpose) = missing else { return Ok(known) };
            let (id, key) = self.made(kept, purpose, 1, self.now()).await?;
            let changes = changing(self.now(), "make provider key", "a key towards a provider was made", &kept.record);
            match self.directory().apply(changes.create(&id, &key)).await {
                // Another made it first: that one it is.
                Ok(()) | Err(DirectoryError::Taken(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(DirectoryError::Busy.into())
    }

    async fn known_keys(&self, provider: &str) -> Result<Vec<Kept<OwnKey>>, FederationError> {
        let now = self.now();
        let mut known = self.directory().list::<OwnKey>(Some(("provider", provider)), MOST).await?;
        known.retain(|key| key.record.ends.is_none_or(|ends| now < ends));
        known.sort_by_key(|key| std::cmp::Reverse(key.record.number));
        Ok(known)
    }

    async fn made(
        &self,
        kept: &Kept<OutsideProvider>,
        purpose: Purpose,
        number: u32,
        begins: Instant,
    ) -> Result<(String, OwnKey), FederationError> {
        let (name, now) = (format!("Ward, {}", kept.record.slug), self.now());
        // An RSA key takes a while: it is made beside the threads of the network.
        let made = tokio::task::spawn_blocking(move || make(&name, now)).await;
        let made = made.ok().and_then(Result::ok).ok_or(identity::IdentityError::NoRandomness)?;
        let id = id(&SystemRandom, "pk-")?;
        let sealed = base64url::encode(&self.sealer.seal(&context(&id), &made.private)?);
        let (provider, certificate) = (kept.id.to_string(), made.certificate);
        Ok((id, OwnKey { provider, purpose, number, sealed, certificate, begins, ends: None }))
    }

    /// What of the keys stands in the metadata.
    pub(crate) async fn published(&self, kept: &Kept<OutsideProvider>) -> Result<Published, FederationError> {
        let known = self.own_keys(kept).await?;
        let certificates = |purpose| of(&known, purpose).map(|key| key.record.certificate.clone());
        let encryption = certificates(Purpose::Encryption).next().ok_or(DirectoryError::Busy)?;
        Ok(Published { signing: certificates(Purpose::Signing).collect(), encryption })
    }

    /// The key that signs now.
    pub(crate) async fn signing_key(&self, kept: &Kept<OutsideProvider>) -> Result<SigningKey, FederationError> {
        let (known, now) = (self.own_keys(kept).await?, self.now());
        let key = of(&known, Purpose::Signing).find(|key| key.record.begins <= now).ok_or(DirectoryError::Busy)?;
        SigningKey::of_pkcs8(&self.private_half(key)?).map_err(broken)
    }

    /// The keys for which something may be encrypted, the newest first. None is made for that.
    pub(crate) async fn opening_keys(&self, kept: &Kept<OutsideProvider>) -> Result<Vec<OpeningKey>, FederationError> {
        let known = self.known_keys(&kept.id).await?;
        of(&known, Purpose::Encryption).map(|key| OpeningKey::of_pkcs8(&self.private_half(key)?).map_err(broken)).collect()
    }

    /// Removes the keys towards a provider that is removed.
    pub(crate) async fn forget_keys(&self, kept: &Kept<OutsideProvider>) -> Result<(), FederationError> {
        loop {
            let known = self.directory().list::<OwnKey>(Some(("provider", &*kept.id)), MOST).await?;
            if known.is_empty() {
                return Ok(());
            }
            let changes = Changes::new("remove provider keys", Told::Nothing("the provider is gone, and that is told"));
            self.directory().apply(known.iter().fold(changes, Changes::remove)).await?;
        }
    }

    fn private_half(&self, key: &Kept<OwnKey>) -> Result<Vec<u8>, FederationError> {
        let sealed = base64url::decode(&key.record.sealed).unwrap_or_default();
        Ok(self.sealer.open(&context(&key.id), &sealed)?)
    }
}

fn of(known: &[Kept<OwnKey>], purpose: Purpose) -> impl Iterator<Item = &Kept<OwnKey>> {
    known.iter().filter(move |key| key.record.purpose == purpose)
}

fn broken(_: Refused) -> FederationError {
    FederationError::Identity(identity::IdentityError::Unsealable)
}

/// What the private half of a record is sealed for.
fn context(id: &str) -> String {
    format!("provider-key|{id}")
}
