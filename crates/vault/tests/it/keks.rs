//! The key-encryption key: what its text may be.

use crate::ring::{kek, kek_text};
use vault::{Context, Kek, LocalKek, Secret, VaultError, Wrapped};

const PLACE: Context<'static> = Context { tenant: 1, kind: "tenant", id: "1", path: "", version: 1 };

#[test]
fn the_highest_version_wraps_and_all_unwrap() {
    let before = kek(&[1]).wrap(&Secret::new(&[5; 32]), &PLACE).unwrap();
    let both = kek(&[2, 1]);
    let after = both.wrap(&Secret::new(&[5; 32]), &PLACE).unwrap();
    assert_eq!((before.version, after.version), (1, 2));
    for wrapped in [&before, &after] {
        assert_eq!(both.unwrap(wrapped, &PLACE).unwrap().bytes(), &[5; 32]);
        let elsewhere = Context { tenant: 2, ..PLACE };
        assert_eq!(both.unwrap(wrapped, &elsewhere).err(), Some(VaultError::SealBroken));
        let renamed = Wrapped { version: 3 - wrapped.version, bytes: wrapped.bytes.clone() };
        assert_eq!(both.unwrap(&renamed, &PLACE).err(), Some(VaultError::SealBroken));
    }
    assert!(matches!(kek(&[2]).unwrap(&before, &PLACE), Err(VaultError::KekRefused(_))));
}

#[test]
fn a_text_that_is_none_is_refused_by_its_line_and_not_shown() {
    let good = kek_text(&[1]);
    let short = format!("# one\n1 {}", "cafe".repeat(15));
    let sign = format!("1 {}+a", "ca".repeat(31));
    for (text, says) in [
        ("", "there is no line with a key"),
        ("# nothing\n\n", "there is no line with a key"),
        ("0 00", "line 1: the version is no number from 1 on"),
        (&short, "line 2: the key is not 64 hexadecimal digits"),
        (&sign, "line 1: the key is not 64 hexadecimal digits"),
        ("cafe", "line 1: a version, a space and 64 hexadecimal digits are wanted"),
        (&format!("{good}{good}"), "line 2: the version stands there twice"),
    ] {
        let error = LocalKek::parse(text).err().unwrap();
        assert_eq!(error, VaultError::BadKek(says.to_owned()));
        assert!(!error.to_string().contains("cafe"));
    }
}

#[test]
fn a_new_line_is_a_key_that_nobody_has_seen() {
    let (one, two) = (LocalKek::new_line(3).unwrap(), LocalKek::new_line(3).unwrap());
    assert_ne!(*one, *two);
    assert_eq!(LocalKek::parse(&one).unwrap().newest().unwrap(), 3);
}

#[cfg(unix)]
#[test]
fn a_file_that_others_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("kek");
    std::fs::write(&path, kek_text(&[1])).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    let error = LocalKek::from_file(&path).err().unwrap();
    assert!(error.to_string().contains("chmod 600"), "{error}");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(LocalKek::from_file(&path).unwrap().newest().unwrap(), 1);
}
