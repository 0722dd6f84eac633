//! What a ring tells of itself, and a key-encryption key in a file that is read again.

use std::sync::Arc;

use vault::{ErasureFile, FileKek, Kek, KeyFile, Keyring, VaultError};

use crate::ring::{kek_text, open, sealed_for};

#[test]
fn keys_versions_holds_and_erasures_are_counted() {
    let directory = tempfile::tempdir().unwrap();
    let ring = open(directory.path(), &[1]).unwrap();
    assert!(ring.overview().unwrap().tenants.is_empty() && ring.tenants().is_empty());
    ["a", "b", "c"].iter().for_each(|id| drop(sealed_for(&ring, id)));
    ring.hold(1, Some("Patient/a"), "case").unwrap();
    ring.hold(1, Some("Patient/b"), "case").unwrap();
    let id = ring.begin_erasure(1, Some("Patient/c"), 77).unwrap();
    ring.finish_erasure(id).unwrap();
    ring.hold(1, None, "all").unwrap();
    ring.rotate_tenant(1).unwrap();
    let overview = ring.overview().unwrap();
    assert_eq!((overview.kek_newest, overview.kek_minimum, overview.lagging, overview.erasures), (1, 0, 2, 1));
    let of = &overview.tenants[0];
    assert_eq!((of.tenant, &of.versions[..], &of.wrapped_by[..], of.subjects, of.erased), (1, &[1, 2][..], &[1, 1][..], 2, 1));
    assert_eq!((of.holds.len(), of.cases["case"]), (1, 2));
    assert_eq!(ring.tenants(), [1]);
    assert_eq!((ring.erased_at(1, "Patient/c"), ring.erased_at(1, "Patient/a")), (Ok(Some(77)), Ok(None)));
    drop(ring);
    let ring = open(directory.path(), &[1, 2]).unwrap();
    assert_eq!(ring.overview().unwrap().lagging, 4, "the tenant's, its hashing key, and two patients'");
    assert_eq!(ring.erased_at(1, "Patient/c"), Ok(Some(77)));
}

#[test]
fn a_version_that_was_added_to_the_file_counts_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("kek");
    let write = |versions: &[u32]| {
        std::fs::write(&path, kek_text(versions)).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
    };
    assert!(matches!(FileKek::new(&path), Err(VaultError::BadKek(_))), "there is no file");
    write(&[1]);
    let kek = Arc::new(FileKek::new(&path).unwrap());
    let records = Arc::new(KeyFile::open(directory.path()).unwrap());
    let ring = Keyring::open(kek.clone(), records, Arc::new(ErasureFile::in_directory(directory.path()))).unwrap();
    sealed_for(&ring, "a");
    write(&[1, 2]);
    assert_eq!(kek.newest(), Ok(2));
    assert_eq!(ring.overview().unwrap().lagging, 2);
    while ring.rewrap(1).unwrap().left > 0 {}
    ring.raise_kek_minimum(2).unwrap();
    write(&[2]);
    sealed_for(&ring, "b");
    drop(ring);
    assert!(open(directory.path(), &[1]).is_err(), "the first version opens nothing any more");
}
