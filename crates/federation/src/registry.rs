//! Providers made, listed and removed, by administrators.

use identity::Secret;
use identity::base64url;
use identity::chronicle::{Deed, Told};
use identity::directory::{Changes, Kept};
use identity::outside::Vouched;
use identity::random::{SystemRandom, id};
use identity::session::Origin;
use store::commit::{Instant, Tenant};

use crate::error::FederationError;
use crate::federation::Federation;
use crate::provider::{Encryption, OutsideProvider, Proof, Protocol, Saml};

/// How many providers a tenant may have.
pub const MOST: u32 = 50;

impl Federation {
    /// Makes a provider; its id comes back. With `secret` it is the one by which this server proves to it that it is it, whatever the record says of proofs; `created` is set.
    ///
    /// Fails with [`FederationError::BadProvider`], also when the tenant has [`MOST`] already; with `Taken` for a slug of the tenant; and when the directory does.
    pub async fn add(&self, mut provider: OutsideProvider, secret: Option<&Secret>) -> Result<String, FederationError> {
        provider.created = self.now();
        provider.check()?;
        if self.list(Tenant(provider.tenant)).await?.len() >= MOST as usize {
            return Err(FederationError::BadProvider { field: "tenant", rule: "it has as many providers as it may" });
        }
        let id = id(&SystemRandom, "op-")?;
        if let Some(secret) = secret {
            let sealed = self.sealer.seal(&context(&id), secret.expose().as_bytes())?;
            let Protocol::OpenId(openid) = &mut provider.protocol else {
                return Err(FederationError::BadProvider { field: "secret", rule: "this protocol has none" });
            };
            openid.proof = Proof::Secret(base64url::encode(&sealed));
        }
        self.directory().apply(changing(self.now(), "add provider", "a provider was added", &provider).create(&id, &provider)).await?;
        Ok(id)
    }

    /// The providers of a tenant, the newest first, at most [`MOST`].
    ///
    /// Fails when the directory does.
    pub async fn list(&self, tenant: Tenant) -> Result<Vec<Kept<OutsideProvider>>, FederationError> {
        Ok(self.directory().list(Some(("tenant", &tenant.0.to_string())), MOST).await?)
    }

    /// What people of a tenant may sign in with: slugs and names, sorted by name.
    ///
    /// Fails when the directory does.
    pub async fn offered(&self, tenant: Tenant) -> Result<Vec<(String, String)>, FederationError> {
        let used = self.list(tenant).await?.into_iter().filter(|kept| kept.record.active);
        let mut offered: Vec<_> = used.map(|kept| (kept.record.slug, kept.record.name)).collect();
        offered.sort_by(|one, other| one.1.cmp(&other.1));
        Ok(offered)
    }

    /// Takes what a SAML provider says of itself now, other certificates above all; links stay, and what is asked of it here.
    ///
    /// Fails with [`FederationError::NoProvider`], with [`FederationError::BadProvider`] when it calls itself otherwise than before, with `Raced`, and when the directory does.
    pub async fn renew(&self, tenant: Tenant, slug: &str, said: Saml) -> Result<(), FederationError> {
        let found = self.list(tenant).await?.into_iter().find(|kept| kept.record.slug == slug);
        let kept = found.ok_or(FederationError::NoProvider)?;
        let encryption = match &kept.record.protocol {
            Protocol::Saml(known) if known.entity_id == said.entity_id => known.encryption,
            _ => {
                return Err(FederationError::BadProvider {
                    field: "entity_id",
                    rule: "the one by which the provider is known: another is another provider",
                });
            }
        };
        let renewed = OutsideProvider { protocol: Protocol::Saml(Saml { encryption, ..said }), ..kept.record.clone() };
        renewed.check()?;
        Ok(self
            .directory()
            .apply(changing(self.now(), "renew provider", "a provider was changed", &renewed).update(&kept, &renewed))
            .await?)
    }

    /// Says whether the assertions of a SAML provider have to be encrypted.
    ///
    /// Fails with [`FederationError::NoProvider`], with [`FederationError::BadProvider`] when it speaks another protocol, with `Raced`, and when the directory does.
    pub async fn encrypt(&self, tenant: Tenant, slug: &str, encryption: Encryption) -> Result<(), FederationError> {
        let kept = self.used(tenant, slug).await?;
        let Protocol::Saml(known) = &kept.record.protocol else {
            return Err(FederationError::BadProvider { field: "encryption", rule: "this protocol has none" });
        };
        let changed = OutsideProvider { protocol: Protocol::Saml(Saml { encryption, ..known.clone() }), ..kept.record.clone() };
        let changes = changing(self.now(), "encrypt assertions", "a provider was changed", &changed);
        Ok(self.directory().apply(changes.update(&kept, &changed)).await?)
    }

    /// Removes a provider with all links to it and this server's keys towards it: nobody signs in by it any more. Accounts and their sessions stay.
    ///
    /// Fails with [`FederationError::NoProvider`], and when the directory does.
    pub async fn remove(&self, tenant: Tenant, slug: &str) -> Result<(), FederationError> {
        let found = self.list(tenant).await?.into_iter().find(|kept| kept.record.slug == slug);
        let kept = found.ok_or(FederationError::NoProvider)?;
        self.directory().apply(changing(self.now(), "remove provider", "a provider was removed", &kept.record).remove(&kept)).await?;
        self.forget_keys(&kept).await?;
        Ok(self.identity.unlink_all(&kept.id).await?)
    }

    /// Links a person at a provider to an account, for an administrator who knows what the provider calls them.
    ///
    /// Fails with [`FederationError::NoProvider`], as [`identity::Identity::link_person`] does, and when the directory does.
    pub async fn link(&self, tenant: Tenant, slug: &str, user: &str, subject: &str) -> Result<(), FederationError> {
        let kept = self.used(tenant, slug).await?;
        let origin = Origin::new([0, 0, 0, 0].into(), "");
        let vouched = Vouched {
            tenant,
            provider: &kept.id,
            provider_name: &kept.record.name,
            sessions: &[],
            parting: None,
            subject,
            shown: subject,
            second_factor: false,
            origin,
        };
        Ok(self.identity.link_person(user, &vouched).await?)
    }

    /// The secret by which this server proves to a provider that it is it.
    pub(crate) fn opened_secret(&self, id: &str, sealed: &str) -> Result<Secret, FederationError> {
        let sealed = base64url::decode(sealed).unwrap_or_default();
        let opened = self.sealer.open(&context(id), &sealed)?;
        let text = String::from_utf8(opened).map_err(|_| identity::IdentityError::Unsealable)?;
        Ok(Secret::new(text))
    }
}

/// Changes to a provider, told in its tenant.
pub(crate) fn changing(now: Instant, reason: &str, what: &'static str, provider: &OutsideProvider) -> Changes {
    let words = format!("{} ({})", provider.slug, provider.name);
    let deed = Deed::of_server(now, [Tenant(provider.tenant)], what).about(words.as_str());
    Changes::new(reason, Told::Errand(vec![deed])).of(words)
}

fn context(id: &str) -> String {
    format!("outside-provider|{id}")
}
