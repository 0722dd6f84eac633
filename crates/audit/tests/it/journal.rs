//! The journal: what was recorded is there after a kill, torn ends are passed over, and what cannot be written is refused.

use std::fs::OpenOptions;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::time::Duration;

use audit::happening::Done;
use audit::journal::{Journal, JournalError, Mode, Settings};
use audit::{Administered, Happening, Materialiser, What};

use crate::sample::{TENANT, ada, audit_events, bytes_of, entity, read, scribe, store};

fn settings(folder: &tempfile::TempDir) -> Settings {
    Settings::new(folder.path())
}

fn of(number: usize) -> Happening {
    Happening { request: format!("r{number}").into(), ..read(vec![entity("Location/l", 1)]) }
}

/// The requests that became AuditEvents.
async fn told(journal: Journal) -> Vec<String> {
    told_with(journal, 1).await
}

/// The same, where the request is another entity of the event.
async fn told_with(journal: Journal, place: usize) -> Vec<String> {
    let store = store();
    journal.sync().unwrap();
    let mut materialiser = Materialiser::new(Arc::new(journal), store.clone(), scribe());
    materialiser.run().await.unwrap();
    let events = audit_events(&*store, TENANT).await;
    let request =
        |event: &fhir::Value| crate::sample::at(event.get("entity").unwrap(), &format!("{place}.what.identifier.value")).to_owned();
    events.iter().map(request).collect()
}

#[tokio::test]
async fn rows_come_back_as_they_were_written() {
    for mode in [Mode::Written, Mode::Synced] {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(Settings { mode, ..settings(&folder) }).unwrap();
        for number in 0..100 {
            journal.record(&of(number)).await.unwrap();
        }
        assert_eq!(told(journal).await, (0..100).map(|number| format!("r{number}")).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn what_is_administered_comes_back_as_it_was() {
    let (folder, store) = (tempfile::tempdir().unwrap(), store());
    let journal = Journal::open(settings(&folder)).unwrap();
    let mut wanted = Vec::new();
    for (of, done) in Administered::ALL.into_iter().flat_map(|of| Done::ALL.map(|done| (of, done))) {
        let happening = Happening { what: What::Administration(of, done, format!("{of:?} {done:?}").into()), ..read(Vec::new()) };
        journal.record(&happening).await.unwrap();
        wanted.extend(scribe().events(&happening, &[]));
    }
    journal.sync().unwrap();
    Materialiser::new(Arc::new(journal), store.clone(), scribe()).run().await.unwrap();
    let told = audit_events(&*store, TENANT).await;
    assert_eq!(told.len(), wanted.len());
    for (told, wanted) in told.iter().zip(&wanted) {
        for member in ["action", "subtype", "entity", "agent"] {
            assert_eq!(told.get(member), wanted.get(member));
        }
    }
}

#[tokio::test]
async fn by_whom_somebody_came_comes_back_and_older_rows_are_of_nobody() {
    let (folder, store) = (tempfile::tempdir().unwrap(), store());
    let journal = Journal::open(settings(&folder)).unwrap();
    let by = |name: &str| Some(name.into());
    for what in [What::SignIn(by("City")), What::SignOut(by("Clinic")), What::SignIn(None), What::SignOut(None)] {
        journal.record(&Happening { what, ..read(Vec::new()) }).await.unwrap();
    }
    journal.sync().unwrap();
    Materialiser::new(Arc::new(journal), store.clone(), scribe()).run().await.unwrap();
    let told = audit_events(&*store, TENANT).await;
    let provider = |event: &fhir::Value| {
        let text = fhir::json::to_string(event.get("entity").unwrap_or(&fhir::Value::Null));
        text.split_once(r#""type":"provider","valueString":""#).map(|(_, rest)| rest.split('"').next().unwrap_or_default().to_owned())
    };
    assert_eq!(told.iter().map(provider).collect::<Vec<_>>(), [Some("City".to_owned()), Some("Clinic".to_owned()), None, None]);
}

#[tokio::test]
async fn nothing_is_written_when_it_is_off() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(Settings { mode: Mode::Off, ..settings(&folder) }).unwrap();
    let empty = bytes_of(folder.path());
    journal.record(&of(1)).await.unwrap();
    assert_eq!(bytes_of(folder.path()), empty);
}

#[tokio::test]
async fn a_row_is_about_a_hundred_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(settings(&folder)).unwrap();
    let who = Arc::new(ada());
    let before = journal.bytes();
    for number in 0..1000 {
        journal.record(&Happening { who: Some(who.clone()), request: format!("{number:036}").into(), ..of(0) }).await.unwrap();
    }
    let each = (journal.bytes() - before) / 1000;
    assert!((80..120).contains(&each), "{each}");
    let before = journal.bytes();
    journal.record(&Happening { who: Some(Arc::new(ada())), request: format!("{:036}", 0).into(), ..of(0) }).await.unwrap();
    assert_eq!(journal.bytes() - before, each, "the same person, made anew, is told of once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_at_once_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Arc::new(Journal::open(Settings { most_file_bytes: 10_000, ..settings(&folder) }).unwrap());
    let tasks: Vec<_> = (0..16)
        .map(|task| {
            let journal = journal.clone();
            tokio::spawn(async move {
                for number in 0..100 {
                    journal.record(&of(task * 100 + number)).await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert!(std::fs::read_dir(folder.path()).unwrap().count() > 5, "there were many files");
    let journal = Arc::into_inner(journal).unwrap();
    let mut found = told(journal).await;
    found.sort_by_key(|name| name[1..].parse::<usize>().unwrap());
    assert_eq!(found, (0..1600).map(|number| format!("r{number}")).collect::<Vec<_>>());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "files that are done with are removed");
}

#[tokio::test]
async fn who_it_was_is_told_in_every_file() {
    let (folder, store) = (tempfile::tempdir().unwrap(), store());
    let journal = Arc::new(Journal::open(Settings { most_file_bytes: 500, ..settings(&folder) }).unwrap());
    let who = Arc::new(ada());
    for number in 0..50 {
        journal.record(&Happening { who: Some(who.clone()), ..of(number) }).await.unwrap();
    }
    journal.sync().unwrap();
    assert!(std::fs::read_dir(folder.path()).unwrap().count() > 5, "there are many files");
    Materialiser::new(journal, store.clone(), scribe()).run().await.unwrap();
    let events = audit_events(&*store, TENANT).await;
    assert_eq!(events.len(), 50);
    assert!(events.iter().all(|event| crate::sample::at(event, "meta.tag.0.code") == "u-ada"));
}

#[tokio::test]
async fn whatever_a_kill_leaves_of_the_last_row_the_others_are_there() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(settings(&folder)).unwrap();
    let mut ends = Vec::new();
    for number in 0..5 {
        journal.record(&of(number)).await.unwrap();
        ends.push(journal.bytes());
    }
    drop(journal);
    let file = folder.path().join("audit-reads.1.log");
    let whole = std::fs::read(&file).unwrap();
    for cut in (ends[3] + 1..ends[4]).step_by(7) {
        let torn = tempfile::tempdir().unwrap();
        std::fs::write(torn.path().join("audit-reads.1.log"), &whole[..cut as usize]).unwrap();
        let journal = Journal::open(settings(&torn)).unwrap();
        journal.record(&of(5)).await.unwrap();
        assert_eq!(told(journal).await, ["r0", "r1", "r2", "r3", "r5"], "cut at {cut}");
    }
}

#[tokio::test]
async fn a_damaged_row_costs_itself_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(settings(&folder)).unwrap();
    // The first row says who it is: without it the others are by nobody.
    let mut ends = Vec::new();
    for number in 0..3 {
        journal.record(&Happening { who: None, ..of(number) }).await.unwrap();
        ends.push(journal.bytes());
    }
    drop(journal);
    let whole = std::fs::read(folder.path().join("audit-reads.1.log")).unwrap();
    for place in (ends[0]..ends[1]).step_by(3) {
        let damaged = tempfile::tempdir().unwrap();
        let mut bytes = whole.clone();
        bytes[place as usize] ^= 0x10;
        std::fs::write(damaged.path().join("audit-reads.1.log"), bytes).unwrap();
        assert_eq!(told(Journal::open(settings(&damaged)).unwrap()).await, ["r0", "r2"], "byte {place}");
    }
}

#[tokio::test]
async fn rows_that_stand_where_they_were_not_written_are_none() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(settings(&folder)).unwrap();
    let start = journal.bytes();
    journal.record(&Happening { who: None, ..of(1) }).await.unwrap();
    let end = journal.bytes();
    drop(journal);
    let file = OpenOptions::new().read(true).write(true).open(folder.path().join("audit-reads.1.log")).unwrap();
    let mut row = vec![0; (end - start) as usize];
    file.read_exact_at(&mut row, start).unwrap();
    file.write_all_at(&row, end).unwrap();
    assert_eq!(told(Journal::open(settings(&folder)).unwrap()).await, ["r1"]);
}

#[tokio::test]
async fn beyond_its_bound_reads_are_refused_until_rows_are_events() {
    let folder = tempfile::tempdir().unwrap();
    let store = store();
    let journal = Arc::new(
        Journal::open(Settings { most_bytes: 10_000, most_file_bytes: 1_000, patience: Duration::ZERO, ..settings(&folder) }).unwrap(),
    );
    let mut count = 0;
    let error = loop {
        match journal.record(&of(count)).await {
            Ok(()) => count += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(error, JournalError::Full);
    assert!((50..250).contains(&count), "{count}");
    journal.sync().unwrap();
    Materialiser::new(journal.clone(), store.clone(), scribe()).run().await.unwrap();
    journal.record(&of(count)).await.unwrap();
    assert_eq!(audit_events(&*store, TENANT).await.len(), count);
}

#[tokio::test]
async fn many_entities_stand_in_several_rows() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(settings(&folder)).unwrap();
    let entities = (0..25_000).map(|number| entity(&format!("Location/l{number}"), 1)).collect();
    let what = audit::What::Rest(audit::Interaction::SearchType);
    journal.record(&Happening { what, patients: vec!["p1".into()], entities, ..of(0) }).await.unwrap();
    assert_eq!(told_with(journal, 2).await, ["r0", "r0", "r0"]);
}

#[tokio::test]
async fn files_of_nobody_know_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("audit-reads.3.log"), b"hello").unwrap();
    let journal = Journal::open(settings(&folder)).unwrap();
    assert_eq!((journal.recovered().files, &*journal.recovered().unreadable), (1, &[3][..]));
    journal.record(&of(1)).await.unwrap();
    assert_eq!(told(journal).await, ["r1"]);
    assert_eq!(std::fs::read(folder.path().join("audit-reads.3.log")).unwrap(), b"hello");
}

#[tokio::test]
async fn at_the_bound_reads_wait_until_rows_have_become_events() {
    let (folder, store) = (tempfile::tempdir().unwrap(), store());
    let bound = Settings { most_bytes: 5_000, patience: Duration::from_secs(600), ..settings(&folder) };
    let journal = Arc::new(Journal::open(bound).unwrap());
    let recording = {
        let journal = journal.clone();
        tokio::spawn(async move {
            for number in 0..500 {
                journal.record(&of(number)).await.unwrap();
            }
        })
    };
    let mut materialiser = Materialiser::new(journal.clone(), store.clone(), scribe());
    let mut most = 0;
    while !recording.is_finished() {
        tokio::task::yield_now().await;
        most = most.max(journal.waiting());
        if journal.waiting() > 4_900 {
            journal.sync().unwrap();
            materialiser.run().await.unwrap();
        }
    }
    recording.await.unwrap();
    assert!((4_900..5_300).contains(&most), "{most} bytes waited at most");
    assert!(journal.bytes() > 20_000, "all of it went through one file");
    journal.sync().unwrap();
    materialiser.run().await.unwrap();
    assert_eq!(audit_events(&*store, TENANT).await.len(), 500);
    assert_eq!(journal.waiting(), 0);
}

/// Whoever waits may go away, as a client does that hangs up: the others' rows are written all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_goes_away_keeps_nobody_waiting() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Arc::new(Journal::open(settings(&folder)).unwrap());
    let tasks: Vec<_> = (0..16)
        .map(|task| {
            let journal = journal.clone();
            tokio::spawn(async move {
                for number in 0..60 {
                    let happening = of(task * 60 + number);
                    let mut record = Box::pin(journal.record(&happening));
                    if number % 3 == 0 {
                        // It is asked once, and dropped.
                        let _ = asked_once(record.as_mut()).await;
                        continue;
                    }
                    record.await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let mut found = told(Arc::into_inner(journal).unwrap()).await;
    found.sort_unstable();
    found.dedup();
    let wanted = (0..960).filter(|number| number % 60 % 3 != 0).map(|number| format!("r{number}"));
    let missing: Vec<_> = wanted.filter(|name| found.binary_search(name).is_err()).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// Asks a future once whether it is done.
async fn asked_once<F: Future + Unpin>(mut future: F) -> Option<F::Output> {
    std::future::poll_fn(|context| match std::pin::Pin::new(&mut future).poll(context) {
        std::task::Poll::Ready(output) => std::task::Poll::Ready(Some(output)),
        std::task::Poll::Pending => std::task::Poll::Ready(None),
    })
    .await
}
