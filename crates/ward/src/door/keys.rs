//! The keys of an installation: where they are, and what is sealed with them: accounts' secrets always, the bodies of resources and the journal of reads where the setting `seal_bodies` says so.

use std::collections::BTreeMap;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use audit::journal;
use identity::IdentityError;
use store::commit::Key;
use store::entry::Entry;
use store::owners::Owners;
use store_embedded::BodySeal;
use vault::{Context, ErasureFile, FileKek, Kek, KeyFile, Keyring, LocalKek, Sealer, VaultError};

use crate::command::Failure;
use crate::settings::{SealBodies, SealIndex, Settings};

/// The file with the key-encryption key, when the settings name none: in the data directory, so that a first start asks for nothing.
const FILE_NAME: &str = "kek";

/// The rings that this process has open, by their data directories. Only one may write a file of keys.
static RINGS: Mutex<BTreeMap<PathBuf, Weak<Keyring>>> = Mutex::new(BTreeMap::new());

/// All keys of the data directory `folder`: the same ring for whoever asks in this process, as long as somebody has it. The key-encryption key is what the settings `kek_env` or
/// `kek_file` name, or else a file in the data directory, which is made when it is not there.
///
/// Fails when a file cannot be read or written, or holds something else.
pub fn of_process(settings: &Settings, folder: &Path) -> Result<Arc<Keyring>, VaultError> {
    let failed = |error: std::io::Error| VaultError::Records(format!("{}: {error}", folder.display()));
    store_embedded::folder::make(folder).map_err(failed)?;
    let place = folder.canonicalize().map_err(failed)?;
    let mut rings = RINGS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(ring) = rings.get(&place).and_then(Weak::upgrade) {
        return Ok(ring);
    }
    let (records, erasures) = (KeyFile::open(folder)?, ErasureFile::in_directory(folder));
    let ring = Arc::new(Keyring::open(kek(settings, folder)?, Arc::new(records), Arc::new(erasures))?);
    rings.insert(place, Arc::downgrade(&ring));
    Ok(ring)
}

/// The same for a command, with the reason in words.
pub fn open(settings: &Settings, folder: &Path) -> Result<Arc<Keyring>, Failure> {
    of_process(settings, folder).map_err(|error| Failure::failed(format!("the keys in {} cannot be used: {error}", folder.display())))
}

/// With what the bodies of resources are sealed; `None`: with nothing.
pub fn body_seal(settings: &Settings, folder: &Path) -> Result<Option<BodySeal>, VaultError> {
    let owners: Arc<dyn Owners> = match settings.seal_bodies {
        SealBodies::Off => return Ok(None),
        SealBodies::Tenant => Arc::new(Nobodys),
        SealBodies::Patient => match search::owners::PatientOwners::new() {
            Some(owners) => Arc::new(owners),
            None => return Ok(None),
        },
    };
    Ok(Some(BodySeal { keys: of_process(settings, folder)?, owners }))
}

/// By which keys the index is sealed; `None`: it is not.
pub fn index_seal(settings: &Settings, folder: &Path) -> Result<Option<Arc<Keyring>>, VaultError> {
    match settings.seal_index {
        SealIndex::Off => Ok(None),
        SealIndex::Identifying => of_process(settings, folder).map(Some),
    }
}

/// The file with the key-encryption key; `None` when it is in the environment.
pub fn kek_file(settings: &Settings, folder: &Path) -> Option<PathBuf> {
    match (settings.kek_env.as_str(), settings.kek_file.as_str()) {
        ("", "") => Some(folder.join(FILE_NAME)),
        ("", given) => Some(given.into()),
        _ => None,
    }
}

fn kek(settings: &Settings, folder: &Path) -> Result<Arc<dyn Kek>, VaultError> {
    let Some(path) = kek_file(settings, folder) else {
        return Ok(Arc::new(LocalKek::from_environment(&settings.kek_env)?));
    };
    if settings.kek_file.is_empty() {
        make(&path, folder)?;
    }
    Ok(Arc::new(FileKek::new(path)?))
}

/// Makes the file, unless it is there. Beside a file of keys none is made: it would open none of them.
fn make(path: &Path, folder: &Path) -> Result<(), VaultError> {
    use std::io::Write;
    let failed = |error: std::io::Error| VaultError::BadKek(format!("{}: {error}", path.display()));
    if vault::copies::has_keys(folder) {
        return Ok(());
    }
    let line = LocalKek::new_line(1)?;
    match std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(mut file) => writeln!(file, "{}", &**line).and_then(|()| file.sync_all()).map_err(failed),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(failed(error)),
    }
}

/// Nothing belongs to anybody in particular: one key for all of a tenant.
struct Nobodys;

impl Owners for Nobodys {
    fn owner(&self, _: &Key, _: &[Entry]) -> Option<Key> {
        None
    }
}

/// Seals what accounts have that must be read again, with the key of the directory's tenant.
pub struct AccountSealer(pub Arc<Keyring>);

impl identity::sealer::Sealer for AccountSealer {
    fn seal(&self, context: &str, plain: &[u8]) -> Result<Vec<u8>, IdentityError> {
        let sealed = self.0.seal(&place(context), plain).map_err(|_| IdentityError::Unsealable)?;
        // What is sealed is kept: so must the key be.
        self.0.sync().map_err(|_| IdentityError::Unsealable)?;
        Ok(sealed)
    }

    fn open(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, IdentityError> {
        let opened = self.0.open(&place(context), sealed).map_err(|_| IdentityError::Unsealable)?;
        Ok(opened.to_vec())
    }
}

/// Seals the keys of the journal of reads, with the key of the directory's tenant: its versions are never retired, as nobody counts what is sealed for it. The ring is
/// opened when it is asked for.
pub struct JournalKeys {
    settings: Settings,
    folder: PathBuf,
}

impl JournalKeys {
    /// Those of the data directory `folder`.
    pub fn new(settings: &Settings, folder: &Path) -> Self {
        Self { settings: settings.clone(), folder: folder.to_owned() }
    }

    fn ring(&self) -> std::io::Result<Arc<Keyring>> {
        of_process(&self.settings, &self.folder).map_err(std::io::Error::other)
    }
}

impl std::fmt::Debug for JournalKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JournalKeys")
    }
}

impl journal::Keys for JournalKeys {
    fn seal(&self, key: &[u8; journal::KEY_BYTES]) -> std::io::Result<Vec<u8>> {
        let ring = self.ring()?;
        let sealed = ring.seal(&JOURNAL, key).map_err(std::io::Error::other)?;
        ring.sync().map_err(std::io::Error::other)?;
        Ok(sealed)
    }

    fn open(&self, sealed: &[u8]) -> std::io::Result<[u8; journal::KEY_BYTES]> {
        let opened = self.ring()?.open(&JOURNAL, sealed).map_err(std::io::Error::other)?;
        opened[..].try_into().map_err(|_| std::io::Error::other("what was sealed is no key"))
    }
}

/// Where the keys of the journal of reads are sealed.
const JOURNAL: Context<'_> = Context { tenant: identity::directory::TENANT.0, kind: "audit-reads", id: "", path: "key", version: 0 };

fn place(context: &str) -> Context<'_> {
    Context { tenant: identity::directory::TENANT.0, kind: "account", id: context, path: "", version: 0 }
}
