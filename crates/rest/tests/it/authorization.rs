//! The endpoints of OAuth over HTTP: forms in, JSON out, nothing kept, and open on a closed server.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use http::Request;
use http_body_util::BodyExt;
use identity::directory::Directory;
use identity::error::IdentityError;
use identity::sealer::Sealer;
use identity::user::HeldRole;
use oauth::client::fetch::NoFetch;
use oauth::{Client, GrantType, IdTokenAlg, Proof, Provider};
use rest::{Rates, app_with_all, authorization};
use store::memory::MemoryStore;
use tower::ServiceExt;

use crate::porter::Porter;
use crate::server::{Reply, TestServer};

/// Leaves what it seals as it is.
struct Open;

impl Sealer for Open {
    fn seal(&self, _: &str, plain: &[u8]) -> Result<Vec<u8>, IdentityError> {
        Ok(plain.to_vec())
    }

    fn open(&self, _: &str, sealed: &[u8]) -> Result<Vec<u8>, IdentityError> {
        Ok(sealed.to_vec())
    }
}

struct House {
    router: Router,
    client: String,
    secret: String,
}

impl House {
    async fn new(http: rest::Settings) -> Self {
        let server = TestServer::closed(http, Arc::new(Porter::default()));
        let directory = Directory::new(Arc::new(MemoryStore::new(server.clock.clone())));
        let provider =
            Arc::new(Provider::new(directory, server.clock.clone(), Arc::new(Open), Arc::new(NoFetch), oauth::Settings::default()));
        let client = Client {
            tenant: 1,
            name: "Laboratory".into(),
            proof: Proof::Secret { hashes: Vec::new() },
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            origins: Vec::new(),
            launch_uri: None,
            scope: "system/*.rs".into(),
            grants: vec![GrantType::ClientCredentials],
            logo_uri: None,
            roles: vec![HeldRole { role: "service".into(), facility: None, department: None }],
            preapproved: false,
            id_token_alg: IdTokenAlg::default(),
            self_registered: false,
            active: true,
            created: 0,
        };
        let made = provider.register_client(client).await.expect("registered");
        let secret = made.secret.expect("a secret").expose().to_owned();
        let router = app_with_all(server.app.clone(), Router::new(), authorization(&server.app, provider));
        Self { router, client: made.id, secret }
    }

    async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let mut request = Request::builder().method(method).uri(path).header("host", "ward.test");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).expect("a request");
        let (head, body) = self.router.clone().oneshot(request).await.expect("an answer").into_parts();
        Reply { status: head.status, headers: head.headers, body: body.collect().await.expect("a body").to_bytes().to_vec() }
    }

    async fn token(&self) -> Reply {
        let body = format!("grant_type=client_credentials&scope=system%2F*.rs&client_id={}&client_secret={}", self.client, self.secret);
        self.send("POST", "/auth/token", &[FORM], &body).await
    }
}

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

#[tokio::test]
async fn gives_and_takes_back_a_token() {
    let house = House::new(rest::Settings::default()).await;
    let reply = house.token().await;
    assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, "application/json"), "{}", reply.text());
    assert_eq!((reply.header("cache-control"), reply.header("pragma")), ("no-store", "no-cache"));
    assert_eq!(reply.header("x-request-id").len(), 16);
    let token = reply.json().text("access_token").expect("a token").to_owned();
    let credentials = format!("client_id={}&client_secret={}&token={token}", house.client, house.secret);
    let told = house.send("POST", "/auth/introspect", &[FORM], &credentials).await;
    assert!(told.status == 200 && told.text().contains("\"active\":true"), "{}", told.text());
    let revoked = house.send("POST", "/auth/revoke", &[FORM], &credentials).await;
    assert_eq!((revoked.status.as_u16(), revoked.body.len()), (200, 0));
    let told = house.send("POST", "/auth/introspect", &[FORM], &credentials).await;
    assert!(told.text().contains("\"active\":false"), "{}", told.text());
}

#[tokio::test]
async fn refuses_what_is_no_form() {
    let house = House::new(rest::Settings::default()).await;
    let body = format!("grant_type=client_credentials&client_id={}&client_secret={}", house.client, house.secret);
    let secret_in_address = format!("/auth/token?{body}");
    for (path, headers, body) in [
        ("/auth/token", vec![], body.as_str()),
        ("/auth/token", vec![("content-type", "application/json")], "{}"),
        (secret_in_address.as_str(), vec![FORM], ""),
        (secret_in_address.as_str(), vec![FORM], body.as_str()),
        ("/auth/token", vec![FORM], "grant_type=%zz"),
        ("/auth/token", vec![FORM], "grant_type=client_credentials&grant_type=client_credentials"),
        ("/auth/token", vec![FORM, ("authorization", "Basic YTpi"), ("authorization", "Basic YTpi")], body.as_str()),
    ] {
        let reply = house.send("POST", path, &headers, body).await;
        assert_eq!((reply.status.as_u16(), reply.json().text("error")), (400, Some("invalid_request")), "{path} {headers:?} {body}");
        assert!(!reply.text().contains(&house.secret) && reply.header("cache-control") == "no-store");
    }
    let wrong = house.send("POST", "/auth/token", &[FORM, ("authorization", "Basic YTpi")], "grant_type=client_credentials").await;
    assert_eq!((wrong.status.as_u16(), wrong.json().text("error")), (401, Some("invalid_client")));
    assert!(wrong.header("www-authenticate").starts_with("Basic"), "{}", wrong.header("www-authenticate"));
    let long = house.send("POST", "/auth/token", &[FORM], &"a".repeat(70_000)).await;
    assert_eq!(long.status, 413);
    assert_eq!(house.send("GET", "/auth/token", &[], "").await.status, 405);
}

#[tokio::test]
async fn says_where_things_are_to_whoever_asks() {
    let house = House::new(rest::Settings { cors_origins: vec!["https://app.example".into()], ..rest::Settings::default() }).await;
    for path in ["/fhir/.well-known/smart-configuration", "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"] {
        let reply = house.send("GET", path, &[("origin", "https://app.example"), ("accept", "application/fhir+xml")], "").await;
        assert_eq!(reply.header("content-type"), "application/json", "{path}: JSON, whatever is asked for");
        let document = reply.json();
        assert_eq!((reply.status.as_u16(), reply.header("access-control-allow-origin")), (200, "https://app.example"), "{path}");
        assert_eq!(
            (document.text("issuer"), document.text("token_endpoint")),
            (Some("http://ward.test"), Some("http://ward.test/auth/token"))
        );
        assert!(reply.header("cache-control").starts_with("max-age="), "{path}");
        // What a document names is there: nobody is sent to a path that does not exist.
        for name in [
            "token_endpoint",
            "revocation_endpoint",
            "introspection_endpoint",
            "device_authorization_endpoint",
            "jwks_uri",
            "userinfo_endpoint",
        ] {
            if let Some(address) = document.text(name) {
                let below = address.strip_prefix("http://ward.test").expect("an own address");
                let status = house.send("GET", below, &[], "").await.status.as_u16();
                assert!([200, 401, 405].contains(&status) && (status != 401 || name == "userinfo_endpoint"), "{name}: {status}");
            }
        }
    }
    let keys = house.send("GET", "/auth/jwks", &[], "").await;
    assert!(keys.status == 200 && keys.text().starts_with("{\"keys\":[") && !keys.text().contains("\"d\":"), "{}", keys.text());
}

#[tokio::test]
async fn tells_of_a_user_for_a_token_alone() {
    let house = House::new(rest::Settings::default()).await;
    let nothing = house.send("GET", "/auth/userinfo", &[], "").await;
    assert_eq!((nothing.status.as_u16(), nothing.header("www-authenticate")), (401, "Bearer realm=\"ward\""));
    let wrong = house.send("GET", "/auth/userinfo", &[("authorization", "Bearer wrong")], "").await;
    assert!(wrong.status == 401 && wrong.header("www-authenticate").contains("invalid_token"));
    let query = house.send("GET", "/auth/userinfo?access_token=wrong", &[], "").await;
    assert_eq!(
        (query.status.as_u16(), query.header("www-authenticate")),
        (401, "Bearer realm=\"ward\""),
        "an address is no place for a token"
    );
    let reply = house.token().await;
    let token = format!("Bearer {}", reply.json().text("access_token").expect("a token"));
    let service = house.send("GET", "/auth/userinfo", &[("authorization", &token)], "").await;
    assert!(service.status == 403 && service.header("www-authenticate").contains("insufficient_scope"), "{}", service.text());
}

#[tokio::test]
async fn has_a_limit_of_its_own() {
    let rates = Rates { token: "2/min".parse().expect("a quota"), ..Rates::default() };
    let house = House::new(rest::Settings { rates, ..rest::Settings::default() }).await;
    for status in [200, 200, 429] {
        let reply = house.token().await;
        assert_eq!(reply.status, status);
        assert_eq!(reply.header("ratelimit-policy"), "\"token\";q=2;w=60");
    }
    assert_eq!(house.send("GET", "/health/live", &[], "").await.status, 200, "other requests have theirs");
}
