//! Hashing: argon2id (RFC 9106), beside the threads of the network and not too many at once; bcrypt's hashes are verified, and replaced.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::error::IdentityError;
use crate::random::Random;
use crate::secret::Secret;

/// No password is longer, in bytes: longer ones are not hashed.
pub const LONGEST: usize = 1024;

/// The dearest that a hash from elsewhere may be: memory in KiB, passes, lanes. A record must not be able to stop the server.
const DEAREST: Cost = Cost { memory_kib: 1 << 20, passes: 32, lanes: 16 };

/// The dearest cost of bcrypt that is verified: some seconds.
const DEAREST_BCRYPT: u32 = 16;

/// How dear it is to hash a password with argon2id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory, in KiB. At least 8 for each lane.
    pub memory_kib: u32,
    /// How often it is passed over.
    pub passes: u32,
    /// How many lanes it has.
    pub lanes: u32,
}

impl Default for Cost {
    /// The minimum of OWASP's Password Storage Cheat Sheet: 19 MiB, 2 passes, 1 lane.
    fn default() -> Self {
        Self { memory_kib: 19 * 1024, passes: 2, lanes: 1 }
    }
}

/// What a check of a password said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Whether it is the password.
    pub right: bool,
    /// Whether the hash is cheaper than hashes are made now, or of another kind: hash it again.
    pub outdated: bool,
}

/// Hashes and verifies.
pub struct Hasher {
    cost: Cost,
    at_once: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    most_waiting: usize,
    /// Stands for the hash of accounts that have none.
    decoy: Box<str>,
}

impl Hasher {
    /// A hasher at this cost that hashes `at_once` passwords at the same time while at most `most_waiting` wait.
    ///
    /// Fails with [`IdentityError::Invalid`] when argon2 does not take the cost.
    pub fn new(cost: Cost, at_once: usize, most_waiting: usize) -> Result<Self, IdentityError> {
        let decoy = hash(cost, b"", &[7; 16])?;
        let at_once = Arc::new(Semaphore::new(at_once.max(1)));
        Ok(Self { cost, at_once, waiting: Arc::default(), most_waiting, decoy: decoy.into() })
    }

    /// The hash of a password, with a salt of its own, in the PHC format: the parameters are in it.
    ///
    /// Fails with [`IdentityError::Busy`] when too many wait.
    pub async fn hash(&self, password: &Secret, random: &dyn Random) -> Result<String, IdentityError> {
        let mut salt = [0; 16];
        random.fill(&mut salt)?;
        let (cost, password) = (self.cost, within(password)?);
        self.beside(move || hash(cost, password.expose().as_bytes(), &salt)).await?
    }

    /// Whether a password is the one of this hash. `None` for an account that there is not: it takes as long and is wrong.
    ///
    /// Fails with [`IdentityError::Busy`] when too many wait.
    pub async fn check(&self, password: &Secret, known: Option<&str>) -> Result<Checked, IdentityError> {
        let (cost, password, there) = (self.cost, within(password)?, known.is_some());
        let known = known.unwrap_or(&self.decoy).to_owned();
        let checked = self.beside(move || check(cost, password.expose(), &known)).await?;
        Ok(Checked { right: there && checked.right, ..checked })
    }

    /// Does something dear beside the threads of the network, when its turn has come. Whoever waits may go away; what has begun ends.
    async fn beside<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, IdentityError> {
        let place = Place::take(&self.waiting, self.most_waiting)?;
        let turn = self.at_once.clone().acquire_owned().await.map_err(|_| IdentityError::Busy)?;
        drop(place);
        spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        })
        .await
        .map_err(|_| IdentityError::Busy)
    }
}

/// A place among those that wait.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(waiting: &Arc<AtomicUsize>, most: usize) -> Result<Self, IdentityError> {
        let place = Self(waiting.clone());
        match waiting.fetch_add(1, Ordering::AcqRel) < most {
            true => Ok(place),
            false => Err(IdentityError::Busy),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Whether a text is a hash that [`Hasher::check`] understands: argon2id or bcrypt, at a cost that is not absurd.
pub fn is_hash(text: &str) -> bool {
    bcrypt_cost(text).map_or_else(|| argon2_cost(text).is_some(), |cost| (4..=DEAREST_BCRYPT).contains(&cost) && text.len() == 60)
}

fn within(password: &Secret) -> Result<Secret, IdentityError> {
    match password.expose().len() <= LONGEST {
        true => Ok(password.clone()),
        false => Err(IdentityError::Invalid { field: "password", rule: "at most 1024 bytes" }),
    }
}

fn argon2(cost: Cost) -> Result<Argon2<'static>, IdentityError> {
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, None)
        .map_err(|_| IdentityError::Invalid { field: "password cost", rule: "at least 8 KiB for each lane, 1 pass and 1 lane" })?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(cost: Cost, password: &[u8], salt: &[u8]) -> Result<String, IdentityError> {
    let hash: PasswordHash = argon2(cost)?.hash_password_with_salt(password, salt).map_err(|_| IdentityError::Busy)?;
    Ok(hash.to_string())
}

fn check(cost: Cost, password: &str, known: &str) -> Checked {
    if bcrypt_cost(known).is_some() {
        return Checked { right: is_hash(known) && bcrypt::verify(password, known).unwrap_or(false), outdated: true };
    }
    let Some(made_at) = argon2_cost(known) else { return Checked { right: false, outdated: true } };
    let right = PasswordHash::new(known).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
    let outdated = made_at.memory_kib < cost.memory_kib || made_at.passes < cost.passes;
    Checked { right, outdated }
}

/// The cost in a hash of argon2id; `None` when it is no such hash, or dearer than the dearest.
fn argon2_cost(text: &str) -> Option<Cost> {
    let hash = PasswordHash::new(text).ok()?;
    if hash.algorithm.as_str() != "argon2id" || hash.hash.is_none() || hash.salt.is_none() {
        return None;
    }
    let params = Params::try_from(&hash).ok()?;
    let cost = Cost { memory_kib: params.m_cost(), passes: params.t_cost(), lanes: params.p_cost() };
    let bearable = cost.memory_kib <= DEAREST.memory_kib && cost.passes <= DEAREST.passes && cost.lanes <= DEAREST.lanes;
    bearable.then_some(cost)
}

/// The cost in a hash of bcrypt; `None` when it is none.
fn bcrypt_cost(text: &str) -> Option<u32> {
    let rest = ["$2a$", "$2b$", "$2x$", "$2y$"].iter().find_map(|begin| text.strip_prefix(begin))?;
    rest.split('$').next()?.parse().ok()
}
