//! Tenants: houses that share a server and nothing else. Each has a number, under which the store keeps what is its own, and addresses.
//!
//! - [`tenancy`]: what is known of one, and how it must be written.
//! - [`contrast`]: whether text can be read on a colour.
//! - [`table`]: all of them, as a request looks them up.
//! - [`keeping`]: what an operator does with them: add, change, suspend, end.
//! - [`error`]: why that was not done.
//!
//! A tenant is a record of the [`crate::directory`]. Beside them one record, the register, changes whenever one of them does: so the table in memory rests on
//! one record, and is read anew as soon as that changes, on every node.

pub mod contrast;
pub mod error;
pub mod keeping;
pub mod table;
pub mod tenancy;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use store::contract::Clock;

use crate::directory::{Directory, DirectoryError, Record};
use crate::seen::{Basis, Fingerprint, Seen};

pub use error::TenantError;
pub use keeping::{Alteration, New};
pub use table::Table;
pub use tenancy::{Branding, FIRST, Standing, Tenancy};

/// How many tenants a server ever has, those that are gone among them: all are looked up in memory.
pub const MOST_TENANTS: u32 = 4096;

/// How many records are read at once.
const PAGE: u32 = 500;

/// How many tables are remembered: one, and room for the cache to be sloppy about it.
const REMEMBERED: usize = 16;

/// The id of the register.
const REGISTER: &str = "tenants";

/// What changes together with every tenant.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Register {
    /// The number of the next tenant. A number is given once.
    next: u32,
    /// How often a tenant was changed.
    changes: u64,
}

impl Record for Register {
    const KIND: &'static str = "tenants";
}

/// The tenants of a server.
pub struct Tenants {
    directory: Directory,
    clock: Arc<dyn Clock>,
    seen: Seen<Table>,
    fingerprint: Fingerprint,
}

impl Tenants {
    /// Those of a directory. One that other processes write, too, has to be followed ([`crate::seen::follow`]).
    pub fn new(directory: Directory, clock: Arc<dyn Clock>) -> Self {
        Self { directory, clock, seen: Seen::new(REMEMBERED), fingerprint: Fingerprint::of(REGISTER) }
    }

    /// All of them, as they are now, as far as that is in memory; `None`: the directory has to be asked.
    pub fn known(&self) -> Option<Arc<Table>> {
        self.seen.get(&self.fingerprint, self.clock.now())
    }

    /// All of them, as they are now: from memory while none has changed.
    ///
    /// Fails when the directory does.
    pub async fn table(&self) -> Result<Arc<Table>, DirectoryError> {
        if let Some(table) = self.known() {
            return Ok(table);
        }
        let now = self.clock.now();
        let mut basis = Basis::new(&self.directory);
        // Watched before the tenants are read: a change meanwhile makes what was read old.
        basis.get::<Register>(REGISTER).await?;
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let (page, next) = self.directory.page::<Tenancy>(None, PAGE, after).await?;
            all.extend(page.into_iter().map(|kept| kept.record));
            after = next;
            if after.is_none() {
                break;
            }
        }
        let table = Arc::new(Table::new(all));
        self.seen.keep(self.fingerprint, table.clone(), now, i64::MAX, basis);
        Ok(table)
    }
}
