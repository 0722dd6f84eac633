//! To a server over HTTP: one transaction for each group.
//!
//! A server may refuse a transaction because what it refers to has not been sent yet. So what is refused is kept, and sent again at the
//! end, in the order in which the resources refer to each other ([`order`]). What is refused then is rejected, with the server's reasons.

mod held;
mod order;
mod transaction;

use std::sync::Mutex;

use fhir::Value;
use fhir::definitions::ResourceType;

use self::held::{Held, Unit};
use self::order::Knot;
use super::{Group, Item};
use crate::import::ledger::Ledger;
use crate::remote::{Refusal, Remote};

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

    /// The one resource that matches.
    pub async fn choose(&self, kind: ResourceType, query: &str) -> Result<Option<String>, String> {
        let answer = self.remote.get(&format!("{}?{query}&_count=2", kind.name())).await?;
        let Ok(bundle) = answer else { return Ok(None) };
        let is_match = |entry: &&Value| entry.get("search").and_then(|search| search.text("mode")).is_none_or(|mode| mode == "match");
        let mut found = bundle.list("entry").filter(is_match).filter_map(|entry| entry.get("resource")?.text("id"));
        Ok(match (found.next(), found.next()) {
            (Some(id), None) => Some(format!("{}/{id}", kind.name())),
            _ => None,
        })
    }

    /// Sends a group; what the server refuses is kept.
    pub async fn write(&self, group: Group, ledger: &Ledger) {
        match self.send(group.items.iter(), ledger).await {
            Sent::Refused(_) => {
                if let Err(reason) = self.hold(Unit::of(group)) {
                    ledger.fail(reason);
                }
            }
            Sent::Written | Sent::Failed => {}
        }
    }

    /// Sends what was kept, again and again as long as some of it is taken.
    pub async fn settle(&self, ledger: &Ledger) {
        loop {
            let units = self.held.lock().map(|mut held| held.take()).unwrap_or_default();
            if units.is_empty() || ledger.has_failed() {
                return;
            }
            let written_before = ledger.handled();
            let mut refused = Vec::new();
            for pack in order::packs(units) {
                self.send_pack(pack, &mut refused, ledger).await;
            }
            if let Err(reason) = self.hold(refused) {
                return ledger.fail(reason);
            }
            if ledger.handled() == written_before {
                return;
            }
        }
    }

    /// Rejects what is still kept.
    pub fn give_up(&self, ledger: &Ledger) {
        let units = self.held.lock().map(|mut held| held.take()).unwrap_or_default();
        if !ledger.has_failed() {
            units.into_iter().flat_map(Unit::rejects).for_each(|reject| ledger.reject(&reject));
        }
    }

    /// Sends knots together. When they are refused, by halves, so that the fault of one does not keep the others out.
    async fn send_pack(&self, pack: Vec<Knot>, refused: &mut Vec<Unit>, ledger: &Ledger) {
        let mut packs = vec![pack];
        while let Some(mut pack) = packs.pop() {
            let items = pack.iter().flat_map(|knot| &knot.units).flat_map(|unit| &unit.items);
            match self.send(items, ledger).await {
                Sent::Written => {}
                Sent::Failed => return,
                Sent::Refused(refusal) if pack.len() <= 1 => {
                    refused.extend(pack.into_iter().flat_map(|knot| knot.refused(&refusal)));
                }
                Sent::Refused(_) => {
                    let second = pack.split_off(pack.len() / 2);
                    packs.extend([second, pack]);
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

    fn hold(&self, units: Vec<Unit>) -> Result<(), String> {
        self.held.lock().map_or(Ok(()), |mut held| held.keep(units))
    }
}

/// What became of a transaction.
enum Sent {
    Written,
    Refused(Refusal),
    /// The server cannot be reached, or does not let anything in: the ledger knows.
    Failed,
}
