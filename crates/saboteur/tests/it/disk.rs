//! What a disk may look like after the power failed.

use std::collections::{BTreeMap, BTreeSet};

use saboteur::disk::{Disk, Loss};
use saboteur::random::Random;
use saboteur::record::Record;

const SEEDS: u64 = 500;

fn opened(inode: u64, path: &str) -> Record {
    Record::Opened { inode, path: path.to_owned(), created: true, emptied: false }
}

fn written(inode: u64, at: u64, byte: u8, count: usize) -> Record {
    Record::Written { inode, at, bytes: vec![byte; count] }
}

fn synced(inode: u64, number: u64) -> [Record; 2] {
    [Record::SyncBegun { number, inode }, Record::SyncDone { number }]
}

fn folder_synced(number: u64) -> [Record; 2] {
    [Record::FolderSyncBegun { number, path: String::new() }, Record::SyncDone { number }]
}

/// All the ways in which these records may be left.
fn ways(records: &[Record]) -> BTreeSet<BTreeMap<String, Vec<u8>>> {
    let mut disk = Disk::default();
    records.iter().for_each(|record| disk.apply(record).expect("the records fit together"));
    (0..SEEDS).map(|seed| disk.after(Loss::Some, &mut Random::new(seed))).collect()
}

#[test]
fn what_was_synced_is_there_in_every_way() {
    let records = [vec![opened(7, "a"), written(7, 0, 1, 700)], synced(7, 1).into(), folder_synced(2).into()].concat();
    assert_eq!(ways(&records), BTreeSet::from([BTreeMap::from([("a".to_owned(), vec![1; 700])])]));
}

#[test]
fn what_was_written_after_a_sync_began_is_not_sure() {
    let [begun, done] = synced(7, 1);
    let records = [vec![opened(7, "a"), written(7, 0, 1, 512), begun, written(7, 0, 2, 512), done], folder_synced(2).into()].concat();
    let first: BTreeSet<u8> = ways(&records).iter().map(|files| files["a"][0]).collect();
    assert_eq!(first, BTreeSet::from([1, 2]));
}

#[test]
fn unsynced_writes_are_dropped_kept_torn_and_reordered() {
    let before = [vec![opened(7, "a"), written(7, 0, 0, 1024)], synced(7, 1).into(), folder_synced(2).into()].concat();
    let records = [before, vec![written(7, 0, 1, 1024), written(7, 512, 2, 512)]].concat();
    let sectors: BTreeSet<(u8, u8)> = ways(&records).iter().map(|files| (files["a"][0], files["a"][512])).collect();
    // Dropped; torn; the first kept; both kept; and the second without the first.
    assert_eq!(sectors, BTreeSet::from([(0, 0), (1, 0), (0, 1), (1, 1), (1, 2), (0, 2)]));
}

#[test]
fn a_name_is_not_sure_before_its_folder_is_synced() {
    let records = [vec![opened(7, "a"), written(7, 0, 1, 1)], synced(7, 1).into()].concat();
    let names: BTreeSet<Vec<String>> = ways(&records).into_iter().map(|files| files.into_keys().collect()).collect();
    assert_eq!(names, BTreeSet::from([vec![], vec!["a".to_owned()]]));
}

#[test]
fn a_rename_is_there_whole_or_not_at_all() {
    let before = [vec![opened(7, "a"), opened(8, "b"), written(8, 0, 1, 1)], synced(8, 1).into(), folder_synced(2).into()].concat();
    let records = [before, vec![Record::Renamed { from: "b".to_owned(), to: "a".to_owned() }]].concat();
    let left: BTreeSet<Vec<(String, usize)>> =
        ways(&records).into_iter().map(|files| files.into_iter().map(|(name, content)| (name, content.len())).collect()).collect();
    assert_eq!(left, BTreeSet::from([vec![("a".to_owned(), 0), ("b".to_owned(), 1)], vec![("a".to_owned(), 1)]]));
}

#[test]
fn an_inode_that_is_used_again_is_another_file() {
    let removed = Record::Removed { path: "a".to_owned() };
    let records =
        [vec![opened(7, "a"), written(7, 0, 1, 9), removed, opened(7, "b")], synced(7, 1).into(), folder_synced(2).into()].concat();
    assert_eq!(ways(&records), BTreeSet::from([BTreeMap::from([("b".to_owned(), Vec::new())])]));
}

#[test]
fn what_was_not_seen_is_told() {
    let mut disk = Disk::default();
    let unknown = written(7, 0, 1, 1);
    assert!(disk.apply(&unknown).is_err());
    let opened = Record::Opened { inode: 7, path: "a".to_owned(), created: false, emptied: false };
    assert!(disk.apply(&opened).is_err());
}
