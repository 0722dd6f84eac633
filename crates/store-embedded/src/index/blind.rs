//! An index that does not know what it finds: values that tell who somebody is are in it as keyed hashes.
//!
//! Entries are exchanged before they become keys or lists, and so is what a search asks, so that everything between works with hashes as it does with values, and
//! nothing that is written (journal, parts, blocks that are merged) ever had the value. Equality is all that is left: what asks for more is refused.
//!
//! - [`entries`]: the entries of a resource.
//! - [`asking`]: what is asked.
//!
//! Each index has a key of its own for each tenant, by the number of its folder: making it anew changes all hashes.

mod asking;
mod entries;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::RwLock;
use store::commit::Tenant;
use store::contract::Extract;
use store::entry::{Entry, Param, Span};
use store::query::{Filter, Query};
use store::secrecy::{Secrecy, Secrets};
use vault::{IndexKey, Keyring};

use crate::error::{Result, StoreError};

/// With what an index is sealed.
#[derive(Clone)]
pub(crate) struct Blind {
    keys: Arc<Keyring>,
    extract: Arc<dyn Extract>,
    number: u64,
    of_tenants: Arc<RwLock<HashMap<Tenant, Arc<IndexKey>>>>,
}

/// What a hash is of: it is another one for another form of the same value.
#[derive(Clone, Copy)]
#[repr(u8)]
enum Form {
    Code = 0,
    System = 1,
    Folded = 2,
    Exact = 3,
    Day = 4,
    Span = 5,
    Uri = 6,
    Version = 7,
    Check = 8,
}

/// Hashes the values of a tenant.
struct Hashing {
    key: Arc<IndexKey>,
    secrets: Arc<Secrets>,
}

/// How long a day is, in milliseconds.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

impl Blind {
    /// The seal of the index in the folder with this number.
    pub(crate) fn new(keys: Arc<Keyring>, extract: Arc<dyn Extract>, number: u64) -> Self {
        Self { keys, extract, number, of_tenants: Arc::default() }
    }

    /// The number of the index that it is for: never 0 in what is compared with it.
    pub(crate) fn number(&self) -> u64 {
        self.number + 1
    }

    /// Tells the keys from others: an index that was made with other ones finds nothing, and has to be made anew.
    pub(crate) fn check(&self) -> Result<u64> {
        let hash = self.hashing(Tenant(0))?.key.hash(0, Form::Check as u8, b"");
        Ok(hash.iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    }

    /// The entries as the index keeps them.
    pub(crate) fn entries(&self, tenant: Tenant, entries: &[Entry]) -> Result<Vec<Entry>> {
        Ok(self.hashing(tenant)?.entries(entries))
    }

    /// A filter as the index answers it.
    pub(crate) fn filter<'f>(&self, tenant: Tenant, filter: &'f Filter) -> Result<Cow<'f, Filter>> {
        self.hashing(tenant)?.filter(filter).map(Cow::Owned)
    }

    /// A search as the index answers it.
    pub(crate) fn query<'q>(&self, query: &'q Query) -> Result<Cow<'q, Query>> {
        self.hashing(query.tenant)?.query(query).map(Cow::Owned)
    }

    fn hashing(&self, tenant: Tenant) -> Result<Hashing> {
        let known = self.of_tenants.read().get(&tenant).cloned();
        let key = match known {
            Some(key) => key,
            None => {
                let key = Arc::new(self.keys.index_key(tenant.0, self.number).map_err(StoreError::Keys)?);
                self.of_tenants.write().insert(tenant, Arc::clone(&key));
                key
            }
        };
        Ok(Hashing { key, secrets: self.extract.secrets() })
    }
}

impl Hashing {
    /// What stands for a text; nothing for nothing, so that what has no system is still found as that.
    fn text(&self, param: Param, form: Form, value: &str) -> Box<str> {
        if value.is_empty() { Box::default() } else { self.bytes(param, form, value.as_bytes()) }
    }

    fn bytes(&self, param: Param, form: Form, value: &[u8]) -> Box<str> {
        format!("{:032x}", u128::from_be_bytes(self.key.hash(param.0, form as u8, value))).into()
    }

    /// What stands for a date: for its day, when it lies within one, as that is what is asked for.
    fn date(&self, param: Param, span: Span) -> Box<str> {
        let (first, last) = (span.first.div_euclid(DAY_MS), span.last.div_euclid(DAY_MS));
        if first == last {
            return self.bytes(param, Form::Day, &first.to_be_bytes());
        }
        self.bytes(param, Form::Span, &[span.first.to_be_bytes(), span.last.to_be_bytes()].concat())
    }

    fn secrecy(&self, param: Param) -> Secrecy {
        self.secrets.of(param)
    }
}
