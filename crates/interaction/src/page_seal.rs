//! What page tokens are sealed with: whoever gets one learns neither how many resources there are nor what they are sorted by, and makes no other.

use std::fmt;

use ::search::page::Seal;
use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

/// How many bytes a key has.
pub const PAGE_KEY_BYTES: usize = 32;

/// A key for page tokens. AES-256-GCM-SIV (RFC 8452) always with the same nonce, which shows no more than that two tokens are the same: so a link is the
/// same whenever it is given, and a page that has not changed is the same to the byte.
pub(crate) struct PageSeal(LessSafeKey);

impl PageSeal {
    /// With this key.
    pub(crate) fn new(key: &[u8; PAGE_KEY_BYTES]) -> Self {
        let unbound = UnboundKey::new(&AES_256_GCM_SIV, key).expect("a key of the length that the cipher has");
        Self(LessSafeKey::new(unbound))
    }

    /// With a key that no other process has.
    pub(crate) fn random() -> Self {
        let mut key = [0; PAGE_KEY_BYTES];
        aws_lc_rs::rand::fill(&mut key).expect("randomness of the operating system");
        Self::new(&key)
    }

    fn nonce() -> Nonce {
        Nonce::assume_unique_for_key([0; NONCE_LEN])
    }
}

impl Seal for PageSeal {
    fn seal(&self, mut plain: Vec<u8>) -> Vec<u8> {
        self.0.seal_in_place_append_tag(Self::nonce(), Aad::empty(), &mut plain).expect("a place, which is no gigabytes long");
        plain
    }

    fn open(&self, mut sealed: Vec<u8>) -> Option<Vec<u8>> {
        let length = self.0.open_in_place(Self::nonce(), Aad::empty(), &mut sealed).ok()?.len();
        sealed.truncate(length);
        Some(sealed)
    }
}

impl fmt::Debug for PageSeal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PageSeal")
    }
}
