//! What must be told to nobody, wrapped so that no log, error or `{:?}` has it.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use zeroize::Zeroizing;

/// A password, token or code as it was presented or is handed out. `{:?}` shows none of it, and
/// its memory is wiped when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<Box<str>>);

impl Secret {
    /// This text, from now on a secret.
    pub fn new(text: impl Into<Box<str>>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text: for handing it out, and for checking it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is kept of it: its SHA-256, 64 hexadecimal digits. Enough for tokens, which nobody can guess; passwords are hashed otherwise
    /// ([`crate::password`]).
    pub fn fingerprint(&self) -> String {
        hex(digest(&SHA256, self.0.as_bytes()).as_ref())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Bytes as hexadecimal digits, in small letters.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)])).collect()
}
