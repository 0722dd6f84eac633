//! The key-encryption key: it wraps the keys of tenants, and is kept elsewhere than what it wraps.

mod file;

use std::collections::BTreeMap;
use std::fmt;
use std::fmt::Write;
use std::path::Path;

use zeroize::Zeroizing;

pub use file::FileKek;

use crate::context::Context;
use crate::error::{Result, VaultError};
use crate::sealed::{KeyId, KeyVersion, OpenKey, Use};
use crate::secret::{KEY_BYTES, Secret};

/// A key as it is kept: encrypted with a version of the key-encryption key.
#[derive(Clone, PartialEq, Eq)]
pub struct Wrapped {
    /// Which version wrapped it.
    pub version: u32,
    /// What came out.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Wrapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Wrapped(by version {})", self.version)
    }
}

/// Wraps and unwraps keys: a file, or a service that never gives its key away (KMS, Vault's transit engine).
///
/// It is asked once for each tenant at each start, and for each tenant when keys are wrapped again: not for what is sealed.
pub trait Kek: Send + Sync {
    /// The version that wraps from now on: the highest.
    ///
    /// # Errors
    /// [`VaultError::KekRefused`] when the service does not answer.
    fn newest(&self) -> Result<u32>;

    /// Wraps a key with the newest version, bound to a context.
    ///
    /// # Errors
    /// [`VaultError::KekRefused`].
    fn wrap(&self, key: &Secret, context: &Context<'_>) -> Result<Wrapped>;

    /// The key that was wrapped under this very context.
    ///
    /// # Errors
    /// [`VaultError::KekRefused`] when it does not have the version, [`VaultError::SealBroken`] when the bytes are not what came out of it for that context.
    fn unwrap(&self, wrapped: &Wrapped, context: &Context<'_>) -> Result<Secret>;
}

/// A key-encryption key that is in memory: from a file or an environment variable.
///
/// Its text has a line for each version: the number, a space, 64 hexadecimal digits. Empty lines and those that begin with `#` are passed over. The highest
/// number wraps; the others open what they wrapped before. To rotate is to add a line; to retire a version is to remove its line once
/// [`crate::Keyring::raise_kek_minimum`] has agreed.
pub struct LocalKek {
    versions: BTreeMap<u32, OpenKey>,
}

impl LocalKek {
    /// Reads the text.
    ///
    /// # Errors
    /// [`VaultError::BadKek`] with the number of the line: never with what stands there.
    pub fn parse(text: &str) -> Result<Self> {
        let mut versions = BTreeMap::new();
        for (number, line) in text.lines().enumerate().map(|(at, line)| (at + 1, line.trim())) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let bad = |why: &str| VaultError::BadKek(format!("line {number}: {why}"));
            let (version, digits) = line.split_once(' ').ok_or_else(|| bad("a version, a space and 64 hexadecimal digits are wanted"))?;
            let version = version.parse().ok().filter(|version| *version > 0).ok_or_else(|| bad("the version is no number from 1 on"))?;
            let secret = key_of_hex(digits.trim()).ok_or_else(|| bad("the key is not 64 hexadecimal digits"))?;
            let key = OpenKey::new(KeyVersion { id: KeyId(0), version }, &secret)?;
            if versions.insert(version, key).is_some() {
                return Err(bad("the version stands there twice"));
            }
        }
        if versions.is_empty() {
            return Err(VaultError::BadKek("there is no line with a key".to_owned()));
        }
        Ok(Self { versions })
    }

    /// Reads a file that nobody but its owner may read.
    ///
    /// # Errors
    /// [`VaultError::BadKek`] as for [`LocalKek::parse`], and when the file cannot be read or others may read it.
    pub fn from_file(path: &Path) -> Result<Self> {
        let shown = path.display();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let meta = std::fs::metadata(path).map_err(|e| VaultError::BadKek(format!("{shown}: {e}")))?;
            if meta.permissions().mode() & 0o077 != 0 {
                return Err(VaultError::BadKek(format!("{shown} may be read by others than its owner: take that from them (chmod 600)")));
            }
        }
        let text = std::fs::read_to_string(path).map_err(|e| VaultError::BadKek(format!("{shown}: {e}")))?;
        Self::parse(&Zeroizing::new(text))
    }

    /// Reads an environment variable, in which lines may be separated by `;` as well.
    ///
    /// # Errors
    /// [`VaultError::BadKek`] as for [`LocalKek::parse`], and when the variable is not set.
    pub fn from_environment(variable: &str) -> Result<Self> {
        let text = std::env::var(variable).map_err(|_| VaultError::BadKek(format!("{variable} is not set")))?;
        Self::parse(&Zeroizing::new(Zeroizing::new(text).replace(';', "\n")))
    }

    /// A line for a new version: what an operator puts into the file.
    ///
    /// # Errors
    /// [`VaultError::KekRefused`] when the system gives no randomness.
    pub fn new_line(version: u32) -> Result<Zeroizing<String>> {
        let secret = Secret::random()?;
        let mut line = Zeroizing::new(String::with_capacity(16 + 2 * KEY_BYTES));
        let _ = write!(line, "{version} ");
        for byte in secret.bytes() {
            let _ = write!(line, "{byte:02x}");
        }
        Ok(line)
    }
}

impl Kek for LocalKek {
    fn newest(&self) -> Result<u32> {
        self.versions.keys().next_back().copied().ok_or_else(|| VaultError::KekRefused("it has no version".to_owned()))
    }

    fn wrap(&self, key: &Secret, context: &Context<'_>) -> Result<Wrapped> {
        let version = self.newest()?;
        Ok(Wrapped { version, bytes: self.version(version)?.seal(Use::Wrap, context, key.bytes())? })
    }

    fn unwrap(&self, wrapped: &Wrapped, context: &Context<'_>) -> Result<Secret> {
        let opened = self.version(wrapped.version)?.open(Use::Wrap, context, &wrapped.bytes)?;
        Secret::from_slice(&opened).ok_or(VaultError::SealBroken)
    }
}

impl LocalKek {
    fn version(&self, version: u32) -> Result<&OpenKey> {
        self.versions.get(&version).ok_or_else(|| VaultError::KekRefused(format!("version {version} is not in its file")))
    }
}

fn key_of_hex(digits: &str) -> Option<Secret> {
    let mut bytes = Zeroizing::new([0; KEY_BYTES]);
    if digits.len() != 2 * KEY_BYTES || !digits.is_ascii() {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        let pair = digits.get(2 * at..2 * at + 2)?;
        *byte = u8::from_str_radix(pair, 16).ok().filter(|_| !pair.starts_with('+'))?;
    }
    Some(Secret::new(&bytes))
}
