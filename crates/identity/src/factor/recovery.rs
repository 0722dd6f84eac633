//! Recovery codes: ten, shown once, each for one use. They have 80 random bits, so that a plain SHA-256 of account and code can be kept.

use crate::error::IdentityError;
use crate::factor::totp::base32;
use crate::random::Random;
use crate::secret::Secret;

/// How many there are.
pub const COUNT: usize = 10;

/// New codes for an account, and what is kept of them. A code looks like `k3vq-7m2a-xw5n-4bcd`.
pub fn make(user: &str, random: &dyn Random) -> Result<(Vec<Secret>, Vec<String>), IdentityError> {
    let mut codes = Vec::with_capacity(COUNT);
    for _ in 0..COUNT {
        let mut bytes = [0; 10];
        random.fill(&mut bytes)?;
        let digits = base32(&bytes).to_ascii_lowercase();
        codes.push(Secret::new([&digits[..4], &digits[4..8], &digits[8..12], &digits[12..]].join("-")));
    }
    let kept = codes.iter().map(|code| fingerprint(user, code)).collect();
    Ok((codes, kept))
}

/// What is kept of a code: however it is written, with or without signs between, in small or capital letters.
pub fn fingerprint(user: &str, code: &Secret) -> String {
    let code: String = code.expose().chars().filter(char::is_ascii_alphanumeric).map(|sign| sign.to_ascii_lowercase()).collect();
    Secret::new(format!("{user}|{code}")).fingerprint()
}
