//! How long it takes to know a token that was seen: `cargo run --release -p oauth --example seen`.

use std::error::Error;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use identity::directory::Directory;
use identity::error::IdentityError;
use identity::sealer::Sealer;
use oauth::client::fetch::NoFetch;
use oauth::{Client, GrantType, IdTokenAlg, Params, Proof, Provider, Request, Settings, Site};
use store::commit::Tenant;
use store::memory::MemoryStore;

/// How many tokens are known.
const TOKENS: usize = 1000;
/// How long each measurement goes on.
const SPAN: Duration = Duration::from_millis(500);

struct Noon;

impl store::contract::Clock for Noon {
    fn now(&self) -> i64 {
        1_800_000_000_000
    }
}

/// Nothing is sealed here.
struct NoSealer;

impl Sealer for NoSealer {
    fn seal(&self, _: &str, _: &[u8]) -> Result<Vec<u8>, IdentityError> {
        Err(IdentityError::Unsealable)
    }

    fn open(&self, _: &str, _: &[u8]) -> Result<Vec<u8>, IdentityError> {
        Err(IdentityError::Unsealable)
    }
}

fn service() -> Client {
    Client {
        tenant: 1,
        name: "Service".to_owned(),
        proof: Proof::Secret { hashes: Vec::new() },
        redirect_uris: Vec::new(),
        post_logout_redirect_uris: Vec::new(),
        origins: Vec::new(),
        launch_uri: None,
        scope: "system/*.rs".to_owned(),
        grants: vec![GrantType::ClientCredentials],
        logo_uri: None,
        roles: Vec::new(),
        preapproved: false,
        self_registered: false,
        id_token_alg: IdTokenAlg::Rs256,
        active: true,
        created: 0,
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let directory = Directory::new(Arc::new(MemoryStore::new(Arc::new(Noon))));
    let provider = Provider::new(directory, Arc::new(Noon), Arc::new(NoSealer), Arc::new(NoFetch), Settings::default());
    let site = Site::new(Tenant(1), "https://ward.example", "https://ward.example/fhir");
    let made = provider.register_client(service()).await?;
    let secret = made.secret.map(|secret| secret.expose().to_owned()).unwrap_or_default();
    let form = [("grant_type", "client_credentials"), ("client_id", &made.id), ("client_secret", &secret), ("scope", "system/*.rs")];
    let params = Params::new(form.map(|(name, value)| (name.to_owned(), value.to_owned())))?;
    let mut tokens = Vec::with_capacity(TOKENS);
    for _ in 0..TOKENS {
        let reply = provider.token(&site, Request { params: &params, authorization: None }).await;
        tokens.push(reply.body.and_then(|body| body.text("access_token").map(str::to_owned)).ok_or("no token")?);
    }
    for token in &tokens {
        provider.bearer(Tenant(1), token).await?;
    }
    let (begin, mut count) = (Instant::now(), 0_u32);
    while begin.elapsed() < SPAN {
        for token in &tokens {
            black_box(provider.bearer(Tenant(1), token).await?);
        }
        count += TOKENS as u32;
    }
    println!("a seen token: {} ns", (begin.elapsed() / count).as_nanos());
    Ok(())
}
