//! What is worth nothing any more goes, whole, and so does what records said before.

use fhir::definitions::ResourceType;
use identity::IdentityError;
use identity::chronicle::Told;
use identity::credentials::Credentials;
use identity::directory::{Changes, DirectoryError, Record};
use serde::{Deserialize, Serialize};
use store::Store;
use store::commit::{Key, Tenant};

use crate::house::{HOUR, House, PASSWORD};

const DAY: i64 = 24 * HOUR;

/// A place at a table: its number belongs to one until it ends.
#[derive(Clone, Serialize, Deserialize)]
struct Seat {
    number: u32,
    until: i64,
}

impl Record for Seat {
    const KIND: &'static str = "seat";

    fn names(&self) -> Vec<(&'static str, String)> {
        vec![("number", self.number.to_string())]
    }

    fn ends(&self) -> Option<i64> {
        Some(self.until)
    }
}

/// The records that are there, by kind, sorted.
async fn kinds(house: &House) -> Vec<String> {
    let basic = ResourceType::parse("Basic").unwrap();
    let query = store::query::Query { count: 1000, ..store::query::Query::new(Tenant(0), basic, store::query::Filter::All(Vec::new())) };
    let found = house.store.search(&query).await.unwrap().matches;
    let kind = |version: &store::query::Version| {
        let text = String::from_utf8(version.text().unwrap().to_vec()).unwrap();
        let rest = text.split("\"system\":\"urn:ward:record\",\"code\":\"").nth(1).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let mut kinds: Vec<String> = found.iter().map(kind).collect();
    kinds.sort_unstable();
    kinds
}

#[tokio::test]
async fn what_has_ended_goes_and_the_rest_stays() {
    let house = House::new();
    let id = house.set_up().await;
    house.sign_in("root", PASSWORD).await;
    house.identity.make_reset_link(&id).await.unwrap();
    assert_eq!(house.try_sign_in("root", "wrong").await.err(), Some(IdentityError::SignInRefused));
    assert_eq!(kinds(&house).await, ["attempts", "attempts", "credentials", "device", "link", "session", "user"]);
    assert_eq!(house.identity.sweep(1000).await.unwrap(), 0, "nothing has ended");
    house.pass(3 * DAY);
    assert_eq!(house.identity.sweep(1000).await.unwrap(), 4);
    assert_eq!(kinds(&house).await, ["credentials", "device", "user"]);
    house.sign_in("root", PASSWORD).await;
    house.pass(400 * DAY);
    house.identity.sweep(1000).await.unwrap();
    assert_eq!(kinds(&house).await, ["credentials", "user"], "also after a long pause");
    house.sign_in("root", PASSWORD).await;
}

#[tokio::test]
async fn a_sweep_does_no_more_than_it_is_told_and_goes_on() {
    let house = House::new();
    for number in 0..130 {
        house.try_sign_in(&format!("guess-{number}"), "wrong").await.err();
        house.pass(HOUR / 4);
    }
    let there = kinds(&house).await.len() as u64;
    house.pass(10 * DAY);
    let first = house.identity.sweep(20).await.unwrap();
    assert!((20..there).contains(&first), "{first} of {there}");
    let mut all = first;
    loop {
        match house.identity.sweep(20).await.unwrap() {
            0 => break,
            went => all += went,
        }
    }
    assert_eq!((all, kinds(&house).await.len()), (there, 0));
}

#[tokio::test]
async fn no_hash_of_an_earlier_password_stays() {
    let house = House::new();
    let id = house.set_up().await;
    let link = house.identity.make_reset_link(&id).await.unwrap();
    house.identity.reset_password(&link, &identity::Secret::new("seven-lanterns-at-dusk")).await.unwrap();
    let key = Key::new(ResourceType::parse("Basic").unwrap(), Credentials::id_of(&id));
    let there = async |version| house.store.vread(Tenant(0), &key, version).await.unwrap().is_some();
    assert!(there(1).await && there(2).await);
    house.identity.sweep(1000).await.unwrap();
    assert!(!there(1).await && there(2).await);
    let user = Key::new(ResourceType::parse("Basic").unwrap(), id.as_str());
    let said = async |version| house.store.vread(Tenant(0), &user, version).await.unwrap().is_some();
    assert!(said(1).await && said(2).await, "what accounts said before stays");
    let commits = house.store.changes(Tenant(0), 0, 10_000).await.unwrap().len();
    house.identity.sweep(1000).await.unwrap();
    assert_eq!(house.store.changes(Tenant(0), 0, 10_000).await.unwrap().len(), commits, "nothing to do, nothing written");
    house.sign_in("root", "seven-lanterns-at-dusk").await;
}

#[tokio::test]
async fn who_is_deleted_leaves_no_address_in_what_was_said_before() {
    let house = House::new();
    let id = house.set_up().await;
    house
        .identity
        .change_profile(&id, identity::accounts::Profile { phone: Some("+41 44 123 45 67"), ..Default::default() })
        .await
        .unwrap();
    house.identity.delete_user(&id).await.unwrap();
    let key = Key::new(ResourceType::parse("Basic").unwrap(), id.as_str());
    let there = async |version| house.store.vread(Tenant(0), &key, version).await.unwrap().is_some();
    assert!(!there(1).await && !there(2).await && there(3).await);
}

#[tokio::test]
async fn the_names_of_what_was_swept_are_free() {
    let house = House::new();
    let directory = house.identity.directory();
    let seat = |id: &str| Changes::new("sit", Told::Nothing("a test")).create(id, &Seat { number: 7, until: house.identity.now() + HOUR });
    directory.apply(seat("s-1")).await.unwrap();
    assert_eq!(directory.apply(seat("s-2")).await, Err(DirectoryError::Taken("number".into())));
    house.pass(2 * DAY);
    assert_eq!(house.identity.sweep(10).await.unwrap(), 1);
    directory.apply(seat("s-3")).await.unwrap();
    assert_eq!(directory.find::<Seat>("number", "7").await.unwrap().map(|kept| kept.id).as_deref(), Some("s-3"));
}
