//! The code for tokens (OpenID Connect Core, section 3.1.3), and what the provider tells of the person (section 5.3).

use aws_lc_rs::digest::{SHA256, digest};
use fhir::json::{self, Limits};
use fhir::{Value, object, primitive::base64};
use identity::directory::Kept;
use identity::random::{SystemRandom, id};
use identity::{Secret, base64url};
use oauth::jwt::Token;
use oauth::params::append;

use super::document::Document;
use crate::arrival::Person;
use crate::ask::Question;
use crate::error::FederationError;
use crate::federation::Federation;
use crate::provider::{OpenId, OutsideProvider, Proof};

/// How long an assertion of this server holds, in seconds.
const ASSERTION_SECONDS: i64 = 60;
/// What kind of assertion it is (RFC 7523, section 2.2).
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What a code is worth.
pub(super) struct Tokens {
    pub(super) id_token: Secret,
    pub(super) access_token: Option<Secret>,
}

/// The challenge of a verifier (RFC 7636, section 4.2).
pub(super) fn challenge(verifier: &Secret) -> String {
    base64url::encode(digest(&SHA256, verifier.expose().as_bytes()).as_ref())
}

impl Federation {
    /// The tokens of a code.
    pub(super) async fn exchange(
        &self,
        kept: &Kept<OutsideProvider>,
        openid: &OpenId,
        document: &Document,
        [code, redirect_uri, verifier]: [&str; 3],
    ) -> Result<Tokens, FederationError> {
        let (mut extra, mut authorization) = (Vec::new(), None);
        match &openid.proof {
            Proof::Public => {}
            Proof::Secret(sealed) => {
                let secret = self.opened_secret(&kept.id, sealed)?;
                if document.wants_secret_in_form {
                    extra.push(("client_secret", secret));
                } else {
                    authorization = Some(basic(&openid.client_id, &secret));
                }
            }
            Proof::Key(algorithm) => {
                let now_s = self.now() / 1000;
                let claims = object! {
                    "iss": openid.client_id.as_str(),
                    "sub": openid.client_id.as_str(),
                    "aud": document.token_endpoint.as_str(),
                    "jti": id(&SystemRandom, "")?,
                    "iat": now_s as u64,
                    "exp": (now_s + ASSERTION_SECONDS) as u64,
                };
                extra.push(("client_assertion_type", Secret::new(ASSERTION_TYPE)));
                extra.push(("client_assertion", Secret::new(self.provider.sign(*algorithm, &claims).await?)));
            }
        }
        let mut pairs = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect_uri),
            ("code_verifier", verifier),
            ("client_id", &openid.client_id),
        ];
        pairs.extend(extra.iter().map(|(name, value)| (*name, value.expose())));
        let form = Secret::new(append("", &pairs).trim_start_matches('?'));
        let question = Question { address: &document.token_endpoint, authorization: authorization.as_ref(), form: Some(&form) };
        let answer = self.ask.ask(question).await.map_err(FederationError::ProviderFailed)?;
        let answer = object_of(&answer)?;
        let id_token = answer.text("id_token").map(Secret::new).ok_or(FederationError::BadAnswer("there is no ID token"))?;
        Ok(Tokens { id_token, access_token: answer.text("access_token").map(Secret::new) })
    }

    /// Who it is: what the ID token tells of them, and what it does not, by the endpoint for that.
    pub(super) async fn person(
        &self,
        kept: &Kept<OutsideProvider>,
        document: &Document,
        token: &Token<'_>,
        access_token: Option<&Secret>,
    ) -> Result<Person, FederationError> {
        let (claims, login_claim) = (&token.claims, kept.record.login_claim.as_str());
        let text = |name: &str| claims.text(name).map(str::to_owned);
        let mut person = Person {
            subject: text("sub").unwrap_or_default(),
            login: text(login_claim),
            name: text("name"),
            email: text("email"),
            methods: claims.texts("amr").chain(claims.text("acr")).map(str::to_owned).collect(),
            ..Person::default()
        };
        let (Some(address), Some(access_token)) = (&document.userinfo_endpoint, access_token) else { return Ok(person) };
        if person.login.is_some() && person.name.is_some() {
            return Ok(person);
        }
        let authorization = Secret::new(format!("Bearer {}", access_token.expose()));
        let question = Question { address, authorization: Some(&authorization), form: None };
        let told = object_of(&self.ask.ask(question).await.map_err(FederationError::ProviderFailed)?)?;
        if told.text("sub") != Some(&person.subject) {
            return Err(FederationError::BadAnswer("what it tells of the person is about another"));
        }
        let told = |name: &str| told.text(name).map(str::to_owned);
        person.login = person.login.or_else(|| told(login_claim));
        person.name = person.name.or_else(|| told("name"));
        person.email = person.email.or_else(|| told("email"));
        Ok(person)
    }
}

/// A JSON object in which each member stands once.
fn object_of(text: &[u8]) -> Result<Value, FederationError> {
    let value = json::parse_with(text, Limits { depth: 16, values: 2000 }).ok();
    value.filter(|value| value.as_object().is_some()).ok_or(FederationError::BadAnswer("it is no JSON object"))
}

/// A name and a secret, each encoded as in a form (RFC 6749, section 2.3.1).
fn basic(client: &str, secret: &Secret) -> Secret {
    let encoded = |text: &str| append("", &[("", text)]).trim_start_matches("?=").to_owned();
    let pair = Secret::new(format!("{}:{}", encoded(client), encoded(secret.expose())));
    Secret::new(format!("Basic {}", base64::encode(pair.expose().as_bytes(), base64::PLAIN)))
}
