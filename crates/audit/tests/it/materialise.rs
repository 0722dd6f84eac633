//! Rows become AuditEvents, each exactly once, whatever fails between.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use audit::journal::{Journal, Settings};
use audit::{Happening, Interaction, Materialiser, Observer, Seen, What};
use store::commit::{Commit, CommitError, Committed, Tenant};
use store::contract::{Pending, Store};
use store::layer::Layer;
use store::memory::MemoryStore;

use crate::sample::{TENANT, at, audit_events, entity, observation, patient, read, scribe, store, write};

#[tokio::test]
async fn each_patient_touched_has_an_event() {
    let folder = tempfile::tempdir().unwrap();
    let store = store();
    write(&*store, vec![patient("p1", "Ada"), observation("o1", "p1"), observation("o2", "p2")]).await;
    let journal = Arc::new(Journal::open(Settings::new(folder.path())).unwrap());
    journal.record(&read(vec![entity("Observation/o1", 1)])).await.unwrap();
    let found = vec![entity("Observation/o1", 1), entity("Observation/o2", 1), entity("Patient/p1", 1), entity("Observation/gone", 3)];
    let query = Happening { what: What::Rest(Interaction::SearchType), query: Some("Observation".into()), ..read(found) };
    journal.record(&query).await.unwrap();
    journal.sync().unwrap();
    let step = Materialiser::new(journal, store.clone(), scribe()).run().await.unwrap();
    assert_eq!((step.rows, step.events, step.damaged_bytes), (2, 3, 0));
    let events = audit_events(&*store, TENANT).await;
    let seen: Vec<_> = events.iter().map(|event| (at(event, "subtype.0.code"), at(event, "entity.0.what.reference"))).collect();
    assert_eq!(seen, [("read", "Patient/p1"), ("search-type", "Patient/p1"), ("search-type", "Patient/p2")]);
}

#[tokio::test]
async fn a_restart_at_any_place_makes_no_event_twice() {
    let folder = tempfile::tempdir().unwrap();
    let store = store();
    let mut written = 0;
    for restart in 0..6 {
        let journal = Arc::new(Journal::open(Settings { most_file_bytes: 60_000, ..Settings::new(folder.path()) }).unwrap());
        let mut materialiser = Materialiser::new(journal.clone(), store.clone(), scribe());
        for number in 0..900 {
            let tenant = Tenant(1 + number % 2);
            let row = Happening { tenant, request: format!("r{written}").into(), ..read(vec![entity("Location/l", 1)]) };
            journal.record(&row).await.unwrap();
            written += 1;
            if number % 400 == 399 && restart % 3 != 2 {
                journal.sync().unwrap();
                // A step, and the rest is left to who comes after a restart.
                materialiser.step().await.unwrap();
            }
        }
    }
    let journal = Arc::new(Journal::open(Settings::new(folder.path())).unwrap());
    Materialiser::new(journal, store.clone(), scribe()).run().await.unwrap();
    let mut requests = Vec::new();
    for tenant in [Tenant(1), Tenant(2)] {
        let events = audit_events(&*store, tenant).await;
        assert_eq!(events.len(), written / 2);
        requests.extend(events.iter().map(|event| at(event, "entity.1.what.identifier.value")[1..].parse::<usize>().unwrap()));
    }
    requests.sort_unstable();
    assert_eq!(requests, (0..written).collect::<Vec<_>>());
}

#[tokio::test]
async fn rows_that_are_not_on_the_disk_wait() {
    let folder = tempfile::tempdir().unwrap();
    let store = store();
    let slow = std::time::Duration::from_secs(3600);
    let journal = Arc::new(Journal::open(Settings { sync_every: slow, ..Settings::new(folder.path()) }).unwrap());
    journal.record(&read(vec![entity("Location/l", 1)])).await.unwrap();
    let mut materialiser = Materialiser::new(journal.clone(), store.clone(), scribe());
    assert_eq!(materialiser.run().await.unwrap().rows, 0);
    journal.sync().unwrap();
    assert_eq!(materialiser.run().await.unwrap().rows, 1);
}

struct Teller;

impl Observer for Teller {
    fn observe(&mut self, seen: &Seen<'_>) -> Vec<Happening> {
        assert_eq!(seen.patients().collect::<Vec<_>>(), ["p1"]);
        assert_eq!(seen.families, [("p1".into(), vec!["lovelace".into()])]);
        vec![Happening { what: What::Alert("test".into(), "it is a test".into()), entities: Vec::new(), ..seen.happening.clone() }]
    }
}

#[tokio::test]
async fn an_observer_adds_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let store = store();
    write(&*store, vec![patient("p1", "Lovelace")]).await;
    let journal = Arc::new(Journal::open(Settings::new(folder.path())).unwrap());
    journal.record(&read(vec![entity("Patient/p1", 1)])).await.unwrap();
    journal.sync().unwrap();
    Materialiser::new(journal, store.clone(), scribe()).with_observer(Box::new(Teller)).run().await.unwrap();
    let events = audit_events(&*store, TENANT).await;
    assert_eq!(at(&events[1], "subtype.0.code"), "test");
    assert_eq!(store.cursor(TENANT, "none").await.unwrap(), 0);
}

/// Refuses some commits, and lets others wait, so that the next would overtake them.
struct Unruly {
    store: Arc<MemoryStore>,
    commits: AtomicU64,
}

impl Layer for Unruly {
    fn behind(&self) -> &dyn Store {
        &*self.store
    }

    fn commit(&self, commit: Commit) -> Pending<'_, Result<Committed, CommitError>> {
        let number = self.commits.fetch_add(1, Ordering::Relaxed);
        Box::pin(async move {
            if number % 3 == 1 {
                for _ in 0..50 {
                    tokio::task::yield_now().await;
                }
            }
            if number % 5 == 4 {
                return Err(CommitError::Busy);
            }
            self.store.commit(commit).await
        })
    }
}

#[tokio::test]
async fn whatever_becomes_of_commits_under_way_each_row_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let memory = store();
    let unruly = Arc::new(Unruly { store: memory.clone(), commits: AtomicU64::new(0) });
    let journal = Arc::new(Journal::open(Settings { most_file_bytes: 150_000, ..Settings::new(folder.path()) }).unwrap());
    for number in 0..4_500 {
        journal.record(&Happening { request: format!("r{number}").into(), ..read(vec![entity("Location/l", 1)]) }).await.unwrap();
    }
    journal.sync().unwrap();
    let mut materialiser = Materialiser::new(journal, unruly, scribe());
    let mut failures = 0;
    while materialiser.run().await.is_err() {
        failures += 1;
        assert!(failures < 200, "it comes to an end");
    }
    assert!(failures >= 2, "commits failed: {failures}");
    let events = audit_events(&*memory, TENANT).await;
    let told: Vec<usize> = events.iter().map(|event| at(event, "entity.1.what.identifier.value")[1..].parse().unwrap()).collect();
    assert_eq!(told, (0..4_500).collect::<Vec<_>>(), "each once, and in their order");
}
