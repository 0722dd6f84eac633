//! A full disk: what was acknowledged stays, reads go on, and so do writes once there is room.

use store::{CommitError, Store};
use store_embedded::{Embedded, Options};

use crate::fixture::{clean_versions, fill, is_there, observation, open, options, writes};

#[tokio::test]
async fn refuses_commits_and_goes_on() {
    let place = tempfile::tempdir().expect("a folder");
    let store = Embedded::open(Options { most_pages: Some(60), ..options(place.path()) }).expect("a store");
    fill(&store, 0..100).await;
    let mut written = 100;
    let refused = loop {
        match store.commit(writes(vec![observation(&format!("o{written}"), written)])).await {
            Ok(_) => written += 1,
            Err(e) => break e,
        }
        assert!(written < 10_000, "the disk is never full");
    };
    assert_eq!(refused, CommitError::Full);
    assert!(is_there(&store, &format!("o{}", written - 1)).await);
    assert!(!is_there(&store, &format!("o{written}")).await);
    assert_eq!(clean_versions(&store).await, written);
    drop(store);
    let store = open(place.path());
    fill(&store, written..written + 100).await;
    assert_eq!(clean_versions(&store).await, written + 100);
}
