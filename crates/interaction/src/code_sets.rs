//! The sets of codes that searches name: value sets (`:in`, `:not-in`), and what stands below or above a code.
//!
//! What a search is understood by is at hand; what is in a value set may have to be read. So a search that names sets is understood twice: first
//! to see which, then with what is in them. What is in them is what the resources in force now say, also for a search of the past: what a code
//! means is no matter of when it was written down.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use ::search::{CodeSet, CodeSets, NoTokens, Registry, SearchContext, SetOf};
use ::terminology::{Terminology, Unlisted};
use fhir::{Issue, Value, json};
use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};
use store::commit::Key;
use store::query::TokenSet;
use tokio::runtime::Handle;

use crate::library::InForce;
use crate::{Context, Error, ReadRequest, Server, read};

/// How many codes the sets of a search may have together: more than SNOMED CT has concepts.
pub const MAX_CODES: usize = 500_000;

/// How many sets a search may name.
pub const MAX_CODE_SETS: usize = 100;

/// How many bytes of sets are kept for the next search.
const KEPT_BYTES: u64 = 64 << 20;

/// How many sets that is, about.
const KEPT_SETS: usize = 256;

/// Sets that searches have asked for, by the state of the library that they follow from.
pub(crate) struct KeptSets(Cache<(u64, CodeSet), TokenSet, ByBytes>);

#[derive(Clone)]
struct ByBytes;

impl Weighter<(u64, CodeSet), TokenSet> for ByBytes {
    fn weight(&self, _: &(u64, CodeSet), set: &TokenSet) -> u64 {
        set.bytes() as u64
    }
}

impl Default for KeptSets {
    fn default() -> Self {
        // The room is not parted: a set may take half of it.
        let options = OptionsBuilder::new().estimated_items_capacity(KEPT_SETS).weight_capacity(KEPT_BYTES).shards(1).build();
        let options = options.expect("all that has no default is said");
        Self(Cache::with_options(options, ByBytes, DefaultHashBuilder::default(), DefaultLifecycle::default()))
    }
}

/// Takes down which sets are asked for, and says of each that nothing is in it.
#[derive(Debug, Default)]
struct Asked(Mutex<Vec<CodeSet>>);

impl CodeSets for Asked {
    fn tokens(&self, asked: &CodeSet) -> Result<TokenSet, NoTokens> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // One more than there may be is enough to refuse them.
        if all.len() <= MAX_CODE_SETS && !all.contains(asked) {
            all.push(asked.clone());
        }
        Ok(TokenSet::from_iter([]))
    }
}

/// What is in the sets that were asked for.
#[derive(Default)]
struct Known(HashMap<CodeSet, Result<TokenSet, NoTokens>>);

impl CodeSets for Known {
    fn tokens(&self, asked: &CodeSet) -> Result<TokenSet, NoTokens> {
        self.0.get(asked).cloned().unwrap_or(Err(NoTokens::NoTerminology))
    }
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.keys()).finish()
    }
}

impl Context {
    /// Understands search parameters, with the value sets and codes that they name.
    ///
    /// [`Error::BadRequest`] with what `parse` says is wrong, [`Error::TooCostly`] when they name too many sets; fails also when the store cannot be
    /// read.
    pub(crate) async fn understood<T>(
        &self,
        lenient: bool,
        parse: impl Fn(&Registry, &SearchContext<'_>) -> Result<T, Vec<Issue>>,
    ) -> Result<T, Error> {
        let registry = self.server.registry();
        let asked = Asked::default();
        let understood = parse(&registry, &self.search_context(lenient, &asked));
        let asked = asked.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        if asked.is_empty() {
            return understood.map_err(Error::BadRequest);
        }
        if asked.len() > MAX_CODE_SETS {
            return Err(Error::TooCostly(format!(
                "the search names more than {MAX_CODE_SETS} value sets and codes: ask in several searches"
            )));
        }
        let known = self.look_up(asked).await?;
        parse(&registry, &self.search_context(lenient, &known)).map_err(Error::BadRequest)
    }

    async fn look_up(&self, asked: Vec<CodeSet>) -> Result<Known, Error> {
        let library = self.server.library(self.tenant).await?;
        let (mut known, mut left) = (Known::default(), MAX_CODES);
        for set in asked {
            let resource = self.value_set(&set).await?;
            let tokens = tokens(&self.server, &library, &set, resource).await.and_then(|tokens| {
                left = left.checked_sub(tokens.len()).ok_or(NoTokens::TooMany(MAX_CODES))?;
                Ok(tokens)
            });
            known.0.insert(set, tokens);
        }
        Ok(known)
    }

    /// The ValueSet of this server that a set is named by; `None` when it is not named so, or there is none: then its address is a canonical one.
    async fn value_set(&self, set: &CodeSet) -> Result<Option<Value>, Error> {
        let SetOf::ValueSet { id: Some(id), version, .. } = &set.of else { return Ok(None) };
        let Some(kind) = fhir::definitions::ResourceType::parse("ValueSet") else { return Ok(None) };
        let found = match read(&self.now_only(), ReadRequest { key: Key::new(kind, id.clone()) }).await {
            Err(Error::NotFound(_) | Error::Deleted { .. }) => return Ok(None),
            found => found?,
        };
        let resource = found.text().and_then(|text| json::parse(text).ok());
        Ok(resource.filter(|resource| version.is_none() || resource.text("version") == version.as_deref()))
    }
}

/// What is in a set: kept from before, or worked out now, which may take a while for a large one.
async fn tokens(server: &Server, library: &InForce, set: &CodeSet, resource: Option<Value>) -> Result<TokenSet, NoTokens> {
    let known = server.terms.known();
    let key = (known.engine(library).generation(), set.clone());
    // The library says nothing when a resource changes that has no address.
    let is_followed = resource.as_ref().is_none_or(|resource| resource.text("url").is_some());
    if let Some(kept) = server.code_sets.0.get(&key).filter(|_| is_followed) {
        return Ok(kept);
    }
    let (library, sets) = (library.clone(), server.code_sets.clone());
    let work = move || {
        let make = || listed(&known.engine(&library), &key.1, resource);
        // Of those who ask for the same at the same time one works it out.
        if is_followed { sets.0.get_or_insert_with(&key, make) } else { make() }
    };
    match Handle::try_current() {
        Ok(runtime) => {
            runtime.spawn_blocking(work).await.unwrap_or_else(|_| Err(NoTokens::Unworkable("the work on it ended early".into())))
        }
        Err(_) => work(),
    }
}

fn listed(engine: &Terminology<'_>, set: &CodeSet, resource: Option<Value>) -> Result<TokenSet, NoTokens> {
    let codes = match (&set.of, resource) {
        (SetOf::ValueSet { .. }, Some(resource)) => engine.members_of(resource, MAX_CODES),
        (SetOf::ValueSet { url, version: None, .. }, None) => engine.members(url, MAX_CODES),
        (SetOf::ValueSet { url, version: Some(version), .. }, None) => engine.members(&format!("{url}|{version}"), MAX_CODES),
        (SetOf::Below { system, code }, _) => engine.below(system, code, MAX_CODES),
        (SetOf::Above { system, code }, _) => engine.above(system, code, MAX_CODES),
    };
    let refused = |why| match why {
        Unlisted::UnknownValueSet(address) => NoTokens::UnknownValueSet(address),
        Unlisted::UnknownSystem(address) => NoTokens::UnknownSystem(address),
        Unlisted::UnknownCode => NoTokens::UnknownCode,
        Unlisted::TooMany => NoTokens::TooMany(MAX_CODES),
        Unlisted::Unworkable(error) => NoTokens::Unworkable(error.text().to_owned()),
    };
    codes.map(|codes| set.tokens(codes)).map_err(refused)
}
