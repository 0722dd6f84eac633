//! The sealed form: `1 | key id (8) | key version (4) | nonce (12) | ciphertext | tag (16)`, numbers big-endian.
//!
//! AES-256-GCM-SIV (RFC 8452) with a random nonce: two contents that get the same nonce by chance, or because a machine was cloned with its
//! randomness, do not give the key away as they would with AES-GCM; it shows at most that they are equal.

use std::sync::atomic::{AtomicBool, Ordering};

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

/// How a form begins that was sealed with any version of a key.
pub fn prefix_of(id: KeyId) -> [u8; 9] {
    let mut prefix = [FORM; 9];
    prefix[1..].copy_from_slice(&id.0.to_be_bytes());
    prefix
}

/// The id of the key of a form that begins with these 9 bytes; `None` when no form does.
pub fn key_id_of(prefix: &[u8]) -> Option<KeyId> {
    let (form, id) = prefix.split_first()?;
    (*form == FORM).then_some(KeyId(u64::from_be_bytes(id.try_into().ok()?)))
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

/// What a key is used for: what was sealed for the one does not open as the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// Content.
    Seal,
    /// Another key.
    Wrap,
}

/// A key that seals and opens, with its schedule made.
pub(crate) struct OpenKey {
    key: KeyVersion,
    aead: LessSafeKey,
    /// Whether nothing is sealed with it any more, because what it seals is being erased.
    closed: AtomicBool,
}

impl OpenKey {
    pub(crate) fn new(key: KeyVersion, secret: &Secret) -> Result<Self> {
        let unbound = UnboundKey::new(&AES_256_GCM_SIV, secret.bytes()).map_err(|_| VaultError::SealBroken)?;
        Ok(Self { key, aead: LessSafeKey::new(unbound), closed: AtomicBool::new(false) })
    }

    /// Whether it seals nothing any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Which version of its key it is.
    pub(crate) fn version(&self) -> u32 {
        self.key.version
    }

    /// From now on nothing is sealed with it, whoever still has it.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
    }

    /// The bytes that are authenticated with the content. The head of the form is among them: a sealed form cannot be made to name another key.
    fn associated(&self, used: Use, context: &Context<'_>) -> Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(64 + context.kind.len() + context.id.len() + context.path.len());
        bytes.extend_from_slice(match used {
            Use::Seal => b"ward seal ",
            Use::Wrap => b"ward wrap ",
        });
        bytes.push(FORM);
        bytes.extend_from_slice(&self.key.id.0.to_be_bytes());
        bytes.extend_from_slice(&self.key.version.to_be_bytes());
        context.write(&mut bytes)?;
        Ok(bytes)
    }

    /// Seals `plain` for a place.
    pub(crate) fn seal(&self, used: Use, context: &Context<'_>, plain: &[u8]) -> Result<Vec<u8>> {
        if self.is_closed() { Err(VaultError::Destroyed) } else { self.seal_regardless(used, context, plain) }
    }

    /// The same, whether it is closed or not.
    pub(crate) fn seal_regardless(&self, used: Use, context: &Context<'_>, plain: &[u8]) -> Result<Vec<u8>> {
        let mut nonce = [0; NONCE_LEN];
        rand::fill(&mut nonce).map_err(|_| VaultError::KekRefused("the system gives no randomness".to_owned()))?;
        let mut out = Vec::with_capacity(plain.len() + OVERHEAD_BYTES);
        out.push(FORM);
        out.extend_from_slice(&self.key.id.0.to_be_bytes());
        out.extend_from_slice(&self.key.version.to_be_bytes());
        out.extend_from_slice(&nonce);
        out.extend_from_slice(plain);
        let associated = self.associated(used, context)?;
        let (_, content) = out.split_at_mut(HEAD_BYTES + NONCE_LEN);
        let tag = self.aead.seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(&associated[..]), content);
        out.extend_from_slice(tag.map_err(|_| VaultError::SealBroken)?.as_ref());
        Ok(out)
    }

    /// Opens what was sealed with this key for this place.
    pub(crate) fn open(&self, used: Use, context: &Context<'_>, sealed: &[u8]) -> Result<Opened> {
        if key_of(sealed) != Some(self.key) {
            return Err(VaultError::SealBroken);
        }
        let (_, rest) = sealed.split_at_checked(HEAD_BYTES).ok_or(VaultError::SealBroken)?;
        let (nonce, content) = rest.split_at_checked(NONCE_LEN).ok_or(VaultError::SealBroken)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| VaultError::SealBroken)?;
        let associated = self.associated(used, context)?;
        let mut content = content.to_vec();
        let length = self.aead.open_in_place(nonce, Aad::from(&associated[..]), &mut content).map_err(|_| VaultError::SealBroken)?.len();
        content.truncate(length);
        Ok(Opened::new(content))
    }
}
