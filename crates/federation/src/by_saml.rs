//! SAML 2.0: the request that a browser takes along, and the answer that it brings.
//!
//! The answer comes by a form that the provider's page sends: a browser sends no cookie of ours with it. So it is judged at once and kept with what was begun,
//! and the person is signed in when the same browser comes by itself ([`Federation::arrive`]).

mod own_keys;
pub mod sign_out;

use fhir::primitive::from_base64;
use identity::Secret;
use identity::directory::{Changes, DirectoryError, Kept};
use oauth::Site;
use oauth::params::append;
use saml::Refused;
use saml::metadata::Service;
use saml::request::Request;
use saml::response::{Answer, Expected, is_refusal, read};

use crate::arrival::Person;
use crate::error::FederationError;
use crate::federation::Federation;
use crate::pending::{Pending, UNDER_WAY, derived};
use crate::provider::{Encryption, OutsideProvider, Protocol, Saml};

use sign_out::sign_out_at;

/// The login claim that is the name of the subject.
pub const NAME_ID: &str = "NameID";

/// The attributes that are the name of a person, by what providers call them.
const NAMES: [&str; 5] = [
    "displayName",
    "urn:oid:2.16.840.1.113730.3.1.241",
    "http://schemas.microsoft.com/identity/claims/displayname",
    "name",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
];
/// Those that are an e-mail address.
const ADDRESSES: [&str; 4] =
    ["mail", "urn:oid:0.9.2342.19200300.100.1.3", "email", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"];

/// What this server is called by a SAML provider: the address of its metadata.
pub fn entity_id(site: &Site, slug: &str) -> String {
    site.endpoint(&format!("outside/{slug}/metadata"))
}

/// Where a SAML provider sends answers.
pub fn answer_to(site: &Site, slug: &str) -> String {
    site.endpoint(&format!("outside/{slug}/acs"))
}

impl Federation {
    /// The metadata of this server for a SAML provider.
    ///
    /// Fails with [`FederationError::NoProvider`] when there is none of this slug, and when the directory does. The keys in it are made when there are none yet.
    pub async fn metadata(&self, site: &Site, slug: &str) -> Result<String, FederationError> {
        let kept = self.used(site.tenant, slug).await?;
        saml_of(&kept)?;
        let published = self.published(&kept).await?;
        let service = Service {
            entity_id: &entity_id(site, slug),
            answer_to: &answer_to(site, slug),
            sign_out: &sign_out_at(site, slug),
            signing: &published.signing,
            encryption: &published.encryption,
        };
        Ok(service.text())
    }

    /// The address at which the provider asks somebody, and the id of the request.
    pub(crate) fn saml_address(&self, site: &Site, slug: &str, saml: &Saml, secret: &Secret) -> (String, Secret) {
        let id = Secret::new(format!("_{}", derived(secret, "request").expose()));
        let request = Request {
            id: id.expose(),
            destination: &saml.sign_in,
            answer_to: &answer_to(site, slug),
            entity_id: &entity_id(site, slug),
            now_ms: self.now(),
        };
        (append(&saml.sign_in, &[("SAMLRequest", &request.encoded())]), id)
    }

    /// Takes the answer of a SAML provider, `SAMLResponse` of its form. The person is signed in when their browser arrives.
    ///
    /// Fails with [`FederationError::NoProvider`], with [`FederationError::NotSignedInThere`], with [`FederationError::BadAnswer`], with [`FederationError::NotUnderWay`] when it answers no request that was made
    /// lately, or one that was answered; and when the directory does.
    pub async fn answered(&self, site: &Site, slug: &str, answer: &str) -> Result<(), FederationError> {
        let kept = self.used(site.tenant, slug).await?;
        let saml = saml_of(&kept)?;
        let text: String = answer.chars().filter(|sign| !sign.is_ascii_whitespace()).collect();
        let text = from_base64(&text).ok_or(FederationError::BadAnswer("it is no base64"))?;
        let expected = Expected {
            provider: &saml.entity_id,
            keys: &saml.keys()?,
            entity_id: &entity_id(site, slug),
            answer_to: &answer_to(site, slug),
            opening: &self.opening_keys(&kept).await?,
            must_be_encrypted: saml.encryption == Encryption::Required,
            now_ms: self.now(),
        };
        let answer = match read(&text, &expected) {
            Ok(answer) => answer,
            Err(_) if is_refusal(&text) => return Err(FederationError::NotSignedInThere(String::new())),
            Err(Refused(rule)) => return Err(FederationError::BadAnswer(rule)),
        };
        let request = Secret::new(answer.in_response_to.as_str()).fingerprint();
        let found = self.directory().find::<Pending>("request", &request).await?;
        let is_open = |pending: &Pending| pending.provider == *kept.id && pending.answered.is_none() && self.now() < pending.until;
        let pending = found.filter(|pending| is_open(&pending.record)).ok_or(FederationError::NotUnderWay)?;
        let known = Pending { answered: Some(person(&kept.record, answer)), ..pending.record.clone() };
        match self.directory().apply(Changes::new("answer", UNDER_WAY).update(&pending, &known)).await {
            Ok(()) => Ok(()),
            Err(DirectoryError::Raced) => Err(FederationError::NotUnderWay),
            Err(error) => Err(error.into()),
        }
    }
}

/// What is known of a provider that speaks SAML.
fn saml_of(kept: &Kept<OutsideProvider>) -> Result<&Saml, FederationError> {
    match &kept.record.protocol {
        Protocol::Saml(saml) => Ok(saml),
        Protocol::OpenId(_) => Err(FederationError::NoProvider),
    }
}

/// Whom an answer is about.
fn person(provider: &OutsideProvider, answer: Answer) -> Person {
    let first = |names: &[&str]| names.iter().find_map(|name| answer.attribute(name)).map(str::to_owned);
    let login = match provider.login_claim.as_str() {
        NAME_ID => Some(answer.name.value.clone()),
        claim => answer.attribute(claim).map(str::to_owned),
    };
    let (name, email) = (first(&NAMES), first(&ADDRESSES));
    let subject = answer.name.value.clone();
    Person { login, name, email, methods: answer.methods, subject, called: Some(answer.name), sessions: answer.sessions }
}
