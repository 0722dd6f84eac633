//! What a server does with its keys by itself: it takes up a new version of the key-encryption key, goes on with a re-wrap that was interrupted, and keeps copies.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use rest::metrics::Gauge;
use vault::{Overview, VaultError};

use super::copies;
use crate::door::keys;
use crate::settings::Settings;

/// How often it looks whether copies are up to date.
const ROUND: Duration = Duration::from_secs(1);

/// How many rounds there are between two looks at all keys.
const LOOK: u32 = 30;

/// How many times as long as a copy took it waits before the next one: a large file of keys is not copied all the time.
const PAUSE: u32 = 20;

/// How many keys are wrapped again at once.
pub const SOME_KEYS: usize = 1000;

/// What it has seen last.
#[derive(Default)]
pub struct Attendant {
    seen: Mutex<Option<Overview>>,
}

impl Attendant {
    /// Attends to the keys of a data directory as long as it is awaited.
    pub async fn attend(self: Arc<Self>, settings: Settings, folder: PathBuf) {
        let (mut round, mut last_problem) = (0, Vec::new());
        loop {
            let (is_look, with, own) = (round % LOOK == 0, (settings.clone(), folder.clone()), self.clone());
            let work = move || own.round(&with.0, &with.1.clone(), is_look);
            let (took, problems) = tokio::task::spawn_blocking(work).await.unwrap_or_default();
            // What goes on being wrong is told once.
            if problems != last_problem {
                problems.iter().for_each(|problem| tracing::error!("{problem}"));
                last_problem = problems;
            }
            round += 1;
            tokio::time::sleep(ROUND.max(took * PAUSE)).await;
        }
    }

    /// How long the copies took, and what went wrong.
    fn round(&self, settings: &Settings, folder: &std::path::Path, is_look: bool) -> (Duration, Vec<String>) {
        let mut problems = Vec::new();
        if is_look && vault::copies::has_keys(folder) {
            match look(settings, folder) {
                Ok(overview) => *self.seen.lock() = Some(overview),
                Err(error) => problems.push(format!("the keys were not looked at: {error}")),
            }
        }
        let begin = Instant::now();
        problems.extend(copies::ship(settings, folder));
        (begin.elapsed(), problems)
    }

    /// What an operator's alarms look at.
    pub fn gauges(&self, is_sealed: bool) -> Vec<Gauge> {
        let gauge = |name, help, value| Gauge { name, help, value };
        let mut gauges =
            vec![gauge("ward_bodies_sealed", "1 when the bodies of resources are sealed, else 0.", f64::from(u8::from(is_sealed)))];
        let seen = self.seen.lock();
        let Some(overview) = seen.as_ref() else { return gauges };
        gauges.extend([
            gauge("ward_kek_version", "The newest version of the key that wraps all others.", f64::from(overview.kek_newest)),
            gauge("ward_keys_lagging", "Keys that an older version wraps than the newest.", overview.lagging as f64),
            gauge("ward_erasures", "How many records were erased by destroying their keys.", overview.erasures as f64),
        ]);
        gauges
    }
}

/// Wraps again what an older version wraps, and looks at what there is then.
fn look(settings: &Settings, folder: &std::path::Path) -> Result<Overview, VaultError> {
    let ring = keys::of_process(settings, folder)?;
    if ring.overview()?.lagging > 0 {
        while ring.rewrap(SOME_KEYS)?.left > 0 {}
    }
    ring.overview()
}
