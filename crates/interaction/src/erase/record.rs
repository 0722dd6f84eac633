//! The record of a patient, erased: the patient's compartment (<http://hl7.org/fhir/R4/compartmentdefinition-patient.html>), and then the patient.
//!
//! What is also in another patient's compartment (a group, an appointment of two) is that patient's as well, and stays. So do AuditEvents: they tell who
//! saw what, also of what is gone, and hold no more of it than its address. The search that finds a record sees no deleted resources: a deleted
//! one is erased by its own address.

use std::time::{Duration, Instant};

use fhir::definitions::ResourceType;
use store::commit::{Commit, Erase, Extent, Key};
use store::entry::Param;
use store::query::{Filter, Query, Sort, SortBy, Subject, Test};

use super::{Claim, EraseRequest, remove};
use crate::delete::tells;
use crate::operation::linking;
use crate::{Context, Error};

/// How many resources one commit erases: others write in between.
const BATCH: u32 = 100;

/// Whose record is to be erased.
#[derive(Clone, Debug)]
pub struct EraseRecordRequest {
    /// The patient.
    pub patient: Key,
    /// Also when resources that stay refer to the record: their references then lead to nothing.
    pub force: bool,
    /// Also before the time is over for which records are kept, because a law demands it.
    pub by_law: bool,
    /// After how long to stop, by a clock that nobody sets, with what is left for the next call; to the end when it is `None`.
    pub most_time: Option<Duration>,
}

/// What was erased of a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// How many resources.
    pub resources: u64,
    /// How many versions of them.
    pub versions: u64,
    /// Whether all of it is gone, and the patient too; otherwise the time was over.
    pub is_complete: bool,
}

/// Erases all versions of what belongs to a patient and to no other patient, some resources a commit, and of the patient last: what is interrupted is
/// finished by another call.
///
/// Whether something that stays refers to the record is judged before anything is erased, and for the patient again at the moment of the last
/// commit.
///
/// Where somebody keeps records ([`super::Custodian`]), they are asked first; then the erasure is begun, the record is removed, and at last its key is destroyed.
///
/// [`Error::NotFound`] when there never was such a patient, or nothing is left of it, [`Error::StillReferenced`] when something that stays refers to the record and
/// `force` is not said, [`Error::Withheld`] when it has to be kept; or a failure of the store.
pub async fn erase_record(ctx: &Context, request: EraseRecordRequest) -> Result<Record, Error> {
    let EraseRecordRequest { patient, force, by_law, most_time } = request;
    let started = Instant::now();
    let Some(current) = ctx.store().read(ctx.tenant, &patient).await? else { return Err(Error::NotFound(patient)) };
    let members = Members::new(ctx, &patient);
    if !force && let Some(by) = members.referred_by(ctx).await? {
        return Err(Error::StillReferenced { key: patient, by: Some(by) });
    }
    let custodian = ctx.server.custodian.as_ref();
    if let Some(custodian) = custodian {
        let mut resources = members.newest(ctx).await?;
        resources.push((patient.kind, current.last_updated));
        let patients = std::slice::from_ref(&patient);
        custodian.may_erase(&Claim { tenant: ctx.tenant, patients, resources: &resources, by_law }).await?;
        custodian.begin(ctx.tenant, &patient).await?;
    }
    let mut record = Record::default();
    loop {
        if most_time.is_some_and(|most| started.elapsed() > most) {
            return Ok(record);
        }
        let keys = members.some(ctx).await?;
        if keys.is_empty() {
            break;
        }
        let mut commit = Commit::new(ctx.tenant, &*ctx.actor, "erase");
        commit.erase = keys.into_iter().map(|key| Erase { key, extent: Extent::All }).collect();
        let committed = ctx.store().commit(commit).await?;
        record.add(&committed.erased);
    }
    let last = EraseRequest { key: patient.clone(), extent: Extent::All, if_match: None, force, by_law };
    record.add(&[remove(ctx, last).await?]);
    if let Some(custodian) = custodian {
        custodian.finish(ctx.tenant, &patient).await?;
    }
    record.is_complete = true;
    Ok(record)
}

impl Record {
    fn add(&mut self, versions: &[u64]) {
        self.resources += versions.iter().filter(|versions| **versions > 0).count() as u64;
        self.versions += versions.iter().sum::<u64>();
    }
}

/// What belongs to a patient and to nobody else, the patient left out: a filter for each type that can.
struct Members {
    patient: Key,
    subjects: Vec<Subject>,
}

impl Members {
    fn new(ctx: &Context, patient: &Key) -> Self {
        let may_belong = |kind: &ResourceType| *kind != patient.kind && !tells(*kind);
        let subject = |kind| Some(Subject { kind, filter: belonging(patient, &linking(&ctx.server.registry(), patient.kind, kind))? });
        Self { patient: patient.clone(), subjects: ResourceType::all().filter(may_belong).filter_map(subject).collect() }
    }

    /// Some of them, as they are now.
    async fn some(&self, ctx: &Context) -> Result<Vec<Key>, Error> {
        let query = Query { count: BATCH, ..Query::over(ctx.tenant, self.subjects.clone()) };
        Ok(ctx.store().search(&query).await?.matches.into_iter().map(|version| version.key).collect())
    }

    /// The types that they have, each with the moment of the newest version.
    async fn newest(&self, ctx: &Context) -> Result<Vec<(ResourceType, store::commit::Instant)>, Error> {
        let mut newest = Vec::new();
        for subject in &self.subjects {
            let sort = vec![Sort { by: SortBy::LastUpdated, descending: true }];
            let query = Query { count: 1, sort, ..Query::over(ctx.tenant, vec![subject.clone()]) };
            let answer = ctx.store().search(&query).await?;
            newest.extend(answer.matches.first().map(|version| (subject.kind, version.last_updated)));
        }
        Ok(newest)
    }

    /// Something that stays and refers to one of them, or to the patient.
    async fn referred_by(&self, ctx: &Context) -> Result<Option<Key>, Error> {
        let subjects = ResourceType::all().filter(|kind| !tells(*kind)).filter_map(|kind| self.referring(ctx, kind)).collect();
        let query = Query { count: 1, ..Query::over(ctx.tenant, subjects) };
        Ok(ctx.store().search(&query).await?.matches.into_iter().next().map(|version| version.key))
    }

    /// The resources of a type that stay and refer to the record.
    fn referring(&self, ctx: &Context, kind: ResourceType) -> Option<Subject> {
        let this = Filter::Id(vec![self.patient.id.clone()]);
        let mut refers = Vec::new();
        for parameter in ctx.server.registry().parameters(kind) {
            let leads = |subject: &&Subject| parameter.leads_to(subject.kind);
            let mut targets: Vec<_> = self.subjects.iter().filter(leads).map(|to| (to.kind, to.filter.clone())).collect();
            if parameter.leads_to(self.patient.kind) {
                targets.push((self.patient.kind, this.clone()));
            }
            if !targets.is_empty() {
                refers.push(Filter::Chain(parameter.param, targets));
            }
        }
        if refers.is_empty() {
            return None;
        }
        let own = self.subjects.iter().find(|subject| subject.kind == kind).map(|subject| subject.filter.clone());
        let own = own.or_else(|| (kind == self.patient.kind).then_some(this));
        let mut filters = vec![Filter::Any(refers)];
        filters.extend(own.map(|own| Filter::Not(Box::new(own))));
        Some(Subject { kind, filter: Filter::All(filters) })
    }
}

/// The resources of a type that refer by one of these parameters to the patient, and by none to another one; `None` when there is no parameter.
fn belonging(patient: &Key, params: &[Param]) -> Option<Filter> {
    if params.is_empty() {
        return None;
    }
    let other = Filter::Not(Box::new(Filter::Id(vec![patient.id.clone()])));
    let to_this = params.iter().map(|param| Filter::Match(*param, Test::Local(patient.to_string().into()))).collect();
    let to_other = params.iter().map(|param| Filter::Chain(*param, vec![(patient.kind, other.clone())])).collect();
    Some(Filter::All(vec![Filter::Any(to_this), Filter::Not(Box::new(Filter::Any(to_other)))]))
}
