//! A launch from the record system, and what was open in it (SMART App Launch 2.2, EHR launch).

mod item;

pub use item::Item;

use identity::chronicle::Told;
use identity::directory::{Changes, Record};
use identity::seen::Fingerprint;
use serde::{Deserialize, Serialize};
use store::commit::Instant;

use crate::params;
use crate::provider::Provider;
use crate::refusal::{Fault, Refusal};
use crate::settings::LAUNCH_MS;
use crate::site::Site;

/// The scope for an encounter.
pub(crate) const LAUNCH_ENCOUNTER: &str = "launch/encounter";

/// What was open in the record system: the launch context.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The patient, by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<String>,
    /// The encounter, by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encounter: Option<String>,
    /// What else is open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Item>,
    /// What the user wants there: 1 to 200 visible ASCII letters, such as `reconcile-medications`. What they mean is agreed with the app.
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

impl Opened {
    /// Whether something of the type is open that a scope such as `launch/imagingstudy` or `launch/imagingstudy?role=…` asks for. Which role it asks for does not matter: what
    /// is open of the type is told with the roles that it has.
    pub fn answers(&self, scope: &str) -> bool {
        let Some(asked) = asked_type(scope) else { return false };
        match asked {
            "patient" => self.patient.is_some(),
            "encounter" => self.encounter.is_some(),
            other => self.others.iter().any(|item| item.of_type().is_some_and(|kind| kind.eq_ignore_ascii_case(other))),
        }
    }
}

/// The type, in small letters, that a scope for launch context is about: `imagingstudy` for `launch/imagingstudy?role=…`. `None` for any other scope, and for what is no type.
pub(crate) fn asked_type(scope: &str) -> Option<&str> {
    let asked = scope.strip_prefix("launch/")?;
    let kind = asked.split_once("?role=").map_or(asked, |(kind, _)| kind);
    let is_small = kind.bytes().all(|byte| byte.is_ascii_lowercase());
    let mut kinds = fhir::definitions::ResourceType::all();
    (is_small && kinds.any(|known| known.name().eq_ignore_ascii_case(kind))).then_some(kind)
}

impl Provider {
    /// Makes a launch: the address to open in the user's browser. It holds for five minutes, for this client and this user, once.
    ///
    /// Fails with `invalid_client` when the client is not there, with `invalid_client_metadata` when it has no launch URI, and with `invalid_request` when what is open
    /// breaks a rule of [`Item::list`], or the intent one of its own.
    pub async fn launch(&self, site: &Site, client: &str, user: &str, opened: Opened) -> Result<String, Refusal> {
        let kept = self.known_client(site, client).await?.ok_or_else(crate::client::authenticate::unknown)?;
        let uri = kept.record.launch_uri.as_deref();
        let uri =
            uri.ok_or_else(|| Refusal::new(Fault::InvalidMetadata, "The client has no launch URI: add it to what is known of it."))?;
        Item::check_all(&opened.others)?;
        let is_intent = |intent: &String| (1..=200).contains(&intent.len()) && intent.bytes().all(|byte| byte.is_ascii_graphic());
        if !opened.intent.iter().all(is_intent) {
            return Err(Refusal::new(Fault::InvalidRequest, "An intent has 1 to 200 visible ASCII letters, and no blank."));
        }
        let token = self.fresh_secret("")?;
        let launch =
            Launch { tenant: site.tenant.0, client: client.to_owned(), user: user.to_owned(), opened, ends: self.now() + LAUNCH_MS };
        self.directory
            .apply(Changes::new("launch", Told::Nothing("what comes of it is told")).create(&Fingerprint::of(token.expose()).id(), &launch))
            .await?;
        Ok(params::append(uri, &[("iss", &site.fhir), ("launch", token.expose())]))
    }
}
