//! Keys for an index of what is sealed: it finds equal values, and has none of them.

use aws_lc_rs::{hkdf, hmac};
use zeroize::Zeroizing;

use super::Keyring;
use crate::error::{Result, VaultError};
use crate::secret::{KEY_BYTES, Secret};

/// How many bytes a hash in an index has: 128 bits, so that two of some billion values hardly ever meet.
pub const INDEX_HASH_BYTES: usize = 16;

/// What a tenant's key for an index is derived for, and no other key.
const LABEL: &[u8] = b"ward index of equal values 1";

/// The key of a tenant for one making of an index.
pub struct IndexKey {
    key: hmac::Key,
}

impl IndexKey {
    /// The first [`INDEX_HASH_BYTES`] of HMAC-SHA-256 (RFC 2104) of a value: the same for the same parameter, form and value under this key. `form` tells apart what
    /// an index keeps of one value, such as its folded text and its exact one.
    pub fn hash(&self, parameter: u32, form: u8, value: &[u8]) -> [u8; INDEX_HASH_BYTES] {
        let mut context = hmac::Context::with_key(&self.key);
        context.update(&parameter.to_be_bytes());
        context.update(&[form]);
        context.update(value);
        let mut out = [0; INDEX_HASH_BYTES];
        out.iter_mut().zip(context.sign().as_ref()).for_each(|(out, byte)| *out = *byte);
        out
    }
}

impl std::fmt::Debug for IndexKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IndexKey")
    }
}

impl Keyring {
    /// The key of a tenant for the index with this number, by HKDF-SHA-256 (RFC 5869) of the tenant's key for hashes: another for each tenant and number. It is durable
    /// when it comes back, so that what was indexed under it is found after a restart.
    ///
    /// # Errors
    /// [`VaultError::Destroyed`] when the tenant was erased; [`VaultError::KekRefused`], [`VaultError::Records`].
    pub fn index_key(&self, tenant: u32, number: u64) -> Result<IndexKey> {
        let derived = self.hashing_key(tenant, |secret| derived(secret, tenant, number))??;
        self.sync()?;
        Ok(IndexKey { key: hmac::Key::new(hmac::HMAC_SHA256, derived.bytes()) })
    }
}

fn derived(secret: &Secret, tenant: u32, number: u64) -> Result<Secret> {
    let (tenant, number) = (tenant.to_be_bytes(), number.to_be_bytes());
    let drawn = hkdf::Salt::new(hkdf::HKDF_SHA256, &[]).extract(secret.bytes());
    let mut bytes = Zeroizing::new([0; KEY_BYTES]);
    // Of so few bytes it never fails; a key of zeros would open the index to whoever guesses that.
    let filled = drawn.expand(&[LABEL, &tenant, &number], hkdf::HKDF_SHA256).and_then(|out| out.fill(&mut bytes[..]));
    filled.map_err(|_| VaultError::KekRefused("no key could be derived for the index".to_owned()))?;
    Ok(Secret::new(&bytes))
}
