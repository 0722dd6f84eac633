//! Takes letters from their folder to the server. A letter leaves the folder when the server has it: what happens between, it is sent twice rather than never.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use store::commit::Instant;

use crate::folder::Folder;
use crate::letter;
use crate::relay::Relay;
use crate::smtp::{Conversation, Undelivered};

/// For how long it is tried to hand a letter over, in milliseconds: five days (RFC 5321, 4.5.4.1).
const TRIED_MS: i64 = 5 * 24 * 3_600_000;

/// How long it waits between two rounds.
#[derive(Clone, Copy, Debug)]
pub struct Pauses {
    /// When nothing is to be done, and nothing was heard of a letter. Default: a minute. (Other processes write letters, too.)
    pub round: Duration,
    /// When the server could not be reached for the first time; then twice as long each time. Default: 5 seconds.
    pub first: Duration,
    /// At most. Default: 15 minutes.
    pub longest: Duration,
}

impl Default for Pauses {
    fn default() -> Self {
        Self { round: Duration::from_mins(1), first: Duration::from_secs(5), longest: Duration::from_mins(15) }
    }
}

/// Takes letters to a server.
pub struct Postman {
    folder: Arc<Folder>,
    relay: Relay,
    tls: Arc<ClientConfig>,
    pauses: Pauses,
}

impl Postman {
    /// From this folder to this server.
    pub fn new(folder: Arc<Folder>, relay: Relay, tls: Arc<ClientConfig>, pauses: Pauses) -> Self {
        Self { folder, relay, tls, pauses }
    }

    /// Goes on as long as it is awaited. What goes wrong is told in the log when it begins.
    pub async fn deliver(self) {
        let (mut pause, mut told) = (self.pauses.first, String::new());
        loop {
            match self.round().await {
                Ok(()) => {
                    (pause, told) = (self.pauses.first, String::new());
                    let _ = tokio::time::timeout(self.pauses.round, self.folder.arrived()).await;
                }
                Err(problem) => {
                    if problem != told {
                        tracing::warn!("letters wait in {}: {problem}", self.folder.path().display());
                        told = problem;
                    }
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(self.pauses.longest);
                }
            }
        }
    }

    /// Hands over all letters that wait.
    async fn round(&self) -> Result<(), String> {
        let unread = |error: std::io::Error| format!("they cannot be read: {error}");
        let waiting = self.folder.waiting().map_err(unread)?;
        if waiting.is_empty() {
            return Ok(());
        }
        let own = self.folder.sender().from.rsplit('@').next().unwrap_or("localhost").to_owned();
        let opened = Conversation::open(&self.relay, self.tls.clone(), &own).await;
        let mut conversation = opened.map_err(|error| error.to_string())?;
        for path in &waiting {
            self.hand_over(&mut conversation, path).await?;
        }
        conversation.end().await;
        Ok(())
    }

    async fn hand_over(&self, conversation: &mut Conversation, path: &Path) -> Result<(), String> {
        let cannot = |error: std::io::Error| format!("one cannot be moved: {error}");
        let text = self.folder.read(path).ok();
        let Some((text, to)) = text.as_deref().and_then(|text| Some((text, letter::recipient(text)?))) else {
            tracing::warn!("a file that is no letter was laid aside in {}", self.folder.path().display());
            return self.folder.refuse(path).map_err(cannot);
        };
        match conversation.send(&self.folder.sender().from, to, text).await {
            Ok(()) => self.folder.sent(path).map_err(cannot),
            Err(Undelivered::NotNow(_)) if !self.is_old(path) => Ok(()),
            Err(undelivered @ (Undelivered::Never(_) | Undelivered::NotNow(_))) => {
                tracing::warn!("{undelivered}: it was laid aside in {}", self.folder.path().display());
                self.folder.refuse(path).map_err(cannot)
            }
            Err(broken @ Undelivered::Broken(_)) => Err(broken.to_string()),
        }
    }

    /// Whether a letter was tried for long enough. Its name begins with when it was written.
    fn is_old(&self, path: &Path) -> bool {
        let written = path.file_name().and_then(|name| name.to_str()?.split('-').next()?.parse::<Instant>().ok());
        written.is_none_or(|at| self.folder.clock().now().saturating_sub(at) > TRIED_MS)
    }
}
