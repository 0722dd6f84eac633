//! What has ended is removed. Nothing depends on it: whoever reads a record looks whether it has ended.

use identity::directory::{Changes, DirectoryError, Record};
use store::commit::Instant;

use crate::approval::{AccessToken, Approval, RefreshToken};
use crate::client::assertion::Accepted;
use crate::code::Code;
use crate::device::Device;
use crate::launch::Launch;
use crate::provider::Provider;
use crate::refusal::Refusal;

const DAY_MS: i64 = 86_400_000;
/// How many records are removed by one commit.
const BATCH: u32 = 200;

/// A record that ends.
pub(crate) trait Ends: Record {
    /// From this moment on it is of no use.
    fn ends(&self) -> Instant;

    /// The group by which it is found when it has ended: the day.
    fn sweeping(&self) -> (&'static str, String) {
        ("ends", Ends::ends(self).div_euclid(DAY_MS).to_string())
    }
}

impl Provider {
    /// Removes what ended on the days from that of `since` to yesterday, at most `most` records of each kind; so called once a day, with the moment of the last call. Says how many.
    ///
    /// Fails when the directory does; what was removed until then is gone.
    pub async fn sweep(&self, since: Instant, most: usize) -> Result<usize, Refusal> {
        let mut removed = self.sweep_kind::<Code>(since, most).await?;
        removed += self.sweep_kind::<Launch>(since, most).await?;
        removed += self.sweep_kind::<Device>(since, most).await?;
        removed += self.sweep_kind::<Accepted>(since, most).await?;
        removed += self.sweep_kind::<AccessToken>(since, most).await?;
        removed += self.sweep_kind::<RefreshToken>(since, most).await?;
        removed += self.sweep_kind::<Approval>(since, most).await?;
        Ok(removed)
    }

    async fn sweep_kind<R: Ends>(&self, since: Instant, most: usize) -> Result<usize, Refusal> {
        let today = self.now().div_euclid(DAY_MS);
        let mut removed = 0;
        for day in since.div_euclid(DAY_MS).max(today - 400)..today {
            while removed < most {
                let batch = BATCH.min(u32::try_from(most - removed).unwrap_or(BATCH));
                let ended = self.directory.list::<R>(Some(("ends", &day.to_string())), batch).await?;
                let changes = ended.iter().fold(Changes::new("sweep"), Changes::remove);
                if ended.is_empty() {
                    break;
                }
                match self.directory.apply(changes).await {
                    Ok(()) => removed += ended.len(),
                    // Another node sweeps at the same time.
                    Err(DirectoryError::Raced) => break,
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Ok(removed)
    }
}
