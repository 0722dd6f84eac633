//! What an interaction works with: the server's parts and settings, and who asks.

use std::sync::Arc;
use std::time::Duration;

use ::search::{CodeSets, Live, Registry, SearchContext};
use access::{Gate, Grant, Touched};
use bytes::Bytes;
use fhir::Value;
use fhir::definitions::ResourceType;
use fhir::library::Library;
use fhir::primitive::instant_text;
use store::Store;
use store::as_of::AsOf;
use store::commit::{DEFINING, Instant, Key, Tenant};
use store::contract::Clock;
use store::entry::Param;

use crate::builtin::Builtin;
use crate::code_sets::KeptSets;
use crate::erase::Custodian;
use crate::library::{Defining, InForce, Live as LiveLibrary};
use crate::page_seal::{PAGE_KEY_BYTES, PageSeal};
use crate::prepare::{Prepared, Rules, prepare};
use crate::terminology::Terms;
use crate::validation::{Levels, RequiredProfiles, Validation};
use crate::{Error, Identifiers, Kept, Rulebook, as_of, provenance};

/// The parts that all requests share.
pub struct Server {
    /// Where resources are.
    pub store: Arc<dyn Store>,
    /// The search parameters, which SearchParameter resources change.
    pub parameters: Live,
    /// What is allowed.
    pub settings: Settings,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Makes the ids of new resources.
    pub identifiers: Identifiers,
    /// The conformance resources that are stored.
    library: LiveLibrary,
    /// Those that the server brings.
    base: Arc<dyn Library>,
    /// What questions of terminology are answered with.
    pub(crate) terms: Arc<Terms>,
    /// The sets of codes that searches have named.
    pub(crate) code_sets: Arc<KeptSets>,
    /// What judges resources by the rules in force.
    rulebook: Arc<Rulebook>,
    /// How resources are judged when they are written; `None`: by nothing but their structure.
    validation: Option<Arc<Validation>>,
    /// The CapabilityStatement, once somebody has asked for it.
    pub(crate) statement: Kept<Bytes>,
    /// The resources that the server itself brings.
    pub(crate) builtin: Builtin,
    /// What page tokens are sealed with.
    pub(crate) page_seal: PageSeal,
    /// Who keeps records and their keys; `None`: nobody, and what is erased is only removed.
    pub(crate) custodian: Option<Arc<dyn Custodian>>,
}

impl Server {
    /// A server on `store` that makes random ids. Resources define parameters for it when `store` was opened with the same [`Live`] as its extractor.
    pub fn new(store: Arc<dyn Store>, parameters: impl Into<Live>, settings: Settings, clock: Arc<dyn Clock>) -> Self {
        let library = LiveLibrary::default();
        let terms = Arc::new(Terms::default());
        Self {
            store: Arc::new(Defining::new(store, library.clone())),
            parameters: parameters.into(),
            settings,
            clock,
            identifiers: Identifiers::random(),
            library,
            base: Arc::new(base::library()),
            rulebook: Arc::new(Rulebook::new(terms.clone())),
            terms,
            code_sets: Arc::default(),
            validation: None,
            statement: Kept::default(),
            builtin: Builtin::default(),
            page_seal: PageSeal::random(),
            custodian: None,
        }
    }

    /// The search parameters in force now. What an interaction does, it does by one of these.
    pub fn registry(&self) -> Arc<Registry> {
        self.parameters.current()
    }

    /// The same, with these conformance resources below those that are stored.
    pub fn with_base(self, base: Arc<dyn Library>) -> Self {
        Self { base, ..self }
    }

    /// The same, whose page tokens are sealed with this key: they hold for every server that has it. Otherwise they hold for one server,
    /// as long as it runs.
    pub fn with_page_key(self, key: &[u8; PAGE_KEY_BYTES]) -> Self {
        Self { page_seal: PageSeal::new(key), ..self }
    }

    /// The same, where somebody keeps records: asked before anything is erased, and told when a patient's record is.
    pub fn with_custodian(self, custodian: Arc<dyn Custodian>) -> Self {
        Self { custodian: Some(custodian), ..self }
    }

    /// The same, judging what is written by the rules in force: by those of FHIR always, and by those of profiles as far as is said here.
    pub fn judging(self, levels: Levels, required: RequiredProfiles) -> Self {
        let validation = Validation { rulebook: self.rulebook.clone(), levels, required };
        Self { validation: Some(Arc::new(validation)), ..self }
    }

    /// What judges resources by the rules in force.
    pub fn rulebook(&self) -> &Rulebook {
        &self.rulebook
    }

    /// The conformance resources in force for a tenant. They are read when somebody first asks for them: until then, whoever asks waits.
    ///
    /// Fails when the store cannot be read.
    pub async fn library(&self, tenant: Tenant) -> Result<InForce, Error> {
        let library = self.library_so_far(tenant);
        library.stored.fill(&*self.store, tenant).await?;
        Ok(library)
    }

    /// Those of them that were read or written already.
    pub fn library_so_far(&self, tenant: Tenant) -> InForce {
        InForce { stored: self.library.of(tenant), base: self.base.clone() }
    }

    /// By what resources of a tenant are judged and indexed when they are written.
    ///
    /// Fails when the store cannot be read.
    pub async fn rules(&self, tenant: Tenant) -> Result<Rules, Error> {
        let judging = match &self.validation {
            Some(validation) => Some((validation.clone(), self.library(tenant).await?)),
            None => None,
        };
        Ok(Rules { registry: self.registry(), defines: tenant == DEFINING, judging })
    }

    /// A new logical id.
    pub fn new_id(&self) -> String {
        self.identifiers.next(self.clock.now())
    }
}

/// What is allowed, and how much of it. Each field is a setting of the binary.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How many resources a page has when nobody asks (20).
    pub default_count: u32,
    /// How many it has at most, whatever is asked for (1,000).
    pub max_count: u32,
    /// How many entries a batch or transaction has at most (20,000).
    pub max_bundle_entries: usize,
    /// How many bytes of resources its entries answer together (64 MiB): entries beyond are not begun, and what was written is not given back.
    pub bundle_answer_bytes: usize,
    /// How long a batch, or the reading of a transaction, begins further entries (60 s).
    pub bundle_time: Duration,
    /// Whether a reference to a resource of this server must lead to one (`check`).
    pub references: References,
    /// Whether a resource that others refer to may be deleted (`allow`).
    pub delete_referenced: DeleteReferenced,
    /// Whether a conditional delete may delete more than one resource (`single`).
    pub conditional_delete: ConditionalDelete,
    /// How many resources it deletes at most then; if more match, none is deleted (1,000).
    pub max_conditional_deletes: u32,
    /// Whether a client may choose the id of a new resource, by updating what does not exist yet (true).
    pub update_create: bool,
    /// Whether clients may remove resources for good, by `$expunge` and `$purge` (false).
    pub erase: bool,
    /// How many entries of a batch are worked on at once (16).
    pub batch_concurrency: usize,
    /// How often a transaction is tried when it loses against others (5).
    pub transaction_attempts: u32,
    /// How much a GraphQL query may ask for.
    pub graphql: ::graphql::Limits,
    /// The name and version that the CapabilityStatement gives, such as `Ward` and `0.1.0`.
    pub software: (String, String),
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            default_count: 20,
            max_count: 1000,
            max_bundle_entries: 20_000,
            bundle_answer_bytes: 64 << 20,
            bundle_time: Duration::from_secs(60),
            references: References::Check,
            delete_referenced: DeleteReferenced::Allow,
            conditional_delete: ConditionalDelete::Single,
            max_conditional_deletes: 1000,
            update_create: true,
            erase: false,
            batch_concurrency: 16,
            transaction_attempts: 5,
            graphql: ::graphql::Limits::default(),
            software: ("Ward".into(), env!("CARGO_PKG_VERSION").into()),
        }
    }
}

/// Whether a reference to a resource of this server must lead to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum References {
    /// A reference to nothing is refused. It holds under races: the commit expects the target.
    Check,
    /// References are stored as they are.
    Allow,
}

/// Whether a resource that others refer to may be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeleteReferenced {
    /// It is deleted, and references to it lead to a deleted resource.
    Allow,
    /// It is kept while a reference that some search parameter covers leads to it: one indexed look for each type that can refer to it.
    Refuse,
}

/// Whether a conditional delete may delete more than one resource (<http://hl7.org/fhir/R4/http.html#3.1.0.7.1>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConditionalDelete {
    /// Criteria that match several are refused.
    Single,
    /// All that match are deleted, in one commit.
    Multiple,
}

/// Who asks, for whose data, and under which address.
///
/// A context that acts under a grant reaches the store through the gate alone: what no rule shows is not there. One without a grant reaches all of it:
/// it is the server's own, or that of a server that is open.
///
/// A context at a moment that is past sees the resources as they were, and changes nothing.
#[derive(Clone)]
pub struct Context {
    /// The server.
    pub server: Arc<Server>,
    /// Whose data.
    pub tenant: Tenant,
    /// Who: a reference such as `Practitioner/12`, or the name of a system.
    pub actor: Arc<str>,
    /// The address under which the client sees the FHIR endpoint, without a slash at its end: `http://127.0.0.1:8080/fhir`.
    pub base_url: Arc<str>,
    /// The Provenance to commit with what is written.
    pub(crate) provenance: Option<Arc<Value>>,
    /// The languages in which the client would like to read names.
    pub(crate) language: Option<Arc<str>>,
    gate: Option<Arc<Gate>>,
    past: Option<Past>,
}

/// A moment, and the store as it was then.
#[derive(Clone)]
struct Past {
    moment: Instant,
    store: Arc<dyn Store>,
}

impl Context {
    /// A context at the present moment.
    pub fn new(server: Arc<Server>, tenant: Tenant, actor: impl Into<Arc<str>>, base_url: impl Into<Arc<str>>) -> Self {
        Self { server, tenant, actor: actor.into(), base_url: base_url.into(), provenance: None, language: None, gate: None, past: None }
    }

    /// The same, for the write of one resource that is to be committed together with this Provenance, which becomes about it.
    ///
    /// [`Error::BadRequest`] when it is no Provenance, or names a target itself.
    pub fn with_provenance(self, provenance: Value) -> Result<Self, Error> {
        provenance::check(&provenance)?;
        Ok(Self { provenance: Some(Arc::new(provenance)), ..self })
    }

    /// The same for a client that would like to read names in these languages, as `Accept-Language` writes them. What cannot be read counts for nothing.
    pub fn with_language(self, languages: &str) -> Self {
        Self { language: Some(languages.into()), ..self }
    }

    /// The same for whoever has this grant: the store is what it shows, at every moment.
    pub fn acting(self, grant: Arc<Grant>) -> Self {
        self.through(|store, parameters| Gate::new(store, parameters, grant))
    }

    /// The same, with the list in which the versions are noted that are given out, on another store, which stands behind the gate for this request: one that
    /// tells what is committed.
    pub fn acting_told(self, grant: Arc<Grant>, touched: Arc<Touched>, store: Arc<dyn Store>) -> Self {
        self.through(|_, parameters| Gate::new(store, parameters, grant).noting(touched))
    }

    fn through(self, gate: impl FnOnce(Arc<dyn Store>, Live) -> Gate) -> Self {
        let moment = self.as_of();
        let gate = gate(self.server.store.clone(), self.server.parameters.clone());
        let acting = Self { gate: Some(Arc::new(gate)), past: None, ..self };
        match moment {
            None => acting,
            Some(moment) => acting.at(moment),
        }
    }

    /// The grant under which this goes on; `None`: nobody asks for one.
    pub fn grant(&self) -> Option<&Arc<Grant>> {
        self.gate.as_ref().map(|gate| gate.grant())
    }

    /// Whether a search parameter reads an element that the grant hides: what the server itself looks for, it looks for by others.
    pub(crate) fn hides(&self, param: Param) -> bool {
        self.gate.as_ref().is_some_and(|gate| gate.hides(param))
    }

    /// The same at a moment that is past.
    pub fn at(&self, moment: Instant) -> Self {
        let store: Arc<dyn Store> = match &self.gate {
            Some(gate) => Arc::new(gate.at(moment)),
            None => Arc::new(AsOf::new(self.server.store.clone(), moment)),
        };
        Self { past: Some(Past { moment, store }), ..self.clone() }
    }

    /// The same at the present moment.
    pub(crate) fn now_only(&self) -> Self {
        Self { past: None, ..self.clone() }
    }

    /// The moment whose state is asked about; `None`: now.
    pub fn as_of(&self) -> Option<Instant> {
        self.past.as_ref().map(|past| past.moment)
    }

    /// The key of a new resource, with an id that the server makes: under a grant too it is known for one.
    pub(crate) fn new_key(&self, kind: ResourceType) -> Key {
        let key = Key::new(kind, self.server.new_id());
        if let Some(gate) = &self.gate {
            gate.mint(&key);
        }
        key
    }

    /// The parameter that the links of an answer have, so that they lead to the same moment.
    pub(crate) fn as_of_param(&self) -> Option<(String, String)> {
        self.as_of().map(|moment| (as_of::PARAMETER.to_owned(), instant_text(moment)))
    }

    /// The store, as it is or was at the moment asked about, and as the grant shows it.
    pub fn store(&self) -> &dyn Store {
        match (&self.past, &self.gate) {
            (Some(past), _) => &*past.store,
            (None, Some(gate)) => &**gate,
            (None, None) => &*self.server.store,
        }
    }

    /// By what is judged and indexed what is written. Fails when the store cannot be read.
    pub async fn rules(&self) -> Result<Rules, Error> {
        self.server.rules(self.tenant).await
    }

    /// Makes a resource ready to be stored: see [`prepare`]. Fails also when the store cannot be read.
    pub async fn prepare(&self, resource: &Value, key: Key) -> Result<Prepared, Error> {
        prepare(&self.rules().await?, &self.base_url, resource, key)
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.server.settings
    }

    /// What search parameters are understood by.
    pub(crate) fn search_context<'a>(&'a self, lenient: bool, code_sets: &'a dyn CodeSets) -> SearchContext<'a> {
        let Settings { default_count, max_count, .. } = self.server.settings;
        SearchContext {
            tenant: self.tenant,
            base_url: &self.base_url,
            default_count,
            max_count,
            lenient,
            now: self.as_of().unwrap_or_else(|| self.now()),
            code_sets,
            seal: &self.server.page_seal,
        }
    }

    /// The present moment.
    pub fn now(&self) -> Instant {
        self.server.clock.now()
    }
}
