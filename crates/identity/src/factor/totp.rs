//! Time-based one-time passwords (RFC 6238): HMAC-SHA-1, 6 digits, steps of 30 seconds, as all authenticator apps have them.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac::{HMAC_SHA1_FOR_LEGACY_USE_ONLY, Key, sign};
use store::commit::Instant;

use crate::secret::Secret;

/// The length of a secret, in bytes: that of SHA-1, as RFC 4226 recommends.
pub const SECRET_BYTES: usize = 20;

/// The length of a step, in milliseconds.
const STEP_MS: i64 = 30_000;

/// How many steps the clock of a device may be off.
const WINDOW: i64 = 1;

/// The code of a secret at a step: 6 digits.
pub fn code(secret: &[u8], step: u64) -> String {
    let tag = sign(&Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret), &step.to_be_bytes());
    let tag = tag.as_ref();
    let offset = usize::from(tag[tag.len() - 1] & 15);
    let word = u32::from_be_bytes([tag[offset] & 0x7f, tag[offset + 1], tag[offset + 2], tag[offset + 3]]);
    format!("{:06}", word % 1_000_000)
}

/// The step at a moment.
pub fn step_at(now: Instant) -> u64 {
    u64::try_from(now.div_euclid(STEP_MS)).unwrap_or(0)
}

/// The step of which a code is, if it is of this one, the one before or the one after, and later than `last_step`. `None`: it is refused.
pub fn accepted(secret: &[u8], given: &Secret, now: Instant, last_step: u64) -> Option<u64> {
    let given: String = given.expose().chars().filter(|sign| !sign.is_whitespace()).collect();
    let mut found = None;
    // All are compared, so that the time says nothing.
    for off in -WINDOW..=WINDOW {
        let step = step_at(now).saturating_add_signed(off);
        if verify_slices_are_equal(code(secret, step).as_bytes(), given.as_bytes()).is_ok() && step > last_step {
            found = Some(step);
        }
    }
    found
}

/// A secret in base 32 (RFC 4648), as apps take it.
pub fn base32(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bit = |at: usize| bytes.get(at / 8).map_or(0, |byte| byte >> (7 - at % 8) & 1);
    let digit = |place: usize| (0..5).fold(0, |digit, next| digit << 1 | bit(place * 5 + next));
    (0..(bytes.len() * 8).div_ceil(5)).map(|place| char::from(DIGITS[usize::from(digit(place))])).collect()
}

/// The address that apps read from a picture: `otpauth://totp/Ward:ada?secret=…&issuer=Ward`.
pub fn address(issuer: &str, login: &str, secret: &str) -> Secret {
    let (issuer, login) = (escaped(issuer), escaped(login));
    Secret::new(format!("otpauth://totp/{issuer}:{login}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30"))
}

fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
