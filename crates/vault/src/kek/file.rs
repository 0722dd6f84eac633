//! A key-encryption key in a file that is looked at again.

use std::path::PathBuf;

use super::{Kek, LocalKek, Wrapped};
use crate::context::Context;
use crate::error::Result;
use crate::secret::Secret;

/// A key-encryption key in a file ([`LocalKek::from_file`]), which is read each time it is needed, so that a version that was added counts at once, and the key is not
/// kept in memory.
pub struct FileKek {
    path: PathBuf,
}

impl FileKek {
    /// The key in this file.
    ///
    /// # Errors
    /// [`crate::VaultError::BadKek`] when the file cannot be read, holds something else, or others than its owner may read it.
    pub fn new(path: impl Into<PathBuf>) -> Result<Self> {
        let file = Self { path: path.into() };
        file.read()?;
        Ok(file)
    }

    fn read(&self) -> Result<LocalKek> {
        LocalKek::from_file(&self.path)
    }
}

impl Kek for FileKek {
    fn newest(&self) -> Result<u32> {
        self.read()?.newest()
    }

    fn wrap(&self, key: &Secret, context: &Context<'_>) -> Result<Wrapped> {
        self.read()?.wrap(key, context)
    }

    fn unwrap(&self, wrapped: &Wrapped, context: &Context<'_>) -> Result<Secret> {
        self.read()?.unwrap(wrapped, context)
    }
}
