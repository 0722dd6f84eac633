//! Somebody comes back from a provider, and is signed in or linked.

use identity::directory::Kept;
use identity::outside::{Newcomer, Vouched};
use identity::sign_in::SignedIn;
use identity::{IdentityError, Origin, Secret};
use oauth::{Params, Site};
use saml::name::Name;
use serde::{Deserialize, Serialize};
use store::commit::Tenant;

use crate::departure::Purpose;
use crate::error::FederationError;
use crate::federation::Federation;
use crate::pending::{Pending, derived};
use crate::provider::{OutsideProvider, Protocol, Saml};

/// What a browser brings that comes back.
#[derive(Clone, Debug)]
pub struct Brought<'a> {
    /// The secret that it was given ([`crate::Departure::secret`]).
    pub secret: Option<Secret>,
    /// The token of its session; `None`: it has none.
    pub session: Option<Secret>,
    /// The parameters of the address.
    pub params: &'a Params,
    /// Where it is.
    pub origin: Origin,
}

/// What came of it.
#[derive(Clone, Debug)]
pub enum Arrival {
    /// They are signed in, or a second factor is asked for.
    SignedIn {
        /// Which.
        how: SignedIn,
        /// Where they wanted to go: a path of the server.
        next: String,
    },
    /// The person there is linked to the account of the session.
    Linked,
}

/// A person, as a provider tells of them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Person {
    /// For ever the same, and never another's.
    pub(crate) subject: String,
    /// By the claim that the record of the provider names.
    pub(crate) login: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    /// What the provider says of how it knew them (`acr`, `amr`).
    pub(crate) methods: Vec<String>,
    /// What a SAML provider calls them, in full.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) called: Option<Name>,
    /// What it calls their sessions there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) sessions: Vec<String>,
}

impl Federation {
    /// Takes back whom a provider has sent: an OpenID provider with its answer, a SAML provider after its answer has come ([`Federation::answered`]).
    ///
    /// Fails with [`FederationError::NotUnderWay`] when nothing was begun in this browser, it has ended, or `state` is not its own: whatever was begun is over then, too; with
    /// [`FederationError::NotSignedInThere`], [`FederationError::BadAnswer`], [`FederationError::ProviderFailed`]; with [`FederationError::OtherSession`] when a link was begun under
    /// another session; as [`identity::Identity::sign_in_outside`], [`identity::Identity::newcomer`] and [`identity::Identity::link_outside`] do; and when the directory does.
    pub async fn arrive(&self, site: &Site, slug: &str, brought: &Brought<'_>) -> Result<Arrival, FederationError> {
        let secret = brought.secret.as_ref().ok_or(FederationError::NotUnderWay)?;
        let kept = self.used(site.tenant, slug).await?;
        let pending = self.taken(secret, &kept.id).await?;
        let person = match &kept.record.protocol {
            Protocol::OpenId(openid) => {
                if brought.params.get("state") != Some(derived(secret, "state").expose()) {
                    return Err(FederationError::NotUnderWay);
                }
                self.openid_person(site, &kept, openid, secret, brought.params).await?
            }
            // Its answer has come before, by a form.
            Protocol::Saml(_) => pending.answered.clone().ok_or(FederationError::NotUnderWay)?,
        };
        self.admit(&kept, &pending, &person, brought).await
    }

    /// Signs a person in whom the provider vouches for, or links them.
    pub(crate) async fn admit(
        &self,
        kept: &Kept<OutsideProvider>,
        pending: &Pending,
        person: &Person,
        brought: &Brought<'_>,
    ) -> Result<Arrival, FederationError> {
        let provider = &kept.record;
        let parting = match (&provider.protocol, &person.called) {
            (Protocol::Saml(Saml { sign_out: Some(_), .. }), Some(name)) => Some(self.parting(&kept.id, name, &person.sessions)?),
            _ => None,
        };
        let vouched = Vouched {
            tenant: Tenant(provider.tenant),
            provider: &kept.id,
            provider_name: &provider.name,
            sessions: &person.sessions,
            parting,
            subject: &person.subject,
            shown: person.login.as_deref().unwrap_or(&person.subject),
            second_factor: person.methods.iter().any(|method| provider.second_factor.contains(method)),
            origin: brought.origin.clone(),
        };
        match &pending.purpose {
            Purpose::Link { session } => {
                let token = brought.session.as_ref().ok_or(FederationError::OtherSession)?;
                if self.identity.session(token).await?.0.record.handle != *session {
                    return Err(FederationError::OtherSession);
                }
                self.identity.link_outside(token, &vouched).await?;
                Ok(Arrival::Linked)
            }
            Purpose::SignIn { next } => {
                let how = match self.identity.sign_in_outside(&vouched).await {
                    Err(IdentityError::NotLinked) => self.newcomer(provider, person, &vouched).await?,
                    done => done?,
                };
                Ok(Arrival::SignedIn { how, next: next.clone() })
            }
        }
    }

    async fn newcomer(&self, provider: &OutsideProvider, person: &Person, vouched: &Vouched<'_>) -> Result<SignedIn, FederationError> {
        let newcomers = provider.newcomers.as_ref().ok_or(IdentityError::NotLinked)?;
        let login = person.login.as_deref().ok_or(FederationError::BadAnswer("the claim that is to be the login is missing"))?;
        let newcomer = Newcomer {
            login,
            name: person.name.as_deref().unwrap_or(login),
            email: person.email.as_deref(),
            part: provider.part_of(newcomers),
        };
        Ok(self.identity.newcomer(vouched, &newcomer).await?)
    }
}
