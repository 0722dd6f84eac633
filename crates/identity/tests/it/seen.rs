//! What was found out of tokens: remembered, and forgotten as soon as what it rests on changes.

use std::sync::Arc;

use identity::chronicle::Told;
use identity::directory::{Changes, Directory, Record};
use identity::seen::{Basis, Fingerprint, MOST_AGE_MS, Seen, follow};
use serde::{Deserialize, Serialize};
use store::memory::MemoryStore;

const NOON: i64 = 1_800_000_000_000;

struct Noon;

impl store::contract::Clock for Noon {
    fn now(&self) -> i64 {
        NOON
    }
}

#[derive(Clone, Serialize, Deserialize)]
struct Badge {
    name: String,
}

impl Record for Badge {
    const KIND: &'static str = "badge";
}

fn directory() -> Directory {
    Directory::new(Arc::new(MemoryStore::new(Arc::new(Noon))))
}

fn badge(name: &str) -> Badge {
    Badge { name: name.into() }
}

/// Finds out who has the badge `b-1`, and remembers it for an hour.
async fn look(seen: &Seen<String>, directory: &Directory, token: &str) {
    let mut basis = Basis::new(directory);
    let name = basis.get::<Badge>("b-1").await.unwrap().map_or_else(String::new, |kept| kept.record.name);
    seen.keep(Fingerprint::of(token), Arc::new(name), NOON, NOON + 3_600_000, basis);
}

#[tokio::test]
async fn it_is_remembered_until_it_ends_or_is_too_old() {
    let (directory, seen) = (directory(), Seen::new(16));
    look(&seen, &directory, "t").await;
    assert!(seen.get(&Fingerprint::of("u"), NOON).is_none());
    assert!(seen.get(&Fingerprint::of("t"), NOON + MOST_AGE_MS - 1).is_some());
    assert!(seen.get(&Fingerprint::of("t"), NOON + MOST_AGE_MS).is_none());
    seen.keep(Fingerprint::of("v"), Arc::default(), NOON, NOON + 5, Basis::new(&directory));
    assert!(seen.get(&Fingerprint::of("v"), NOON + 4).is_some());
    assert!(seen.get(&Fingerprint::of("v"), NOON + 5).is_none());
}

#[tokio::test]
async fn a_change_of_a_record_is_felt_before_it_is_acknowledged() {
    let (directory, seen) = (directory(), Seen::new(16));
    look(&seen, &directory, "t").await;
    directory.clone().apply(Changes::new("make", Told::Nothing("a test")).create("b-1", &badge("ada"))).await.unwrap();
    assert!(seen.get(&Fingerprint::of("t"), NOON).is_none(), "that there was none");
    look(&seen, &directory, "t").await;
    assert_eq!(*seen.get(&Fingerprint::of("t"), NOON).unwrap(), "ada");
    let kept = directory.get::<Badge>("b-1").await.unwrap().unwrap();
    directory.apply(Changes::new("lose", Told::Nothing("a test")).remove(&kept)).await.unwrap();
    assert!(seen.get(&Fingerprint::of("t"), NOON).is_none());
}

#[tokio::test]
async fn a_change_between_reading_and_remembering_counts() {
    let (directory, seen) = (directory(), Seen::new(16));
    let mut basis = Basis::new(&directory);
    assert!(basis.get::<Badge>("b-1").await.unwrap().is_none());
    directory.apply(Changes::new("make", Told::Nothing("a test")).create("b-1", &badge("ada"))).await.unwrap();
    seen.keep(Fingerprint::of("t"), Arc::new("nobody".to_owned()), NOON, NOON + 9, basis);
    assert!(seen.get(&Fingerprint::of("t"), NOON).is_none());
}

#[tokio::test]
async fn what_another_process_changes_is_felt_through_the_feed() {
    let (here, seen) = (directory(), Arc::new(Seen::new(16)));
    let there = Directory::new(here.store().clone());
    for number in 0..37 {
        there.apply(Changes::new("make", Told::Nothing("a test")).create(&format!("old-{number}"), &badge("old"))).await.unwrap();
    }
    look(&seen, &here, "t").await;
    let following = tokio::spawn({
        let here = here.clone();
        async move { follow(&here).await }
    });
    tokio::task::yield_now().await;
    there.apply(Changes::new("make", Told::Nothing("a test")).create("b-1", &badge("ada"))).await.unwrap();
    let forgotten = async {
        while seen.get(&Fingerprint::of("t"), NOON).is_some() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), forgotten).await.unwrap();
    following.abort();
}

#[test]
fn an_id_is_the_digest_in_hexadecimal() {
    assert_eq!(Fingerprint::of("abc").id(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
