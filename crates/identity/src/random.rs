//! Where secrets come from: a source of randomness that is handed in, so that tests can pin it.

use aws_lc_rs::rand;

use crate::error::IdentityError;
use crate::secret::{Secret, hex};

/// A source of bytes that nobody can foretell.
pub trait Random: Send + Sync {
    /// Fills all of `bytes`.
    ///
    /// Fails with [`IdentityError::NoRandomness`] when the machine gives none: then nothing that needs a secret may go on.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), IdentityError>;
}

/// The generator of aws-lc, seeded by the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), IdentityError> {
        rand::fill(bytes).map_err(|_| IdentityError::NoRandomness)
    }
}

/// A token of 256 bits, as 64 hexadecimal digits.
pub fn token(random: &dyn Random) -> Result<Secret, IdentityError> {
    let mut bytes = [0; 32];
    random.fill(&mut bytes)?;
    Ok(Secret::new(hex(&bytes)))
}

/// An id of 128 bits that is no secret, after a prefix such as `u-`.
pub fn id(random: &dyn Random, prefix: &str) -> Result<String, IdentityError> {
    let mut bytes = [0; 16];
    random.fill(&mut bytes)?;
    Ok(format!("{prefix}{}", hex(&bytes)))
}
