//! ID tokens: who has signed in, signed (OpenID Connect Core, section 2; SMART App Launch 2.2, scopes for requesting identity data).

use aws_lc_rs::digest::{SHA256, SHA384, digest};
use fhir::{Value, json, object};
use identity::secret::Secret;
use identity::user::User;
use store::commit::Tenant;

use crate::approval::Approval;
use crate::client::IdTokenAlg;
use crate::provider::Provider;
use crate::refusal::Refusal;
use crate::scopes;
use crate::settings::ID_TOKEN_MS;
use crate::site::Site;
use identity::base64url;

/// What an ID token is about.
pub(crate) struct About<'a> {
    pub(crate) site: &'a Site,
    pub(crate) client: &'a str,
    pub(crate) approval: &'a Approval,
    pub(crate) user: &'a User,
    pub(crate) scope: &'a str,
    pub(crate) access: &'a Secret,
    pub(crate) nonce: Option<&'a str>,
}

/// The claims about a user that these scopes ask for.
pub(crate) fn claims_of_user(site: &Site, user: &User, scope: &str) -> Vec<(&'static str, Value)> {
    let fhir_user = user.membership(site.tenant).and_then(|part| part.fhir_user());
    let address = fhir_user.map(|key| format!("{}/{key}", site.fhir));
    let mut claims: Vec<(&'static str, Value)> = Vec::new();
    if let Some(address) = address.filter(|_| scopes::has(scope, "fhirUser") || scopes::has(scope, "profile")) {
        claims.push(("fhirUser", address.as_str().into()));
        claims.push(("profile", address.into()));
    }
    if scopes::has(scope, "profile") {
        claims.push(("name", user.name.as_str().into()));
    }
    claims
}

impl Provider {
    /// An ID token. It holds for five minutes: its client reads it at once.
    pub(crate) async fn id_token(&self, algorithm: IdTokenAlg, about: &About<'_>) -> Result<String, Refusal> {
        let now = self.now();
        debug_assert_eq!(Tenant(about.approval.tenant), about.site.tenant);
        let mut claims = object! {
            "iss": &*about.site.issuer,
            "sub": about.approval.user.as_str(),
            "aud": about.client,
            "exp": ((now + ID_TOKEN_MS) / 1000) as u64,
            "iat": (now / 1000) as u64,
            "auth_time": (about.approval.signed_in / 1000) as u64,
            "at_hash": at_hash(algorithm, about.access.expose()),
        };
        if let Value::Object(members) = &mut claims {
            if let Some(nonce) = about.nonce {
                members.push("nonce", nonce);
            }
            for (name, value) in claims_of_user(about.site, about.user, about.scope) {
                members.push(name, value);
            }
        }
        self.sign(algorithm, &claims).await
    }

    /// Claims, signed with the key that the server's `jwks_uri` has: an ID token, or what this server proves with elsewhere that it is it.
    ///
    /// Fails when the directory does, and when the key does not open.
    pub async fn sign(&self, algorithm: IdTokenAlg, claims: &Value) -> Result<String, Refusal> {
        let key = self.signer(algorithm).await?;
        let header = object! { "alg": algorithm.code(), "typ": "JWT", "kid": &*key.kid };
        let part = |value: &Value| base64url::encode(json::to_string(value).as_bytes());
        let signed = format!("{}.{}", part(&header), part(claims));
        let signature = base64url::encode(&key.pair.sign(signed.as_bytes())?);
        Ok(format!("{signed}.{signature}"))
    }
}

/// The left half of the access token's hash, of the hash that the algorithm has.
fn at_hash(algorithm: IdTokenAlg, access: &str) -> String {
    let hash = match algorithm {
        IdTokenAlg::Rs256 => digest(&SHA256, access.as_bytes()),
        IdTokenAlg::Es384 => digest(&SHA384, access.as_bytes()),
    };
    base64url::encode(&hash.as_ref()[..hash.as_ref().len() / 2])
}
