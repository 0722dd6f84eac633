//! `$everything`: the whole record of a patient, an encounter, the patients of a group, a product
//! (<http://hl7.org/fhir/R4/patient-operation-everything.html>).
//!
//! The record is what belongs to it by its compartment, and what that refers to; each part is one search of several types, so that pages
//! are stable while others write, and each resource comes once. The tree of a resource is never read.

mod asked;
mod owners;
mod parts;
mod token;

use ::search::page::PARAMETER;
use ::search::url::query_string;
use bytes::Bytes;
use store::query::{Page, Place, Query, Subject, Version};

use super::limits::{Budget, MAX_ANSWER_ROWS};
use super::{Call, Operation, Parameter, Reply, Right, Types, place};
use crate::bundle::{BundleText, EntryText};
use crate::{Context, Error, ReadRequest, read};
use asked::Asked;
use owners::Owners;
pub(crate) use owners::linking;
use token::Part;

const START: Parameter = Parameter::input("start", "date", 0, Some(1), "Only care from this date on; what has no date is always there.");
const END: Parameter = Parameter::input("end", "date", 0, Some(1), "Only care up to this date; what has no date is always there.");
const SINCE: Parameter = Parameter::input("_since", "instant", 0, Some(1), "Only resources written at this moment or later.");
const TYPE: Parameter = Parameter::input("_type", "code", 0, None, "Only resources of these types, separated by commas.");
const COUNT: Parameter = Parameter::input("_count", "integer", 0, Some(1), "How many resources a page has.");
const PAGE: Parameter = Parameter::input(PARAMETER, "string", 0, Some(1), "From the next link of a page: the page after it.");
const BUNDLE: Parameter = Parameter::output("return", "Bundle", 1, Some(1), "A Bundle of type searchset.");

pub(super) const PATIENT: Operation = Operation {
    code: "everything",
    id: "Patient-everything",
    name: "PatientEverything",
    doc: "Answers the record of a patient, or of all patients: their compartment, and what that refers to.",
    is_standard: true,
    system: false,
    on_type: true,
    on_instance: true,
    on_version: false,
    types: Types::Only(&["Patient"]),
    affects_state: false,
    takes_criteria: false,
    right: Right::Resources,
    parameters: &[START, END, SINCE, TYPE, COUNT, PAGE, BUNDLE],
    run: |ctx, call| Box::pin(run(ctx, call)),
};

pub(super) const ENCOUNTER: Operation = Operation {
    id: "Encounter-everything",
    name: "EncounterEverything",
    doc: "Answers the record of an encounter: its compartment, and what that refers to.",
    on_type: false,
    types: Types::Only(&["Encounter"]),
    parameters: &[SINCE, TYPE, COUNT, PAGE, BUNDLE],
    ..PATIENT
};

pub(super) const GROUP: Operation = Operation {
    id: "Group-everything",
    name: "GroupEverything",
    doc: "Answers the records of the patients who are members of a group.",
    on_type: false,
    types: Types::Only(&["Group"]),
    ..PATIENT
};

pub(super) const PRODUCT: Operation = Operation {
    id: "MedicinalProduct-everything",
    name: "MedicinalProductEverything",
    doc: "Answers the record of a medicinal product, or of all: what refers to it, and what that refers to.",
    types: Types::Only(&["MedicinalProduct"]),
    parameters: &[SINCE, COUNT, PAGE, BUNDLE],
    ..PATIENT
};

/// A Bundle of type searchset: a page of what belongs to the record (mode `match`) and of what that refers to (mode `include`). Without
/// `_count` all of it, up to as many resources and bytes as one answer may have; a next link leads to the rest.
///
/// [`Error::NotFound`] and [`Error::Deleted`] for the resource whose record it is, [`Error::BadRequest`] for an unknown type or a
/// damaged page, or a failure of the store.
async fn run(ctx: &Context, call: Call) -> Result<Reply, Error> {
    let mut asked = Asked::read(&call.arguments)?;
    asked.params.extend(ctx.as_of_param());
    let (owners, owner, base) = match call.place {
        place::Place::Instance(key) => {
            let base = format!("{}/{key}/$everything", ctx.base_url);
            let version = read(ctx, ReadRequest { key: key.clone() }).await?;
            match key.kind.name() {
                "Group" => (Owners::Members(key), None, base),
                _ => (Owners::One(key), Some(version), base),
            }
        }
        place => {
            let kind = place.kind().ok_or(Error::BadId)?;
            (Owners::All(kind), None, format!("{}/{}/$everything", ctx.base_url, kind.name()))
        }
    };
    let fingerprint = token::fingerprint(ctx.tenant, &base, &asked.params);
    let (part, page) = match &asked.page {
        Some(text) => token::decode(text, fingerprint, &ctx.server.page_seal)?,
        None => (Part::Belonging, Page::First),
    };
    let mut record = Record::new(ctx, &asked);
    let is_first = asked.page.is_none();
    record.begin(owner.filter(|version| is_first && is_wanted(&asked, version)));
    let next = record.fill(&owners, part, page, &asked).await?;
    let links = Links { base: &base, params: &asked.params, fingerprint };
    Ok(Reply::text(record.bundle(&links, is_first, next)))
}

fn is_wanted(asked: &Asked, owner: &Version) -> bool {
    asked.wants(owner.key.kind) && asked.is_since(owner.last_updated)
}

/// Where a page ends when there is more after it: in which part, and after which place there.
type Next = Option<(Part, Option<Place>)>;

struct Links<'a> {
    base: &'a str,
    params: &'a [(String, String)],
    fingerprint: u64,
}

/// A page of a record while it is gathered.
struct Record<'a> {
    ctx: &'a Context,
    budget: Budget,
    most: usize,
    found: Vec<(Version, &'static str)>,
}

/// How many resources are asked for at once.
const CHUNK: usize = 200;

impl<'a> Record<'a> {
    fn new(ctx: &'a Context, asked: &Asked) -> Self {
        let most = asked.count.map_or(MAX_ANSWER_ROWS, |count| count.min(ctx.settings().max_count) as usize);
        Self { ctx, budget: Budget::new(), most, found: Vec::new() }
    }

    fn begin(&mut self, owner: Option<Version>) {
        self.found.extend(owner.map(|owner| (owner, "match")));
    }

    /// Gathers the page that begins at a place in a part.
    async fn fill(&mut self, owners: &Owners, part: Part, page: Page, asked: &Asked) -> Result<Next, Error> {
        let mut page = page;
        if part == Part::Belonging {
            let subjects = parts::belonging(&self.ctx.server.registry(), owners, asked);
            if let Some(place) = self.gather(subjects, page, "match").await? {
                return Ok(Some((Part::Belonging, place)));
            }
            page = Page::First;
        }
        let subjects = parts::referenced(self.ctx, owners, asked).await?;
        Ok(self.gather(subjects, page, "include").await?.map(|place| (Part::Referenced, place)))
    }

    /// Adds what the subjects find, until that is all or the page is full: then the place where it ends, none when it ends before the first.
    async fn gather(&mut self, subjects: Vec<Subject>, page: Page, mode: &'static str) -> Result<Option<Option<Place>>, Error> {
        if subjects.is_empty() {
            return Ok(None);
        }
        let mut query = Query { page, ..Query::over(self.ctx.tenant, subjects) };
        if self.is_full() {
            // A next link leads to something.
            query.count = 1;
            let more = !self.ctx.store().search(&query).await?.matches.is_empty();
            return Ok(more.then_some(None));
        }
        loop {
            query.count = self.most.saturating_sub(self.found.len()).min(CHUNK) as u32;
            let answer = self.ctx.store().search(&query).await?;
            for version in answer.matches {
                self.budget.look(version.text().map_or(0, Bytes::len));
                self.found.push((version, mode));
            }
            match answer.next {
                Some(place) if self.is_full() => return Ok(Some(Some(place))),
                Some(place) => query.page = Page::After(place),
                None => return Ok(None),
            }
        }
    }

    fn is_full(&self) -> bool {
        self.found.len() >= self.most || self.budget.is_spent()
    }

    fn bundle(self, links: &Links<'_>, is_first: bool, next: Next) -> Bytes {
        let size = self.found.iter().map(|(version, _)| 160 + version.text().map_or(0, Bytes::len)).sum();
        let mut text = BundleText::new("searchset", size);
        if is_first && next.is_none() {
            text.total(self.found.len() as u64);
        }
        text.link("self", &address(links.base, links.params));
        if let Some((part, place)) = next {
            let mut params = links.params.to_vec();
            params.push((PARAMETER.to_owned(), token::encode(part, place.as_ref(), links.fingerprint, &self.ctx.server.page_seal)));
            text.link("next", &address(links.base, &params));
        }
        for (version, mode) in &self.found {
            let url = format!("{}/{}", self.ctx.base_url, version.key);
            let resource = version.text().map(|text| &**text);
            text.entry(EntryText { full_url: Some(&url), resource, search_mode: Some(mode), ..EntryText::default() });
        }
        text.finish()
    }
}

fn address(base: &str, params: &[(String, String)]) -> String {
    if params.is_empty() { base.to_owned() } else { format!("{base}?{}", query_string(params)) }
}
