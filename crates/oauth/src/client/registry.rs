//! Clients made, changed and removed by administrators.

use identity::chronicle::{Deed, Told};
use identity::directory::{Changes, Kept};
use identity::secret::Secret;
use store::commit::Tenant;

use crate::client::{Client, GrantType, Proof};
use crate::provider::Provider;
use crate::refusal::{Fault, Refusal};

/// A client as it was made.
#[derive(Debug)]
pub struct Registered {
    /// Its id.
    pub id: String,
    /// Its secret, which is shown this once; `None` when it proves otherwise that it is it.
    pub secret: Option<Secret>,
    /// What is known of it.
    pub client: Client,
}

impl Provider {
    /// Makes a client. One that proves with a secret is given one, whatever `hashes` it has; `created` is set.
    ///
    /// Fails as [`Client::check`] does, and when the directory does.
    pub async fn register_client(&self, mut client: Client) -> Result<Registered, Refusal> {
        let mut secret = None;
        if let Proof::Secret { hashes } = &mut client.proof {
            let made = self.fresh_secret("ward_cs_")?;
            *hashes = vec![made.fingerprint()];
            secret = Some(made);
        }
        client.created = self.now();
        client.check()?;
        self.check_service(&client)?;
        let id = self.id("c-")?;
        self.directory.apply(self.changing("register-client", "a client was registered", (&id, &client)).create(&id, &client)).await?;
        Ok(Registered { id, secret, client })
    }

    /// What is known of a client; `None` when there is none of this id in the tenant.
    ///
    /// Fails when the directory does.
    pub async fn find_client(&self, tenant: Tenant, id: &str) -> Result<Option<Kept<Client>>, Refusal> {
        Ok(self.directory.get::<Client>(id).await?.filter(|kept| kept.record.tenant == tenant.0))
    }

    /// At most `most` clients of a tenant, the newest first.
    ///
    /// Fails when the directory does.
    pub async fn list_clients(&self, tenant: Tenant, most: u32) -> Result<Vec<Kept<Client>>, Refusal> {
        Ok(self.directory.list(Some(("tenant", &tenant.0.to_string())), most).await?)
    }

    /// Writes what is known of a client now. What it was given before holds on, as far as the client is active; what it may ask for counts from its next request on.
    ///
    /// Fails as [`Client::check`] does, and with `temporarily_unavailable` when another changed it meanwhile.
    pub async fn change_client(&self, kept: &Kept<Client>, client: &Client) -> Result<(), Refusal> {
        client.check()?;
        self.check_service(client)?;
        if client.tenant != kept.record.tenant {
            return Err(Refusal::new(Fault::InvalidMetadata, "A client stays in its tenant: make another one there."));
        }
        Ok(self.directory.apply(self.changing("change-client", "a client was changed", (&kept.id, client)).update(kept, client)).await?)
    }

    /// That a client which acts for itself proves with a key, where the settings want that (SMART App Launch 2.2, client authentication, symmetric: it is not for backend services).
    ///
    /// Fails with `invalid_client_metadata`.
    pub(crate) fn check_service(&self, client: &Client) -> Result<(), Refusal> {
        let is_refused = !self.settings.service_secrets
            && client.grants.contains(&GrantType::ClientCredentials)
            && matches!(client.proof, Proof::Secret { .. });
        match is_refused {
            true => {
                Err(Refusal::new(Fault::InvalidMetadata, "A service proves with a key here, and not with a secret: register its key set."))
            }
            false => Ok(()),
        }
    }

    /// Gives a client another secret, which is shown this once. The one before holds until the next change; of more, the oldest ends.
    ///
    /// Fails with `invalid_client_metadata` when the client has no secret, and when the directory fails.
    pub async fn change_secret(&self, kept: &Kept<Client>) -> Result<Secret, Refusal> {
        let secret = self.fresh_secret("ward_cs_")?;
        let mut client = kept.record.clone();
        let Proof::Secret { hashes } = &mut client.proof else {
            return Err(Refusal::new(Fault::InvalidMetadata, "The client does not prove with a secret that it is it."));
        };
        hashes.insert(0, secret.fingerprint());
        hashes.truncate(2);
        self.directory
            .apply(self.changing("change-client-secret", "a client was given another secret", (&kept.id, &client)).update(kept, &client))
            .await?;
        Ok(secret)
    }

    /// Removes a client. Whatever it was given ends at once.
    ///
    /// Fails when the directory does.
    pub async fn remove_client(&self, kept: &Kept<Client>) -> Result<(), Refusal> {
        Ok(self.directory.apply(self.changing("remove-client", "a client was removed", (&kept.id, &kept.record)).remove(kept)).await?)
    }

    /// Changes to a client, told in its tenant.
    fn changing(&self, reason: &str, what: &'static str, (id, client): (&str, &Client)) -> Changes {
        let words = client.named(id);
        let deed = Deed::of_server(self.now(), [Tenant(client.tenant)], what).about(words.as_str());
        Changes::new(reason, Told::Errand(vec![deed])).of(words)
    }
}
