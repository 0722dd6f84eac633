//! The desk: finds what is asked in the table, sees whether it may be done, and does it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use access::Access;
use audit::What;
use audit::checkpoint::Checkpoint;
use audit::happening::Done;
use fhir::{IssueCode, nearest};
use identity::chronicle::{self, Noted};
use identity::{Identity, Tenants};
use oauth::Provider;
use store::commit::{Commit, Tenant};

use crate::asked::{Asked, Reply};
use crate::codes;
use crate::refusal::Refusal;
use crate::table::{self, Row};

/// How often something is begun again when another changed the same first.
pub(crate) const TRIES: usize = 8;

/// Where administration is done.
pub struct Desk {
    pub(crate) identity: Identity,
    pub(crate) provider: Arc<Provider>,
    pub(crate) rules: Arc<Access>,
    pub(crate) tenants: Option<Arc<Tenants>>,
    pub(crate) proofs: Option<Arc<dyn Proofs>>,
}

/// Tells how far the audit trail of a tenant is proven.
pub trait Proofs: Send + Sync {
    /// The last checkpoint that was signed; `None`: none was, or it cannot be read.
    fn last(&self, tenant: Tenant) -> Option<Checkpoint>;
}

/// Has commits tell of what is done at the desk.
pub trait Teller: Send + Sync {
    /// Adds to a commit the events of this, which it does.
    fn write(&self, what: &What, commit: &mut Commit);

    /// A commit that tells of this was applied.
    fn applied(&self, _what: What) -> Noted<'_> {
        Box::pin(std::future::ready(()))
    }
}

/// Somebody's errand: what they asked for, told in each commit that is made for it.
struct Errand {
    teller: Arc<dyn Teller>,
    row: &'static Row,
    /// What the last commit told, and whether one was applied.
    told: Mutex<(Option<What>, bool)>,
}

impl Errand {
    fn told(&self) -> MutexGuard<'_, (Option<What>, bool)> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl chronicle::Errand for Errand {
    fn write(&self, changed: &str, commit: &mut Commit) {
        let (of, done) = self.row.tells;
        let what = What::Administration(of, done, format!("{}: {changed}", self.row.name).into());
        self.teller.write(&what, commit);
        self.told().0 = Some(what);
    }

    fn applied(&self) -> Noted<'_> {
        let what = {
            let mut told = self.told();
            told.1 = true;
            told.0.take()
        };
        match what {
            Some(what) => self.teller.applied(what),
            None => Box::pin(std::future::ready(())),
        }
    }
}

/// What came of something that was asked.
#[derive(Debug)]
pub struct Answered {
    /// What is answered.
    pub reply: Result<Reply, Refusal>,
    /// What is to be told to the audit trail before the answer goes out; `None`: nothing, as the path leads to nothing, or what was done is told in the commits that did it.
    pub told: Option<What>,
}

impl Desk {
    /// A desk for accounts, clients and rules on one store. The rules hear of what is committed to it ([`access::Following`]).
    pub fn new(identity: Identity, provider: Arc<Provider>, rules: Arc<Access>) -> Self {
        Self { identity, provider, rules, tenants: None, proofs: None }
    }

    /// The same where tenants are administered, too.
    pub fn with_tenants(self, tenants: Arc<Tenants>) -> Self {
        Self { tenants: Some(tenants), ..self }
    }

    /// The same where it is known how far the trail is proven.
    pub fn with_proofs(self, proofs: Arc<dyn Proofs>) -> Self {
        Self { proofs: Some(proofs), ..self }
    }

    /// Does what is asked, if whoever asks may. It is done, durable and in force everywhere in this process when this returns, and in others when they come to it in the
    /// feed.
    ///
    /// What changes a record is told by `teller` in the same commit; without one it is told as the doing of the server itself.
    ///
    /// Every refusal is in the answer: 400 with all that is wrong in what was sent; 403; 404; 405; 409; 412; 500 and 503 when the directory or the store fails.
    pub async fn answer(&self, asked: &Asked, teller: Option<Arc<dyn Teller>>) -> Answered {
        let path: Vec<&str> = asked.path.iter().map(String::as_str).collect();
        let (row, ids) = match table::find(&asked.method, &path) {
            Ok(found) => found,
            Err(refusal) => return Answered { reply: Err(refusal), told: None },
        };
        let errand = teller.filter(|_| row.tells.1 != Done::Read);
        let errand = errand.map(|teller| Arc::new(Errand { teller, row, told: Mutex::default() }));
        let reply = match (permitted(row, asked), &errand) {
            (Ok(()), Some(errand)) => chronicle::on_errand(errand.clone(), (row.run)(self, asked, ids)).await,
            (Ok(()), None) => (row.run)(self, asked, ids).await,
            (Err(refusal), _) => Err(refusal),
        };
        if reply.is_ok() && errand.is_some_and(|errand| errand.told().1) {
            return Answered { reply, told: None };
        }
        let words = match &reply {
            Ok(reply) => format!("{}: {}", row.name, reply.told),
            Err(refusal) => format!("{} {}: {}", row.name, path.join("/"), refusal.words()),
        };
        let (of, done) = row.tells;
        Answered { reply, told: Some(What::Administration(of, done, words.into())) }
    }
}

/// Whether a rule lets it be asked, and the parameters are those of the row.
fn permitted(row: &Row, asked: &Asked) -> Result<(), Refusal> {
    if let Some(permission) = row.needs.filter(|permission| !asked.grant.administers(*permission)) {
        return Err(Refusal::not_permitted(permission));
    }
    for (index, (name, _)) in asked.query.iter().enumerate() {
        let known = || row.query.iter().map(|param| param.name);
        let wrong = |number, what: String| Refusal::of(400, IssueCode::NotSupported, number, what);
        if !known().any(|known| known == name) {
            let remedy = match nearest(name, known()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known are {}", known().collect::<Vec<_>>().join(", ")),
            };
            let shown: String = name.chars().take(40).collect();
            return Err(wrong(codes::UNKNOWN_NAME, format!("there is no parameter `{shown}` here: {remedy}")));
        }
        if asked.query[..index].iter().any(|(other, _)| other == name) {
            return Err(wrong(codes::BAD_VALUE, format!("the parameter `{name}` is there more than once")));
        }
    }
    if row.body.is_none() && asked.body.is_some() {
        return Err(Refusal::of(400, IssueCode::Structure, codes::BAD_BODY, "this takes no body: leave it out"));
    }
    if !row.conditional && (asked.if_match.is_some() || asked.if_absent) {
        return Err(Refusal::wrong("", "If-Match and If-None-Match have no meaning here, and are not passed over: leave them out"));
    }
    Ok(())
}

/// Fails when something is no longer at the version that was named.
pub(crate) fn current(asked: &Asked, version: u64) -> Result<(), Refusal> {
    match asked.if_match {
        Some(wanted) if wanted != version => Err(Refusal::not_current()),
        _ => Ok(()),
    }
}
