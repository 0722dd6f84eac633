//! The store as somebody with a grant sees it: a `Store` before the store, through which every interaction goes.
//!
//! What a rule hides is not there, in no way in: no read, no match, no total, no page, no chain, no `_has`, no include, no version of a history and
//! no change has it, and a commit finds nothing in its place. A version that is not current is seen by whom the rules let see it by its own content **and** the
//! current one; a resource that was deleted counts as what it was last. Elements that are hidden are left out of every text.
//!
//! - `narrow`: searches with the rules in them.
//! - `past`: searches in a state that is past.
//! - `visible`: which resources are seen, by their keys.
//! - `judge`: versions judged by their own entries.
//! - `history`: histories of what is seen.
//! - `changes`: the change feed of what is seen.
//! - `shelter`: files under the resource that they stand with.
//! - `write`: commits judged by what is there and by what is to be there.
//! - `fields`: hidden and read-only elements.
//! - `touched`: what was given out.
//!
//! What is no resource (claims, balances, numbers, jobs, cursors) is refused: it is the server's own. Commits that bring such things along are
//! planned inside, and pass.

mod changes;
mod fields;
mod history;
mod judge;
mod narrow;
mod past;
mod shelter;
mod touched;
mod visible;
mod write;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use search::Live;
use store::Store;
use store::commit::{Claim, Commit, CommitError, Committed, Instant, Key, Sequence, Tenant};
use store::contract::{Pending, ReadError};
use store::entry::Param;
use store::query::{Answer, Balance, Change, DueJob, History, HistoryQuery, Query, Version};
use tokio::sync::watch;

use crate::grant::{Act, Grant, Verdict};
use crate::refusal;
use fields::HiddenParams;
pub use touched::{MAX_TOUCHED, Touched};

/// A store for one grant. It is made for each request.
///
/// What a grant allows without a filter costs nothing beyond a look at the verdict. A read by a rule with a filter is one search by id and filter;
/// under a grant that is kept, the same text is not searched for again when the rule asks about nothing but the resource itself.
pub struct Gate {
    /// As it is now.
    store: Arc<dyn Store>,
    /// The moment whose state is asked about; `None`: now.
    moment: Option<Instant>,
    parameters: Live,
    grant: Arc<Grant>,
    touched: Option<Arc<Touched>>,
    /// New ids that the server has made in this request.
    minted: Mutex<HashSet<Key>>,
    hidden: OnceLock<HiddenParams>,
}

impl Gate {
    /// The store as the grant shows it; `parameters` are those by which the store's entries were extracted.
    pub fn new(store: Arc<dyn Store>, parameters: Live, grant: Arc<Grant>) -> Self {
        Self { store, moment: None, parameters, grant, touched: None, minted: Mutex::default(), hidden: OnceLock::new() }
    }

    /// The same, noting what it gives out.
    pub fn noting(self, touched: Arc<Touched>) -> Self {
        Self { touched: Some(touched), ..self }
    }

    /// The same for the state of a moment that is past. Nothing is written through it. What is hidden now is hidden of the past, too.
    pub fn at(&self, moment: Instant) -> Self {
        let Self { store, parameters, grant, touched, .. } = self;
        let new = Self::new(store.clone(), parameters.clone(), grant.clone());
        Self { moment: Some(moment), touched: touched.clone(), ..new }
    }

    /// The grant.
    pub fn grant(&self) -> &Arc<Grant> {
        &self.grant
    }

    /// Whether a search parameter reads an element that is hidden: a search by it is refused.
    pub fn hides(&self, param: Param) -> bool {
        self.grant.has_fields() && self.hidden_params().has(param)
    }

    /// Takes in that the server has made this id for a new resource: a put of it is a create. Whoever sees a type in part only creates
    /// resources of it under no other ids, so that nobody learns by trying which ones there are.
    pub fn mint(&self, key: &Key) {
        self.minted.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone());
    }

    /// [`ReadError::Forbidden`] for the data of another tenant than the grant's.
    fn own(&self, tenant: Tenant) -> Result<(), ReadError> {
        if tenant == self.grant.principal.tenant { Ok(()) } else { Err(ReadError::Forbidden("this is not your data".into())) }
    }

    /// Whether an act is allowed with all resources of the type, and nothing of them is hidden, so that the store's answer goes out as it is.
    fn is_plain(&self, act: Act, key: &Key) -> bool {
        let is_free = *self.grant.verdict(key.kind, act) == Verdict::Allowed && !self.grant.has_fields() && self.touched.is_none();
        is_free && !shelter::shelters(&self.grant, key.kind)
    }

    /// What goes out: noted, and without hidden elements.
    fn given(&self, mut version: Option<Version>) -> Option<Version> {
        self.give(version.as_mut_slice());
        version
    }

    fn give(&self, versions: &mut [Version]) {
        if let Some(touched) = &self.touched {
            touched.note(&*versions);
        }
        if self.grant.has_fields() {
            versions.iter_mut().for_each(|version| fields::hide(&self.grant, version));
        }
    }
}

fn inside<T>(what: &str) -> Result<T, ReadError> {
    Err(ReadError::Forbidden(refusal::inside_only(what)))
}

impl Store for Gate {
    fn commit(&self, commit: Commit) -> Pending<'_, Result<Committed, CommitError>> {
        Box::pin(write::commit(self, commit))
    }

    fn read<'a>(&'a self, tenant: Tenant, key: &'a Key) -> Pending<'a, Result<Option<Version>, ReadError>> {
        if self.moment.is_none() && self.is_plain(Act::Read, key) && self.own(tenant).is_ok() {
            return self.store.read(tenant, key);
        }
        Box::pin(async move {
            self.own(tenant)?;
            let found = match self.moment {
                None => visible::current(self, Act::Read, tenant, key).await?,
                Some(moment) => past::read(self, tenant, key, moment).await?,
            };
            Ok(self.given(found))
        })
    }

    fn vread<'a>(&'a self, tenant: Tenant, key: &'a Key, version: u64) -> Pending<'a, Result<Option<Version>, ReadError>> {
        if self.moment.is_none() && self.is_plain(Act::Read, key) && self.own(tenant).is_ok() {
            return self.store.vread(tenant, key, version);
        }
        Box::pin(async move {
            self.own(tenant)?;
            let found = visible::version(self, tenant, key, version).await?;
            Ok(self.given(found.filter(|found| self.moment.is_none_or(|moment| found.last_updated <= moment))))
        })
    }

    fn search<'a>(&'a self, query: &'a Query) -> Pending<'a, Result<Answer, ReadError>> {
        let moment = earlier(self.moment, query.as_of);
        let is_file = |subject: &store::query::Subject| shelter::shelters(&self.grant, subject.kind);
        let has_files = query.subjects.iter().any(is_file) || !query.include.is_empty() && !self.grant.allows_all(Act::Read);
        let is_open = !has_files && !self.grant.has_fields() && self.touched.is_none() && narrow::is_open(&self.grant, query);
        if moment.is_none() && is_open && self.own(query.tenant).is_ok() {
            return self.store.search(query);
        }
        Box::pin(async move {
            self.own(query.tenant)?;
            let asked = fields::checked(self, query)?;
            let mut answer = match moment {
                Some(moment) => past::search(self, &asked, moment).await?,
                None if narrow::is_open(&self.grant, &asked) => self.store.search(&asked).await?,
                None => self.store.search(&narrow::query(&*self.grant, self.grant.visible(), &asked)?).await?,
            };
            if has_files {
                shelter::retain_found(self, query.tenant, &mut answer).await?;
            }
            self.give(&mut answer.matches);
            self.give(&mut answer.included);
            Ok(answer)
        })
    }

    fn history<'a>(&'a self, query: &'a HistoryQuery) -> Pending<'a, Result<History, ReadError>> {
        Box::pin(async move {
            self.own(query.tenant)?;
            let query = HistoryQuery { until: earlier(self.moment, query.until), ..query.clone() };
            let mut history = history::history(self, &query).await?;
            shelter::retain(self, query.tenant, &mut history.versions).await?;
            self.give(&mut history.versions);
            Ok(history)
        })
    }

    fn changes(&self, tenant: Tenant, after: Sequence, limit: u32) -> Pending<'_, Result<Vec<Change>, ReadError>> {
        Box::pin(async move {
            self.own(tenant)?;
            changes::changes(self, tenant, after, limit).await
        })
    }

    /// A number that never changes: how much others write is not told.
    fn watch(&self) -> watch::Receiver<u64> {
        watch::Sender::new(0).subscribe()
    }

    fn cursor<'a>(&'a self, _: Tenant, _: &'a str) -> Pending<'a, Result<Sequence, ReadError>> {
        Box::pin(async { inside("cursors of the change feed") })
    }

    fn next_number<'a>(&'a self, _: Tenant, _: &'a str) -> Pending<'a, Result<u64, ReadError>> {
        Box::pin(async { inside("sequences of numbers") })
    }

    fn balance<'a>(&'a self, _: Tenant, _: &'a str, _: &'a str) -> Pending<'a, Result<Option<Balance>, ReadError>> {
        Box::pin(async { inside("balances of accounts") })
    }

    fn claims<'a>(&'a self, _: Tenant, _: &'a str, _: Instant) -> Pending<'a, Result<Vec<Claim>, ReadError>> {
        Box::pin(async { inside("claims") })
    }

    fn take_jobs<'a>(&'a self, _: Tenant, _: &'a str, _: Instant, _: Instant, _: u32) -> Pending<'a, Result<Vec<DueJob>, CommitError>> {
        Box::pin(async { Err(CommitError::Forbidden(refusal::inside_only("jobs"))) })
    }
}

/// The earlier of two moments, where there are some.
fn earlier(one: Option<Instant>, other: Option<Instant>) -> Option<Instant> {
    one.into_iter().chain(other).min()
}
