//! Signing out at a SAML provider, and by one (SAML Profiles, section 4.4).
//!
//! Sessions here end first, whatever the provider says to it. A provider's request is taken once; it ends what came of the person's sessions that it names, in whichever browser.

use identity::chronicle::Told;
use identity::directory::{Changes, DirectoryError, Kept, Record};
use identity::outside::CameBy;
use identity::random::{SystemRandom, token};
use identity::{Secret, base64url};
use oauth::Site;
use saml::Refused;
use saml::binding::{Kind, Message, Received, posted, redirected};
use saml::logout::{Answered, Asked, Expected, Request, Response, read_request, read_response};
use saml::metadata::SignOut;
use saml::name::Name;
use serde::{Deserialize, Serialize};
use store::commit::Instant;

use crate::by_saml::{entity_id, saml_of};
use crate::departure::Farewell;
use crate::error::FederationError;
use crate::federation::Federation;
use crate::pending::{HOLDS_MS, Pending, UNDER_WAY, answered_group};
use crate::provider::OutsideProvider;

/// Which messages have gone and come.
const OF_A_MESSAGE: Told = Told::Nothing("the end of each session is told");

/// Where a SAML provider sends messages about signing out.
pub fn sign_out_at(site: &Site, slug: &str) -> String {
    site.endpoint(&format!("outside/{slug}/slo"))
}

/// A message about signing out, as a browser brings it.
#[derive(Clone, Copy, Debug)]
pub enum Brought<'a> {
    /// In the query of an address, exactly as it came.
    Query(&'a str),
    /// In a form.
    Form {
        /// `SAMLRequest`; `None`: it has none.
        request: Option<&'a str>,
        /// `SAMLResponse`.
        response: Option<&'a str>,
        /// `RelayState`.
        state: Option<&'a str>,
    },
}

/// What came of a message about signing out.
#[derive(Clone, Debug)]
pub enum SignedOut {
    /// A provider has asked, and nobody is signed in any more of whom it asked. What the browser takes back to it; `None`: it does not say where.
    Asked(Option<Farewell>),
    /// It has answered.
    Answered {
        /// Whether everybody is signed out there.
        is_done: bool,
    },
}

/// What a provider is to be told when somebody signs out here: it is sealed, and kept with their session.
#[derive(Serialize, Deserialize)]
struct Parting {
    name: Name,
    sessions: Vec<String>,
}

/// This server has asked a provider to sign somebody out. Its id is the SHA-256 of that of the request.
#[derive(Clone, Serialize, Deserialize)]
struct SigningOut {
    provider: String,
    until: Instant,
}

impl Record for SigningOut {
    const KIND: &'static str = "outside-sign-out";

    fn ends(&self) -> Option<Instant> {
        Some(self.until)
    }
}

/// A request of a provider that has come. Its id is the SHA-256 of the provider's and its own.
#[derive(Clone, Serialize, Deserialize)]
struct Come {
    until: Instant,
}

impl Record for Come {
    const KIND: &'static str = "outside-sign-out-asked";

    fn ends(&self) -> Option<Instant> {
        Some(self.until)
    }
}

impl Federation {
    /// What a provider is to be told when somebody signs out whom it has signed in, sealed.
    pub(crate) fn parting(&self, provider: &str, name: &Name, sessions: &[String]) -> Result<String, FederationError> {
        let parting = Parting { name: name.clone(), sessions: sessions.to_vec() };
        let text = serde_json::to_vec(&parting).map_err(|_| identity::IdentityError::Unsealable)?;
        let subject = Secret::new(name.value.as_str()).fingerprint();
        Ok(base64url::encode(&self.sealer.seal(&context(provider, &subject), &text)?))
    }

    /// What the browser takes to a SAML provider to be signed out there; `None` when the provider does not offer that, or the session did not come by it.
    pub(crate) async fn saml_farewell(
        &self,
        site: &Site,
        kept: &Kept<OutsideProvider>,
        came_by: Option<&CameBy>,
    ) -> Result<Option<Farewell>, FederationError> {
        let Some(service) = &saml_of(kept)?.sign_out else { return Ok(None) };
        let Some((by, sealed)) = came_by.filter(|by| *by.provider == *kept.id).and_then(|by| Some((by, by.parting.as_ref()?))) else {
            return Ok(None);
        };
        let opened = self.sealer.open(&context(&kept.id, &by.subject), &base64url::decode(sealed).unwrap_or_default())?;
        let parting: Parting = serde_json::from_slice(&opened).map_err(|_| identity::IdentityError::Unsealable)?;
        let id = new_id()?;
        let text = Request {
            id: id.expose(),
            destination: &service.address,
            entity_id: &entity_id(site, &kept.record.slug),
            name: &parting.name,
            sessions: &parting.sessions,
            now_ms: self.now(),
        }
        .text();
        let asked = SigningOut { provider: kept.id.to_string(), until: self.now() + HOLDS_MS };
        self.directory().apply(Changes::new("sign out outside", OF_A_MESSAGE).create(&id.fingerprint(), &asked)).await?;
        let message = Message { kind: Kind::Request, id: id.expose(), text: &text, state: None };
        self.farewell_with(kept, service, &service.address, &message).await.map(Some)
    }

    async fn farewell_with(
        &self,
        kept: &Kept<OutsideProvider>,
        service: &SignOut,
        address: &str,
        message: &Message<'_>,
    ) -> Result<Farewell, FederationError> {
        let (name, key) = (kept.record.name.clone(), self.signing_key(kept).await?);
        let unsigned = |Refused(rule)| FederationError::ProviderFailed(rule.to_owned());
        match service.by_form {
            true => Ok(Farewell { name, address: address.to_owned(), fields: message.fields(&key).map_err(unsigned)? }),
            false => Ok(Farewell { name, address: message.address(address, &key).map_err(unsigned)?, fields: Vec::new() }),
        }
    }

    /// Takes a message of a SAML provider about signing out: its request, which ends the sessions that came of those that it names before it is answered, or its answer to one of this server's.
    ///
    /// Fails with [`FederationError::NoProvider`], with [`FederationError::BadSignOut`] when the message is not signed, not of the provider, not for this address, not new or came before, or answers
    /// nothing that was asked lately; and when the directory does.
    pub async fn signing_out(&self, site: &Site, slug: &str, brought: Brought<'_>) -> Result<SignedOut, FederationError> {
        let kept = self.used(site.tenant, slug).await?;
        let saml = saml_of(&kept)?;
        let keys = saml.keys()?;
        let received = match brought {
            Brought::Query(query) => redirected(query, &keys),
            Brought::Form { request: Some(value), response: None, state } => posted(Kind::Request, value, state),
            Brought::Form { request: None, response: Some(value), state } => posted(Kind::Response, value, state),
            Brought::Form { .. } => Err(Refused("the form has not one message")),
        }
        .map_err(bad)?;
        let destination = sign_out_at(site, slug);
        let expected = Expected { provider: &saml.entity_id, keys: &keys, destination: &destination, now_ms: self.now() };
        match received.kind {
            Kind::Request => {
                let asked = read_request(&received, &expected).map_err(bad)?;
                self.sign_out_there(&kept, &asked).await?;
                self.sign_out_answer(site, &kept, &received, &asked).await.map(SignedOut::Asked)
            }
            Kind::Response => {
                let Answered { in_response_to, is_done } = read_response(&received, &expected).map_err(bad)?;
                self.sign_out_answered(&kept, &in_response_to).await?;
                Ok(SignedOut::Answered { is_done })
            }
        }
    }

    /// Ends what a provider asks to end, once.
    async fn sign_out_there(&self, kept: &Kept<OutsideProvider>, asked: &Asked) -> Result<(), FederationError> {
        let id = Secret::new(format!("{}|{}", kept.id, asked.id)).fingerprint();
        match self.directory().apply(Changes::new("asked to sign out", OF_A_MESSAGE).create(&id, &Come { until: asked.until_ms })).await {
            Ok(()) => {}
            Err(DirectoryError::Raced) => return Err(FederationError::BadSignOut("it has come before")),
            Err(error) => return Err(error.into()),
        }
        let done = self.end_what_came(kept, asked).await;
        // What did not work may be asked again.
        if done.is_err()
            && let Some(come) = self.directory().get::<Come>(&id).await?
        {
            self.directory().apply(Changes::new("asked in vain to sign out", OF_A_MESSAGE).remove(&come)).await?;
        }
        done
    }

    async fn end_what_came(&self, kept: &Kept<OutsideProvider>, asked: &Asked) -> Result<(), FederationError> {
        let group = answered_group(&kept.id, &asked.name.value);
        for pending in self.directory().list::<Pending>(Some(("answered", &group)), 200).await? {
            match self.directory().apply(Changes::new("signed out outside", UNDER_WAY).remove(&pending)).await {
                // It was used: then there is a session.
                Ok(()) | Err(DirectoryError::Raced) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let sessions: Vec<String> = asked.sessions.iter().map(|index| Secret::new(index.as_str()).fingerprint()).collect();
        self.identity.end_outside(&kept.id, &asked.name.value, &sessions).await?;
        Ok(())
    }

    async fn sign_out_answer(
        &self,
        site: &Site,
        kept: &Kept<OutsideProvider>,
        received: &Received,
        asked: &Asked,
    ) -> Result<Option<Farewell>, FederationError> {
        let Some(service) = &saml_of(kept)?.sign_out else { return Ok(None) };
        let address = service.answers.as_deref().unwrap_or(&service.address);
        let id = new_id()?;
        let entity_id = entity_id(site, &kept.record.slug);
        let response =
            Response { id: id.expose(), destination: address, entity_id: &entity_id, in_response_to: &asked.id, now_ms: self.now() };
        let text = response.text();
        let message = Message { kind: Kind::Response, id: id.expose(), text: &text, state: received.state.as_deref() };
        self.farewell_with(kept, service, address, &message).await.map(Some)
    }

    async fn sign_out_answered(&self, kept: &Kept<OutsideProvider>, request: &str) -> Result<(), FederationError> {
        let unasked = FederationError::BadSignOut("it answers no request that was made lately");
        let found = self.directory().get::<SigningOut>(&Secret::new(request).fingerprint()).await?;
        let is_open = |asked: &SigningOut| asked.provider == *kept.id && self.now() < asked.until;
        let Some(asked) = found.filter(|asked| is_open(&asked.record)) else { return Err(unasked) };
        match self.directory().apply(Changes::new("signed out outside", OF_A_MESSAGE).remove(&asked)).await {
            Ok(()) => Ok(()),
            Err(DirectoryError::Raced) => Err(unasked),
            Err(error) => Err(error.into()),
        }
    }
}

fn new_id() -> Result<Secret, FederationError> {
    Ok(Secret::new(format!("_{}", token(&SystemRandom)?.expose())))
}

fn bad(Refused(rule): Refused) -> FederationError {
    FederationError::BadSignOut(rule)
}

/// What is told at the end is sealed for its provider and its person.
fn context(provider: &str, subject: &str) -> String {
    format!("outside-parting|{provider}|{subject}")
}
