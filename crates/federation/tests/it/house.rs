//! What the tests share: accounts over the reference store, a provider outside, and browsers.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use federation::arrival::Brought;
use federation::provider::{Newcomers, OpenId, Proof, Protocol};
use federation::{Arrival, Federation, FederationError, OutsideProvider, Purpose};
use identity::accounts::Invitation;
use identity::directory::Directory;
use identity::outbox::{Letter, Outbox};
use identity::password::Cost;
use identity::random::SystemRandom;
use identity::sealer::Sealer;
use identity::sign_in::{Begun, SignIn, SignedIn};
use identity::user::Membership;
use identity::{Identity, IdentityError, Origin, Secret, Settings, Surroundings};
use oauth::{Params, Provider, Site};
use store::commit::Tenant;
use store::memory::MemoryStore;

use crate::provider::Outside;

pub const NOON_S: i64 = 1_800_000_000;
pub const PASSWORD: &str = "violet-harbour-candle-47";
pub const TENANT: Tenant = Tenant(1);
pub const CLIENT: &str = "ward-client";

/// A clock that stands where it is put.
pub struct Hand(AtomicI64);

impl store::contract::Clock for Hand {
    fn now(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

struct NoLetters;

impl Outbox for NoLetters {
    fn post(&self, _: Letter) {}
}

/// Seals by turning bytes around and naming the context.
struct Wax;

impl Sealer for Wax {
    fn seal(&self, context: &str, plain: &[u8]) -> Result<Vec<u8>, IdentityError> {
        Ok(context.bytes().chain([0]).chain(plain.iter().map(|byte| !byte)).collect())
    }

    fn open(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, IdentityError> {
        let rest = sealed.strip_prefix(context.as_bytes()).and_then(|rest| rest.strip_prefix(&[0]));
        Ok(rest.ok_or(IdentityError::Unsealable)?.iter().map(|byte| !byte).collect())
    }
}

pub struct House {
    pub identity: Identity,
    pub federation: Federation,
    pub provider: Arc<Provider>,
    pub outside: Arc<Outside>,
    pub clock: Arc<Hand>,
}

/// Somebody who was sent to a provider.
#[derive(Clone)]
pub struct Traveller {
    pub secret: Secret,
    pub state: String,
    pub nonce: String,
    pub address: String,
}

pub fn site() -> Site {
    Site::new(TENANT, "https://ward.example", "https://ward.example/fhir")
}

pub fn origin() -> Origin {
    Origin::new([192, 0, 2, 7].into(), "Firefox on Linux")
}

/// A provider as most are, of whom no newcomer is taken.
pub fn usual(slug: &str, issuer: &str) -> OutsideProvider {
    let openid =
        OpenId { issuer: issuer.to_owned(), client_id: CLIENT.to_owned(), proof: Proof::Public, scopes: "openid profile email".to_owned() };
    OutsideProvider {
        tenant: TENANT.0,
        slug: slug.to_owned(),
        name: "City Hospital".to_owned(),
        protocol: Protocol::OpenId(openid),
        second_factor: Vec::new(),
        login_claim: "preferred_username".to_owned(),
        newcomers: None,
        active: true,
        created: 0,
    }
}

/// The same, and newcomers are physicians.
pub fn welcoming(slug: &str, issuer: &str) -> OutsideProvider {
    let roles = Membership::with_role(TENANT, "physician").roles;
    OutsideProvider { newcomers: Some(Newcomers { roles }), ..usual(slug, issuer) }
}

impl House {
    pub fn new() -> Self {
        let clock = Arc::new(Hand(AtomicI64::new(NOON_S * 1000)));
        let directory = Directory::new(Arc::new(MemoryStore::new(clock.clone())));
        let surroundings =
            Surroundings { clock: clock.clone(), random: Arc::new(SystemRandom), outbox: Arc::new(NoLetters), sealer: Arc::new(Wax) };
        let settings = Settings { cost: Cost { memory_kib: 8, passes: 1, lanes: 1 }, ..Settings::default() };
        let identity = Identity::new(directory.clone(), surroundings, settings).expect("accounts");
        let outside = Arc::new(Outside::new());
        let provider = Provider::new(directory, clock.clone(), Arc::new(Wax), outside.clone(), oauth::Settings::default());
        let provider = Arc::new(provider);
        let federation = Federation::new(identity.clone(), provider.clone(), Arc::new(Wax), outside.clone());
        Self { identity, federation, provider, outside, clock }
    }

    /// With the provider `city`.
    pub async fn with(provider: OutsideProvider) -> Self {
        let house = Self::new();
        house.federation.add(provider, None).await.expect("a provider");
        house
    }

    pub fn pass_s(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    /// An account with a password; its id.
    pub async fn user(&self, login: &str) -> String {
        self.member(login, vec![Membership::with_role(TENANT, "physician")]).await
    }

    pub async fn member(&self, login: &str, memberships: Vec<Membership>) -> String {
        let email = Some(format!("{login}@city.example"));
        let asked = Invitation { login: login.to_owned(), name: login.to_owned(), email, locale: None, memberships };
        let (id, token) = self.identity.invite(asked).await.expect("invited");
        self.identity.accept_invitation(&token, &Secret::new(PASSWORD)).await.expect("accepted");
        id
    }

    pub async fn sign_in(&self, login: &str) -> Begun {
        let asked = SignIn { login, password: Secret::new(PASSWORD), origin: origin(), device: None };
        match self.identity.sign_in(asked).await.expect("signed in") {
            SignedIn::Done(begun) => *begun,
            SignedIn::Halfway { .. } => panic!("a second factor is asked for"),
        }
    }

    /// Sends somebody to a provider.
    pub async fn depart(&self, slug: &str, purpose: Purpose) -> Result<Traveller, FederationError> {
        let departure = self.federation.depart(&site(), slug, purpose).await?;
        let query = departure.address.split_once('?').expect("a query").1;
        let value = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}="))).expect("there").to_owned();
        let (state, nonce) = (value("state"), value("nonce"));
        Ok(Traveller { secret: departure.secret, state, nonce, address: departure.address })
    }

    pub async fn depart_to_sign_in(&self, slug: &str) -> Traveller {
        self.depart(slug, Purpose::SignIn { next: "/auth/authorize?client_id=a".to_owned() }).await.expect("sent")
    }

    /// Comes back with these parameters.
    pub async fn arrive(
        &self,
        slug: &str,
        traveller: &Traveller,
        session: Option<&Secret>,
        params: &[(&str, &str)],
    ) -> Result<Arrival, FederationError> {
        let pairs = params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let params = Params::new(pairs).expect("parameters");
        let brought = Brought { secret: Some(traveller.secret.clone()), session: session.cloned(), params: &params, origin: origin() };
        self.federation.arrive(&site(), slug, &brought).await
    }

    /// Goes to the provider as a person there, and comes back.
    pub async fn go(&self, slug: &str, subject: &str) -> Result<Arrival, FederationError> {
        let traveller = self.depart_to_sign_in(slug).await;
        self.outside.signs_in(subject, &traveller.nonce);
        self.arrive(slug, &traveller, None, &[("state", &traveller.state), ("code", "c"), ("iss", "https://city.example")]).await
    }
}

/// The session that has begun.
pub fn begun(arrival: Result<Arrival, FederationError>) -> Begun {
    match arrival {
        Ok(Arrival::SignedIn { how: SignedIn::Done(begun), .. }) => *begun,
        other => panic!("{other:?}"),
    }
}
