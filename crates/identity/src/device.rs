//! Devices that were used before: each has a token, and attempts from it are counted apart. So a stranger who fails on an account again and again does
//! not keep its owner away.

use serde::{Deserialize, Serialize};
use store::commit::Instant;

use crate::directory::{Kept, Record};
use crate::error::IdentityError;
use crate::identity::Identity;
use crate::secret::Secret;

/// A device on which somebody has signed in. Its id is the SHA-256 of its token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// The account, by its id.
    pub user: String,
    /// The generation of the account: a reset of the password forgets all devices.
    pub generation: u32,
    /// Until when it is known.
    pub until: Instant,
}

impl Record for Device {
    const KIND: &'static str = "device";

    fn ends(&self) -> Option<Instant> {
        Some(self.until)
    }

    fn groups(&self) -> Vec<(&'static str, String)> {
        vec![("of-user", self.user.clone())]
    }
}

impl Identity {
    /// The device of a token, if it is one of this account.
    pub(crate) async fn device(&self, token: Option<&Secret>, user: &str, generation: u32) -> Result<Option<Kept<Device>>, IdentityError> {
        let Some(token) = token else { return Ok(None) };
        let known = self.directory().get::<Device>(&token.fingerprint()).await?;
        Ok(known.filter(|kept| kept.record.user == user && kept.record.generation == generation && self.now() < kept.record.until))
    }
}
