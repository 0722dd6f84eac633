//! Histories: what many clients did at once, when, and what they were told; and whether one order of events explains it all.
//!
//! A store is linearizable when every answer is that of one order of all operations, in which an operation that was answered before another
//! was asked comes first. Of all orders that could explain a history, a store of this contract names one: its commits come in the order
//! of the change feed (over HTTP: of the system's history). So nothing has to be guessed for writes, and [`check`] is exact: it asks whether *that* order explains the history, across all
//! resources at once. A store that is right, and tells a wrong order, fails too; it should.
//!
//! [`clients`] makes a history with an engine; whoever has other clients (HTTP) records with [`Recorder`] what they did.

mod check;
mod clients;
mod order;

pub use check::{Violation, check};
pub use clients::{Report, run};
pub use order::{Order, State, Write};

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// How many calls `WARD_OPERATIONS` asks for, or `usual`.
pub fn operations(usual: u64) -> u64 {
    let operations = std::env::var("WARD_OPERATIONS").ok().and_then(|count| count.parse().ok()).unwrap_or(usual);
    println!("WARD_OPERATIONS={operations}");
    operations
}

/// What somebody saw of a resource at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// It is there, in this version.
    Version(u64),
    /// Its last version is this one, which may be a deletion; 0: it was never there.
    Newest(u64),
    /// It is not there.
    Gone,
    /// It is there.
    There,
    /// Its last version is another than this one.
    OtherThan(u64),
    /// It is there, with this value.
    Holds(u64),
    /// It is not there, or has another value.
    Lacks(u64),
}

/// What a client did, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Wrote these versions, all at once, when what it `expected` was so.
    Wrote {
        /// What had to be so right before.
        expected: Vec<(String, Seen)>,
        /// What was written.
        writes: Vec<Write>,
    },
    /// Saw all this at one moment.
    Saw(Vec<(String, Seen)>),
    /// Saw that these versions were the last ones written, newest first.
    SawLast(Vec<(String, u64)>),
}

/// An act, and when: before `invoked` the client had not asked, and after `returned` it had the answer. The two are places in one count of all clients' events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Whose it is.
    pub client: u64,
    /// When it was asked.
    pub invoked: u64,
    /// When it was answered.
    pub returned: u64,
    /// What.
    pub act: Act,
}

/// Records the calls of many clients.
#[derive(Debug, Default)]
pub struct Recorder {
    now: AtomicU64,
    calls: Mutex<Vec<Call>>,
}

impl Recorder {
    /// The next moment: of a call that is about to be made.
    pub fn invoke(&self) -> u64 {
        self.now.fetch_add(1, Ordering::SeqCst)
    }

    /// Records a call that was made at `invoked` and is answered now. The answer is already there: reading it takes no part in the time.
    pub fn answered(&self, client: u64, invoked: u64, returned: u64, act: Act) {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(Call { client, invoked, returned, act });
    }

    /// All calls, by the moments at which they were made.
    pub fn into_calls(self) -> Vec<Call> {
        let mut calls = self.calls.into_inner().unwrap_or_else(PoisonError::into_inner);
        calls.sort_by_key(|call| call.invoked);
        calls
    }
}
