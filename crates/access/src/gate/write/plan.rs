//! A commit as the rules let it be applied.

use std::sync::PoisonError;

use search::Registry;
use store::commit::{Commit, CommitError, Committed, Conflict, Expect, Key, Tenant};
use store::query::Version;

use super::{expectations, failed};
use crate::gate::judge::Judge;
use crate::gate::{Gate, fields, visible};
use crate::grant::{Act, Verdict};
use crate::refusal;

/// The operations whose right is that to erase.
const ERASING: [&str; 2] = ["expunge", "purge"];

/// A commit that has been judged.
pub(super) struct Plan {
    /// With what must still be there when it is applied.
    pub(super) commit: Commit,
    /// The resources whose versions the gate expects.
    pub(super) judged: Vec<Key>,
    pub(super) left_out: LeftOut,
}

/// What is left out of a commit, because to whoever asks it is not there: places in the lists of the commit.
#[derive(Default)]
pub(super) struct LeftOut {
    puts: usize,
    deletes: Vec<usize>,
    erases: Vec<usize>,
}

impl LeftOut {
    /// What was applied, with what was left out as what the store passes over.
    pub(super) fn restore(self, mut committed: Committed) -> Committed {
        for place in self.deletes {
            committed.versions.insert(self.puts + place, 0);
            committed.created.insert(self.puts + place, false);
        }
        for place in self.erases {
            committed.erased.insert(place, 0);
        }
        committed
    }
}

/// Judges a commit. The errors are those of [`super::commit`].
pub(super) async fn plan(gate: &Gate, asked: &Commit) -> Result<Plan, CommitError> {
    let mut commit = asked.clone();
    let left_out = LeftOut { puts: commit.put.len(), ..LeftOut::default() };
    let registry = gate.parameters.current();
    let mut planning = Planning { gate, registry: &registry, judged: Vec::new(), own: Vec::new(), left_out };
    planning.puts(&mut commit).await?;
    planning.deletes(&mut commit).await?;
    planning.erases(&mut commit).await?;
    let Planning { judged, own, left_out, .. } = planning;
    commit.expect = expectations::seen(gate, asked).await?;
    commit.expect.extend(own);
    Ok(Plan { commit, judged, left_out })
}

struct Planning<'a> {
    gate: &'a Gate,
    registry: &'a Registry,
    judged: Vec<Key>,
    own: Vec<Expect>,
    left_out: LeftOut,
}

impl Planning<'_> {
    fn verdict(&self, key: &Key, act: Act) -> &Verdict {
        self.gate.grant.verdict(key.kind, act)
    }

    /// The verdict on making a resource: under an id that the server has made, or by an update under one of the client's choice.
    fn creating(&self, key: &Key) -> &Verdict {
        if self.is_minted(key) { self.verdict(key, Act::Create) } else { self.gate.grant.upsert(key.kind) }
    }

    fn refused(&self, key: &Key, act: Act) -> CommitError {
        let is_refused = *self.verdict(key, act) == Verdict::Refused;
        let why = if is_refused { refusal::no_rule(act, key.kind) } else { refusal::not_this_one(act, key.kind) };
        CommitError::Forbidden(why)
    }

    /// Expects that the resource is at this version when the commit is applied.
    fn expect(&mut self, key: &Key, current: Option<&Version>) {
        self.own.push(Expect::Version(key.clone(), current.map_or(0, |version| version.version)));
        self.judged.push(key.clone());
    }

    async fn puts(&mut self, commit: &mut Commit) -> Result<(), CommitError> {
        let mut acts = Vec::with_capacity(commit.put.len());
        // Where nothing was there before, the moment does not matter: a rule that goes by when a resource was written holds for what is stored.
        let mut latest = 0;
        for put in &mut commit.put {
            if self.is_free(&put.key) {
                acts.push(Act::Create);
                continue;
            }
            // What the server has made an id for is not there yet, and the commit expects so.
            let is_minted = self.is_minted(&put.key);
            let current = if is_minted { None } else { self.gate.store.read(commit.tenant, &put.key).await.map_err(failed)? };
            latest = latest.max(current.as_ref().map_or(0, |version| version.last_updated));
            acts.push(self.act(commit.tenant, &put.key, current.as_ref()).await?);
            fields::write(&self.gate.grant, self.registry, current.as_ref(), put)?;
            self.expect(&put.key, current.as_ref());
        }
        let mut judge = Judge::of_commit(&*self.gate.store, self.registry, commit, self.gate.grant.relations(), latest);
        for (put, act) in commit.put.iter().zip(acts) {
            let verdict = if act == Act::Create { self.creating(&put.key) } else { self.verdict(&put.key, act) };
            if let Verdict::Where(rule) = verdict
                && !judge.put_passes(rule, put).await.map_err(failed)?
            {
                return Err(CommitError::Forbidden(refusal::not_like_this(act, put.key.kind)));
            }
        }
        Ok(())
    }

    /// Whether the rules have nothing to say of a put, whatever is there.
    fn is_free(&self, key: &Key) -> bool {
        let mut acts = [Act::Create, Act::Read, Act::Update].iter();
        acts.all(|act| *self.verdict(key, *act) == Verdict::Allowed) && !self.gate.grant.has_fields()
    }

    fn is_minted(&self, key: &Key) -> bool {
        self.gate.minted.lock().unwrap_or_else(PoisonError::into_inner).contains(key)
    }

    /// Whether a put is a create or an update, when it is allowed by what is there.
    async fn act(&self, tenant: Tenant, key: &Key, current: Option<&Version>) -> Result<Act, CommitError> {
        let is_living = current.is_some_and(|version| version.text().is_some());
        if is_living {
            let passes = match self.verdict(key, Act::Update) {
                Verdict::Allowed => true,
                Verdict::Refused => false,
                Verdict::Where(rule) => visible::passing(self.gate, tenant, key, rule).await.map_err(failed)?.is_some(),
            };
            return match passes {
                true => Ok(Act::Update),
                false if self.sees(tenant, key).await? => Err(self.refused(key, Act::Update)),
                false => Err(Conflict::Missing(key.clone()).into()),
            };
        }
        if !self.may_choose(tenant, key, current).await? {
            return Err(Conflict::Missing(key.clone()).into());
        }
        match self.creating(key) {
            Verdict::Refused => Err(self.refused(key, Act::Create)),
            _ => Ok(Act::Create),
        }
    }

    /// Whether a resource may come into being under this id: the server has made it, or it tells nothing, because every resource of the type is seen, or
    /// the one that was deleted there.
    async fn may_choose(&self, tenant: Tenant, key: &Key, deleted: Option<&Version>) -> Result<bool, CommitError> {
        if self.is_minted(key) {
            return Ok(true);
        }
        let is_seen = match self.verdict(key, Act::Read) {
            Verdict::Allowed => !matches!(self.creating(key), Verdict::Where(_)),
            _ => false,
        };
        Ok(is_seen || deleted.is_some() && self.sees(tenant, key).await?)
    }

    async fn sees(&self, tenant: Tenant, key: &Key) -> Result<bool, CommitError> {
        Ok(visible::current(self.gate, Act::Read, tenant, key).await.map_err(failed)?.is_some())
    }

    async fn deletes(&mut self, commit: &mut Commit) -> Result<(), CommitError> {
        let mut kept = Vec::with_capacity(commit.delete.len());
        for (place, key) in std::mem::take(&mut commit.delete).into_iter().enumerate() {
            let rule = match self.verdict(&key, Act::Delete) {
                Verdict::Refused => return Err(self.refused(&key, Act::Delete)),
                Verdict::Allowed => {
                    kept.push(key);
                    continue;
                }
                Verdict::Where(rule) => rule.clone(),
            };
            if let Some(current) = visible::passing(self.gate, commit.tenant, &key, &rule).await.map_err(failed)? {
                self.expect(&key, Some(&current));
                kept.push(key);
            } else if self.sees(commit.tenant, &key).await? {
                // What is deleted already is passed over, as the store does.
                let current = self.gate.store.read(commit.tenant, &key).await.map_err(failed)?;
                if current.is_some_and(|version| version.text().is_some()) {
                    return Err(self.refused(&key, Act::Delete));
                }
                self.left_out.deletes.push(place);
            } else {
                self.left_out.deletes.push(place);
            }
        }
        commit.delete = kept;
        Ok(())
    }

    /// What is erased is gone for good: that needs an operation's right beside the sight of it.
    async fn erases(&mut self, commit: &mut Commit) -> Result<(), CommitError> {
        if commit.erase.is_empty() {
            return Ok(());
        }
        if !ERASING.iter().any(|operation| self.gate.grant.allows_operation(operation)) {
            return Err(CommitError::Forbidden(refusal::no_operation(ERASING[0])));
        }
        if let Some(erase) = commit.erase.iter().find(|erase| erase.key.kind.name() == "AuditEvent") {
            return Err(CommitError::Forbidden(refusal::no_rule(Act::Delete, erase.key.kind)));
        }
        let mut kept = Vec::with_capacity(commit.erase.len());
        for (place, erase) in std::mem::take(&mut commit.erase).into_iter().enumerate() {
            if self.sees(commit.tenant, &erase.key).await? {
                kept.push(erase);
            } else {
                self.left_out.erases.push(place);
            }
        }
        commit.erase = kept;
        Ok(())
    }
}
