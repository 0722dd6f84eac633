//! Keyed hashes: equality of values that are sealed, without the values.

use aws_lc_rs::hmac;

use crate::secret::Secret;

/// HMAC-SHA-256 (RFC 2104) of a value of a field: the same for the same, and without the key nobody can try values out.
/// The name of the field is hashed with it, so that equal values of two fields do not show that they are equal.
pub(crate) fn keyed(secret: &Secret, field: &str, value: &[u8]) -> [u8; 32] {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, secret.bytes()));
    context.update(&(field.len() as u64).to_be_bytes());
    context.update(field.as_bytes());
    context.update(value);
    let mut out = [0; 32];
    out.copy_from_slice(context.sign().as_ref());
    out
}
