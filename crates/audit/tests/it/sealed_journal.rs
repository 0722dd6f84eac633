//! A journal whose rows are sealed: nobody reads in its files who has seen what, and all of it becomes AuditEvents.

use std::io;
use std::sync::Arc;

use audit::journal::{Journal, KEY_BYTES, Keys, Settings};
use audit::{Happening, Materialiser};
use vault::{Context, OneKey, Sealer};

use crate::sample::{TENANT, ada, audit_events, entity, read, scribe, store};

const PLACE: Context<'_> = Context { tenant: 0, kind: "file", id: "audit-reads", path: "", version: 0 };

struct Ring(OneKey);

impl std::fmt::Debug for Ring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ring")
    }
}

impl Keys for Ring {
    fn seal(&self, key: &[u8; KEY_BYTES]) -> io::Result<Vec<u8>> {
        self.0.seal(&PLACE, key).map_err(io::Error::other)
    }

    fn open(&self, sealed: &[u8]) -> io::Result<[u8; KEY_BYTES]> {
        let opened = self.0.open(&PLACE, sealed).map_err(io::Error::other)?;
        opened[..].try_into().map_err(io::Error::other)
    }
}

fn ring() -> Arc<Ring> {
    Arc::new(Ring(OneKey::random().unwrap()))
}

fn settings(folder: &tempfile::TempDir, keys: &Arc<Ring>) -> Settings {
    Settings { keys: Some(keys.clone()), is_sealed: true, most_file_bytes: 2_000, ..Settings::new(folder.path()) }
}

fn of(number: usize) -> Happening {
    let query = Some(format!("/Patient?family=canary{number}").into());
    Happening { request: format!("r{number}").into(), who: Some(Arc::new(ada())), query, ..read(vec![entity("Location/canary", 1)]) }
}

/// How many rows became AuditEvents.
async fn told(journal: Journal) -> usize {
    let store = store();
    journal.sync().unwrap();
    let step = Materialiser::new(Arc::new(journal), store.clone(), scribe()).run().await.unwrap();
    assert_eq!(audit_events(&*store, TENANT).await.len() as u64, step.rows);
    step.rows as usize
}

#[tokio::test]
async fn nobody_reads_it_and_all_of_it_is_told() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), ring());
    // Two processes, one after the other; the third seals no more.
    for turn in 0..2 {
        let journal = Journal::open(settings(&folder, &keys)).unwrap();
        for number in 0..40 {
            journal.record(&of(40 * turn + number)).await.unwrap();
        }
    }
    let clear = Settings { is_sealed: false, ..settings(&folder, &keys) };
    let journal = Journal::open(clear).unwrap();
    let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect();
    assert!(files.len() > 4, "{}", files.len());
    for word in ["canary", "Lovelace", "Location", "r17"] {
        assert!(!files.iter().any(|bytes| bytes.windows(word.len()).any(|part| part == word.as_bytes())), "{word}");
    }
    journal.record(&of(80)).await.unwrap();
    assert_eq!(journal.recovered().unreadable, []);
    assert_eq!(told(journal).await, 81);
}

#[tokio::test]
async fn without_its_keys_nothing_is_begun_and_nothing_lost() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), ring());
    let journal = Journal::open(settings(&folder, &keys)).unwrap();
    journal.record(&of(1)).await.unwrap();
    drop(journal);
    for without in [Settings { keys: None, ..settings(&folder, &keys) }, settings(&folder, &ring())] {
        let error = Journal::open(without).err().expect("it is not opened").to_string();
        assert!(error.contains("audit-reads.1.log are sealed"), "{error}");
    }
    assert_eq!(told(Journal::open(settings(&folder, &keys)).unwrap()).await, 1);
}

#[tokio::test]
async fn a_damaged_row_costs_itself_and_no_other() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), ring());
    let journal = Journal::open(settings(&folder, &keys)).unwrap();
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
        assert_eq!(told(Journal::open(settings(&damaged, &keys)).unwrap()).await, 2, "byte {place}");
    }
}
