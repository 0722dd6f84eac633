//! What the user decided goes back to the client.

use access::Strength;
use identity::chronicle::{Deed, Did, Told};
use identity::directory::{Changes, DirectoryError};
use identity::seen::Fingerprint;
use identity::user::{Membership, Status, User};

use crate::approval::Approval;
use crate::authorize::{Asked, Denied, ReplyTo, SignedIn, Step};
use crate::code::Code;
use crate::launch::{LAUNCH_ENCOUNTER, Launch, Opened};
use crate::params;
use crate::provider::Provider;
use crate::refusal::{Fault, Refusal};
use crate::scopes;
use crate::settings::CODE_MS;
use crate::site::Site;

/// What the user decided.
#[derive(Clone, Debug, Default)]
pub struct Decision {
    /// The scopes granted: of those asked for, or narrower ones. None: the user refuses.
    pub scopes: Vec<String>,
    /// The patient chosen, by id. It must be one whom the user may see: it comes from a search through the user's own grant.
    pub patient: Option<String>,
    /// The encounter chosen, by id, where one is asked for ([`Asked::must_choose_encounter`]); `None`: none is, and the scope for it is not granted. It must be one of that patient whom the user
    /// may see, as the patient is.
    pub encounter: Option<String>,
}

/// What was done. `{:?}` shows no code.
#[derive(Clone, PartialEq, Eq)]
pub enum Done {
    /// The browser is sent to this address, with the status 303, so that it repeats no form there.
    Redirect(String),
    /// The device gets its tokens when it asks next.
    Device,
}

impl std::fmt::Debug for Done {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Done::Redirect(_) => "Redirect(…)",
            Done::Device => "Device",
        })
    }
}

impl Provider {
    /// Answers a request with what a user decided. `began` is when the request first came.
    ///
    /// Fails with what is told to the client, or shown, when the user refuses, may not decide this, grants what was not asked for, or chooses no patient where one is
    /// needed; also when the launch was used meanwhile.
    pub async fn finish(&self, site: &Site, asked: &Asked, who: &SignedIn, began: i64, decision: &Decision) -> Result<Done, Denied> {
        let step = asked.step(site, Some(who), began, self.now())?;
        if step == Step::SignIn {
            return Err(asked.deny(site, Refusal::new(Fault::LoginRequired, "The user has to sign in again.")));
        }
        let (approval, user) = self.approval(site, asked, who, decision).await.map_err(|refusal| asked.deny(site, refusal))?;
        let did = Did::Changed("an app was allowed to act for an account");
        let deed = Deed::of_account(self.now(), site.tenant, (&who.user, &user), (&who.session, who.strength), did);
        let told = Told::Deeds(vec![deed.about(asked.client.record.named(&asked.client.id))]);
        if matches!(step, Step::Ask { .. }) {
            self.remember(site, asked, who, &decision.scopes).await.map_err(|refusal| asked.deny(site, refusal))?;
        }
        match &asked.reply_to {
            ReplyTo::Redirect { uri, state, challenge, nonce, launch } => {
                let (challenge, nonce) = (challenge.clone(), nonce.clone());
                let code = Code { approval, redirect_uri: uri.clone(), challenge, nonce, spent: None, ends: self.now() + CODE_MS };
                let text = self.keep_code(&code, launch.as_deref(), told).await.map_err(|refusal| asked.deny(site, refusal))?;
                let mut members = vec![("code", text.expose())];
                members.extend(state.as_deref().map(|state| ("state", state)));
                members.push(("iss", &site.issuer));
                Ok(Done::Redirect(params::append(uri, &members)))
            }
            ReplyTo::Device(id) => {
                self.decide_device(id, Some(approval), told).await.map_err(Denied::Shown)?;
                Ok(Done::Device)
            }
        }
    }

    /// Answers that the user refuses.
    ///
    /// Fails when the directory does.
    pub async fn refuse(&self, site: &Site, asked: &Asked) -> Result<Done, Denied> {
        if let ReplyTo::Device(id) = &asked.reply_to {
            self.decide_device(id, None, Told::Nothing("nobody was let in")).await.map_err(Denied::Shown)?;
            return Ok(Done::Device);
        }
        Err(asked.deny(site, Refusal::new(Fault::AccessDenied, "The user refused.")))
    }

    async fn keep_code(&self, code: &Code, launch: Option<&str>, told: Told) -> Result<identity::secret::Secret, Refusal> {
        let used = || Refusal::new(Fault::InvalidRequest, "The launch was used meanwhile. Launch again from the record system.");
        let text = self.fresh_secret("ward_ac_")?;
        let mut changes = Changes::new("authorize", told).create(&Fingerprint::of(text.expose()).id(), code);
        if let Some(launch) = launch {
            changes = changes.remove(&self.directory.get::<Launch>(launch).await?.ok_or_else(used)?);
        }
        match self.directory.apply(changes).await {
            Ok(()) => Ok(text),
            Err(DirectoryError::Raced) if launch.is_some() => Err(used()),
            Err(error) => Err(error.into()),
        }
    }

    /// What is allowed by a decision, and the account that allows it.
    async fn approval(&self, site: &Site, asked: &Asked, who: &SignedIn, decision: &Decision) -> Result<(Approval, User), Refusal> {
        let denied = |why: &str| Refusal::new(Fault::AccessDenied, why);
        if decision.scopes.is_empty() {
            return Err(denied("The user refused."));
        }
        if !scopes::are_within(&decision.scopes, &asked.scopes)? {
            return Err(denied("More was granted than was asked for."));
        }
        let user = self.directory.get::<User>(&who.user).await?.map(|kept| kept.record);
        let user = user.filter(|user| user.status == Status::Active && user.membership(site.tenant).is_some());
        let user = user.ok_or_else(|| denied("The user has no part in this tenant."))?;
        // Of somebody whom no resource represents an app cannot be told which one does (SMART App Launch 2.2, scopes for requesting identity data).
        let is_somebody = user.membership(site.tenant).and_then(Membership::fhir_user).is_some();
        let has_encounter = !asked.must_choose_encounter() || decision.encounter.is_some();
        let granted = decision.scopes.iter().map(String::as_str).filter(|scope| is_somebody || *scope != "fhirUser");
        let granted: Vec<&str> = granted.filter(|scope| has_encounter || *scope != LAUNCH_ENCOUNTER).collect();
        if granted.is_empty() && !has_encounter {
            return Err(denied("No encounter was chosen, and nothing else was asked for."));
        }
        if granted.is_empty() {
            return Err(denied("The user is nobody in the records, so that 'fhirUser' cannot be granted. Ask for 'openid' beside it."));
        }
        let has = |name: &str| granted.contains(&name);
        let (now, is_offline) = (self.now(), has("offline_access"));
        let seconds = if is_offline { self.settings.offline_seconds } else { 86_400 };
        let approval = Approval {
            tenant: site.tenant.0,
            client: asked.client.id.to_string(),
            user: who.user.to_string(),
            generation: user.generation,
            session: who.session.to_string(),
            is_offline,
            signed_in: who.at,
            is_strong: who.strength == Strength::Two,
            opened: opened(asked, who, decision)?,
            scope: granted.join(" "),
            ends: now + i64::from(seconds) * 1000,
        };
        Ok((approval, user))
    }
}

/// The launch context of what was granted: that of the launch; else the patient who the user is; else the one chosen.
fn opened(asked: &Asked, who: &SignedIn, decision: &Decision) -> Result<Opened, Refusal> {
    let mut opened = asked.opened.clone().unwrap_or_else(|| Opened { needs_banner: true, ..Opened::default() });
    let needs = decision.scopes.iter().any(|scope| scope == "launch/patient" || scope.starts_with("patient/"));
    if let Some(own) = &who.patient {
        let other = opened.patient.as_deref().or(decision.patient.as_deref()).filter(|other| *other != &**own);
        if other.is_some() {
            return Err(Refusal::new(Fault::AccessDenied, "A patient opens no chart but their own."));
        }
        if needs {
            opened.patient = Some(own.to_string());
        }
    } else if needs && opened.patient.is_none() {
        let chosen = decision.patient.as_ref().filter(is_id);
        opened.patient = Some(chosen.ok_or_else(|| Refusal::new(Fault::AccessDenied, "No patient was chosen."))?.clone());
    }
    if asked.must_choose_encounter() && decision.scopes.iter().any(|scope| scope == LAUNCH_ENCOUNTER) {
        opened.encounter = decision.encounter.clone();
    }
    match opened.encounter.as_ref().is_none_or(|id| is_id(&id)) {
        true => Ok(opened),
        false => Err(Refusal::new(Fault::AccessDenied, "No encounter was chosen.")),
    }
}

/// Whether a text is an id as FHIR has them.
fn is_id(id: &&String) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
}
