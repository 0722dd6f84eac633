//! What the tests share: accounts over the reference store, with a clock, letters and randomness that they hold in their hands.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use fhir::definitions::ResourceType;
use identity::accounts::SetUp;
use identity::chronicle::{Chronicle, Deed, NotTold, Noted, Telling};
use identity::directory::Directory;
use identity::outbox::{Letter, Outbox};
use identity::password::Cost;
use identity::random::Random;
use identity::sealer::Sealer;
use identity::sign_in::{Begun, SignIn, SignedIn};
use identity::{Identity, IdentityError, Origin, Secret, Settings, Surroundings};
use store::Store;
use store::commit::{Body, Commit, Key, NO_DATE, Put, Tenant};
use store::memory::MemoryStore;

pub const NOON: i64 = 1_800_000_000_000;
pub const MINUTE: i64 = 60_000;
pub const HOUR: i64 = 60 * MINUTE;
pub const PASSWORD: &str = "violet-harbour-candle-47";
pub const TENANT: Tenant = Tenant(1);

/// A clock that stands where it is put.
pub struct Hand(AtomicI64);

impl store::contract::Clock for Hand {
    fn now(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// Numbers that come in order: the same for every run.
struct Counted(AtomicU64);

impl Random for Counted {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), IdentityError> {
        let number = self.0.fetch_add(1, Ordering::SeqCst);
        let seed = Secret::new(format!("seed 7 of {number}")).fingerprint();
        bytes.iter_mut().zip(seed.bytes().cycle().zip(0u8..)).for_each(|(byte, (digit, place))| *byte = digit.wrapping_mul(31) ^ place);
        Ok(())
    }
}

#[derive(Default)]
struct Kept(Mutex<Vec<Letter>>);

impl Outbox for Kept {
    fn post(&self, letter: Letter) {
        self.0.lock().unwrap().push(letter);
    }
}

/// A chronicle that can be read, and closed.
#[derive(Default)]
pub struct Book {
    deeds: Mutex<Vec<Deed>>,
    /// All that commits were to tell, whether they were applied or not.
    written: Mutex<Vec<Deed>>,
    pub is_closed: AtomicBool,
}

impl Chronicle for Book {
    fn tell(&self, deed: Deed) -> Telling<'_> {
        let is_closed = self.is_closed.load(Ordering::SeqCst);
        if !is_closed {
            self.deeds.lock().unwrap().push(deed);
        }
        Box::pin(async move { if is_closed { Err(NotTold) } else { Ok(()) } })
    }

    fn write(&self, deeds: &[Deed], commit: &mut Commit) {
        for deed in deeds {
            let mut written = self.written.lock().unwrap();
            let text = format!("{{\"resourceType\":\"AuditEvent\",\"id\":\"e-{}\",\"meta\":{{}}}}", written.len());
            let stamp_at = text.len() as u32 - 2;
            let key = Key::new(ResourceType::parse("AuditEvent").unwrap(), format!("e-{}", written.len()));
            let put = Put { key, body: Body { text: text.into(), stamp_at }, entries: Vec::new(), date: NO_DATE, extractor: 0 };
            commit.trails.push((TENANT, vec![put]));
            written.push(deed.clone());
        }
    }

    fn applied(&self, deeds: Vec<Deed>) -> Noted<'_> {
        self.deeds.lock().unwrap().extend(deeds);
        Box::pin(std::future::ready(()))
    }
}

/// Seals by turning bytes around and naming the context: enough to see that it was asked.
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
    pub clock: Arc<Hand>,
    pub store: Arc<MemoryStore>,
    surroundings: Surroundings,
    letters: Arc<Kept>,
    pub chronicle: Arc<Book>,
}

/// Settings whose hashes cost little.
pub fn cheap() -> Settings {
    Settings { cost: Cost { memory_kib: 8, passes: 1, lanes: 1 }, hashing_at_once: 4, ..Settings::default() }
}

impl House {
    pub fn new() -> Self {
        Self::with(cheap())
    }

    pub fn with(settings: Settings) -> Self {
        Self::made(settings, |store| store)
    }

    /// Over what a test puts before the store.
    pub fn over(before: impl Fn(Arc<dyn Store>) -> Arc<dyn Store>) -> Self {
        Self::made(cheap(), before)
    }

    fn made(settings: Settings, before: impl Fn(Arc<dyn Store>) -> Arc<dyn Store>) -> Self {
        let (clock, letters) = (Arc::new(Hand(AtomicI64::new(NOON))), Arc::new(Kept::default()));
        let chronicle = Arc::new(Book::default());
        let store = Arc::new(MemoryStore::new(clock.clone()));
        let surroundings = Surroundings {
            clock: clock.clone(),
            random: Arc::new(Counted(AtomicU64::new(0))),
            outbox: letters.clone(),
            sealer: Arc::new(Wax),
        };
        let identity =
            Identity::new(Directory::new(before(store.clone())).telling(chronicle.clone()), surroundings.clone(), settings).unwrap();
        Self { identity, clock, store, surroundings, letters, chronicle }
    }

    /// The same after a restart: what was kept in memory is gone.
    pub fn restarted(&self, settings: Settings) -> Identity {
        Identity::new(Directory::new(self.store.clone()).telling(self.chronicle.clone()), self.surroundings.clone(), settings).unwrap()
    }

    pub fn pass(&self, ms: i64) {
        self.clock.0.fetch_add(ms, Ordering::SeqCst);
    }

    /// Takes the letters that were posted.
    pub fn letters(&self) -> Vec<Letter> {
        std::mem::take(&mut self.letters.0.lock().unwrap())
    }

    /// Takes the deeds that were told.
    pub fn deeds(&self) -> Vec<Deed> {
        std::mem::take(&mut self.chronicle.deeds.lock().unwrap())
    }

    /// The token in the only letter that was posted.
    pub fn posted_token(&self) -> Secret {
        let letters = self.letters();
        assert_eq!(letters.len(), 1, "one letter");
        letters[0].token.clone().expect("a letter with a link")
    }

    /// Sets up the first account, `root`.
    pub async fn set_up(&self) -> String {
        let (token, _) = self.identity.first_start().await.unwrap().unwrap();
        self.identity.set_up(&token, root()).await.unwrap()
    }

    pub async fn try_sign_in(&self, login: &str, password: &str) -> Result<SignedIn, IdentityError> {
        self.identity.sign_in(asked(login, password)).await
    }

    /// Signs in where no second factor is asked for.
    pub async fn sign_in(&self, login: &str, password: &str) -> Begun {
        match self.try_sign_in(login, password).await.unwrap() {
            SignedIn::Done(begun) => *begun,
            SignedIn::Halfway { .. } => panic!("a second factor is asked for"),
        }
    }
}

pub fn root() -> SetUp {
    SetUp { login: "root".into(), name: "Ada Lovelace".into(), password: Secret::new(PASSWORD), tenant: TENANT }
}

pub fn address(last: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(192, 0, 2, last))
}

pub fn origin() -> Origin {
    Origin::new(address(7), "Firefox on Linux")
}

pub fn asked<'a>(login: &'a str, password: &str) -> SignIn<'a> {
    SignIn { login, password: Secret::new(password), origin: origin(), device: None }
}
