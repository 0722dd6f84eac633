//! What is asked for, and what has to be shown before it can be answered.

use access::Strength;
use identity::directory::Kept;
use identity::session::Session;
use identity::user::User;
use store::commit::{Instant, Tenant};

use crate::client::Client;
use crate::launch::{LAUNCH_ENCOUNTER, Opened};
use crate::params;
use crate::refusal::{Fault, Refusal};
use crate::site::Site;

/// A request that was understood.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Who asks.
    pub client: Kept<Client>,
    /// What for: scopes that it asks for and may have, each as it is written.
    pub scopes: Vec<String>,
    /// Scopes that it asks for and may not have: they are left out.
    pub left_out: Vec<String>,
    /// Who is to sign in, as the client supposes.
    pub login_hint: Option<String>,
    /// What must be shown, or not.
    pub prompt: Prompt,
    /// How long ago the user may have signed in at most, in seconds.
    pub max_age_seconds: Option<u32>,
    /// What was open, when the launch came from the record system.
    pub opened: Option<Opened>,
    /// Who may answer; `None`: whoever signs in.
    pub(crate) user: Option<String>,
    /// Where the answer goes.
    pub reply_to: ReplyTo,
}

/// Where the answer goes.
#[derive(Clone, Debug)]
pub enum ReplyTo {
    /// Back to the client, by way of the browser.
    Redirect {
        /// The address.
        uri: String,
        /// What it wants back.
        state: Option<String>,
        /// What its verifier must fit.
        challenge: String,
        /// What the ID token repeats.
        nonce: Option<String>,
        /// The fingerprint of the launch that it answers.
        launch: Option<String>,
    },
    /// To a device that waits: the id of its record.
    Device(String),
}

/// What must be shown, or not (OpenID Connect Core, section 3.1.2.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prompt {
    /// Nothing may be shown.
    pub none: bool,
    /// The user signs in again.
    pub login: bool,
    /// The user is asked again.
    pub consent: bool,
}

/// Somebody who has signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// The account, by id.
    pub user: Box<str>,
    /// The session, by its handle.
    pub session: Box<str>,
    /// When.
    pub at: Instant,
    /// How sure it is that it is they.
    pub strength: Strength,
    /// The patient who they are, by id; `None` when they are none.
    pub patient: Option<Box<str>>,
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The user signs in, also one who has before.
    SignIn,
    /// The user is asked which scopes to grant, and, if so, for which patient.
    Ask {
        /// Whether a patient must be chosen.
        patient: bool,
    },
    /// Nobody need be asked: all scopes are granted.
    Grant,
}

/// Why an authorization request is refused, and who is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Denied {
    /// The user, on a page: it is not sure who the client is, or where it is.
    Shown(Refusal),
    /// The client: the address to send the browser to.
    Redirect(String, Refusal),
}

impl SignedIn {
    /// Whoever has a session, as seen in a tenant at a moment.
    pub fn new(user: &Kept<User>, session: &Session, tenant: Tenant, now: Instant) -> Self {
        let fhir_user = user.record.membership(tenant).and_then(|part| part.fhir_user());
        Self {
            user: user.id.clone(),
            session: session.handle.as_str().into(),
            at: session.created,
            strength: session.strength(now),
            patient: fhir_user.filter(|key| key.kind.name() == "Patient").map(|key| key.id),
        }
    }
}

impl Asked {
    /// What comes next for whoever has signed in, if anybody. `began` is when the request first came, for `prompt=login`.
    ///
    /// Fails with what the client is told when it asks for nothing to be shown and something must be, and when the launch is another user's.
    pub fn step(&self, site: &Site, signed_in: Option<&SignedIn>, began: Instant, now: Instant) -> Result<Step, Denied> {
        let fresh = |who: &&SignedIn| {
            let is_new = !self.prompt.login || who.at >= began;
            is_new && self.max_age_seconds.is_none_or(|seconds| now - who.at <= i64::from(seconds) * 1000)
        };
        let Some(who) = signed_in.filter(fresh) else {
            return match self.prompt.none {
                true => Err(self.turn_away(site, Fault::LoginRequired, "The user has to sign in.")),
                false => Ok(Step::SignIn),
            };
        };
        if self.user.as_ref().is_some_and(|user| **user != *who.user) {
            return Err(self.turn_away(site, Fault::AccessDenied, "The launch was made for another user."));
        }
        let patient = self.must_choose_patient(who);
        let must_choose = patient || self.must_choose_encounter();
        match (self.client.record.preapproved && !self.prompt.consent, must_choose, self.prompt.none) {
            (true, false, _) => Ok(Step::Grant),
            (_, _, false) => Ok(Step::Ask { patient }),
            (false, _, true) => Err(self.turn_away(site, Fault::ConsentRequired, "The user has to agree.")),
            (true, true, true) => Err(self.turn_away(site, Fault::InteractionRequired, "The user has to choose what it is about.")),
        }
    }

    /// Whether this user must say whose chart it is about.
    pub(crate) fn must_choose_patient(&self, who: &SignedIn) -> bool {
        let is_told = self.scopes.iter().any(|scope| scope == "launch/patient" || scope.starts_with("patient/"));
        // An encounter is chosen among those of a patient.
        let needs = is_told || self.must_choose_encounter();
        needs && who.patient.is_none() && self.opened.as_ref().is_none_or(|opened| opened.patient.is_none())
    }

    /// Whether the user is asked for an encounter: at a launch that does not come from the record system (SMART App Launch 2.2, launch context requests). They may choose none.
    pub fn must_choose_encounter(&self) -> bool {
        self.opened.is_none() && self.scopes.iter().any(|scope| scope == LAUNCH_ENCOUNTER)
    }

    /// The refusal of this request before the user has decided.
    fn turn_away(&self, site: &Site, fault: Fault, why: &str) -> Denied {
        let refusal = Refusal::new(fault, why);
        if self.client.record.self_registered { Denied::Shown(refusal) } else { self.deny(site, refusal) }
    }

    /// The refusal of this request.
    pub fn deny(&self, site: &Site, refusal: Refusal) -> Denied {
        match &self.reply_to {
            ReplyTo::Redirect { uri, state, .. } => Denied::redirect(site, uri, state.as_deref(), refusal),
            ReplyTo::Device(_) => Denied::Shown(refusal),
        }
    }
}

impl Denied {
    /// A refusal that the client is told (RFC 6749, section 4.1.2.1; RFC 9207).
    pub(crate) fn redirect(site: &Site, uri: &str, state: Option<&str>, refusal: Refusal) -> Self {
        let description = refusal.description();
        let mut members = vec![("error", refusal.error()), ("error_description", &*description)];
        members.extend(state.map(|state| ("state", state)));
        members.push(("iss", &site.issuer));
        Self::Redirect(params::append(uri, &members), refusal)
    }
}
