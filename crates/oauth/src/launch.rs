//! A launch from the record system, and what was open in it (SMART App Launch 2.2, EHR launch).

use identity::directory::{Changes, Record};
use identity::seen::Fingerprint;
use serde::{Deserialize, Serialize};
use store::commit::Instant;

use crate::params;
use crate::provider::Provider;
use crate::refusal::{Fault, Refusal};
use crate::settings::LAUNCH_MS;
use crate::site::Site;

/// What was open in the record system: the launch context.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The patient, by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<String>,
    /// The encounter, by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encounter: Option<String>,
    /// Other resources, by reference: `ImagingStudy/12`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<String>,
    /// What the user wants there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intent: Option<String>,
    /// Whether the client must show whose chart it is: not when it is shown within one that does.
    pub needs_banner: bool,
}

/// A launch that waits for its client. Its id is the fingerprint of what was handed out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Launch {
    pub(crate) tenant: u32,
    pub(crate) client: String,
    pub(crate) user: String,
    pub(crate) opened: Opened,
    pub(crate) ends: Instant,
}

impl Record for Launch {
    const KIND: &'static str = "launch";

    fn ends(&self) -> Option<Instant> {
        Some(self.ends)
    }
}

impl Provider {
    /// Makes a launch: the address to open in the user's browser. It holds for five minutes, for this client and this user, once.
    ///
    /// Fails with `invalid_client` when the client is not there, and with `invalid_client_metadata` when it has no launch URI.
    pub async fn launch(&self, site: &Site, client: &str, user: &str, opened: Opened) -> Result<String, Refusal> {
        let kept = self.known_client(site, client).await?.ok_or_else(crate::client::authenticate::unknown)?;
        let uri = kept.record.launch_uri.as_deref();
        let uri =
            uri.ok_or_else(|| Refusal::new(Fault::InvalidMetadata, "The client has no launch URI: add it to what is known of it."))?;
        let token = self.fresh_secret("")?;
        let launch =
            Launch { tenant: site.tenant.0, client: client.to_owned(), user: user.to_owned(), opened, ends: self.now() + LAUNCH_MS };
        self.directory.apply(Changes::new("launch").create(&Fingerprint::of(token.expose()).id(), &launch)).await?;
        Ok(params::append(uri, &[("iss", &site.fhir), ("launch", token.expose())]))
    }
}
