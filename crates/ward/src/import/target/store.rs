//! Into the store of a data directory: one commit for each group.

use std::time::Duration;

use fhir::definitions::ResourceType;
use interaction::Context;
use interaction::condition::{self, Choice};
use interaction::prepare::Rules;
use store::commit::{Commit, CommitError, Put};

use super::{Chosen, Item};
use crate::import::ledger::Ledger;

/// For how long, in milliseconds, the longest pause is before a busy store is asked again.
const LONGEST_PAUSE_MS: u64 = 10_000;

/// The store, and who writes to it.
pub struct StoreTarget {
    context: Context,
    actor: &'static str,
}

impl StoreTarget {
    /// The store of a context, written in the name of `actor`.
    pub fn new(context: Context, actor: &'static str) -> Self {
        Self { context, actor }
    }

    /// The address of the FHIR endpoint; empty when it is not known.
    pub fn base_url(&self) -> &str {
        &self.context.base_url
    }

    /// By what the server judges.
    pub async fn rules(&self) -> Result<Rules, String> {
        let failed = |error: interaction::Error| error.outcome().issues.first().map_or(String::new(), ToString::to_string);
        self.context.rules().await.map_err(failed)
    }

    /// What matches.
    pub async fn choose(&self, kind: ResourceType, query: &str) -> Chosen {
        let Ok(filter) = condition::parse(&self.context, kind, query, "").await else { return Chosen::Nothing };
        match condition::choose(&self.context, kind, &filter).await {
            Ok(Choice::One(version)) => Chosen::One(version.key.to_string()),
            Ok(Choice::Many) => Chosen::Several,
            _ => Chosen::Nothing,
        }
    }

    /// Commits what the store does not have already.
    pub async fn write(&self, group: Vec<Item>, ledger: &Ledger) {
        let puts = group.into_iter().map(|item| item.put).collect();
        let puts = match self.changed(puts, ledger).await {
            Ok(puts) if puts.is_empty() => return,
            Ok(puts) => puts,
            Err(error) => return ledger.fail(error.to_string()),
        };
        let count = puts.len() as u64;
        let mut commit = Commit::new(self.context.tenant, self.actor, self.actor);
        commit.put = puts;
        let mut pause_ms = 10;
        loop {
            match self.context.store().commit(commit.clone()).await {
                Ok(_) => return ledger.written(count),
                Err(CommitError::Busy) if pause_ms < LONGEST_PAUSE_MS => {
                    tokio::time::sleep(Duration::from_millis(pause_ms)).await;
                    pause_ms *= 2;
                }
                Err(CommitError::Full) => return ledger.fail("the disk is full: make room and run the import again".to_owned()),
                Err(error) => return ledger.fail(format!("the store refused a commit: {error:?}")),
            }
        }
    }

    /// Leaves out what is in the store already as it is.
    async fn changed(&self, puts: Vec<Put>, ledger: &Ledger) -> Result<Vec<Put>, store::ReadError> {
        let mut changed = Vec::with_capacity(puts.len());
        for put in puts {
            let current = self.context.store().read(self.context.tenant, &put.key).await?;
            let same = current.is_some_and(|current| {
                current.text().is_some_and(|text| **text == put.body.stamped(current.version, current.last_updated))
            });
            if same {
                ledger.unchanged(1);
            } else {
                changed.push(put);
            }
        }
        Ok(changed)
    }
}
