//! What a user chose when an app last asked, so that the page shows it when it asks again. It allows nothing.

use identity::chronicle::Told;
use identity::directory::{Changes, DirectoryError, Record};
use identity::seen::Fingerprint;
use serde::{Deserialize, Serialize};
use store::commit::Instant;

use crate::authorize::{Asked, SignedIn};
use crate::provider::Provider;
use crate::refusal::Refusal;
use crate::scopes::{self, Part};
use crate::settings::CHOICE_MS;
use crate::site::Site;

/// A choice. Its id follows from tenant, client and user: there is one of them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Choice {
    asked: Vec<String>,
    granted: Vec<String>,
    ends: Instant,
}

impl Record for Choice {
    const KIND: &'static str = "consent-choice";

    fn ends(&self) -> Option<Instant> {
        Some(self.ends)
    }
}

/// What a user chose when an app last asked.
#[derive(Clone, Debug, Default)]
pub struct Earlier(Option<Choice>);

impl Earlier {
    /// Whether the app has asked this user before.
    pub fn is_there(&self) -> bool {
        self.0.is_some()
    }

    /// Whether a scope is asked for that was not asked for then: it is shown as one that nobody has refused.
    pub fn is_new(&self, scope: &str) -> bool {
        self.0.as_ref().is_none_or(|choice| !choice.asked.iter().any(|known| known == scope))
    }

    /// Whether a scope was granted then, whole or in part. `true` for one that is new.
    pub fn granted(&self, scope: &str) -> bool {
        self.is_new(scope) || self.is_whole(scope) || scopes::parts(scope).iter().any(|part| self.has(&part.scope))
    }

    /// Whether a part of a scope was chosen then in place of the whole.
    pub fn chose(&self, scope: &str, part: &Part) -> bool {
        !self.is_new(scope) && !self.is_whole(scope) && self.has(&part.scope)
    }

    fn is_whole(&self, scope: &str) -> bool {
        self.has(scope)
    }

    fn has(&self, scope: &str) -> bool {
        self.0.as_ref().is_some_and(|choice| choice.granted.iter().any(|known| known == scope))
    }
}

/// What was chosen is told when it is allowed.
const REMEMBERED: Told = Told::Nothing("what is allowed is told");

impl Provider {
    /// What a user chose when the client last asked, within the last year; nothing when it has not.
    ///
    /// Fails when the directory does.
    pub async fn earlier(&self, site: &Site, asked: &Asked, who: &SignedIn) -> Result<Earlier, Refusal> {
        let kept = self.directory.get::<Choice>(&id(site, asked, who)).await?;
        Ok(Earlier(kept.map(|kept| kept.record).filter(|choice| self.now() < choice.ends)))
    }

    /// Remembers what a user chose.
    pub(crate) async fn remember(&self, site: &Site, asked: &Asked, who: &SignedIn, granted: &[String]) -> Result<(), Refusal> {
        let id = id(site, asked, who);
        let choice = Choice { asked: asked.scopes.clone(), granted: granted.to_vec(), ends: self.now() + CHOICE_MS };
        let changes = match self.directory.get::<Choice>(&id).await? {
            Some(kept) => Changes::new("remember-choice", REMEMBERED).update(&kept, &choice),
            None => Changes::new("remember-choice", REMEMBERED).create(&id, &choice),
        };
        match self.directory.apply(changes).await {
            // The same user chose in another window at the same time: one of the two choices is shown next time.
            Ok(()) | Err(DirectoryError::Raced) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

fn id(site: &Site, asked: &Asked, who: &SignedIn) -> String {
    Fingerprint::of(&format!("choice|{}|{}|{}", site.tenant.0, asked.client.id, who.user)).id()
}
