//! Tenants: how they are written, that names belong to one, that a number is given once, and that a change is seen at once, also on another node.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use identity::Directory;
use identity::tenants::{Alteration, FIRST, New, Standing, TenantError, Tenants, contrast};
use store::Store;
use store::commit::Tenant;
use store::memory::MemoryStore;

struct Hand(AtomicI64);

impl store::contract::Clock for Hand {
    fn now(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

fn clock() -> Arc<Hand> {
    Arc::new(Hand(AtomicI64::new(1_800_000_000_000)))
}

fn tenants() -> Tenants {
    Tenants::new(Directory::new(Arc::new(MemoryStore::new(clock()))), clock())
}

fn new(slug: &str) -> New {
    New { slug: slug.into(), name: format!("The {slug}"), with: Alteration::default() }
}

fn hosts(of: &[&str]) -> Alteration {
    Alteration { hosts: Some(of.iter().map(|host| (*host).to_owned()).collect()), ..Alteration::default() }
}

#[tokio::test]
async fn the_first_is_always_there_and_stays() {
    let tenants = tenants();
    let table = tenants.table().await.unwrap();
    assert_eq!(table.all().len(), 1);
    assert_eq!(table.of(FIRST).unwrap().path(), "");
    for refused in
        [tenants.suspend("main").await, tenants.end("main").await, tenants.forget("main").await, tenants.reactivate("main").await]
    {
        assert!(matches!(refused, Err(TenantError::Standing(_))), "{refused:?}");
    }
    assert_eq!(tenants.add(new("main")).await, Err(TenantError::Taken("slug".into())));
    let named = Alteration { name: Some("Main Hospital".into()), ..Alteration::default() };
    assert_eq!(tenants.set("main", &named).await.unwrap().number, 1);
    assert_eq!(tenants.table().await.unwrap().of(FIRST).unwrap().name, "Main Hospital");
    assert_eq!(tenants.add(new("north")).await.unwrap().number, 2);
}

#[tokio::test]
async fn a_tenant_is_found_by_number_name_and_host() {
    let tenants = tenants();
    let made = tenants.add(New { with: hosts(&["North.Example.ORG", "n.example.org"]), ..new("north") }).await.unwrap();
    assert_eq!((made.number, made.path().as_str(), made.standing), (2, "/t/north", Standing::Active));
    let table = tenants.table().await.unwrap();
    for host in ["north.example.org", "NORTH.example.org:8443", "n.example.org."] {
        assert_eq!(table.at_host(host).unwrap().tenant(), Tenant(2), "{host}");
    }
    for host in ["example.org", "x.north.example.org", "north.example.org.evil.test", "north.example.org:80:80", "[::1]:80", ""] {
        assert!(table.at_host(host).is_none(), "{host}");
    }
    assert!(table.named("North").is_none());
    assert_eq!(table.named("north").unwrap().tenant(), Tenant(2));
    assert_eq!(table.of(Tenant(2)).unwrap().slug, "north");
    assert!(table.of(Tenant(0)).is_none() && table.of(Tenant(3)).is_none());
}

#[tokio::test]
async fn what_is_not_written_as_it_must_be_is_refused() {
    let tenants = tenants();
    for slug in ["", "-a", "a-", "A", "a.b", "a/b", "é", &"a".repeat(64), "..", "%2e"] {
        assert!(matches!(tenants.add(new(slug)).await, Err(TenantError::Invalid { field: "slug", .. })), "{slug}");
    }
    let some = |text: &str| Some(text.to_owned());
    let wrong = [
        ("host", hosts(&["https://north.example.org"])),
        ("host", hosts(&["north.example.org:443"])),
        ("host", hosts(&["north..example.org"])),
        ("accent", Alteration { accent: some("red"), ..Alteration::default() }),
        ("locale", Alteration { locale: some("de_CH!"), ..Alteration::default() }),
        ("time_zone", Alteration { time_zone: some("../../etc/passwd?"), ..Alteration::default() }),
        ("name", Alteration { name: some("a\nb"), ..Alteration::default() }),
    ];
    let pale = Alteration { accent: some("#ffee00"), ..Alteration::default() };
    let refused = tenants.add(New { with: pale, ..new("north") }).await.expect_err("too pale");
    assert_eq!(refused, TenantError::Contrast(120), "the ratio is told");
    assert!(refused.to_string().contains("1.20"), "{refused}");
    for (field, with) in wrong {
        let refused = tenants.add(New { with, ..new("north") }).await;
        assert!(matches!(&refused, Err(TenantError::Invalid { field: said, .. }) if *said == field), "{field}: {refused:?}");
    }
    assert_eq!(tenants.table().await.unwrap().all().len(), 1);
    let fine = Alteration { accent: some("#00566B"), locale: some("de-CH"), time_zone: some("Europe/Zurich"), ..Alteration::default() };
    assert_eq!(tenants.add(New { with: fine, ..new("north") }).await.unwrap().branding.accent.as_deref(), Some("#00566b"));
}

#[test]
fn contrast_is_that_of_the_guidelines() {
    let of = |colour| contrast::with_white(colour).map(|ratio| (ratio * 100.0).round() as u32);
    assert_eq!([of("#000000"), of("#ffffff"), of("#767676"), of("#777777")], [Some(2100), Some(100), Some(454), Some(448)]);
    assert_eq!([of("#00000"), of("000000"), of("#00000g"), of("#0000é")], [None; 4]);
}

#[tokio::test]
async fn names_belong_to_one_and_hosts_are_free_when_it_is_gone() {
    let tenants = tenants();
    tenants.add(New { with: hosts(&["a.test"]), ..new("north") }).await.unwrap();
    assert_eq!(tenants.add(new("north")).await, Err(TenantError::Taken("slug".into())));
    assert_eq!(tenants.add(New { with: hosts(&["a.test"]), ..new("south") }).await, Err(TenantError::Taken("host".into())));
    assert_eq!(tenants.set("main", &hosts(&["A.test"])).await, Err(TenantError::Taken("host".into())));
    assert!(matches!(tenants.forget("north").await, Err(TenantError::Standing(_))), "it has to be marked first");
    tenants.end("north").await.unwrap();
    assert_eq!(tenants.forget("north").await.unwrap().standing, Standing::Deleted);
    assert_eq!(tenants.table().await.unwrap().all().len(), 1);
    assert_eq!(tenants.reactivate("north").await, Err(TenantError::Unknown));
    assert_eq!(tenants.add(new("north")).await, Err(TenantError::Taken("slug".into())), "what was made for the old one leads to no other");
    assert_eq!(tenants.add(New { with: hosts(&["a.test"]), ..new("south") }).await.unwrap().number, 3, "a number is given once");
}

#[tokio::test]
async fn many_made_at_once_have_numbers_of_their_own() {
    let tenants = Arc::new(tenants());
    let made = (0..16).map(|at| {
        let tenants = tenants.clone();
        tokio::spawn(async move { tenants.add(new(&format!("t{at}"))).await.unwrap().number })
    });
    let mut numbers = Vec::new();
    for one in made.collect::<Vec<_>>() {
        numbers.push(one.await.unwrap());
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (2..18).collect::<Vec<u32>>());
}

#[tokio::test]
async fn a_suspension_is_seen_at_once_and_on_another_node_when_its_feed_comes_to_it() {
    let (store, clock): (Arc<dyn Store>, _) = (Arc::new(MemoryStore::new(clock())), clock());
    let directory = Directory::new(store.clone());
    let here = Tenants::new(directory.clone(), clock.clone());
    let elsewhere_directory = Directory::new(store.clone());
    let elsewhere = Tenants::new(elsewhere_directory.clone(), clock.clone());
    here.add(new("north")).await.unwrap();
    let standing = |table: Arc<identity::tenants::Table>| table.named("north").unwrap().standing;
    assert_eq!(standing(here.table().await.unwrap()), Standing::Active);
    assert_eq!(standing(elsewhere.table().await.unwrap()), Standing::Active);
    assert!(here.known().is_some());
    tokio::spawn(async move { identity::seen::follow(&elsewhere_directory).await });
    tokio::task::yield_now().await;
    here.suspend("north").await.unwrap();
    assert!(here.known().is_none(), "what was remembered is forgotten before the answer");
    assert_eq!(standing(here.table().await.unwrap()), Standing::Suspended);
    for _ in 0..1000 {
        if elsewhere.known().is_none() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    assert_eq!(standing(elsewhere.table().await.unwrap()), Standing::Suspended);
    here.reactivate("north").await.unwrap();
    assert_eq!(standing(here.table().await.unwrap()), Standing::Active);
}

#[tokio::test]
async fn a_node_that_hears_of_nothing_looks_again_after_a_minute() {
    let (store, clock): (Arc<dyn Store>, _) = (Arc::new(MemoryStore::new(clock())), clock());
    let here = Tenants::new(Directory::new(store.clone()), clock.clone());
    let deaf = Tenants::new(Directory::new(store), clock.clone());
    here.add(new("north")).await.unwrap();
    assert!(deaf.table().await.unwrap().named("north").is_some());
    here.suspend("north").await.unwrap();
    assert_eq!(deaf.table().await.unwrap().named("north").unwrap().standing, Standing::Active);
    clock.0.fetch_add(identity::seen::MOST_AGE_MS, Ordering::SeqCst);
    assert_eq!(deaf.table().await.unwrap().named("north").unwrap().standing, Standing::Suspended);
}
