//! Who keeps records: asked before anything is erased, and told when a patient's record is.

use fhir::definitions::ResourceType;
use fhir::json;
use store::commit::{Instant, Key, Tenant};
use store::contract::Pending;
use store::entry::EntryValue;
use store::query::{HistoryQuery, Scope, Version};

use crate::operation::linking;
use crate::{Context, Error};

/// How many versions of a deleted resource are looked at for its last content.
const PAST: u32 = 10;

/// Keeps records: knows legal holds and how long things are kept, and has the keys of patients.
pub trait Custodian: Send + Sync {
    /// Whether what belongs to these patients may be erased: resources by their types, with the moment of the last version of each.
    ///
    /// # Errors
    /// [`Withheld::Held`] and [`Withheld::Retained`] when it may not, [`Withheld::Failed`] when nobody can say.
    fn may_erase<'a>(&'a self, asked: &'a Claim<'a>) -> Pending<'a, Result<(), Withheld>>;

    /// Begins the erasure of a patient's record: from now on nothing more is written for the patient, and what is interrupted is finished later. To begin what was
    /// begun, or finished, changes nothing.
    ///
    /// # Errors
    /// [`Withheld::Held`] when a hold came in meanwhile, [`Withheld::Failed`].
    fn begin<'a>(&'a self, tenant: Tenant, patient: &'a Key) -> Pending<'a, Result<(), Withheld>>;

    /// Ends it, after the record was removed: the patient's key is destroyed.
    ///
    /// # Errors
    /// [`Withheld::Failed`]: it is finished by the next start.
    fn finish<'a>(&'a self, tenant: Tenant, patient: &'a Key) -> Pending<'a, Result<(), Withheld>>;
}

/// What is to be erased.
#[derive(Clone, Debug)]
pub struct Claim<'a> {
    /// In whose data.
    pub tenant: Tenant,
    /// The patients that it belongs to; none when it is in nobody's record.
    pub patients: &'a [Key],
    /// The types of the resources, each with the moment of the last version.
    pub resources: &'a [(ResourceType, Instant)],
    /// Whether a law demands it, however long records are kept.
    pub by_law: bool,
}

/// Why something is not erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Withheld {
    /// Legal holds keep it: how many.
    Held(usize),
    /// It has to be kept until this moment.
    Retained(Instant),
    /// The keys failed: what they say, for the log.
    Failed(String),
}

impl From<Withheld> for Error {
    fn from(withheld: Withheld) -> Self {
        Error::Withheld(withheld)
    }
}

/// Asks whether one resource may be erased. What is in no patient's record may always be.
pub(super) async fn ask(ctx: &Context, current: &Version, by_law: bool) -> Result<(), Error> {
    let Some(custodian) = &ctx.server.custodian else { return Ok(()) };
    let patients = patients(ctx, current).await?;
    if patients.is_empty() {
        return Ok(());
    }
    let resources = [(current.key.kind, current.last_updated)];
    Ok(custodian.may_erase(&Claim { tenant: ctx.tenant, patients: &patients, resources: &resources, by_law }).await?)
}

/// The patients in whose records a resource is; by its last content when it is deleted.
async fn patients(ctx: &Context, current: &Version) -> Result<Vec<Key>, Error> {
    let Some(patient) = ResourceType::parse("Patient") else { return Ok(Vec::new()) };
    if current.key.kind == patient {
        return Ok(vec![current.key.clone()]);
    }
    let registry = ctx.server.registry();
    let params = linking(&registry, patient, current.key.kind);
    if params.is_empty() {
        return Ok(Vec::new());
    }
    let text = match current.text() {
        Some(text) => Some(text.clone()),
        None => last_text(ctx, &current.key).await?,
    };
    let Some(resource) = text.and_then(|text| json::parse(&text).ok()) else { return Ok(Vec::new()) };
    let extracted = registry.extract(current.key.kind, &resource);
    let targets = extracted.entries.iter().filter(|entry| params.contains(&entry.param)).filter_map(|entry| match &entry.value {
        EntryValue::Local(local) => local.target.strip_prefix("Patient/"),
        _ => None,
    });
    let mut keys: Vec<Key> = targets.map(|id| Key::new(patient, id)).collect();
    keys.sort_unstable();
    keys.dedup();
    Ok(keys)
}

async fn last_text(ctx: &Context, key: &Key) -> Result<Option<bytes::Bytes>, Error> {
    let scope = Scope::Instance(key.clone());
    let query = HistoryQuery { tenant: ctx.tenant, scope, since: None, until: None, before: None, most_bytes: None, count: PAST };
    let history = ctx.store().history(&query).await?;
    Ok(history.versions.iter().find_map(|version| version.text().cloned()))
}
