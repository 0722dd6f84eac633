//! Rows that are sealed: a file begins with the key of its rows, which whoever keeps keys has sealed.
//!
//! A row is sealed with AES-256-GCM-SIV (RFC 8452) for its place: the nonce is the place, and the journal is authenticated with it. No two rows have the same place but those of a
//! write that failed and was taken back; for these the mode shows at most that two rows are equal.

use std::{fmt, io};

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::rand;

use super::format::{FileId, Place};

/// How long the key of a file's rows is.
pub const KEY_BYTES: usize = 32;

/// By how much a sealed row is longer.
pub(super) const TAG_BYTES: usize = 16;

/// Keeps the keys that the keys of files are sealed with.
pub trait Keys: Send + Sync + fmt::Debug {
    /// The sealed form of a key, which [`Keys::open`] opens for as long as a journal may have it: also after the process has ended, and after keys were rotated.
    ///
    /// # Errors
    /// When no key can be had to seal with: in words.
    fn seal(&self, key: &[u8; KEY_BYTES]) -> io::Result<Vec<u8>>;

    /// What was sealed.
    ///
    /// # Errors
    /// When it was altered, or the key that it was sealed with cannot be had: in words.
    fn open(&self, sealed: &[u8]) -> io::Result<[u8; KEY_BYTES]>;
}

/// The key of rows.
pub(super) struct Seal {
    key: LessSafeKey,
    /// Its sealed form.
    pub(super) sealed: Vec<u8>,
}

impl Seal {
    /// A new one.
    pub(super) fn new(keys: &dyn Keys) -> io::Result<Self> {
        let mut key = [0; KEY_BYTES];
        rand::fill(&mut key).map_err(|_| io::Error::other("there is no randomness"))?;
        let sealed = keys.seal(&key)?;
        Self::with(&key, sealed)
    }

    /// The one of a file.
    pub(super) fn of(keys: &dyn Keys, sealed: &[u8]) -> io::Result<Self> {
        Self::with(&keys.open(sealed)?, sealed.to_vec())
    }

    fn with(key: &[u8; KEY_BYTES], sealed: Vec<u8>) -> io::Result<Self> {
        let unbound = UnboundKey::new(&AES_256_GCM_SIV, key).map_err(|_| io::Error::other("a key is none"))?;
        Ok(Self { key: LessSafeKey::new(unbound), sealed })
    }

    /// Seals the row that begins at `start` and ends with `out`. Of a row as short as these it never fails; should it, what comes out is no row.
    pub(super) fn close(&self, file: FileId, offset: u64, out: &mut Vec<u8>, start: usize) {
        let (nonce, about) = place(file, offset);
        match self.key.seal_in_place_separate_tag(nonce, Aad::from(about), &mut out[start..]) {
            Ok(tag) => out.extend_from_slice(tag.as_ref()),
            Err(_) => out.truncate(start),
        }
    }

    /// The row that was sealed for this place; `None` when it was not.
    pub(super) fn open(&self, file: FileId, offset: u64, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, about) = place(file, offset);
        let mut row = sealed.to_vec();
        let length = self.key.open_in_place(nonce, Aad::from(about), &mut row).ok()?.len();
        row.truncate(length);
        Some(row)
    }
}

fn place(file: FileId, offset: u64) -> (Nonce, [u8; 8]) {
    let mut nonce = [0; NONCE_LEN];
    nonce[..8].copy_from_slice(&Place { file: file.number, offset }.number().to_be_bytes());
    (Nonce::assume_unique_for_key(nonce), file.journal.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_opens_where_it_was_sealed_and_nowhere_else() {
        let (seal, other) = (Seal::with(&[1; KEY_BYTES], Vec::new()).unwrap(), Seal::with(&[2; KEY_BYTES], Vec::new()).unwrap());
        let file = FileId { journal: 7, number: 3 };
        let mut out = b"frame and a row".to_vec();
        seal.close(file, 100, &mut out, 6);
        assert_eq!((&out[..6], out.len()), (&b"frame "[..], 6 + 9 + TAG_BYTES));
        assert_eq!(seal.open(file, 100, &out[6..]).as_deref(), Some(&b"and a row"[..]));
        assert_eq!(seal.open(file, 101, &out[6..]), None);
        assert_eq!(seal.open(FileId { number: 4, ..file }, 100, &out[6..]), None);
        assert_eq!(seal.open(FileId { journal: 8, ..file }, 100, &out[6..]), None);
        assert_eq!(other.open(file, 100, &out[6..]), None);
    }
}
