//! What was found out lately: from a presented token to who presents it, without a read.
//!
//! An answer rests on records: the token's, the account's, the client's. [`Basis`] reads them and watches each from before it is read; as soon as one of
//! them changes the answer is forgotten. In the process that changes it, this is before [`Directory::apply`] returns; in others, when their
//! [`follow`] comes to the commit. Besides, nothing is remembered longer than [`MOST_AGE_MS`].

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use aws_lc_rs::digest::{SHA256, digest};
use quick_cache::sync::Cache;
use store::commit::Instant;
use store::query::Change;
use store::{ReadError, feed};

use crate::directory::{Directory, DirectoryError, Kept, Record, TENANT};

/// How long an answer is remembered at most, in milliseconds: a node that hears nothing of the others believes no token longer.
pub const MOST_AGE_MS: i64 = 60_000;

/// What is kept of a token: its SHA-256. Records have its hexadecimal digits as their id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// Of what was presented.
    pub fn of(token: &str) -> Self {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
        Self(bytes)
    }

    /// The id of its record: 64 hexadecimal digits.
    pub fn id(&self) -> String {
        self.0.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)])).collect()
    }
}

/// Who watches which record.
#[derive(Default)]
pub struct Watches {
    flags: Mutex<Flags>,
}

#[derive(Default)]
struct Flags {
    /// By the record's id: whether what was read of it still holds.
    by_id: HashMap<Box<str>, Weak<AtomicBool>>,
    /// How many there may be before those that nobody holds any more are thrown away.
    most: usize,
}

impl Watches {
    /// A flag that is up until the record of this id changes.
    fn watch(&self, id: &str) -> Arc<AtomicBool> {
        let mut flags = self.flags.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(flag) = flags.by_id.get(id).and_then(Weak::upgrade) {
            return flag;
        }
        if flags.by_id.len() >= flags.most {
            flags.by_id.retain(|_, flag| flag.strong_count() > 0);
            flags.most = flags.by_id.len() * 2 + 1024;
        }
        let flag = Arc::new(AtomicBool::new(true));
        flags.by_id.insert(id.into(), Arc::downgrade(&flag));
        flag
    }

    /// The record of this id is no longer what it was.
    pub fn changed(&self, id: &str) {
        let flag = self.flags.lock().unwrap_or_else(PoisonError::into_inner).by_id.remove(id);
        if let Some(flag) = flag.as_ref().and_then(Weak::upgrade) {
            flag.store(false, Ordering::Release);
        }
    }
}

/// Records that an answer rests on, each watched from before it was read.
pub struct Basis<'a> {
    directory: &'a Directory,
    flags: Vec<Arc<AtomicBool>>,
}

impl<'a> Basis<'a> {
    /// Of no record yet.
    pub fn new(directory: &'a Directory) -> Self {
        Self { directory, flags: Vec::new() }
    }

    /// Reads a record, as [`Directory::get`] does. The answer rests on it, also when there is none.
    ///
    /// Fails when the store does.
    pub async fn get<R: Record>(&mut self, id: &str) -> Result<Option<Kept<R>>, DirectoryError> {
        self.flags.push(self.directory.watches().watch(id));
        self.directory.get(id).await
    }
}

/// Answers by the fingerprint of what was presented.
pub struct Seen<T> {
    answers: Cache<Fingerprint, Arc<Answer<T>>>,
}

struct Answer<T> {
    value: Arc<T>,
    /// From this moment on it holds no longer.
    until: Instant,
    flags: Box<[Arc<AtomicBool>]>,
}

impl<T> Seen<T> {
    /// Room for about this many answers; those asked for least are forgotten first.
    pub fn new(capacity: usize) -> Self {
        Self { answers: Cache::new(capacity) }
    }

    /// What was found out, if that still holds at `now`.
    pub fn get(&self, fingerprint: &Fingerprint, now: Instant) -> Option<Arc<T>> {
        let answer = self.answers.get(fingerprint)?;
        if now < answer.until && answer.flags.iter().all(|flag| flag.load(Ordering::Acquire)) {
            return Some(answer.value.clone());
        }
        self.answers.remove(fingerprint);
        None
    }

    /// Remembers what was found out at `now` until the first of: `until`, [`MOST_AGE_MS`], a change of what it rests on.
    pub fn keep(&self, fingerprint: Fingerprint, value: Arc<T>, now: Instant, until: Instant, basis: Basis<'_>) {
        let until = until.min(now.saturating_add(MOST_AGE_MS));
        self.answers.insert(fingerprint, Arc::new(Answer { value, until, flags: basis.flags.into() }));
    }
}

/// Tells a directory of what changes in its store, whoever changes it, until the store shuts down. Only a store that other processes write, too, needs it.
///
/// Fails when the store does; what was remembered then ends by itself after [`MOST_AGE_MS`].
pub async fn follow(directory: &Directory) -> Result<(), ReadError> {
    let heard = |change: &Change| {
        let written = change.versions.iter().map(|(key, ..)| key);
        let keys = written.chain(change.erased.iter().map(|erasure| &erasure.key));
        keys.for_each(|key| directory.watches().changed(&key.id));
    };
    feed::follow(&**directory.store(), TENANT, || {}, heard).await
}
