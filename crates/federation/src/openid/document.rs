//! What a provider says of itself (OpenID Connect Discovery 1.0, section 4).

use std::sync::Arc;

use fhir::Value;
use fhir::json::{self, Limits};
use quick_cache::sync::Cache;
use store::commit::Instant;

use crate::error::FederationError;
use crate::federation::Federation;
use crate::provider::is_web;

/// How long a document is believed, in milliseconds, when its server does not say, and at most.
const USUAL_MS: i64 = 300_000;
const MOST_MS: i64 = 3_600_000;

/// What a provider says of itself, as far as it is used.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    pub(crate) authorization_endpoint: String,
    pub(crate) token_endpoint: String,
    pub(crate) jwks_uri: String,
    pub(crate) userinfo_endpoint: Option<String>,
    /// Where people sign out (OpenID Connect RP-Initiated Logout 1.0, section 2.1).
    pub(crate) end_session_endpoint: Option<String>,
    /// Whether its answers say their issuer (RFC 9207).
    pub(crate) says_issuer: bool,
    /// Whether secrets are taken in the form alone, and not in `Authorization`.
    pub(crate) wants_secret_in_form: bool,
}

/// What providers have said lately.
pub(crate) struct Documents(Cache<String, (Instant, Arc<Document>)>);

impl Default for Documents {
    fn default() -> Self {
        Self(Cache::new(200))
    }
}

impl Federation {
    /// What a provider says of itself.
    pub(crate) async fn document(&self, issuer: &str) -> Result<Arc<Document>, FederationError> {
        let now = self.now();
        if let Some((until, document)) = self.documents.0.get(issuer)
            && (until - MOST_MS..until).contains(&now)
        {
            return Ok(document);
        }
        let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let (text, max_age_s) = self.ask.fetch(&address).await.map_err(FederationError::ProviderFailed)?;
        let document = Arc::new(read(&text, issuer)?);
        let holds_ms = max_age_s.map_or(USUAL_MS, |seconds| (i64::from(seconds) * 1000).min(MOST_MS));
        self.documents.0.insert(issuer.to_owned(), (now + holds_ms, document.clone()));
        Ok(document)
    }
}

fn read(text: &[u8], issuer: &str) -> Result<Document, FederationError> {
    let failed = |why: &str| FederationError::ProviderFailed(why.to_owned());
    let document = json::parse_with(text, Limits { depth: 16, values: 5000 }).map_err(|_| failed("what it says of itself is no JSON"))?;
    if document.text("issuer") != Some(issuer) {
        return Err(failed("what it says of itself names another issuer"));
    }
    let endpoint = |name: &str| {
        let address = document.text(name).filter(|address| address.len() <= 2000 && address.bytes().all(|byte| byte.is_ascii_graphic()));
        // A provider that is asked over TLS sends nobody where there is none.
        address.filter(|address| if issuer.starts_with("https://") { address.starts_with("https://") } else { is_web(address) })
    };
    let needed = |name: &str| endpoint(name).map(str::to_owned).ok_or_else(|| failed(&format!("it does not say its {name}")));
    let methods: Vec<&str> = document.list("token_endpoint_auth_methods_supported").filter_map(Value::as_str).collect();
    Ok(Document {
        authorization_endpoint: needed("authorization_endpoint")?,
        token_endpoint: needed("token_endpoint")?,
        jwks_uri: needed("jwks_uri")?,
        userinfo_endpoint: endpoint("userinfo_endpoint").map(str::to_owned),
        end_session_endpoint: endpoint("end_session_endpoint").map(str::to_owned),
        says_issuer: document.get("authorization_response_iss_parameter_supported").and_then(Value::as_bool) == Some(true),
        wants_secret_in_form: methods.contains(&"client_secret_post") && !methods.contains(&"client_secret_basic"),
    })
}
