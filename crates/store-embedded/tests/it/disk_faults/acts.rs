//! What is written by those who lose their power: acts of which a half would be noticed, and a ledger of what was acknowledged.

use std::collections::BTreeMap;

use store::Store;
use store::commit::{Commit, NumberDraw};
use store_embedded::Embedded;

use crate::fixture::{TENANT, clean_versions, key, observation, posting, writes};

/// Writes a resource, draws a number and moves money.
pub(crate) fn step(id: &str, number: u64) -> Commit {
    Commit {
        number: vec![NumberDraw { sequence: "acts".to_owned(), expect: None }],
        post: vec![posting("income", -1), posting("cash", 1)],
        ..writes(vec![observation(id, number)])
    }
}

/// Panics when a version is missing that was acknowledged, or a commit is half there. Every commit was made by [`step`].
pub(crate) async fn nothing_is_lost(store: &Embedded, acknowledged: &BTreeMap<String, u64>) {
    for (id, version) in acknowledged {
        let found = store.read(TENANT, &key(id)).await.expect("a read").unwrap_or_else(|| panic!("{id} is lost"));
        assert!(found.version >= *version, "{id} is at version {}, and {version} was acknowledged", found.version);
    }
    let versions = clean_versions(store).await;
    let numbers = store.next_number(TENANT, "acts").await.expect("a number") - 1;
    let cash = store.balance(TENANT, "money", "cash").await.expect("a balance").map_or(0, |account| account.amount);
    assert_eq!((numbers, cash), (versions, versions as i64), "a commit is half there");
}
