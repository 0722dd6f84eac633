//! A clock that is far from the database's newest commit.

use std::sync::Arc;

use store::Store;
use store::commit::{Commit, Tenant};
use store::suite::ManualClock;
use store::suite::synthetic::SyntheticExtract;
use store_embedded::{Embedded, Options};

use crate::process::{run, run_well};

/// 2100-01-01T00:00:00Z.
const YEAR_2100: i64 = 4_102_444_800_000;

#[test]
fn a_database_of_another_century_is_opened_when_told_so() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
        let clock = Arc::new(ManualClock::new(YEAR_2100));
        let store = Embedded::open(Options::new(folder.path().join("data"), Arc::new(SyntheticExtract), clock)).expect("a store");
        store.commit(Commit::new(Tenant(1), "test", "test")).await.expect("a commit");
        store.close().await;
    });
    for command in [&["index", "check"][..], &["serve", "--listen", "127.0.0.1:0"]] {
        let refused = run(folder.path(), command);
        let told = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(4), "{told}");
        assert!(told.contains("2100-01-01T00:00:00.000Z") && told.contains("--set clock=trust"), "{told}");
    }
    run_well(folder.path(), &["--set", "clock=trust", "index", "check"]);
}
