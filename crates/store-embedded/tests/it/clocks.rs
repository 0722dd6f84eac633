//! A store that is opened by a clock far from its newest commit.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use store::Store;
use store::suite::ManualClock;
use store_embedded::{ClockBounds, Embedded, Options, StoreError};

use crate::fixture::{NOW, clean_versions, observation, options, writes};

const HOUR: i64 = 3_600_000;
const BOUNDS: ClockBounds = ClockBounds { behind: Duration::from_hours(24), ahead: Duration::from_hours(366 * 24) };

fn opened(place: &Path, now: i64, bounds: Option<ClockBounds>) -> Result<Embedded, StoreError> {
    Embedded::open(Options { clock: Arc::new(ManualClock::new(now)), clock_bounds: bounds, ..options(place) })
}

#[tokio::test]
async fn is_refused_beyond_the_bounds() {
    let place = tempfile::tempdir().expect("a folder");
    let store = opened(place.path(), NOW, Some(BOUNDS)).expect("a new store has nothing to compare with");
    assert_eq!(store.opened_after(), 0);
    store.commit(writes(vec![observation("o1", 1)])).await.expect("a commit");
    store.close().await;
    drop(store);
    for far in [NOW - 24 * HOUR - 1, 0, NOW + 366 * 24 * HOUR + 1, 4_102_444_800_000] {
        match opened(place.path(), far, Some(BOUNDS)) {
            Err(StoreError::Clock { newest, now }) => assert_eq!((newest, now), (NOW, far)),
            Err(other) => panic!("{other}"),
            Ok(_) => panic!("opened at {far}"),
        }
    }
    for near in [NOW - 24 * HOUR, NOW - 1, NOW, NOW + HOUR, NOW + 366 * 24 * HOUR] {
        drop(opened(place.path(), near, Some(BOUNDS)).expect("a store that opens"));
    }
    // Without bounds, it goes on at the moment of the newest commit.
    let store = opened(place.path(), 0, None).expect("a store that opens");
    assert_eq!(store.opened_after(), NOW);
    assert_eq!(store.commit(writes(vec![observation("o2", 2)])).await.expect("a commit").at, NOW);
    assert_eq!(clean_versions(&store).await, 2);
}
