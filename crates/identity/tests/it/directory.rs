//! Records: found by id, name and group; one winner; names belong to one; what is removed is gone.

use std::sync::Arc;

use identity::chronicle::Told;
use identity::directory::{Changes, Directory, DirectoryError, Record};
use serde::{Deserialize, Serialize};
use store::memory::MemoryStore;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Guest {
    name: String,
    room: String,
}

impl Record for Guest {
    const KIND: &'static str = "guest";

    fn names(&self) -> Vec<(&'static str, String)> {
        vec![("name", self.name.clone())]
    }

    fn groups(&self) -> Vec<(&'static str, String)> {
        vec![("room", self.room.clone())]
    }
}

fn guest(name: &str, room: &str) -> Guest {
    Guest { name: name.into(), room: room.into() }
}

struct Noon;

impl store::contract::Clock for Noon {
    fn now(&self) -> i64 {
        1_800_000_000_000
    }
}

fn directory() -> Directory {
    Directory::new(Arc::new(MemoryStore::new(Arc::new(Noon))))
}

#[tokio::test]
async fn a_record_is_found_by_id_name_and_group() {
    let directory = directory();
    let both = Changes::new("arrive", Told::Nothing("a test")).create("g-1", &guest("ada \"x\"", "12")).create("g-2", &guest("bob", "12"));
    directory.apply(both).await.unwrap();
    assert_eq!(directory.get::<Guest>("g-1").await.unwrap().unwrap().record, guest("ada \"x\"", "12"));
    assert_eq!(&*directory.find::<Guest>("name", "bob").await.unwrap().unwrap().id, "g-2");
    assert!(directory.find::<Guest>("name", "eve").await.unwrap().is_none());
    let room: Vec<_> = directory.list::<Guest>(Some(("room", "12")), 10).await.unwrap();
    assert_eq!(room.iter().map(|kept| &*kept.id).collect::<Vec<_>>(), ["g-2", "g-1"]);
    assert_eq!(directory.list::<Guest>(None, 1).await.unwrap().len(), 1);
}

#[tokio::test]
async fn of_two_changes_of_what_was_read_one_wins() {
    let directory = directory();
    directory.apply(Changes::new("arrive", Told::Nothing("a test")).create("g-1", &guest("ada", "12"))).await.unwrap();
    let kept = directory.get::<Guest>("g-1").await.unwrap().unwrap();
    let moved = |room| Changes::new("move", Told::Nothing("a test")).update(&kept, &guest("ada", room));
    directory.apply(moved("13")).await.unwrap();
    assert_eq!(directory.apply(moved("14")).await, Err(DirectoryError::Raced));
    assert_eq!(
        directory.apply(Changes::new("arrive", Told::Nothing("a test")).create("g-1", &guest("cid", "1"))).await,
        Err(DirectoryError::Raced)
    );
}

#[tokio::test]
async fn a_name_belongs_to_one_and_is_free_when_given_up() {
    let directory = directory();
    directory.apply(Changes::new("arrive", Told::Nothing("a test")).create("g-1", &guest("ada", "12"))).await.unwrap();
    let second = || Changes::new("arrive", Told::Nothing("a test")).create("g-2", &guest("ada", "13"));
    assert_eq!(directory.apply(second()).await, Err(DirectoryError::Taken("name".to_owned())));
    let kept = directory.get::<Guest>("g-1").await.unwrap().unwrap();
    directory.apply(Changes::new("marry", Told::Nothing("a test")).update(&kept, &guest("ada lovelace", "12"))).await.unwrap();
    directory.apply(second()).await.unwrap();
}

#[tokio::test]
async fn what_is_removed_is_gone_with_all_its_versions() {
    let directory = directory();
    directory.apply(Changes::new("arrive", Told::Nothing("a test")).create("g-1", &guest("ada", "12"))).await.unwrap();
    let kept = directory.get::<Guest>("g-1").await.unwrap().unwrap();
    directory.apply(Changes::new("leave", Told::Nothing("a test")).remove(&kept)).await.unwrap();
    assert!(directory.get::<Guest>("g-1").await.unwrap().is_none());
    directory.apply(Changes::new("arrive", Told::Nothing("a test")).create("g-2", &guest("ada", "12"))).await.unwrap();
}
