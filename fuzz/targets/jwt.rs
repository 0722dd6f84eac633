//! Assertions of clients: whoever has no key is never taken for one who has, whatever they send; and each is told no.
//!
//! An input is an assertion as it is sent; or three lines, of which the first two are encoded: header, claims, signature.
#![no_main]

use std::sync::{Arc, LazyLock};

use futures_executor::block_on;
use identity::{Directory, IdentityError, base64url};
use libfuzzer_sys::fuzz_target;
use oauth::client::fetch::NoFetch;
use oauth::{Client, GrantType, IdTokenAlg, Params, Proof, Provider, Request, Site};
use store::commit::{Instant, Tenant};
use store::contract::Clock;
use store::memory::MemoryStore;

const NOW_MS: Instant = 1_800_000_000_000;

/// A point of P-384 whose number nobody has noted, and an RSA key of 2048 bits likewise.
const KEYS: &str = include_str!("../src/keys.jwks");

struct Standing;

impl Clock for Standing {
    fn now(&self) -> Instant {
        NOW_MS
    }
}

/// Nothing is sealed here.
struct Never;

impl identity::sealer::Sealer for Never {
    fn seal(&self, _: &str, _: &[u8]) -> Result<Vec<u8>, IdentityError> {
        Err(IdentityError::Unsealable)
    }

    fn open(&self, _: &str, _: &[u8]) -> Result<Vec<u8>, IdentityError> {
        Err(IdentityError::Unsealable)
    }
}

/// A server, and the id of the one client it knows.
static SERVER: LazyLock<(Provider, Site, String)> = LazyLock::new(|| {
    let directory = Directory::new(Arc::new(MemoryStore::new(Arc::new(Standing))));
    let provider = Provider::new(directory, Arc::new(Standing), Arc::new(Never), Arc::new(NoFetch), oauth::Settings::default());
    let client = Client {
        tenant: 1,
        name: "Service".into(),
        proof: Proof::Keys { jwks: Some(KEYS.into()), jwks_uri: None },
        redirect_uris: Vec::new(),
        post_logout_redirect_uris: Vec::new(),
        origins: Vec::new(),
        launch_uri: None,
        scope: "system/*.rs".into(),
        grants: vec![GrantType::ClientCredentials],
        logo_uri: None,
        roles: Vec::new(),
        preapproved: false,
        self_registered: false,
        id_token_alg: IdTokenAlg::default(),
        active: true,
        created: 0,
    };
    let id = block_on(provider.register_client(client)).expect("the client can be").id;
    (provider, Site::new(Tenant(1), "https://ward.example", "https://ward.example/fhir"), id)
});

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (provider, site, id) = &*SERVER;
    let text = text.replace("CLIENT", id);
    let mut lines = text.splitn(3, '\n');
    let sent = match (lines.next(), lines.next(), lines.next()) {
        (Some(header), Some(claims), Some(signature)) => {
            let encoded = |part: &str| base64url::encode(part.as_bytes());
            format!("{}.{}.{}", encoded(header), encoded(claims), encoded(signature))
        }
        _ => text.clone(),
    };
    let pairs = [
        ("grant_type", "client_credentials"),
        ("scope", "system/*.rs"),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", &sent),
    ];
    let Ok(params) = Params::new(pairs.map(|(name, value)| (name.to_owned(), value.to_owned()))) else { return };
    let reply = block_on(provider.token(site, Request { params: &params, authorization: None }));
    assert!([400, 401].contains(&reply.status), "{}: {sent}", reply.status);
});
