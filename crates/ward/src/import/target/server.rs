//! To a server over HTTP: one transaction for each group.
//!
//! A server may refuse a transaction because what it refers to has not been sent yet. So what is refused is kept, and sent again at the
//! end, in the order in which the resources refer to each other ([`order`]). What is refused then is rejected, with the server's reasons.

mod blame;
mod held;
mod order;
mod transaction;

use std::sync::Mutex;

use fhir::Value;
use fhir::definitions::ResourceType;

use self::held::{Held, Refused};
use self::order::Knot;
use super::{Chosen, Item, Settle};
use crate::import::ledger::Ledger;
use crate::remote::{Refusal, Remote};

/// After so many refusals, what is left of a transaction is sent one by one: a server may name one fault at a time, and looks at all again each time.
const MAX_REFUSALS: u32 = 10;

/// A server, and what it has refused so far.
pub struct ServerTarget {
    remote: Remote,
    held: Mutex<Held>,
}

impl ServerTarget {
    /// A server.
    pub fn new(remote: Remote) -> Self {
        Self { remote, held: Mutex::default() }
    }

    /// The address of its FHIR endpoint.
    pub fn base_url(&self) -> &str {
        self.remote.base_url()
    }

    /// What matches.
    pub async fn choose(&self, kind: ResourceType, query: &str) -> Result<Chosen, String> {
        let answer = self.remote.get(&format!("{}?{query}&_count=2", kind.name())).await?;
        let Ok(bundle) = answer else { return Ok(Chosen::Nothing) };
        let is_match = |entry: &&Value| entry.get("search").and_then(|search| search.text("mode")).is_none_or(|mode| mode == "match");
        let mut found = bundle.list("entry").filter(is_match).filter_map(|entry| entry.get("resource")?.text("id"));
        Ok(match (found.next(), found.next()) {
            (None, _) => Chosen::Nothing,
            (Some(id), None) => Chosen::One(format!("{}/{id}", kind.name())),
            _ => Chosen::Several,
        })
    }

    /// Sends a group; what the server refuses is kept.
    pub async fn write(&self, group: Vec<Item>, ledger: &Ledger) {
        if let Sent::Refused(_) = self.send(group.iter(), ledger).await {
            self.hold(group.into_iter().map(|item| Refused { item, reasons: Vec::new() }), ledger);
        }
    }

    /// Sends what was kept, again and again as long as some of it is taken.
    pub async fn settle(&self, which: Settle, ledger: &Ledger) {
        loop {
            let mut knots = order::knots(self.release());
            if which == Settle::SelfContained {
                let (ready, rest) = order::self_contained(knots);
                self.hold(rest.into_iter().flatten(), ledger);
                knots = ready;
            }
            let written_before = ledger.handled();
            for pack in order::packs(knots) {
                self.send_pack(pack, ledger).await;
            }
            if which == Settle::SelfContained || ledger.handled() == written_before || ledger.has_failed() {
                return;
            }
        }
    }

    /// Rejects what is still kept.
    pub fn give_up(&self, ledger: &Ledger) {
        let refused = self.release();
        if !ledger.has_failed() {
            refused.into_iter().for_each(|one| ledger.reject(one.reject()));
        }
    }

    /// Sends knots together. When they are refused, those that are at fault are kept, so that they do not keep the others out.
    async fn send_pack(&self, pack: Vec<Knot>, ledger: &Ledger) {
        let mut packs = vec![pack];
        let mut refusals = 0;
        while let Some(pack) = packs.pop().filter(|_| !ledger.has_failed()) {
            if let Sent::Refused(refusal) = self.send(pack.iter().flatten().map(|one| &one.item), ledger).await {
                refusals += 1;
                let (faulty, rest) = blame::part(pack, &refusal);
                self.hold(faulty, ledger);
                packs.extend(rest);
                if refusals == MAX_REFUSALS {
                    packs = packs.into_iter().flat_map(|pack| pack.into_iter().rev()).map(|knot| vec![knot]).collect();
                }
            }
        }
    }

    async fn send<'a>(&self, items: impl Iterator<Item = &'a Item> + Clone, ledger: &Ledger) -> Sent {
        let text = transaction::text(items.clone().map(|item| &item.put));
        match self.remote.post(text).await {
            Ok(Ok(_)) => {
                ledger.written(items.count() as u64);
                Sent::Written
            }
            Ok(Err(refusal)) => Sent::Refused(refusal),
            Err(reason) => {
                ledger.fail(reason);
                Sent::Failed
            }
        }
    }

    fn hold(&self, refused: impl IntoIterator<Item = Refused>, ledger: &Ledger) {
        if let Err(reason) = self.held.lock().map_or(Ok(()), |mut held| held.keep(refused)) {
            ledger.fail(reason);
        }
    }

    fn release(&self) -> Vec<Refused> {
        self.held.lock().map(|mut held| held.take()).unwrap_or_default()
    }
}

/// What became of a transaction.
enum Sent {
    Written,
    Refused(Refusal),
    /// The server cannot be reached, or does not let anything in: the ledger knows.
    Failed,
}
