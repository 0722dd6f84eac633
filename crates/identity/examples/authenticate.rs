//! How long it takes to tell who has a session that was seen: `cargo run --release -p identity --example authenticate`.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Instant;

use identity::accounts::SetUp;
use identity::outbox::{Letter, Outbox};
use identity::random::SystemRandom;
use identity::sealer::Sealer;
use identity::sign_in::{SignIn, SignedIn};
use identity::{Authenticator, Directory, Identity, IdentityError, Origin, Secret, Settings, Surroundings};
use store::clock::{Reading, SteadyClock};
use store::commit::Tenant;
use store::memory::MemoryStore;

const ROUNDS: u32 = 1_000_000;

struct Nowhere;

impl Outbox for Nowhere {
    fn post(&self, _: Letter) {}
}

impl Sealer for Nowhere {
    fn seal(&self, _: &str, _: &[u8]) -> Result<Vec<u8>, IdentityError> {
        Err(IdentityError::Unsealable)
    }

    fn open(&self, _: &str, _: &[u8]) -> Result<Vec<u8>, IdentityError> {
        Err(IdentityError::Unsealable)
    }
}

fn reading() -> Reading {
    let wall = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64);
    Reading { wall, running: wall }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build()?;
    runtime.block_on(measure())
}

async fn measure() -> Result<(), Box<dyn std::error::Error>> {
    let clock = Arc::new(SteadyClock::new(reading, Box::new(|_| {})));
    let store = Arc::new(MemoryStore::new(clock.clone()));
    let surroundings = Surroundings { clock, random: Arc::new(SystemRandom), outbox: Arc::new(Nowhere), sealer: Arc::new(Nowhere) };
    let identity = Identity::new(Directory::new(store), surroundings, Settings::default())?;
    let (link, _) = identity.first_start().await?.ok_or("accounts in a new store")?;
    let password = Secret::new("violet-harbour-candle-47");
    identity.set_up(&link, SetUp { login: "root".into(), name: "Root".into(), password: password.clone(), tenant: Tenant(1) }).await?;
    let origin = Origin::new(IpAddr::V4(Ipv4Addr::LOCALHOST), "example");
    let begin = Instant::now();
    let signed_in = identity.sign_in(SignIn { login: "root", password, origin, device: None }).await?;
    println!("sign-in by password: {:?}", begin.elapsed());
    let SignedIn::Done(begun) = signed_in else { return Err("a second factor".into()) };
    let authenticator = Authenticator::new(identity, 10_000);
    authenticator.session(begun.token.expose(), Tenant(1)).await?;
    let begin = Instant::now();
    for _ in 0..ROUNDS {
        std::hint::black_box(authenticator.session(std::hint::black_box(begun.token.expose()), Tenant(1)).await?);
    }
    println!("a seen session: {:?}", begin.elapsed() / ROUNDS);
    Ok(())
}
