//! Rotation: under load, killed at every step, and old versions that are retired when nothing needs them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use vault::{InUse, Item, KeyFile, KeyId, Records, Result, Rewrapped, Sealer, VaultError, sealed};

use crate::ring::{at, open, open_with, sealed_for};

/// Nothing, or something, is sealed with an older version.
struct Data(Option<u32>);

impl InUse for Data {
    fn lowest(&self, _: KeyId) -> Result<Option<u32>> {
        Ok(self.0)
    }
}

/// Records that die after some steps: the file has what was done before.
struct Dying {
    file: KeyFile,
    left: AtomicUsize,
}

impl Dying {
    fn step(&self) -> Result<()> {
        let left = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        left.map(drop).map_err(|_| VaultError::Records("killed".to_owned()))
    }
}

impl Records for Dying {
    fn load(&self) -> Result<Vec<Item>> {
        self.file.load()
    }

    fn write(&self, items: &[Item]) -> Result<()> {
        self.step()?;
        self.file.write(items)
    }

    fn sync(&self) -> Result<()> {
        self.step()?;
        self.file.sync()
    }

    fn replace(&self, items: &mut dyn Iterator<Item = Item>) -> Result<()> {
        self.step()?;
        self.file.replace(items)
    }
}

#[test]
fn a_new_version_seals_and_the_old_ones_open() {
    let directory = tempfile::tempdir().unwrap();
    let ring = open(directory.path(), &[1]).unwrap();
    let before = ring.seal(&at("x", 1), b"before").unwrap();
    assert_eq!(ring.rotate_tenant(1).unwrap(), 2);
    let after = ring.seal(&at("x", 1), b"after").unwrap();
    let version = |form: &[u8]| sealed::key_of(form).unwrap().version;
    assert_eq!((version(&before), version(&after)), (1, 2));
    drop(ring);
    let ring = open(directory.path(), &[1]).unwrap();
    assert_eq!(&*ring.open(&at("x", 1), &before).unwrap(), b"before");
    assert_eq!(&*ring.open(&at("x", 1), &after).unwrap(), b"after");
}

#[test]
fn a_version_is_retired_when_nothing_needs_it() {
    let directory = tempfile::tempdir().unwrap();
    let patient = {
        let ring = open(directory.path(), &[1]).unwrap();
        ring.seal(&at("x", 1), b"").unwrap();
        let patient = sealed_for(&ring, "a");
        ring.sync().unwrap();
        patient
    };
    let old = std::fs::read(directory.path().join(vault::KEYS_FILE)).unwrap();
    let ring = open(directory.path(), &[1, 2]).unwrap();
    assert_eq!(ring.raise_kek_minimum(2), Err(VaultError::VersionInUse { minimum: 2, lowest: 1 }));
    // The tenant's key and that of its hashes.
    assert_eq!(ring.rewrap(100).unwrap(), Rewrapped { done: 2, left: 0 });
    assert_eq!(ring.rewrap(100).unwrap(), Rewrapped { done: 0, left: 0 });
    assert!(matches!(ring.raise_kek_minimum(3), Err(VaultError::KekRefused(_))));
    ring.raise_kek_minimum(2).unwrap();
    drop(ring);
    // Version 1 is no longer needed, and a ring that was wrapped with it is refused even by whoever still has it.
    let ring = open(directory.path(), &[2]).unwrap();
    assert_eq!(&*ring.open(&at("a", 1), &patient).unwrap(), b"a");
    assert!(matches!(open(directory.path(), &[1]), Err(VaultError::KekRefused(_))));
    drop(ring);
    std::fs::write(directory.path().join(vault::KEYS_FILE), old).unwrap();
    let ring = open(directory.path(), &[2]).unwrap();
    assert!(matches!(ring.open(&at("a", 1), &patient), Err(VaultError::KekRefused(_))));
}

#[test]
fn a_key_that_a_retired_version_wraps_is_refused_by_whoever_still_has_the_version() {
    let directory = tempfile::tempdir().unwrap();
    let ring = open(directory.path(), &[1]).unwrap();
    let form = ring.seal(&at("x", 1), b"x").unwrap();
    drop(ring);
    let file = KeyFile::open(directory.path()).unwrap();
    let mut items = file.load().unwrap();
    items.push(Item::Facts(vault::Facts { kek_minimum: 2, erasures: 0 }));
    file.replace(&mut items.into_iter()).unwrap();
    let ring = open(directory.path(), &[1, 2]).unwrap();
    assert_eq!(ring.open(&at("x", 1), &form), Err(VaultError::KekRefused("version 1 was retired".to_owned())));
}

#[test]
fn a_tenants_version_is_retired_when_nothing_is_wrapped_or_sealed_with_it() {
    let directory = tempfile::tempdir().unwrap();
    let ring = open(directory.path(), &[1]).unwrap();
    let patient = sealed_for(&ring, "a");
    let tenants = ring.seal(&at("x", 1), b"x").unwrap();
    ring.rotate_tenant(1).unwrap();
    assert_eq!(ring.raise_tenant_minimum(1, 2, &Data(None)), Err(VaultError::VersionInUse { minimum: 2, lowest: 1 }));
    assert_eq!(ring.rewrap(100).unwrap(), Rewrapped { done: 1, left: 0 });
    assert_eq!(ring.raise_tenant_minimum(1, 2, &Data(Some(1))), Err(VaultError::VersionInUse { minimum: 2, lowest: 1 }));
    assert!(matches!(ring.raise_tenant_minimum(1, 3, &Data(None)), Err(VaultError::KekRefused(_))));
    ring.raise_tenant_minimum(1, 2, &Data(Some(2))).unwrap();
    for ring in [ring, open(directory.path(), &[1]).unwrap()] {
        assert_eq!(&*ring.open(&at("a", 1), &patient).unwrap(), b"a");
        assert_eq!(ring.open(&at("x", 1), &tenants), Err(VaultError::UnknownKey));
    }
}

#[test]
fn no_read_fails_while_everything_is_rotated() {
    const PATIENTS: usize = 200;
    let directory = tempfile::tempdir().unwrap();
    let ring = {
        let ring = open(directory.path(), &[1]).unwrap();
        (0..PATIENTS).for_each(|id| drop(sealed_for(&ring, &id.to_string())));
        ring.sync().unwrap();
        drop(ring);
        open(directory.path(), &[1, 2]).unwrap()
    };
    let forms: Vec<Vec<u8>> = (0..PATIENTS).map(|id| sealed_for(&ring, &id.to_string())).collect();
    let (over, reads) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for offset in 0..4 {
            let (ring, forms, over, reads) = (&ring, &forms, &over, &reads);
            scope.spawn(move || {
                for id in (offset * 50..).map(|step| step % PATIENTS) {
                    if over.load(Ordering::SeqCst) {
                        break;
                    }
                    let name = id.to_string();
                    assert_eq!(&*ring.open(&at(&name, 1), &forms[id]).unwrap(), name.as_bytes());
                    assert_eq!(&*ring.open(&at(&name, 1), &sealed_for(ring, &name)).unwrap(), name.as_bytes());
                    reads.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        for _ in 0..5 {
            ring.rotate_tenant(1).unwrap();
            while ring.rewrap(7).unwrap().left > 0 {}
            let newest = ring.rotate_tenant(1).unwrap();
            while ring.rewrap(64).unwrap().left > 0 {}
            ring.raise_tenant_minimum(1, newest, &Data(None)).unwrap();
        }
        ring.raise_kek_minimum(2).unwrap();
        while reads.load(Ordering::SeqCst) < 1000 {
            std::thread::yield_now();
        }
        over.store(true, Ordering::SeqCst);
    });
}

#[test]
fn killed_at_every_step_it_goes_on_and_loses_nothing() {
    const PATIENTS: usize = 12;
    let mut kills = 0;
    for steps in 0.. {
        let directory = tempfile::tempdir().unwrap();
        let forms: Vec<Vec<u8>> = {
            let ring = open(directory.path(), &[1]).unwrap();
            let forms = (0..PATIENTS).map(|id| sealed_for(&ring, &id.to_string())).collect();
            ring.sync().unwrap();
            forms
        };
        let dying = Dying { file: KeyFile::open(directory.path()).unwrap(), left: AtomicUsize::new(steps) };
        let killed = open_with(Arc::new(dying), directory.path(), &[1, 2]).and_then(|ring| {
            ring.rotate_tenant(1)?;
            while ring.rewrap(3)?.left > 0 {}
            ring.raise_kek_minimum(2)?;
            ring.raise_tenant_minimum(1, 2, &Data(None))
        });
        // The next start finishes it, wherever it was.
        let ring = open(directory.path(), &[1, 2]).unwrap();
        for (id, form) in forms.iter().enumerate() {
            assert_eq!(&*ring.open(&at(&id.to_string(), 1), form).unwrap(), id.to_string().as_bytes(), "killed after {steps} steps");
        }
        while ring.rewrap(3).unwrap().left > 0 {}
        ring.raise_kek_minimum(2).unwrap();
        drop(ring);
        let ring = open(directory.path(), &[2]).unwrap();
        for (id, form) in forms.iter().enumerate() {
            assert_eq!(&*ring.open(&at(&id.to_string(), 1), form).unwrap(), id.to_string().as_bytes());
        }
        match killed {
            Ok(()) => break,
            Err(_) => kills += 1,
        }
    }
    assert!(kills > 20, "{kills} steps were killed");
}
