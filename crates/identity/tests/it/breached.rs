//! Lists of breached passwords in files: published ones on the disk, of any length, and short ones in memory.

use std::fmt::Write;
use std::io::ErrorKind;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use identity::password::breached::Breached;
use identity::password::{Policy, Weakness};
use identity::{IdentityError, Secret};
use tempfile::NamedTempFile;

/// How many passwords a list has: some 280 KiB of them.
const MANY: usize = 6_000;

fn sha1(word: &str) -> String {
    digest(&SHA1_FOR_LEGACY_USE_ONLY, word.as_bytes()).as_ref().iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02X}").unwrap();
        text
    })
}

/// A list as it is published, each line with this end.
fn published(count: usize, end: &str) -> String {
    let mut lines: Vec<String> = (0..count).map(|number| sha1(&format!("password {number}"))).collect();
    lines.sort();
    // Counts have one to eight digits, so that no two lines are of one length.
    lines.iter().enumerate().map(|(number, sha1)| format!("{sha1}:{}{end}", 10_u32.pow((number * 7 % 8) as u32))).collect()
}

fn file(text: &str) -> NamedTempFile {
    let file = NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    file
}

#[test]
fn each_password_of_a_published_list_is_found_and_no_other() {
    for (count, end) in [(MANY, "\r\n"), (MANY, "\n"), (100, "\n"), (70, "\r\n"), (1, "\n")] {
        let list = file(&published(count, end));
        let breached = Breached::open(list.path()).unwrap();
        for number in (0..count).step_by(1 + count / 2000) {
            assert!(breached.has(&format!("password {number}")).unwrap(), "{number} of {count}");
        }
        assert!(breached.has("PASSWORD 0").unwrap(), "also when it is written in other letters");
        for number in count..count + 500 {
            assert!(!breached.has(&format!("password {number}")).unwrap(), "{number} of {count}");
        }
    }
}

#[test]
fn the_first_and_the_last_line_are_found_with_or_without_an_end_and_in_small_digits() {
    let text = published(MANY, "\n").to_lowercase();
    let breached = Breached::open(file(text.trim_end()).path()).unwrap();
    let mut by_digest: Vec<usize> = (0..MANY).collect();
    by_digest.sort_by_cached_key(|number| sha1(&format!("password {number}")));
    for number in [by_digest[0], by_digest[MANY - 1], by_digest[MANY / 2]] {
        assert!(breached.has(&format!("password {number}")).unwrap(), "{number}");
    }
}

#[test]
fn a_list_in_another_order_is_refused_when_it_is_opened() {
    let text = published(MANY, "\r\n");
    let by_count: String = text.split_inclusive('\n').rev().collect();
    let error = Breached::open(file(&by_count).path()).unwrap_err();
    assert!(error.kind() == ErrorKind::InvalidData && error.to_string().contains("ordered by hash"), "{error}");
    assert_eq!(Breached::open("/nowhere/at/all".as_ref()).unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn no_password_is_taken_while_the_list_cannot_be_read() {
    let list = file(&published(MANY, "\n"));
    let policy = Policy { breached: Arc::new(Breached::open(list.path()).unwrap()), ..Policy::default() };
    let good = Secret::new("vestibule-otter-crane-71");
    assert_eq!(policy.judge(&good, &[]), Ok(()));
    let length = list.as_file().metadata().unwrap().len();
    list.as_file().write_all_at(&vec![b'x'; usize::try_from(length).unwrap()], 0).unwrap();
    assert_eq!(policy.measure(&good, &[]).refused, Some(Weakness::Unchecked));
    assert_eq!(policy.judge(&good, &[]), Err(IdentityError::ListUnread));
}

#[test]
fn a_list_of_words_is_taken_into_memory() {
    let breached = Breached::open(file("# of this hospital\nhawthorn-quill-anvil\n").path()).unwrap();
    assert!(breached.has("Hawthorn-Quill-Anvil").unwrap() && !breached.has("hawthorn").unwrap());
    assert!(!Breached::open(file("").path()).unwrap().has("").unwrap());
}
