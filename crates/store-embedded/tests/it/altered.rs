//! An altered backup is refused, by the name of the file that is wrong, and nothing is made of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use store_embedded::{Restored, StoreError, restore, restore_unverified};

use crate::continuous::{Place, whole};
use crate::fixture::copy;
use crate::ledger::{rows, try_rows};

type Rows = BTreeMap<String, Vec<String>>;

fn seed() -> u64 {
    let seed = std::env::var("WARD_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_122);
    println!("WARD_TEST_SEED={seed}");
    seed
}

/// How many bytes of each file are flipped, one after the other.
fn flips() -> u64 {
    std::env::var("WARD_TEST_FLIPS").ok().and_then(|flips| flips.parse().ok()).unwrap_or(8)
}

fn mixed(seed: u64) -> u64 {
    let mixed = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 7
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<PathBuf> = entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect();
    files.sort();
    files
}

/// A store's continuous backup and a copy of it, with more than one base and a dozen of segments, and what they restore to.
async fn made() -> (Place, PathBuf) {
    let place = Place::new();
    let store = Arc::new(place.open(|_| {}));
    whole(&store).await;
    for begin in (0..12_u64).map(|step| step * 150) {
        place.write(&store, begin..begin + 150).await;
        whole(&store).await;
    }
    let single = place.data().with_file_name("single");
    store.backup(&single, |_| {}).await.expect("a copy");
    (place, single)
}

/// What a backup restores to, or why it does not.
fn tried(from: &Path) -> Result<(Restored, Rows), StoreError> {
    let target = tempfile::tempdir().expect("a folder");
    let data = target.path().join("data");
    match restore(from, &data, None) {
        Ok(restored) => Ok((restored, rows(&data))),
        Err(e) => {
            let left: Vec<PathBuf> = files(&data).into_iter().filter(|path| !path.ends_with("ward.lock")).collect();
            assert!(left.is_empty(), "a restoration that failed leaves {left:?}");
            Err(e)
        }
    }
}

/// Whether a restoration that verifies nothing gives a database with another content.
fn goes_wrong(from: &Path, whole: &Rows) -> bool {
    let target = tempfile::tempdir().expect("a folder");
    restore_unverified(from, target.path(), None).is_ok() && try_rows(target.path()).is_ok_and(|rows| rows != *whole)
}

#[track_caller]
fn assert_refused(from: &Path, file: &Path, what: &str) {
    let name = file.file_name().and_then(|name| name.to_str()).expect("a name");
    match tried(from) {
        Err(StoreError::BadBackup(said)) => assert!(said.contains(name), "{what}: {name} is wrong, and the error is: {said}"),
        other => panic!("{name}, {what}: it is not refused, but {:?}", other.map(|(restored, _)| restored)),
    }
}

/// Whether a restoration reads the file: those of older bases are needed for older moments only.
fn is_needed(from: &Path, file: &Path) -> bool {
    let stretches = files(from).into_iter().filter(|path| path.ends_with("base.txt"));
    let newest = stretches.filter_map(|path| path.parent().map(Path::to_owned)).max();
    newest.is_none_or(|newest| {
        file.parent() == Some(&newest) || !file.starts_with(newest.parent().unwrap_or(&newest)) || file.ends_with("newest.txt")
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn by_any_byte() {
    let (seed, flips) = (seed(), flips());
    let (place, single) = made().await;
    let (mut wrong, mut tries) = (0, 0);
    for from in [place.backup(), single] {
        let (_, whole) = tried(&from).expect("as it is, it is restored");
        for file in files(&from).into_iter().filter(|file| is_needed(&from, file)) {
            let bytes = std::fs::read(&file).expect("a file");
            for flip in 0..flips {
                let random = mixed(seed.wrapping_add(tries).wrapping_mul(0x9e37_79b9_7f4a_7c15));
                let mut altered = bytes.clone();
                let at = random as usize % bytes.len();
                altered[at] ^= 1 << (random >> 50 & 7);
                std::fs::write(&file, &altered).expect("a file");
                assert_refused(&from, &file, &format!("flip {flip} at byte {at}"));
                // One of a few is enough to see what would become of them.
                wrong += u64::from(flip < 2 && goes_wrong(&from, &whole));
                tries += 1;
            }
            let length = bytes.len() - 1 - mixed(seed + tries) as usize % (bytes.len() / 2);
            std::fs::write(&file, &bytes[..length]).expect("a file");
            assert_refused(&from, &file, &format!("cut to {length} bytes"));
            std::fs::write(&file, [&bytes[..], b"x"].concat()).expect("a file");
            assert_refused(&from, &file, "with a byte more");
            std::fs::write(&file, &bytes).expect("a file");
        }
        tried(&from).expect("as it was, it is restored");
    }
    println!("{tries} flips, all refused; without verification {wrong} of them give a database with other content");
    assert!(wrong > 0, "nothing would have gone wrong without the verification");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn by_missing_swapped_and_foreign_segments() {
    let (place, _) = made().await;
    let (other, _) = made().await;
    let from = place.backup();
    let needed: Vec<PathBuf> = files(&from).into_iter().filter(|file| is_needed(&from, file)).collect();
    let segments: Vec<&PathBuf> = needed.iter().filter(|path| path.extension().is_some_and(|ending| ending == "segment")).collect();
    assert!(segments.len() >= 3, "too few segments to prove anything: {segments:?}");
    let aside = from.with_file_name("aside");
    let with = |change: &dyn Fn(), wrong: &Path, what: &str| {
        copy(&from, &aside);
        change();
        assert_refused(&from, wrong, what);
        std::fs::remove_dir_all(&from).expect("a folder");
        std::fs::rename(&aside, &from).expect("a folder");
    };
    let (middle, next, last) = (segments[segments.len() / 2], segments[segments.len() / 2 + 1], segments[segments.len() - 1]);
    with(&|| std::fs::remove_file(middle).expect("a file"), middle, "missing");
    with(&|| std::fs::remove_file(last).expect("a file"), last, "missing at the end");
    let swap = || {
        let bytes = std::fs::read(middle).expect("a file");
        std::fs::rename(next, middle).expect("a file");
        std::fs::write(next, bytes).expect("a file");
    };
    with(&swap, middle, "swapped");
    let segments_of_other = || files(&other.backup()).into_iter().filter(|path| path.extension() == middle.extension());
    let foreign = segments_of_other().find(|path| path.file_name() == middle.file_name()).or(segments_of_other().next_back());
    let foreign = foreign.expect("the other backup has segments");
    let replace = || assert!(std::fs::copy(&foreign, middle).is_ok());
    with(&replace, middle, "foreign");
    let base = needed.iter().find(|path| path.ends_with("base")).expect("a base");
    with(&|| std::fs::remove_file(base).expect("a file"), base, "missing");
    let newest = needed.iter().find(|path| path.ends_with("newest.txt")).expect("a file");
    with(&|| std::fs::remove_file(newest).expect("a file"), newest, "missing");
    // Without the description of its base, an older base serves, with the same result.
    let whole = tried(&from).expect("a restoration");
    std::fs::remove_file(base.with_extension("txt")).expect("a file");
    assert_eq!(tried(&from).expect("a restoration"), whole);
}
