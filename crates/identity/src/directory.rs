//! The directory: records about accounts, clients, sessions, keys and tenants.
//!
//! A record is a `Basic` resource of a tenant of its own ([`TENANT`]), which no address of the server leads to: so that whatever holds for
//! resources (durability, backup, one winner among many, the change feed, every engine) holds for accounts, too. Its `code` says of what kind it is, its
//! `identifier`s what it is found by beside its id, and an extension has its content as JSON.
//!
//! No record holds a secret in clear: passwords are there as argon2id hashes, tokens and recovery codes as SHA-256 of what was handed out.

mod sweeping;

use std::sync::Arc;

use bytes::Bytes;
use fhir::definitions::ResourceType;
use fhir::{Value, array, json, object};
use search::Registry;
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::Store;
use store::commit::{Body, Claim, Commit, CommitError, Conflict, Erase, Expect, Extent, Instant, Key, Put, Release, Tenant};
use store::contract::{Extract, ReadError};
use store::query::{Filter, Page, Place, Query, Test, Version};

use crate::chronicle::{self, Chronicle, NoChronicle, Told};
use crate::seen::Watches;

/// The tenant that holds the directory. Those that hold data begin at 1.
pub const TENANT: Tenant = Tenant(0);

/// The system of the codes of records, and the begin of those of their names.
const SYSTEM: &str = "urn:ward:record";

/// A kind of record.
pub trait Record: Serialize + DeserializeOwned + Send + Sync {
    /// Its code, such as `user`: letters, digits and `-`.
    const KIND: &'static str;

    /// What it is found by beside its id: pairs such as `("login", "alice")`. Within a kind, a pair belongs to one record.
    fn names(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// When it is worth nothing any more: [`Directory::sweep`] removes it after that. `None`: never.
    fn ends(&self) -> Option<Instant> {
        None
    }

    /// What it is found by that several records may share, such as `("of-user", ID)`.
    fn groups(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

/// A record as it was read.
#[derive(Clone, Debug)]
pub struct Kept<R> {
    /// Its id.
    pub id: Box<str>,
    /// Its version: a change of it is refused when another came first.
    pub version: u64,
    /// What it says.
    pub record: R,
}

/// Why the directory did not do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DirectoryError {
    /// Another changed the same record first: read it again. What may be used once was used.
    Raced,
    /// A name belongs to another record: which name (`login`), and not whose.
    Taken(String),
    /// The store does not take more at the moment, or is shutting down: try again.
    Busy,
    /// There is no room on the disk.
    Full,
    /// The store failed: what it says, without any content.
    Store(String),
}

impl std::fmt::Display for DirectoryError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            DirectoryError::Raced => f.write_str("another changed the record first"),
            DirectoryError::Taken(name) => write!(f, "this {name} is taken"),
            DirectoryError::Busy => f.write_str("the store is busy"),
            DirectoryError::Full => f.write_str("there is no room on the disk"),
            DirectoryError::Store(what) => write!(f, "the store failed: {what}"),
        }
    }
}

impl std::error::Error for DirectoryError {}

impl From<ReadError> for DirectoryError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Busy | ReadError::Closed | ReadError::TooCostly(_) | ReadError::Indexing(_) => Self::Busy,
            ReadError::Full => Self::Full,
            ReadError::Engine(what) => Self::Store(what),
            ReadError::Forbidden(_) => Self::Store("the directory is behind a gate".to_owned()),
        }
    }
}

/// The records.
#[derive(Clone)]
pub struct Directory {
    store: Arc<dyn Store>,
    registry: Arc<Registry>,
    watches: Arc<Watches>,
    chronicle: Arc<dyn Chronicle>,
}

/// Changes to records that are made together, or not at all.
pub struct Changes {
    commit: Commit,
    told: Told,
    about: Option<String>,
    problem: Option<DirectoryError>,
}

impl Directory {
    /// The directory in a store, whose changes are told nowhere.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store, registry: Registry::standard(), watches: Arc::default(), chronicle: Arc::new(NoChronicle) }
    }

    /// The same, whose changes are told to a chronicle.
    pub fn telling(self, chronicle: Arc<dyn Chronicle>) -> Self {
        Self { chronicle, ..self }
    }

    /// What takes what is done with it.
    pub(crate) fn chronicle(&self) -> &dyn Chronicle {
        &*self.chronicle
    }

    /// The store that it is in: for whoever follows what changes, in the feed of [`TENANT`].
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// Who watches which record, in this process. All clones of a directory share them.
    pub fn watches(&self) -> &Watches {
        &self.watches
    }

    /// The record of this id; `None` when there is none of that kind.
    ///
    /// Fails when the store does.
    pub async fn get<R: Record>(&self, id: &str) -> Result<Option<Kept<R>>, DirectoryError> {
        match fhir_id(id) {
            Some(key) => self.store.read(TENANT, &key).await?.map_or(Ok(None), |version| understood(&version)),
            None => Ok(None),
        }
    }

    /// The record that has this name; `None` when there is none.
    ///
    /// Fails when the store does.
    pub async fn find<R: Record>(&self, name: &str, value: &str) -> Result<Option<Kept<R>>, DirectoryError> {
        Ok(self.list(Some((name, value)), 1).await?.pop())
    }

    /// At most `most` records of a kind, the newest first: all, or those with a name or group.
    ///
    /// Fails when the store does.
    pub async fn list<R: Record>(&self, of: Option<(&str, &str)>, most: u32) -> Result<Vec<Kept<R>>, DirectoryError> {
        Ok(self.page(of, most, None).await?.0)
    }

    /// The records that come after a place in the order of [`Directory::list`], at most `most`; and the place where to go on, `None` when there are no more.
    ///
    /// Fails when the store does.
    pub async fn page<R: Record>(
        &self,
        of: Option<(&str, &str)>,
        most: u32,
        after: Option<Place>,
    ) -> Result<(Vec<Kept<R>>, Option<Place>), DirectoryError> {
        let token = |parameter: &str, system: String, code: &str| {
            let param = self.registry.get(basic(), parameter).map(|known| known.param);
            param.map(|param| Filter::Match(param, Test::Token { system: Some(system.into()), code: Some(code.into()) }))
        };
        let mut clauses: Vec<Filter> = token("code", SYSTEM.to_owned(), R::KIND).into_iter().collect();
        clauses.extend(of.and_then(|(name, value)| token("identifier", format!("{SYSTEM}:{}:{name}", R::KIND), value)));
        let page = after.map_or(Page::First, Page::After);
        let found = self.store.search(&Query { count: most, page, ..Query::new(TENANT, basic(), Filter::All(clauses)) }).await?;
        let mut records = Vec::with_capacity(found.matches.len());
        for version in &found.matches {
            records.extend(understood(version)?);
        }
        Ok((records, found.next))
    }

    /// Makes the changes, and tells of them in the same commit. When it returns they are durable, everybody sees them, and what was remembered of the records is forgotten.
    ///
    /// [`DirectoryError::Raced`] when a record that is changed is no longer the one that was read, [`DirectoryError::Taken`] when a name belongs to
    /// another; then nothing is changed. Fails also when the store does.
    pub async fn apply(&self, changes: Changes) -> Result<(), DirectoryError> {
        if let Some(problem) = changes.problem {
            return Err(problem);
        }
        let Changes { mut commit, told, about, .. } = changes;
        for put in commit.put.iter_mut() {
            let (entries, date) = Extract::extract(&*self.registry, put.key.kind, &put.body.text);
            (put.entries, put.date) = (entries, date);
        }
        let changed: Vec<Key> = commit.put.iter().map(|put| &put.key).chain(commit.erase.iter().map(|erase| &erase.key)).cloned().collect();
        let errand = chronicle::errand().filter(|_| !matches!(told, Told::Nothing(_)));
        let mut deeds = match told {
            Told::Errand(_) if errand.is_some() => Vec::new(),
            Told::Deeds(deeds) | Told::Errand(deeds) => deeds,
            Told::Nothing(_) => Vec::new(),
        };
        if let Some(errand) = &errand {
            let changed = about.unwrap_or_else(|| commit.reason.clone());
            errand.write(&changed, &mut commit);
        }
        let asking = chronicle::asking().filter(|_| errand.is_some() || !deeds.is_empty());
        for (deed, asking) in deeds.iter_mut().zip(asking.iter().cycle()) {
            (deed.address, deed.request) = (deed.address.or(asking.address), asking.request.clone());
        }
        self.chronicle.write(&deeds, &mut commit);
        let done = self.store.commit(commit).await;
        changed.iter().for_each(|key| self.watches.changed(&key.id));
        match done {
            Ok(_) => {
                asking.iter().for_each(|asking| asking.told());
                if let Some(errand) = &errand {
                    errand.applied().await;
                }
                self.chronicle.applied(deeds).await;
                Ok(())
            }
            Err(CommitError::Conflict(conflict)) => Err(match *conflict {
                Conflict::Claimed { subject, .. } => DirectoryError::Taken(subject.split('|').nth(1).unwrap_or_default().to_owned()),
                _ => DirectoryError::Raced,
            }),
            Err(CommitError::Forbidden(what)) => Err(DirectoryError::Store(what.into())),
            Err(CommitError::Engine(what)) => Err(DirectoryError::Store(what)),
            Err(_) => Err(DirectoryError::Busy),
        }
    }
}

impl Changes {
    /// No change yet. `reason` says what is done, such as `sign-in`, and `told` what the audit trail is told of it.
    pub fn new(reason: &str, told: Told) -> Self {
        Self { commit: Commit::new(TENANT, "ward", reason), told, about: None, problem: None }
    }

    /// The same changes, of which this is told.
    pub(crate) fn telling(self, told: Told) -> Self {
        Self { told, ..self }
    }

    /// The same changes; whose errand they are is told to have changed this, in words without a secret, and not the reason.
    pub fn of(self, about: impl Into<String>) -> Self {
        Self { about: Some(about.into()), ..self }
    }

    /// Writes a new record under an id that nobody has: 1 to 64 of `A-Z a-z 0-9 - .`.
    pub fn create<R: Record>(mut self, id: &str, record: &R) -> Self {
        self.commit.expect.extend(fhir_id(id).map(|key| Expect::Version(key, 0)));
        self.put(id, record)
    }

    /// Writes what a record says now, if it is still the one that was read. Names that it had and has no more are free.
    pub fn update<R: Record>(mut self, kept: &Kept<R>, record: &R) -> Self {
        self.commit.expect.extend(fhir_id(&kept.id).map(|key| Expect::Version(key, kept.version)));
        let names = record.names();
        let gone: Vec<_> = kept.record.names().into_iter().filter(|name| !names.contains(name)).collect();
        self.free::<R>(&kept.id, gone);
        self.put(&kept.id, record)
    }

    /// Removes a record with all that it ever said, if it is still the one that was read. Its names are free.
    pub fn remove<R: Record>(mut self, kept: &Kept<R>) -> Self {
        if let Some(key) = fhir_id(&kept.id) {
            self.commit.expect.push(Expect::Version(key.clone(), kept.version));
            self.commit.erase.push(Erase { key, extent: Extent::All });
            self.free::<R>(&kept.id, kept.record.names());
        }
        self
    }

    fn put<R: Record>(mut self, id: &str, record: &R) -> Self {
        let Some(key) = fhir_id(id) else {
            self.problem = Some(DirectoryError::Store("an id of a record is none of FHIR's".to_owned()));
            return self;
        };
        for (name, value) in record.names() {
            self.commit.claim.push(Claim {
                subject: subject::<R>(name, &value),
                from: i64::MIN,
                until: i64::MAX,
                capacity: 1,
                units: 1,
                holder: key.to_string(),
                lease_until: None,
            });
        }
        match body(&key, record) {
            Some(body) => self.commit.put.push(Put { key, body, entries: Vec::new(), date: store::commit::NO_DATE, extractor: 0 }),
            None => self.problem = Some(DirectoryError::Store("a record cannot be written as JSON".to_owned())),
        }
        self
    }

    fn free<R: Record>(&mut self, id: &str, names: Vec<(&'static str, String)>) {
        let holder = Key::new(basic(), id).to_string();
        let releases = names.into_iter().map(|(name, value)| Release { subject: subject::<R>(name, &value), holder: holder.clone() });
        self.commit.release.extend(releases);
    }
}

fn basic() -> ResourceType {
    ResourceType::parse("Basic").unwrap_or_else(|| unreachable!("R4 has the type Basic"))
}

/// The key of a record; `None` when the id is none that a resource can have.
fn fhir_id(id: &str) -> Option<Key> {
    let is_id = (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
    is_id.then(|| Key::new(basic(), id))
}

fn subject<R: Record>(name: &str, value: &str) -> String {
    format!("{}|{name}|{value}", R::KIND)
}

fn body<R: Record>(key: &Key, record: &R) -> Option<Body> {
    let content = serde_json::to_string(record).ok()?;
    let found_by = record.names().into_iter().chain(record.groups());
    let mut identifiers: Vec<Value> =
        found_by.map(|(name, value)| object! { "system": format!("{SYSTEM}:{}:{name}", R::KIND), "value": value }).collect();
    identifiers.extend(record.ends().map(sweeping::identifier));
    let head = format!("{{\"resourceType\":\"Basic\",\"id\":\"{}\",\"meta\":{{", key.id);
    let coding = object! { "system": SYSTEM, "code": R::KIND };
    let rest = object! {
        "code": object! { "coding": array![coding] },
        "extension": array![object! { "url": format!("{SYSTEM}:content"), "valueString": content }],
    };
    let mut text = format!("{head}}}");
    if !identifiers.is_empty() {
        text.push_str(",\"identifier\":");
        json::write(&Value::Array(identifiers), &mut text);
    }
    text.push(',');
    text.push_str(json::to_string(&rest).strip_prefix('{')?);
    Some(Body { text: Bytes::from(text), stamp_at: head.len() as u32 })
}

fn understood<R: Record>(version: &Version) -> Result<Option<Kept<R>>, DirectoryError> {
    let Some(text) = version.text() else { return Ok(None) };
    let damaged = || DirectoryError::Store(format!("the record Basic/{} cannot be understood", version.key.id));
    let resource = json::parse(text).map_err(|_| damaged())?;
    let code =
        resource.get("code").and_then(|code| code.get("coding")).and_then(|codings| codings.as_array()?.first()?.get("code")?.as_str());
    if code != Some(R::KIND) {
        return Ok(None);
    }
    let content = resource.get("extension").and_then(|all| all.as_array()?.first()?.get("valueString")?.as_str()).ok_or_else(damaged)?;
    let record = serde_json::from_str(content).map_err(|_| damaged())?;
    Ok(Some(Kept { id: version.key.id.clone(), version: version.version, record }))
}
