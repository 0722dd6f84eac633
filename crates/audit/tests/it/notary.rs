//! Checkpoints of a store that grows: made when something came in, gone on with after a restart, refused when the store contradicts them.

use std::path::Path;

use audit::checkpoint::{Checkpoint, Signer};
use audit::merkle::{self, consistency, includes, inclusion, is_consistent};
use audit::notary::{Folder, Notary, log_path, read_log, tree_path};
use audit::tree::TreeError;
use audit::verify::{Evidence, verify};
use audit::{Happening, What};
use store::commit::Commit;
use store::contract::Store;
use store::memory::MemoryStore;

use crate::sample::{NOON, TENANT, observation, scribe, store, write};

pub fn signer() -> Signer {
    Signer::new("hospital.example", &[3; 32]).unwrap()
}

/// Commits with some AuditEvents each, as many as the numbers say.
pub async fn audit(store: &MemoryStore, counts: &[usize], first: usize) {
    let scribe = scribe();
    let mut number = first;
    for count in counts {
        let mut commit = Commit::new(TENANT, "ward", "audit");
        for _ in 0..*count {
            let happening = Happening { request: format!("request-{number}").into(), ..Happening::new(NOON, TENANT, What::SignIn(None)) };
            commit.audit.push(scribe.put(&format!("a{number}"), &scribe.events(&happening, &[])[0]));
            number += 1;
        }
        store.commit(commit).await.unwrap();
    }
}

fn open(folder: &Path) -> Notary {
    let witness = folder.join("witness");
    std::fs::create_dir_all(&witness).unwrap();
    Notary::open(folder, TENANT, signer(), vec![Box::new(Folder(witness))]).unwrap()
}

#[tokio::test]
async fn a_checkpoint_is_made_when_something_came_in() {
    let (folder, store) = (tempfile::tempdir().unwrap(), store());
    let mut notary = open(folder.path());
    assert!(notary.checkpoint(&*store, NOON).await.unwrap().checkpoint.is_none(), "nothing is there");
    audit(&store, &[2, 0, 3], 0).await;
    let (first, note) = notary.checkpoint(&*store, NOON).await.unwrap().checkpoint.unwrap();
    assert_eq!((first.size, first.number, first.at, &*first.origin), (5, 1, NOON, "hospital.example/tenant/1"));
    write(&*store, vec![observation("o", "p")]).await;
    assert!(notary.checkpoint(&*store, NOON).await.unwrap().checkpoint.is_none(), "nothing that is audited came in");
    // A clock that goes back does not take checkpoints back.
    audit(&store, &[1], 5).await;
    let (second, _) = notary.checkpoint(&*store, NOON - 1000).await.unwrap().checkpoint.unwrap();
    assert_eq!((second.size, second.number, second.at, second.previous), (6, 2, NOON, audit::checkpoint::hash(&note)));
    let pushed = std::fs::read_to_string(folder.path().join("witness/hospital-example-tenant-1.1.txt")).unwrap();
    assert_eq!(pushed, note);
}

#[tokio::test]
async fn proofs_of_the_file_hold_for_its_checkpoints() {
    let (folder, store) = (tempfile::tempdir().unwrap(), store());
    let mut notary = open(folder.path());
    audit(&store, &[5, 4], 0).await;
    let (first, _) = notary.checkpoint(&*store, NOON).await.unwrap().checkpoint.unwrap();
    audit(&store, &[7], 9).await;
    let (second, _) = notary.checkpoint(&*store, NOON).await.unwrap().checkpoint.unwrap();
    let leaves = notary.tree().leaves();
    let proof = consistency(leaves, first.size, second.size).unwrap().unwrap();
    assert!(is_consistent(first.size, second.size, &first.root, &second.root, &proof));
    let event = store.read(TENANT, &crate::sample::key("AuditEvent/a6")).await.unwrap().unwrap();
    let path = inclusion(leaves, 6, second.size).unwrap().unwrap();
    assert!(includes(&merkle::leaf(event.text().unwrap()), 6, second.size, &path, &second.root));
}

#[tokio::test]
async fn a_restart_goes_on_and_mends_what_was_torn() {
    let (folder, store) = (tempfile::tempdir().unwrap(), store());
    for round in 0..6 {
        let mut notary = open(folder.path());
        audit(&store, &[3, 2], round * 5).await;
        let made = notary.checkpoint(&*store, NOON + round as i64).await.unwrap();
        assert_eq!(made.checkpoint.unwrap().0.number, round as u64 + 1);
        drop(notary);
        // What a crash may leave: part of a row, part of the last commit, part of a checkpoint.
        let tree = std::fs::OpenOptions::new().write(true).open(tree_path(folder.path(), TENANT)).unwrap();
        let length = tree.metadata().unwrap().len();
        tree.set_len(length - [0, 7, 40, 47, 39, 0][round]).unwrap();
        let log = log_path(folder.path(), TENANT);
        let mut text = std::fs::read_to_string(&log).unwrap();
        text.push_str(["hospital", "hospital.example/tenant/1\n3\n\n", "", "a\n\n\u{2014} hosp", "\n", ""][round]);
        std::fs::write(&log, text).unwrap();
    }
    open(folder.path());
    let file = audit::tree::LeafFile::read(&tree_path(folder.path(), TENANT), TENANT).unwrap();
    let checkpoints = read_log(&log_path(folder.path(), TENANT)).unwrap();
    assert_eq!(checkpoints.len(), 6);
    let verifier = signer().verifier();
    let evidence =
        Evidence { tenant: TENANT, verifier: &verifier, checkpoints: &checkpoints, witnessed: &checkpoints, leaves: Some(&file) };
    let report = verify(&*store, &evidence).await.unwrap();
    assert!(report.is_sound(), "{report}");
    assert_eq!((report.events, report.proven, report.checkpoints), (30, 30, 6));
}

#[tokio::test]
async fn a_store_that_contradicts_the_last_checkpoint_gets_no_other() {
    let (folder, whole) = (tempfile::tempdir().unwrap(), store());
    audit(&whole, &[3, 2], 0).await;
    open(folder.path()).checkpoint(&*whole, NOON).await.unwrap();
    let older = store();
    audit(&older, &[3], 0).await;
    let mut notary = open(folder.path());
    assert!(matches!(notary.checkpoint(&*older, NOON).await, Err(TreeError::Contradicts(1))), "an older database in its place");
    let other = store();
    audit(&other, &[3, 2, 1], 7).await;
    std::fs::remove_file(tree_path(folder.path(), TENANT)).unwrap();
    assert!(matches!(open(folder.path()).checkpoint(&*other, NOON).await, Err(TreeError::Contradicts(1))));
    std::fs::remove_file(tree_path(folder.path(), TENANT)).unwrap();
    assert!(open(folder.path()).checkpoint(&*whole, NOON).await.is_ok(), "a lost file is made again");
    let other_key = Signer::new("hospital.example", &[4; 32]).unwrap();
    assert!(Notary::open(folder.path(), TENANT, other_key, Vec::new()).is_err());
}

#[tokio::test]
async fn a_witness_that_fails_is_asked_again() {
    let (folder, store) = (tempfile::tempdir().unwrap(), store());
    let place = folder.path().join("share");
    let mut notary = Notary::open(folder.path(), TENANT, signer(), vec![Box::new(Folder(place.clone()))]).unwrap();
    audit(&store, &[1], 0).await;
    assert_eq!(notary.checkpoint(&*store, NOON).await.unwrap().not_pushed.len(), 1);
    std::fs::create_dir(&place).unwrap();
    let made = notary.checkpoint(&*store, NOON).await.unwrap();
    assert!(made.checkpoint.is_none() && made.not_pushed.is_empty());
    let note = std::fs::read_to_string(place.join("hospital-example-tenant-1.1.txt")).unwrap();
    assert_eq!(Checkpoint::open(&note, &signer().verifier()).unwrap(), *notary.last().unwrap());
}

async fn report(folder: &Path, store: &MemoryStore) -> audit::verify::Report {
    let file = audit::tree::LeafFile::read(&tree_path(folder, TENANT), TENANT).unwrap();
    let checkpoints = read_log(&log_path(folder, TENANT)).unwrap();
    let witnessed: Vec<String> =
        std::fs::read_dir(folder.join("witness")).unwrap().map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    let verifier = signer().verifier();
    let evidence = Evidence { tenant: TENANT, verifier: &verifier, checkpoints: &checkpoints, witnessed: &witnessed, leaves: Some(&file) };
    verify(store, &evidence).await.unwrap()
}

#[tokio::test]
async fn a_restore_from_an_older_backup_is_signed_and_told() {
    for kept in [&[][..], &[3], &[3, 2]] {
        let (folder, whole) = (tempfile::tempdir().unwrap(), store());
        audit(&whole, &[3], 0).await;
        let mut notary = open(folder.path());
        notary.checkpoint(&*whole, NOON).await.unwrap();
        audit(&whole, &[2, 4], 3).await;
        notary.checkpoint(&*whole, NOON).await.unwrap();
        assert!(notary.restored(&*whole, NOON).await.unwrap().checkpoint.is_none(), "nothing is missing");
        let older = store();
        audit(&older, kept, 0).await;
        let size = kept.iter().sum::<usize>() as u64;
        let made = open(folder.path()).restored(&*older, NOON).await.unwrap().checkpoint.unwrap().0;
        assert_eq!((made.number, made.size, made.restored_from), (3, size, Some(9)));
        let found = report(folder.path(), &older).await;
        assert!(found.is_sound(), "{found}");
        assert_eq!((found.events, found.proven, &found.restored[..]), (size, size, &[(9, size)][..]));
        // It goes on from there.
        audit(&older, &[5], 20).await;
        assert_eq!(open(folder.path()).checkpoint(&*older, NOON).await.unwrap().checkpoint.unwrap().0.size, size + 5);
        let found = report(folder.path(), &older).await;
        assert!(found.is_sound(), "{found}");
        assert_eq!((found.events, found.proven), (size + 5, size + 5));
        // Without the checkpoint that says so, it is a trail that was cut off.
        let checkpoints = read_log(&log_path(folder.path(), TENANT)).unwrap();
        let without: Vec<String> = checkpoints.iter().enumerate().filter(|(at, _)| *at != 2).map(|(_, note)| format!("{note}\n")).collect();
        std::fs::write(log_path(folder.path(), TENANT), without.concat()).unwrap();
        assert!(!report(folder.path(), &older).await.is_sound());
    }
}

#[tokio::test]
async fn a_store_that_was_altered_is_not_taken_for_one_that_was_restored() {
    let (folder, whole) = (tempfile::tempdir().unwrap(), store());
    audit(&whole, &[3, 2], 0).await;
    open(folder.path()).checkpoint(&*whole, NOON).await.unwrap();
    let other = store();
    audit(&other, &[3], 1).await;
    assert!(matches!(open(folder.path()).restored(&*other, NOON).await, Err(TreeError::Contradicts(1))));
    assert_eq!(read_log(&log_path(folder.path(), TENANT)).unwrap().len(), 1);
}
