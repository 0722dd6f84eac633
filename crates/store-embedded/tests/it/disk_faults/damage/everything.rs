//! Everything that can be read of a store.

use std::fmt::Debug;

use store::commit::Claim;
use store::query::{Answer, Balance, Change, History, HistoryQuery, Query, Scope, Version};
use store::{ReadError, Store};
use store_embedded::Embedded;

use crate::fixture::{NOW, TENANT, coded, key};

/// Some resources that are asked for by themselves, and searched.
const SOME: [&str; 8] = ["o0", "o7", "o42", "o59", "o500", "o999", "s3", "last"];

/// Everything that can be read of a store.
pub(super) struct Everything {
    history: History,
    changes: Vec<Change>,
    reads: Vec<Option<Version>>,
    vreads: Vec<Option<Version>>,
    searches: Vec<Answer>,
    claims: Vec<Vec<Claim>>,
    balances: Vec<Option<Balance>>,
    number: u64,
}

fn history() -> HistoryQuery {
    HistoryQuery { tenant: TENANT, scope: Scope::System, since: None, until: None, before: None, most_bytes: None, count: u32::MAX }
}

fn searches() -> Vec<Query> {
    let all = Query { count: 300, ..coded("all") };
    SOME.iter().map(|code| coded(code)).chain([all]).collect()
}

/// Whether something was read. Panics when it is not what was there.
fn is_right<T: PartialEq + Debug>(what: &str, read: Result<T, ReadError>, expected: &T) -> bool {
    if let Ok(read) = &read {
        assert!(read == expected, "wrong data is read: {what}");
    }
    read.is_ok()
}

impl Everything {
    /// Reads everything.
    pub(super) async fn of(store: &Embedded) -> Result<Self, ReadError> {
        let mut everything = Self {
            history: store.history(&history()).await?,
            changes: store.changes(TENANT, 0, u32::MAX).await?,
            reads: Vec::new(),
            vreads: Vec::new(),
            searches: Vec::new(),
            claims: Vec::new(),
            balances: Vec::new(),
            number: store.next_number(TENANT, "acts").await?,
        };
        for id in SOME {
            everything.reads.push(store.read(TENANT, &key(id)).await?);
            everything.vreads.push(store.vread(TENANT, &key(id), 1).await?);
        }
        for query in searches() {
            everything.searches.push(store.search(&query).await?);
        }
        for bed in 0..7 {
            everything.claims.push(store.claims(TENANT, &format!("Location/{bed}"), NOW).await?);
        }
        for account in ["cash", "income"] {
            everything.balances.push(store.balance(TENANT, "money", account).await?);
        }
        Ok(everything)
    }

    /// Reads everything again, and says whether all of it could be read. Panics when something is not what it was.
    pub(super) async fn is_read(&self, store: &Embedded) -> bool {
        let mut all = is_right("the history", store.history(&history()).await, &self.history);
        all &= is_right("the changes", store.changes(TENANT, 0, u32::MAX).await, &self.changes);
        all &= is_right("a number", store.next_number(TENANT, "acts").await, &self.number);
        for (at, id) in SOME.into_iter().enumerate() {
            all &= is_right(id, store.read(TENANT, &key(id)).await, &self.reads[at]);
            all &= is_right(id, store.vread(TENANT, &key(id), 1).await, &self.vreads[at]);
        }
        for (query, expected) in searches().iter().zip(&self.searches) {
            all &= is_right("a search", store.search(query).await, expected);
        }
        for (bed, expected) in self.claims.iter().enumerate() {
            all &= is_right("claims", store.claims(TENANT, &format!("Location/{bed}"), NOW).await, expected);
        }
        for (account, expected) in ["cash", "income"].iter().zip(&self.balances) {
            all &= is_right(account, store.balance(TENANT, "money", account).await, expected);
        }
        all
    }
}
