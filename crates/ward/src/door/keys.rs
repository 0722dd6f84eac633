//! The keys of an installation: where they are, and what seals accounts' secrets with them.

use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

use identity::IdentityError;
use vault::{Context, ErasureFile, KeyFile, Keyring, LocalKek, Sealer};

use crate::command::Failure;
use crate::settings::Settings;

/// The file with the key-encryption key, when the settings name none: in the data directory, so that a first start asks for nothing.
const FILE_NAME: &str = "kek";

/// All keys of the data directory `folder`. The key-encryption key is the setting `kek_file`, or else a file in the data directory, which is made when it is not there.
///
/// Fails when a file cannot be read or written, or holds something else.
pub fn open(settings: &Settings, folder: &Path) -> Result<Arc<Keyring>, Failure> {
    store_embedded::folder::make(folder).map_err(|error| Failure::failed(format!("{}: {error}", folder.display())))?;
    let path = match settings.kek_file.as_str() {
        "" => folder.join(FILE_NAME),
        given => given.into(),
    };
    if settings.kek_file.is_empty() {
        make(&path)?;
    }
    let failed = |error: vault::VaultError| Failure::failed(format!("the keys in {} cannot be used: {error}", folder.display()));
    let kek = LocalKek::from_file(&path).map_err(failed)?;
    let records = KeyFile::open(folder).map_err(failed)?;
    let ring = Keyring::open(Arc::new(kek), Arc::new(records), Arc::new(ErasureFile::in_directory(folder))).map_err(failed)?;
    Ok(Arc::new(ring))
}

/// Makes the file, unless it is there.
fn make(path: &Path) -> Result<(), Failure> {
    use std::io::Write;
    let failed = |error: std::io::Error| Failure::failed(format!("{}: {error}", path.display()));
    let line = LocalKek::new_line(1).map_err(|error| Failure::failed(error.to_string()))?;
    match std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(mut file) => writeln!(file, "{}", &**line).and_then(|()| file.sync_all()).map_err(failed),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(failed(error)),
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

fn place(context: &str) -> Context<'_> {
    Context { tenant: identity::directory::TENANT.0, kind: "account", id: context, path: "", version: 0 }
}
