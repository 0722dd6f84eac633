//! The sealed form: `1 | key id (8) | key version (4) | nonce (12) | ciphertext | tag (16)`, numbers big-endian.
//!
//! AES-256-GCM-SIV (RFC 8452) with a random nonce: two contents that get the same nonce by chance, or because a machine was cloned with its
//! randomness, do not give the key away as they would with AES-GCM; it shows at most that they are equal.

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::rand;

use crate::context::Context;
use crate::error::{Result, VaultError};
use crate::secret::{Opened, Secret};

/// The first byte of the form. Never that of a zstd frame (0x28), nor of JSON.
pub const FORM: u8 = 1;

const TAG_BYTES: usize = 16;

const HEAD_BYTES: usize = 1 + 8 + 4;

/// How many bytes a sealed form has more than its content.
pub const OVERHEAD_BYTES: usize = HEAD_BYTES + NONCE_LEN + TAG_BYTES;

/// The id of a key, drawn at random: no two ever have the same, in whatever order copies of the file of keys are put back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId(pub u64);

/// A key in one of its versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyVersion {
    /// Which key.
    pub id: KeyId,
    /// Which version of it, from 1 on.
    pub version: u32,
}

/// The key that a sealed form names; `None` when it is none. Nothing is proved by that.
pub fn key_of(sealed: &[u8]) -> Option<KeyVersion> {
    let (head, rest) = sealed.split_at_checked(HEAD_BYTES)?;
    let (&form, numbers) = head.split_first()?;
    let (id, version) = numbers.split_at_checked(8)?;
    if form != FORM || rest.len() < NONCE_LEN + TAG_BYTES {
        return None;
    }
    Some(KeyVersion { id: KeyId(u64::from_be_bytes(id.try_into().ok()?)), version: u32::from_be_bytes(version.try_into().ok()?) })
}

/// A key that seals and opens, with its schedule made.
pub(crate) struct OpenKey {
    key: KeyVersion,
    aead: LessSafeKey,
}

impl OpenKey {
    pub(crate) fn new(key: KeyVersion, secret: &Secret) -> Result<Self> {
        let unbound = UnboundKey::new(&AES_256_GCM_SIV, secret.bytes()).map_err(|_| VaultError::SealBroken)?;
        Ok(Self { key, aead: LessSafeKey::new(unbound) })
    }

    /// Seals `plain` for a place.
    pub(crate) fn seal(&self, context: &Context<'_>, plain: &[u8]) -> Result<Vec<u8>> {
        let mut nonce = [0; NONCE_LEN];
        rand::fill(&mut nonce).map_err(|_| VaultError::KekRefused("the system gives no randomness".to_owned()))?;
        let mut out = Vec::with_capacity(plain.len() + OVERHEAD_BYTES);
        out.push(FORM);
        out.extend_from_slice(&self.key.id.0.to_be_bytes());
        out.extend_from_slice(&self.key.version.to_be_bytes());
        out.extend_from_slice(&nonce);
        out.extend_from_slice(plain);
        let associated = self.associated(context)?;
        let (_, content) = out.split_at_mut(HEAD_BYTES + NONCE_LEN);
        let tag = self.aead.seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(&associated[..]), content);
        out.extend_from_slice(tag.map_err(|_| VaultError::SealBroken)?.as_ref());
        Ok(out)
    }

    /// Opens what was sealed with this key for this place.
    pub(crate) fn open(&self, context: &Context<'_>, sealed: &[u8]) -> Result<Opened> {
        if key_of(sealed) != Some(self.key) {
            return Err(VaultError::SealBroken);
        }
        let (_, rest) = sealed.split_at_checked(HEAD_BYTES).ok_or(VaultError::SealBroken)?;
        let (nonce, content) = rest.split_at_checked(NONCE_LEN).ok_or(VaultError::SealBroken)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| VaultError::SealBroken)?;
        let associated = self.associated(context)?;
        let mut content = content.to_vec();
        let length = self.aead.open_in_place(nonce, Aad::from(&associated[..]), &mut content).map_err(|_| VaultError::SealBroken)?.len();
        content.truncate(length);
        Ok(Opened::new(content))
    }

    /// The head of the form is authenticated, too: a sealed form cannot be made to name another key.
    fn associated(&self, context: &Context<'_>) -> Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(64 + context.kind.len() + context.id.len() + context.path.len());
        bytes.extend_from_slice(b"ward seal ");
        bytes.push(FORM);
        bytes.extend_from_slice(&self.key.id.0.to_be_bytes());
        bytes.extend_from_slice(&self.key.version.to_be_bytes());
        context.write(&mut bytes)?;
        Ok(bytes)
    }
}
