//! What this server says of itself: `.well-known/smart-configuration` (SMART App Launch 2.2, conformance) and `.well-known/openid-configuration` (OpenID Connect
//! Discovery; RFC 8414). Both are made of the tables by which the endpoints work.

use fhir::{Value, object};

use crate::client::authenticate::METHODS;
use crate::client::{GrantType, IdTokenAlg};
use crate::jwt::ALGORITHMS;
use crate::provider::Provider;
use crate::reply::Reply;
use crate::scopes::NAMED;
use crate::site::Site;

/// How long the documents may be kept, in seconds.
const MAX_AGE_SECONDS: u32 = 300;

/// What is there of SMART's capabilities.
const CAPABILITIES: [&str; 19] = [
    "launch-ehr",
    "launch-standalone",
    "authorize-post",
    "client-public",
    "client-confidential-symmetric",
    "client-confidential-asymmetric",
    "sso-openid-connect",
    "context-banner",
    "context-style",
    "context-ehr-patient",
    "context-ehr-encounter",
    "context-standalone-patient",
    "context-standalone-encounter",
    "permission-offline",
    "permission-online",
    "permission-patient",
    "permission-user",
    "permission-v1",
    "permission-v2",
];

impl Provider {
    /// `{fhir}/.well-known/smart-configuration`.
    pub fn smart_configuration(&self, site: &Site) -> Reply {
        let mut document = self.metadata(site);
        if let Value::Object(members) = &mut document {
            members.push("management_endpoint", site.endpoint("apps"));
            members.push("capabilities", list(CAPABILITIES));
        }
        Reply::document(document, MAX_AGE_SECONDS)
    }

    /// `{issuer}/.well-known/openid-configuration`, and `oauth-authorization-server`, which is the same.
    pub fn openid_configuration(&self, site: &Site) -> Reply {
        let mut document = self.metadata(site);
        if let Value::Object(members) = &mut document {
            members.push("userinfo_endpoint", site.endpoint("userinfo"));
            members.push("end_session_endpoint", site.endpoint("end-session"));
            members.push("subject_types_supported", list(["public"]));
            members.push("id_token_signing_alg_values_supported", list([IdTokenAlg::Rs256, IdTokenAlg::Es384].map(IdTokenAlg::code)));
            members.push("response_modes_supported", list(["query"]));
            members.push("prompt_values_supported", list(["none", "login", "consent", "select_account"]));
            let claims = ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "fhirUser", "profile", "name"];
            members.push("claims_supported", list(claims));
            members.push("request_parameter_supported", false);
            members.push("request_uri_parameter_supported", false);
        }
        Reply::document(document, MAX_AGE_SECONDS)
    }

    /// The colours and sizes for apps that are shown within Ward (SMART App Launch 2.2, styling): `smart-style.json`.
    pub fn style(&self, accent: Option<&str>) -> Reply {
        let style = object! {
            "color_background": "#ffffff",
            "color_error": "#b00020",
            "color_highlight": accent.unwrap_or("#0b57d0"),
            "color_modal_backdrop": "",
            "color_success": "#146c2e",
            "color_text": "#1f1f1f",
            "dim_border_radius": "4px",
            "dim_font_size": "16px",
            "dim_spacing_size": "16px",
            "font_family_body": "system-ui, sans-serif",
            "font_family_heading": "system-ui, sans-serif",
        };
        Reply::document(style, MAX_AGE_SECONDS)
    }

    /// What both documents say.
    fn metadata(&self, site: &Site) -> Value {
        let mut scopes: Vec<&str> = NAMED.to_vec();
        scopes.extend(["patient/*.cruds", "user/*.cruds", "system/*.cruds"]);
        let confidential: Vec<&str> = METHODS.into_iter().filter(|method| *method != "none").collect();
        let mut document = object! {
            "issuer": &*site.issuer,
            "jwks_uri": site.endpoint("jwks"),
            "authorization_endpoint": site.endpoint("authorize"),
            "token_endpoint": site.endpoint("token"),
            "introspection_endpoint": site.endpoint("introspect"),
            "revocation_endpoint": site.endpoint("revoke"),
            "device_authorization_endpoint": site.endpoint("device-authorization"),
            "grant_types_supported": list(GrantType::ALL.map(GrantType::code)),
            "response_types_supported": list(["code"]),
            "scopes_supported": list(scopes),
            "code_challenge_methods_supported": list(["S256"]),
            "authorization_response_iss_parameter_supported": true,
            "token_endpoint_auth_methods_supported": list(METHODS),
            "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
            "introspection_endpoint_auth_methods_supported": list(confidential),
            "introspection_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
            "revocation_endpoint_auth_methods_supported": list(METHODS),
            "revocation_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
        };
        if let (true, Value::Object(members)) = (self.settings.registration, &mut document) {
            members.push("registration_endpoint", site.endpoint("register"));
        }
        document
    }
}

fn list<'a>(items: impl IntoIterator<Item = &'a str>) -> Value {
    Value::Array(items.into_iter().map(Value::from).collect())
}
