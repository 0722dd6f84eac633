//! Devices without a browser (RFC 8628): the device shows a short code, the user enters it elsewhere.

use fhir::object;
use identity::chronicle::Told;
use identity::directory::{Changes, DirectoryError, Kept, Record};
use identity::seen::Fingerprint;
use serde::{Deserialize, Serialize};
use store::commit::Instant;

use crate::approval::Approval;
use crate::authorize::{Asked, Prompt, ReplyTo};
use crate::client::GrantType;
use crate::client::authenticate::Request;
use crate::launch::asked_type;
use crate::params;
use crate::provider::Provider;
use crate::refusal::{Fault, Refusal};
use crate::reply::Reply;
use crate::scopes;
use crate::settings::DEVICE_MS;
use crate::site::Site;

/// The letters of codes that people type: no vowels, so that they spell nothing (RFC 8628, section 6.1).
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
/// How long a device waits between two questions at first, in seconds.
const INTERVAL_SECONDS: u32 = 5;

/// A device that waits. Its id is the fingerprint of its code.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Device {
    pub(crate) tenant: u32,
    pub(crate) client: String,
    /// The fingerprint of what the user types.
    pub(crate) user_code: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) left_out: Vec<String>,
    pub(crate) state: State,
    /// When it last asked.
    pub(crate) asked: Instant,
    pub(crate) interval_seconds: u32,
    pub(crate) ends: Instant,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum State {
    /// The user has not decided.
    Waiting,
    /// The user refused.
    Refused,
    /// The user agreed.
    Allowed(Box<Approval>),
    /// Tokens were given: the id of the approval.
    Spent(String),
}

impl Record for Device {
    const KIND: &'static str = "device";

    fn names(&self) -> Vec<(&'static str, String)> {
        vec![("user-code", self.user_code.clone())]
    }

    fn ends(&self) -> Option<Instant> {
        Some(self.ends)
    }
}

impl Provider {
    /// The device authorization endpoint: gives a device its code, and the one to show. What goes wrong is in the answer.
    pub async fn device_authorization(&self, site: &Site, request: Request<'_>) -> Reply {
        self.device_codes(site, request).await.unwrap_or_else(|refusal| refusal.reply())
    }

    async fn device_codes(&self, site: &Site, request: Request<'_>) -> Result<Reply, Refusal> {
        let client = self.client(site, request).await?;
        client.record.needs(GrantType::DeviceCode)?;
        let narrowed = scopes::narrowed(request.params.need("scope")?, &client.record)?;
        // Nothing is open where a device is: but for a patient, nobody is asked for what could be.
        let is_answered = |scope: &String| scope != "launch" && (scope == "launch/patient" || asked_type(scope).is_none());
        let (scopes, unanswered): (Vec<String>, Vec<String>) = narrowed.granted.into_iter().partition(is_answered);
        let (code, shown) = (self.fresh_secret("ward_dc_")?, self.user_code()?);
        let device = Device {
            tenant: site.tenant.0,
            client: client.id.to_string(),
            user_code: user_code_fingerprint(&shown),
            scopes,
            left_out: narrowed.left_out.into_iter().chain(unanswered).collect(),
            state: State::Waiting,
            asked: i64::MIN / 2,
            interval_seconds: INTERVAL_SECONDS,
            ends: self.now() + DEVICE_MS,
        };
        self.directory
            .apply(
                Changes::new("device", Told::Nothing("nobody has allowed anything yet"))
                    .create(&Fingerprint::of(code.expose()).id(), &device),
            )
            .await?;
        let place = site.endpoint("device");
        Ok(Reply::json(
            200,
            object! {
                "device_code": code.expose(),
                "user_code": &*shown,
                "verification_uri": place.as_str(),
                "verification_uri_complete": params::append(&place, &[("user_code", &shown)]),
                "expires_in": DEVICE_MS as u64 / 1000,
                "interval": u64::from(INTERVAL_SECONDS),
            },
        ))
    }

    /// The request of a device whose code a user has typed, in large or small letters, with or without the hyphen; then it goes on as any other, with [`Asked::step`] and
    /// [`Provider::finish`].
    ///
    /// Fails with `expired_token` when there is none that waits.
    pub async fn device_asked(&self, site: &Site, user_code: &str) -> Result<Asked, Refusal> {
        let none = || {
            Refusal::new(Fault::Expired, "No device waits with this code. Look whether it is typed right, or begin again on the device.")
        };
        let found = self.directory.find::<Device>("user-code", &user_code_fingerprint(user_code)).await?;
        let waits = |kept: &Kept<Device>| {
            kept.record.tenant == site.tenant.0 && self.now() < kept.record.ends && matches!(kept.record.state, State::Waiting)
        };
        let kept = found.filter(waits).ok_or_else(none)?;
        let client = self.known_client(site, &kept.record.client).await?.ok_or_else(none)?;
        Ok(Asked {
            client,
            scopes: kept.record.scopes,
            left_out: kept.record.left_out,
            login_hint: None,
            // The one question by which a user finds out that somebody else sent them the code.
            prompt: Prompt { consent: true, ..Prompt::default() },
            max_age_seconds: None,
            opened: None,
            user: None,
            reply_to: ReplyTo::Device(kept.id.to_string()),
        })
    }

    /// Writes down what a user decided about a device; `None`: no.
    pub(crate) async fn decide_device(&self, id: &str, approval: Option<Approval>, told: Told) -> Result<(), Refusal> {
        let ended = || Refusal::new(Fault::Expired, "The device waits no longer. Begin again on it.");
        let state = approval.map_or(State::Refused, |approval| State::Allowed(Box::new(approval)));
        for _ in 0..16 {
            let kept = self.directory.get::<Device>(id).await?.filter(|kept| self.now() < kept.record.ends).ok_or_else(ended)?;
            if !matches!(kept.record.state, State::Waiting) {
                return Err(ended());
            }
            let decided = Device { state: state.clone(), ..kept.record.clone() };
            match self.directory.apply(Changes::new("decide-device", told.clone()).update(&kept, &decided)).await {
                // The device asked at the same time.
                Err(DirectoryError::Raced) => {}
                done => return Ok(done?),
            }
        }
        Err(DirectoryError::Busy.into())
    }

    /// Eight letters that nobody can guess in ten minutes.
    fn user_code(&self) -> Result<String, Refusal> {
        let mut code = String::new();
        while code.len() < 9 {
            let mut bytes = [0; 16];
            self.random.fill(&mut bytes)?;
            for byte in bytes.into_iter().filter(|byte| *byte < 240).take(9 - code.len()) {
                code.push(if code.len() == 4 { '-' } else { char::from(LETTERS[usize::from(byte % 20)]) });
            }
        }
        Ok(code)
    }
}

/// The fingerprint of what a user types, however it is typed.
fn user_code_fingerprint(typed: &str) -> String {
    let letters: String = typed.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).take(64).collect();
    Fingerprint::of(&letters).id()
}
