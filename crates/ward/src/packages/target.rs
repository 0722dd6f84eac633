//! Where packages are: the store of a data directory that no server holds, or a server.

use std::sync::Arc;

use fhir::canonical::is_conformance;
use fhir::definitions::ResourceType;
use fhir::{Value, object};
use interaction::{Returning, Server, condition};
use package::Package;
use package::placing::{Known, Record, TAG_SYSTEM, record_of};
use store::commit::Key;
use store::query::Filter;

use crate::command::{Failure, export};
use crate::import::target::Target as ImportTarget;
use crate::remote::Remote;
use crate::wiring;

/// Who writes.
const ACTOR: &str = "package";

/// How many entries a transaction has at most.
const MOST_ENTRIES: usize = 500;

/// Where packages are.
pub enum Target {
    /// The store under a server.
    Store(Arc<Server>),
    /// A server elsewhere.
    Server(Elsewhere),
}

/// How a server elsewhere is reached.
pub struct Elsewhere {
    /// Its FHIR endpoint.
    pub url: String,
    /// The bearer token that it is asked with.
    pub token: Option<String>,
    /// The setting `ca_file`.
    pub ca_file: String,
}

impl Target {
    /// The same for an import.
    pub fn import(&self) -> Result<ImportTarget, Failure> {
        Ok(match self {
            Target::Store(server) => ImportTarget::store(server.clone(), ACTOR),
            Target::Server(..) => ImportTarget::server(self.remote()?),
        })
    }

    fn remote(&self) -> Result<Remote, Failure> {
        match self {
            Target::Server(Elsewhere { url, token, ca_file }) => Remote::new(url, token.as_deref(), ca_file),
            Target::Store(_) => Err(Failure::failed("there is no server to ask")),
        }
    }

    /// What has to be known before a package is placed: all resources of its types; of types that only examples have, those of the same ids.
    pub async fn known(&self, package: &Package) -> Result<Vec<Known>, Failure> {
        let mut known = Vec::new();
        for kind in package.kinds() {
            let ids = || package.content.resources.iter().filter(|resource| resource.kind == kind).map(|resource| resource.id.as_str());
            let criteria = match is_conformance(kind) {
                true => vec![String::new()],
                false => ids().map(|id| format!("_id={id}")).collect(),
            };
            for criteria in criteria {
                self.each(kind, &criteria, &mut |resource| known.extend(Known::of(&resource))).await?;
            }
        }
        Ok(known)
    }

    /// The packages that are there, by name and version.
    pub async fn records(&self) -> Result<Vec<Record>, Failure> {
        let mut records = Vec::new();
        if let Some(kind) = ResourceType::parse("ImplementationGuide") {
            self.each(kind, "", &mut |resource| records.extend(record_of(&resource))).await?;
        }
        records.sort_by(|left, right| left.package.cmp(&right.package));
        Ok(records)
    }

    /// The resources that a package, named as `NAME@VERSION`, has brought.
    pub async fn brought(&self, package: &str) -> Result<Vec<Value>, Failure> {
        let criteria = format!("_tag={TAG_SYSTEM}|{package}");
        let mut brought = Vec::new();
        for kind in ResourceType::all() {
            self.each(kind, &criteria, &mut |resource| brought.push(resource)).await?;
        }
        Ok(brought)
    }

    /// Hands out the resources of a type that meet the criteria, or all.
    async fn each(&self, kind: ResourceType, criteria: &str, take: &mut dyn FnMut(Value)) -> Result<(), Failure> {
        let mut parsed = |text: &[u8]| {
            fhir::json::parse(text).map(&mut *take).map_err(|error| Failure::failed(format!("a {} is not JSON: {error}", kind.name())))
        };
        match self {
            Target::Store(server) => {
                let filter = match criteria {
                    "" => Filter::everything(),
                    criteria => {
                        let ctx = wiring::context(server.clone(), ACTOR, "");
                        condition::parse(&ctx, kind, criteria, "").await.map_err(|error| Failure::failed(said(error)))?
                    }
                };
                export::store::each(&*server.store, wiring::TENANT, (kind, filter), &mut parsed).await
            }
            Target::Server(..) => export::server::each(&self.remote()?, kind, criteria, &mut parsed).await,
        }
    }

    /// Writes some resources and deletes others, in transactions.
    pub async fn change(&self, put: Vec<Value>, delete: Vec<Key>) -> Result<(), Failure> {
        let address = |value: &Value| format!("{}/{}", value.resource_type().unwrap_or_default(), value.text("id").unwrap_or_default());
        let put = put.into_iter().map(|value| {
            let request = object! { "method": "PUT", "url": address(&value) };
            object! { "resource": value, "request": request }
        });
        let delete = delete.into_iter().map(|key| object! { "request": object! { "method": "DELETE", "url": key.to_string() } });
        let entries: Vec<Value> = put.chain(delete).collect();
        for part in entries.chunks(MOST_ENTRIES) {
            let bundle = object! { "resourceType": "Bundle", "type": "transaction", "entry": part.to_vec() };
            self.transact(bundle).await?;
        }
        Ok(())
    }

    async fn transact(&self, bundle: Value) -> Result<(), Failure> {
        match self {
            Target::Store(server) => {
                let ctx = wiring::context(server.clone(), ACTOR, "");
                let done = interaction::process(&ctx, bundle, Returning::Minimal).await;
                done.map(drop).map_err(|error| Failure::failed(said(error)))
            }
            Target::Server(..) => match self.remote()?.post(fhir::json::to_string(&bundle).into_bytes()).await {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(refusal)) => Err(Failure::failed(format!("the server refused it ({}): {refusal}", refusal.status))),
                Err(reason) => Err(Failure::failed(reason)),
            },
        }
    }
}

fn said(error: interaction::Error) -> String {
    let issues = error.outcome().issues.into_iter().map(|issue| issue.to_string());
    issues.collect::<Vec<_>>().join("; ")
}
