//! What an operator asks of keys and holds, and what comes of it. Each order is told in the audit trail, and short: what takes long is asked again until nothing is left.

mod resealing;
mod retire;

use std::path::PathBuf;
use std::sync::Arc;

use audit::Outcome;
use interaction::Server;
use serde::{Deserialize, Serialize};
use store::Store;
use store::commit::Tenant;
use store_embedded::Embedded;
use vault::{Keyring, LocalKek, VaultError};

use super::attendant::SOME_KEYS;
use super::copies;
use super::telling::Telling;
use crate::door::keys;
use crate::secret_file;
use crate::settings::Settings;
use crate::{tenants, wiring};

/// Something that is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "order", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Order {
    /// What there is.
    List,
    /// A new version of the key-encryption key, in its file.
    RotateKek,
    /// A new version of a tenant's key.
    RotateTenant {
        /// The tenant's name; the first when it is `None`.
        tenant: Option<String>,
    },
    /// Some keys wrapped again with the newest version.
    Rewrap,
    /// Some bodies sealed anew, that are in clear or sealed with an older version of their tenant's key.
    Reseal {
        /// The row behind which they are: 0 at first, then what [`Answer::facts`] has as `through`.
        after: u64,
    },
    /// Versions that nothing needs removed.
    Retire,
    /// A legal hold on a patient, or on a whole tenant.
    Hold {
        /// The tenant's name; the first when it is `None`.
        tenant: Option<String>,
        /// The patient's id; the whole tenant when it is `None`.
        patient: Option<String>,
        /// The name of the case.
        case: String,
    },
    /// A hold ended.
    Release {
        /// The tenant's name; the first when it is `None`.
        tenant: Option<String>,
        /// The patient's id; the whole tenant when it is `None`.
        patient: Option<String>,
        /// The name of the case.
        case: String,
    },
    /// The cases that hold a patient, or a whole tenant.
    Holds {
        /// The tenant's name; the first when it is `None`.
        tenant: Option<String>,
        /// The patient's id; the whole tenant when it is `None`.
        patient: Option<String>,
    },
}

/// What comes of an order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// In words, a line each.
    pub lines: Vec<String>,
    /// For programs.
    pub facts: serde_json::Value,
    /// How much is left for another order of the same kind.
    pub left: usize,
}

/// Where orders are obeyed: a data directory that is open.
pub struct House {
    engine: Arc<Embedded>,
    settings: Settings,
    folder: PathBuf,
    telling: Telling,
}

impl House {
    /// The house of a data directory, with its server and engine. Its keys are opened by the first order.
    ///
    /// Fails when the settings name no data directory.
    pub fn open(settings: &Settings, server: Arc<Server>, engine: Arc<Embedded>) -> Result<Self, crate::command::Failure> {
        let folder = wiring::data_dir(settings)?;
        let telling = Telling::new(settings, server);
        Ok(Self { settings: settings.clone(), folder, engine, telling })
    }

    /// Does what was asked, and tells of it. Fails with the reason in words; what was done and could not be told of is such a failure, too.
    pub async fn obey(&self, order: Order) -> Result<Answer, String> {
        let store: Arc<dyn Store> = self.engine.clone();
        let tenancy = tenants::named_in(&store, order.tenant()).await.map_err(|failure| failure.lines.join("; "))?;
        let done = self.done(&order, tenancy.tenant()).await;
        let Some((patient, what)) = told(&order) else { return done };
        // Of many steps only those are told that did something.
        let is_step = matches!(order, Order::Rewrap | Order::Reseal { .. });
        if matches!(&done, Ok(answer) if is_step && answer.facts["done"] == 0) {
            return done;
        }
        let outcome = done.as_ref().map_or_else(|why| Outcome::Failed(why.as_str().into()), |_| Outcome::Done);
        let told = self.telling.configured(tenancy.tenant(), patient, (what, outcome)).await;
        let untold =
            |error| format!("it was {}, and could not be told in the audit trail: {error:?}", if done.is_ok() { "done" } else { "tried" });
        told.map_err(untold)?;
        done
    }

    async fn done(&self, order: &Order, Tenant(tenant): Tenant) -> Result<Answer, String> {
        let (order, engine) = (order.clone(), self.engine.clone());
        let (settings, folder) = (self.settings.clone(), self.folder.clone());
        let kek_file = keys::kek_file(&settings, &folder);
        let work = move || {
            let ring = keys::of_process(&settings, &folder).map_err(words)?;
            match order {
                Order::List => list(&ring, &engine),
                Order::RotateKek => rotate_kek(&ring, kek_file),
                Order::RotateTenant { .. } => rotate_tenant(&ring, tenant),
                Order::Rewrap => {
                    let vault::Rewrapped { done, left } = ring.rewrap(SOME_KEYS).map_err(words)?;
                    let facts = serde_json::json!({ "done": done, "left": left });
                    Ok(Answer { lines: vec![format!("{done} keys wrapped again, {left} left")], facts, left })
                }
                Order::Reseal { after } => resealing::reseal(&settings, &engine, after),
                // A copy that the newest version does not wrap would open no more.
                Order::Retire => match copies::ship(&settings, &folder).into_iter().next() {
                    None => retire::retire(&ring, &engine, kek_file.as_deref()),
                    Some(problem) => Err(format!("nothing was removed, as the copies have to be up to date before: {problem}")),
                },
                Order::Hold { patient, case, .. } => {
                    ring.hold(tenant, subject(patient.as_deref()).as_deref(), &case).map_err(words)?;
                    Ok(plain(format!("{} is held for the case {case}", whom(patient.as_deref()))))
                }
                Order::Release { patient, case, .. } => {
                    match ring.release(tenant, subject(patient.as_deref()).as_deref(), &case).map_err(words)? {
                        true => Ok(plain(format!("{} is not held for the case {case} any more", whom(patient.as_deref())))),
                        false => {
                            Err(format!("{} is not held for the case {case}: `ward hold list` tells what is", whom(patient.as_deref())))
                        }
                    }
                }
                Order::Holds { patient, .. } => holds(&ring, tenant, patient.as_deref()),
            }
        };
        tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err("the work ended unexpectedly".to_owned()))
    }
}

/// What is told of an order: about which patient, and in which words. `None` for what changes nothing.
fn told(order: &Order) -> Option<(Option<&str>, String)> {
    Some(match order {
        Order::List | Order::Holds { .. } => return None,
        Order::RotateKek => (None, "the key-encryption key got a new version".to_owned()),
        Order::RotateTenant { .. } => (None, "the tenant's key got a new version".to_owned()),
        Order::Rewrap => (None, "keys were wrapped again".to_owned()),
        Order::Reseal { after } => (None, format!("bodies behind row {after} were sealed anew")),
        Order::Retire => (None, "old versions of keys were removed".to_owned()),
        Order::Hold { patient, case, .. } => (patient.as_deref(), format!("legal hold {case} was put on")),
        Order::Release { patient, case, .. } => (patient.as_deref(), format!("legal hold {case} was released")),
    })
}

impl Order {
    /// The name of the tenant whom it is about; `None`: the first, or all.
    fn tenant(&self) -> Option<&str> {
        match self {
            Order::RotateTenant { tenant } | Order::Hold { tenant, .. } | Order::Release { tenant, .. } | Order::Holds { tenant, .. } => {
                tenant.as_deref()
            }
            Order::List | Order::RotateKek | Order::Rewrap | Order::Reseal { .. } | Order::Retire => None,
        }
    }
}

fn list(ring: &Keyring, engine: &Embedded) -> Result<Answer, String> {
    let overview = ring.overview().map_err(words)?;
    let bodies = engine.sealing().map_err(|error| error.to_string())?;
    let mut lines = vec![
        match bodies.since {
            None => "bodies: not sealed (seal_bodies)".to_owned(),
            Some(since) => {
                let since = if since > 1 { format!(" since {}", fhir::primitive::instant_text(since)) } else { String::new() };
                format!("bodies: sealed{since}; {} of {} versions are", bodies.sealed, bodies.versions)
            }
        },
        format!("key-encryption key: version {}, at least {} is wanted", overview.kek_newest, overview.kek_minimum.max(1)),
        format!("wrapped by older versions: {} keys; erasures: {}", overview.lagging, overview.erasures),
    ];
    let numbers = |all: &[u32]| all.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
    for tenant in &overview.tenants {
        let (versions, by) = (numbers(&tenant.versions), numbers(&tenant.wrapped_by));
        lines.push(format!(
            "tenant {}: versions {versions} (wrapped by {by}); {} patients' keys, {} destroyed; {} holds",
            tenant.tenant,
            tenant.subjects,
            tenant.erased,
            tenant.holds.len() + tenant.cases.values().sum::<usize>(),
        ));
    }
    let tenants = overview.tenants.iter().map(|tenant| {
        serde_json::json!({
            "tenant": tenant.tenant, "versions": tenant.versions, "wrappedBy": tenant.wrapped_by,
            "subjects": tenant.subjects, "destroyed": tenant.erased,
        })
    });
    let facts = serde_json::json!({
        "sealedSince": bodies.since, "sealedVersions": bodies.sealed, "versions": bodies.versions,
        "kek": overview.kek_newest, "kekMinimum": overview.kek_minimum, "lagging": overview.lagging, "erasures": overview.erasures,
        "tenants": tenants.collect::<Vec<_>>(),
    });
    Ok(Answer { lines, facts, left: overview.lagging })
}

fn rotate_kek(ring: &Keyring, file: Option<PathBuf>) -> Result<Answer, String> {
    let file = file.ok_or("the key-encryption key is in the environment: put a line with a new version there, and start again")?;
    let version = ring.overview().map_err(words)?.kek_newest + 1;
    let line = LocalKek::new_line(version).map_err(words)?;
    secret_file::add_line(&file, &line).map_err(|error| format!("{}: {error}", file.display()))?;
    let left = ring.overview().map_err(words)?.lagging;
    let said = format!("the key-encryption key has version {version}; {left} keys are to be wrapped again");
    Ok(Answer { lines: vec![said], facts: serde_json::json!({ "version": version, "left": left }), left })
}

fn rotate_tenant(ring: &Keyring, tenant: u32) -> Result<Answer, String> {
    let version = ring.rotate_tenant(tenant).map_err(words)?;
    let left = ring.overview().map_err(words)?.lagging;
    let said = format!("the key of tenant {tenant} has version {version}; {left} keys are to be wrapped again");
    Ok(Answer { lines: vec![said], facts: serde_json::json!({ "tenant": tenant, "version": version, "left": left }), left })
}

fn holds(ring: &Keyring, tenant: u32, patient: Option<&str>) -> Result<Answer, String> {
    if patient.is_some() {
        let cases = ring.holds(tenant, subject(patient).as_deref()).map_err(words)?;
        let lines = cases.iter().map(|case| format!("{case}: {}", whom(patient))).collect();
        return Ok(Answer { lines, facts: serde_json::json!({ "cases": cases }), left: 0 });
    }
    let overview = ring.overview().map_err(words)?;
    let Some(of) = overview.tenants.into_iter().find(|of| of.tenant == tenant) else { return Ok(Answer::default()) };
    // The keys name nobody: whom a case holds is asked patient by patient.
    let mut lines: Vec<String> = of.holds.iter().map(|case| format!("{case}: {}", whom(None))).collect();
    lines.extend(of.cases.iter().map(|(case, patients)| format!("{case}: {patients} patients")));
    Ok(Answer { lines, facts: serde_json::json!({ "tenant": of.holds, "patients": of.cases }), left: 0 })
}

fn plain(line: String) -> Answer {
    Answer { lines: vec![line], ..Answer::default() }
}

/// How the keys know a patient.
fn subject(patient: Option<&str>) -> Option<String> {
    patient.map(|id| format!("Patient/{id}"))
}

fn whom(patient: Option<&str>) -> String {
    subject(patient).unwrap_or_else(|| "the whole tenant".to_owned())
}

pub(super) fn words(error: VaultError) -> String {
    error.to_string()
}
