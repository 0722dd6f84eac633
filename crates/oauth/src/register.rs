//! Clients that register themselves (RFC 7591), where the setting `registration` allows it.

use fhir::json::{self, Limits};
use fhir::{Value, object};

use crate::client::{Client, GrantType, IdTokenAlg, Proof};
use crate::provider::Provider;
use crate::refusal::{Fault, Refusal};
use crate::reply::Reply;
use crate::scopes;
use crate::site::Site;

/// What the body may hold.
const LIMITS: Limits = Limits { depth: 10, values: 5000 };
/// The longest body, in bytes.
const LONGEST: usize = 64 * 1024;

impl Provider {
    /// Registers a client by its own words: 201 with what was registered. A client that registers itself acts for users alone, and each user is asked. What goes wrong is in
    /// the answer; it is 403 when clients may not register themselves.
    pub async fn register(&self, site: &Site, body: &[u8]) -> Reply {
        self.registered(site, body).await.unwrap_or_else(|refusal| refusal.reply())
    }

    async fn registered(&self, site: &Site, body: &[u8]) -> Result<Reply, Refusal> {
        if !self.settings.registration {
            let body = object! { "error": "access_denied", "error_description": "Clients are registered by an administrator here." };
            return Ok(Reply::json(403, body));
        }
        if body.len() > LONGEST {
            return Err(wrong("The body has more than 64 KiB."));
        }
        let metadata = json::parse_with(body, LIMITS).map_err(|error| wrong(format!("The body is no JSON: {error}.")))?;
        if metadata.get("software_statement").is_some() {
            return Err(wrong("Software statements are not understood here."));
        }
        let made = self.register_client(client(site, &metadata)?).await?;
        let mut answer = metadata;
        let Value::Object(members) = &mut answer else { return Err(wrong("The body is a JSON object.")) };
        for name in ["client_secret", "client_secret_expires_at"] {
            members.remove(name);
        }
        members.set("client_id", made.id);
        members.set("client_id_issued_at", (made.client.created / 1000) as u64);
        members.set("client_name", made.client.name);
        members.set("scope", made.client.scope);
        members.set("grant_types", made.client.grants.iter().map(|grant| Value::from(grant.code())).collect::<Vec<_>>());
        members.set("response_types", vec![Value::from("code")]);
        members.set("token_endpoint_auth_method", method(&made.client.proof));
        members.set("id_token_signed_response_alg", made.client.id_token_alg.code());
        if let Some(secret) = made.secret {
            members.set("client_secret", secret.expose());
            members.set("client_secret_expires_at", 0_u64);
        }
        Ok(Reply::json(201, answer))
    }
}

fn client(site: &Site, metadata: &Value) -> Result<Client, Refusal> {
    let text = |name: &str| match metadata.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.to_string())),
        Some(_) => Err(wrong(format!("The member '{name}' is a text."))),
    };
    let texts = |name: &str| match metadata.get(name) {
        None => Ok(Vec::new()),
        Some(Value::Array(items)) if items.iter().all(|item| item.as_str().is_some()) => {
            Ok(items.iter().filter_map(Value::as_str).map(str::to_owned).collect())
        }
        Some(_) => Err(wrong(format!("The member '{name}' is an array of texts."))),
    };
    if texts("response_types")?.iter().any(|kind| kind != "code") {
        return Err(wrong("The one response type is 'code'."));
    }
    let id_token_alg = match text("id_token_signed_response_alg")?.as_deref() {
        None | Some("RS256") => IdTokenAlg::Rs256,
        Some("ES384") => IdTokenAlg::Es384,
        Some(_) => return Err(wrong("ID tokens are signed with RS256 or ES384.")),
    };
    Ok(Client {
        tenant: site.tenant.0,
        name: text("client_name")?.unwrap_or_else(|| "An app that registered itself".to_owned()),
        proof: proof(metadata, text("token_endpoint_auth_method")?.as_deref(), text("jwks_uri")?)?,
        redirect_uris: texts("redirect_uris")?,
        post_logout_redirect_uris: texts("post_logout_redirect_uris")?,
        origins: Vec::new(),
        launch_uri: text("initiate_login_uri")?,
        scope: scope(text("scope")?)?,
        grants: grants(&texts("grant_types")?)?,
        logo_uri: text("logo_uri")?,
        roles: Vec::new(),
        preapproved: false,
        self_registered: true,
        id_token_alg,
        active: true,
        created: 0,
    })
}

/// What a client may ask for that says nothing of it: what patients need. One that registers itself never gets scopes of the system.
fn scope(asked: Option<String>) -> Result<String, Refusal> {
    let scope = asked.unwrap_or_else(|| "openid fhirUser launch launch/patient offline_access patient/*.rs user/*.rs".to_owned());
    match scopes::parse(&scope)?.resources.iter().any(|resource| resource.context == access::Context::System) {
        true => Err(Refusal::new(Fault::InvalidScope, "Scopes of the system are given by an administrator.")),
        false => Ok(scope),
    }
}

fn grants(named: &[String]) -> Result<Vec<GrantType>, Refusal> {
    if named.is_empty() {
        return Ok(vec![GrantType::AuthorizationCode]);
    }
    let known = |name: &String| GrantType::ALL.into_iter().find(|grant| grant.code() == name);
    let grants: Option<Vec<GrantType>> = named.iter().map(known).collect();
    let grants = grants.filter(|grants| !grants.contains(&GrantType::ClientCredentials));
    grants.ok_or_else(|| wrong("A client that registers itself has of authorization_code, refresh_token and the device code."))
}

fn proof(metadata: &Value, method: Option<&str>, jwks_uri: Option<String>) -> Result<Proof, Refusal> {
    match method {
        Some("none") => Ok(Proof::Public),
        None | Some("client_secret_basic" | "client_secret_post") => Ok(Proof::Secret { hashes: Vec::new() }),
        Some("private_key_jwt") => Ok(Proof::Keys { jwks: metadata.get("jwks").map(json::to_string), jwks_uri }),
        Some(_) => Err(wrong("The 'token_endpoint_auth_method' is none of those that the server names.")),
    }
}

fn method(proof: &Proof) -> &'static str {
    match proof {
        Proof::Public => "none",
        Proof::Secret { .. } => "client_secret_basic",
        Proof::Keys { .. } => "private_key_jwt",
    }
}

fn wrong(why: impl Into<String>) -> Refusal {
    Refusal::new(Fault::InvalidMetadata, why)
}
