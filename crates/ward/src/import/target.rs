//! Where an import goes: the store of a data directory that no server holds, or a server.

mod criteria;
mod server;
mod store;

use std::sync::Arc;

use ::store::commit::{Key, Put, Tenant};
use fhir::definitions::ResourceType;
use interaction::prepare::Rules;
use interaction::{Context, Server};
use search::Registry;

pub use self::criteria::Criteria;
use self::server::ServerTarget;
use self::store::StoreTarget;
use super::ledger::Ledger;
use super::rejects::Origin;
use crate::remote::Remote;
use crate::wiring;

/// A resource that is fit to be written.
pub struct Item {
    /// What is to be written.
    pub put: Put,
    /// What it refers to.
    pub targets: Vec<Key>,
    /// Where it comes from.
    pub origin: Origin,
}

/// What is tried again of that which a target has kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settle {
    /// What refers to nothing else.
    SelfContained,
    /// All.
    All,
}

/// Where an import goes.
pub enum Target {
    /// The store.
    Store(StoreTarget),
    /// A server.
    Server(Box<ServerTarget>),
}

/// What search criteria choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// No resource; also when the criteria cannot be understood.
    Nothing,
    /// One: `Practitioner/12`.
    One(String),
    /// More than one.
    Several,
}

impl Target {
    /// The store under `server`, the first tenant's data, written in the name of `actor`.
    pub fn store(server: Arc<Server>, actor: &'static str) -> Self {
        Self::store_of(server, wiring::TENANT, String::new(), actor)
    }

    /// The same for the data of a tenant. References that begin with `base_url`, when it is not empty, are its own.
    pub fn store_of(server: Arc<Server>, tenant: Tenant, base_url: String, actor: &'static str) -> Self {
        Target::Store(StoreTarget::new(Context::new(server, tenant, actor, base_url), actor))
    }

    /// A server.
    pub fn server(remote: Remote) -> Self {
        Target::Server(Box::new(ServerTarget::new(remote)))
    }

    /// The address of the FHIR endpoint, below which references lead to its own resources; empty for a store whose address is not known.
    pub fn base_url(&self) -> &str {
        match self {
            Target::Store(store) => store.base_url(),
            Target::Server(server) => server.base_url(),
        }
    }

    /// By what resources are judged and made ready: by structure and HL7's search parameters for a server, which judges for itself. Fails when
    /// the target cannot be read.
    pub async fn rules(&self) -> Result<Rules, String> {
        match self {
            Target::Store(store) => store.rules().await,
            Target::Server(_) => Ok(Rules::of_structure(Registry::standard())),
        }
    }

    /// What a query chooses among the resources of a type. Fails when the target cannot be asked.
    pub async fn choose(&self, kind: ResourceType, query: &str) -> Result<Chosen, String> {
        match self {
            Target::Store(store) => Ok(store.choose(kind, query).await),
            Target::Server(server) => server.choose(kind, query).await,
        }
    }

    /// Writes a group, in which each key stands once, or keeps it for [`Target::settle`].
    pub async fn write(&self, group: Vec<Item>, ledger: &Ledger) {
        match self {
            Target::Store(store) => store.write(group, ledger).await,
            Target::Server(server) => server.write(group, ledger).await,
        }
    }

    /// Tries again what was kept, now that all else has been written.
    pub async fn settle(&self, which: Settle, ledger: &Ledger) {
        if let Target::Server(server) = self {
            server.settle(which, ledger).await;
        }
    }

    /// Sets aside what is still kept, with the reasons.
    pub fn give_up(&self, ledger: &Ledger) {
        if let Target::Server(server) = self {
            server.give_up(ledger);
        }
    }
}
