//! A house for the tests: a provider on the reference store, a doctor, a patient, clients, and a clock that is moved by hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use fhir::Value;
use identity::directory::{Changes, Directory, Kept};
use identity::error::IdentityError;
use identity::sealer::Sealer;
use identity::session::{Origin, Session};
use identity::user::{Membership, Status, User};
use oauth::authorize::{Asked, Decision, Denied, Done, SignedIn};
use oauth::client::fetch::{Fetch, NoFetch};
use oauth::{Client, GrantType, Params, Proof, Provider, Reply, Request, Settings, Site};
use store::commit::Tenant;
use store::contract::Store;
use store::memory::MemoryStore;

use crate::gathering::Gathering;

/// 2027-01-15T08:00:00Z.
pub const START: i64 = 1_800_000_000_000;
/// The verifier of RFC 7636, appendix B, and its challenge.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub const BACK: &str = "https://app.example/back";

/// A clock that is moved by hand.
pub struct Hand(AtomicI64);

impl store::contract::Clock for Hand {
    fn now(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

impl Hand {
    pub fn move_seconds(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
}

/// Turns each bit round: enough to see that nothing lies about in clear.
struct Turned;

impl Sealer for Turned {
    fn seal(&self, context: &str, plain: &[u8]) -> Result<Vec<u8>, IdentityError> {
        Ok([context.as_bytes(), b"|", &plain.iter().map(|byte| !byte).collect::<Vec<_>>()].concat())
    }

    fn open(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, IdentityError> {
        let plain = sealed.strip_prefix(context.as_bytes()).and_then(|rest| rest.strip_prefix(b"|"));
        plain.map(|plain| plain.iter().map(|byte| !byte).collect()).ok_or(IdentityError::Unsealable)
    }
}

/// The house.
pub struct House {
    pub provider: Arc<Provider>,
    pub directory: Directory,
    pub clock: Arc<Hand>,
    pub site: Site,
    /// Who has signed in: Dr Ada.
    pub ada: SignedIn,
    /// Who has signed in: Pat, a patient.
    pub pat: SignedIn,
}

impl House {
    pub async fn new() -> Self {
        Self::with(Settings::default(), Arc::new(NoFetch)).await
    }

    pub async fn with(settings: Settings, fetch: Arc<dyn Fetch>) -> Self {
        Self::on(|store| store, settings, fetch).await
    }

    /// One in which so many commits of a reason wait for each other.
    pub async fn gathering(reason: &'static str, many: usize) -> Self {
        Self::on(|store| Arc::new(Gathering::new(store, reason, many)), Settings::default(), Arc::new(NoFetch)).await
    }

    async fn on(before: impl FnOnce(Arc<MemoryStore>) -> Arc<dyn Store>, settings: Settings, fetch: Arc<dyn Fetch>) -> Self {
        let clock = Arc::new(Hand(AtomicI64::new(START)));
        let directory = Directory::new(before(Arc::new(MemoryStore::new(clock.clone()))));
        let provider = Arc::new(Provider::new(directory.clone(), clock.clone(), Arc::new(Turned), fetch, settings));
        let site = Site::new(Tenant(1), "https://ward.example", "https://ward.example/fhir");
        let ada = signed_in(&directory, "ada", "Practitioner/p-ada", "physician").await;
        let pat = signed_in(&directory, "pat", "Patient/pat-1", "patient").await;
        Self { provider, directory, clock, site, ada, pat }
    }

    /// The same server, started again.
    pub fn restarted(&self) -> Provider {
        self.restarted_with(Settings::default())
    }

    /// The same, with other settings.
    pub fn restarted_with(&self, settings: Settings) -> Provider {
        let directory = Directory::new(self.directory.store().clone());
        Provider::new(directory, self.clock.clone(), Arc::new(Turned), Arc::new(NoFetch), settings)
    }

    /// Makes a client, and says its id and its secret.
    pub async fn client(&self, change: impl FnOnce(&mut Client)) -> (String, Option<String>) {
        let mut client = app();
        change(&mut client);
        let made = self.provider.register_client(client).await.unwrap();
        (made.id, made.secret.map(|secret| secret.expose().to_owned()))
    }

    /// A request to the token endpoint and its like.
    pub async fn post(&self, endpoint: Endpoint, pairs: &[(&str, &str)]) -> Reply {
        self.post_as(endpoint, pairs, None).await
    }

    pub async fn post_as(&self, endpoint: Endpoint, pairs: &[(&str, &str)], authorization: Option<&str>) -> Reply {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let params = match Params::new(pairs) {
            Ok(params) => params,
            Err(refusal) => return refusal.reply(),
        };
        let request = Request { params: &params, authorization };
        match endpoint {
            Endpoint::Token => self.provider.token(&self.site, request).await,
            Endpoint::Revoke => self.provider.revoke(&self.site, request).await,
            Endpoint::Introspect => self.provider.introspect(&self.site, request).await,
            Endpoint::Device => self.provider.device_authorization(&self.site, request).await,
        }
    }

    /// Reads an authorization request of a client, changed: a value replaces one, an empty one takes it away.
    pub async fn begin(&self, client: &str, changes: &[(&str, &str)]) -> Result<Asked, Denied> {
        let mut pairs = vec![
            ("response_type", "code"),
            ("client_id", client),
            ("redirect_uri", BACK),
            ("scope", "openid fhirUser launch/patient offline_access patient/*.rs"),
            ("state", "s-1"),
            ("nonce", "n-1"),
            ("aud", "https://ward.example/fhir"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        pairs.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
        pairs.extend_from_slice(changes);
        self.provider.begin(&self.site, &Params::new(owned(&pairs)).unwrap()).await
    }

    /// Goes through with a request: whoever it is grants everything, for the patient `pat-1`.
    pub async fn grant(&self, asked: &Asked, who: &SignedIn) -> Result<Done, Denied> {
        let decision = Decision { scopes: asked.scopes.clone(), patient: Some("pat-1".to_owned()), encounter: None };
        self.provider.finish(&self.site, asked, who, START, &decision).await
    }

    /// A code for a client, from Dr Ada.
    pub async fn code(&self, client: &str, changes: &[(&str, &str)]) -> String {
        let asked = self.begin(client, changes).await.unwrap();
        let Ok(Done::Redirect(address)) = self.grant(&asked, &self.ada).await else { panic!("no redirect") };
        param(&address, "code").unwrap()
    }

    /// Redeems a code.
    pub async fn redeem(&self, client: &str, code: &str) -> Reply {
        let pairs = [
            ("grant_type", "authorization_code"),
            ("client_id", client),
            ("code", code),
            ("redirect_uri", BACK),
            ("code_verifier", VERIFIER),
        ];
        self.post(Endpoint::Token, &pairs).await
    }

    /// Redeems a refresh token.
    pub async fn refresh(&self, client: &str, token: &str) -> Reply {
        self.post(Endpoint::Token, &[("grant_type", "refresh_token"), ("client_id", client), ("refresh_token", token)]).await
    }

    /// The tokens of a public client, from Dr Ada.
    pub async fn tokens(&self, client: &str) -> (String, String) {
        let code = self.code(client, &[]).await;
        let reply = self.redeem(client, &code).await;
        (text(&reply, "access_token"), text(&reply, "refresh_token"))
    }

    /// Whether an access token is worth something.
    pub async fn works(&self, token: &str) -> bool {
        self.provider.bearer(Tenant(1), token).await.is_ok()
    }

    /// Changes an account.
    pub async fn change_user(&self, id: &str, change: impl FnOnce(&mut User)) {
        let kept = self.directory.get::<User>(id).await.unwrap().unwrap();
        let mut user = kept.record.clone();
        change(&mut user);
        self.directory.apply(Changes::new("change", identity::chronicle::Told::Nothing("a test")).update(&kept, &user)).await.unwrap();
    }
}

/// Where a client sends a form to.
#[derive(Clone, Copy, Debug)]
pub enum Endpoint {
    Token,
    Revoke,
    Introspect,
    Device,
}

/// A public app that may do what apps do for users.
pub fn app() -> Client {
    Client {
        tenant: 1,
        name: "Growth chart".to_owned(),
        proof: Proof::Public,
        redirect_uris: vec![BACK.to_owned()],
        post_logout_redirect_uris: Vec::new(),
        origins: Vec::new(),
        launch_uri: Some("https://app.example/launch".to_owned()),
        scope: "openid profile fhirUser launch launch/patient launch/encounter offline_access online_access patient/*.cruds user/*.rs"
            .to_owned(),
        grants: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        logo_uri: None,
        roles: Vec::new(),
        preapproved: false,
        self_registered: false,
        // A key of the other kind takes a second to make in a build that is not optimised.
        id_token_alg: oauth::IdTokenAlg::Es384,
        active: true,
        created: 0,
    }
}

async fn signed_in(directory: &Directory, id: &str, fhir_user: &str, role: &str) -> SignedIn {
    let part = Membership { fhir_user: Some(fhir_user.to_owned()), ..Membership::with_role(Tenant(1), role) };
    let user = User {
        login: id.to_owned(),
        name: id.to_owned(),
        email: None,
        phone: None,
        locale: None,
        status: Status::Active,
        memberships: vec![part],
        external_id: None,
        created: START,
        updated: START,
        last_sign_in: None,
        generation: 0,
    };
    let session = Session {
        handle: format!("h-{id}"),
        user: id.to_owned(),
        generation: 0,
        origin: Origin::new([127, 0, 0, 1].into(), "test"),
        created: START,
        last_seen: START,
        until: START + 12 * 3_600_000,
        strong_until: None,
        only_in: None,
        came_by: None,
    };
    directory
        .apply(
            Changes::new("arrive", identity::chronicle::Told::Nothing("a test"))
                .create(id, &user)
                .create(&format!("session-{id}"), &session),
        )
        .await
        .unwrap();
    let kept: Kept<User> = directory.get(id).await.unwrap().unwrap();
    SignedIn::new(&kept, &session, Tenant(1), START)
}

/// A text of an answer; empty when it is not there.
pub fn text(reply: &Reply, name: &str) -> String {
    reply.body.as_ref().and_then(|body| body.get(name)).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The error of an answer; empty when it is none.
pub fn error(reply: &Reply) -> String {
    text(reply, "error")
}

/// A parameter in the query of an address, decoded.
pub fn param(address: &str, name: &str) -> Option<String> {
    let (_, query) = address.split_once('?')?;
    let pairs = search::url::query_pairs(query).ok()?;
    pairs.into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

/// What is told to the client in place of a code.
pub fn told(denied: Denied) -> String {
    match denied {
        Denied::Redirect(address, _) => param(&address, "error").unwrap(),
        Denied::Shown(refusal) => panic!("it was shown: {refusal}"),
    }
}

/// Whether it is shown to the user alone.
pub fn is_shown(denied: &Denied) -> bool {
    matches!(denied, Denied::Shown(_))
}

/// An answer whose body is JSON, by a path of names.
pub fn at<'a>(reply: &'a Reply, name: &str) -> Option<&'a Value> {
    reply.body.as_ref()?.get(name)
}

/// A member that is an array of texts.
pub fn texts(reply: &Reply, name: &str) -> Vec<String> {
    let items = at(reply, name).and_then(Value::as_array).unwrap_or_default();
    items.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let there = pairs.iter().filter(|(_, value)| !value.is_empty());
    there.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}
