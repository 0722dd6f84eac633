//! What is asked beside searches.

use fhir::{Value, array, object};

use super::actor::WRITTEN;
use super::story::Told;
use crate::random::Random;

/// How a request comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// As the entry of a batch.
    Batch,
    /// As the entry of a transaction.
    Transaction,
    /// As a GraphQL query, which is in the place of the address.
    GraphQl,
}

/// A request, as an entry of a Bundle has it.
#[derive(Clone, Debug)]
pub struct Request {
    /// How it comes in.
    pub via: Via,
    /// The HTTP method.
    pub method: &'static str,
    /// The address below the base.
    pub url: String,
    /// `If-None-Exist`.
    pub if_none_exist: Option<String>,
    /// The resource.
    pub body: Option<Value>,
}

impl Request {
    /// Reads what is at an address.
    pub fn get(url: impl Into<String>) -> Self {
        Self { via: Via::Batch, method: "GET", url: url.into(), if_none_exist: None, body: None }
    }

    /// Asks a query on everything.
    pub fn graphql(query: impl Into<String>) -> Self {
        Self { via: Via::GraphQl, ..Self::get(query) }
    }

    /// The same in a transaction.
    pub fn in_a_transaction(self) -> Self {
        Self { via: Via::Transaction, ..self }
    }

    /// The entry of a Bundle.
    pub fn entry(&self) -> Value {
        let mut request = object! { "method": self.method, "url": self.url.as_str() };
        if let (Some(members), Some(criteria)) = (request.as_object_mut(), &self.if_none_exist) {
            members.set("ifNoneExist", criteria.as_str());
        }
        match &self.body {
            Some(body) => object! { "resource": body.clone(), "request": request },
            None => object! { "request": request },
        }
    }
}

/// Everything that reads one resource: the resource, its versions, its history, its record and its compartment.
pub fn reading(told: &Told) -> Vec<Request> {
    let place = &told.place;
    let mut urls: Vec<String> =
        vec![place.clone(), format!("{place}/_history?_count=2"), format!("{}/_history?_count=3", told.kind.name())];
    urls.extend((0..5).map(|version| format!("{place}/_history/{version}")));
    urls.push(format!("{place}/$meta"));
    match told.kind.name() {
        "Patient" => {
            urls.push(format!("{place}/$everything?_count=4"));
            urls.push(format!("{place}/*?_count=4"));
            urls.push(format!("Observation/$lastn?patient={place}"));
            urls.push(format!("Observation/$stats?subject={place}&system=http://loinc.org&code=8867-4"));
            urls.push(format!("List/$find?patient={place}&name=$current-problems"));
        }
        "List" => urls.push(format!("?_type=Patient,Observation,Condition&_list={}", place.trim_start_matches("List/"))),
        _ => {}
    }
    let (name, id) = (told.kind.name(), place.rsplit('/').next().unwrap_or_default());
    let by_graphql = [
        format!("{{ {name}(id: \"{id}\") {{ id language }} }}"),
        format!("{{ {name}List(_id: \"{id}\", _count: 3) {{ id meta {{ versionId }} }} }}"),
        format!("{{ {name}Connection(_count: 2, _id: \"{id}\") {{ count edges {{ resource {{ id }} }} }} }}"),
    ];
    let read_together = Request::get(place.clone()).in_a_transaction();
    urls.into_iter().map(Request::get).chain(by_graphql.map(Request::graphql)).chain([read_together]).collect()
}

/// Histories of everything, and what counts.
pub fn of_all() -> Vec<Request> {
    let urls = [
        "_history?_count=50",
        "_history?_since=2026-11-21T09:00:00Z&_count=7",
        "_history?_at=2026-11-21T09:30:00Z&_count=9",
        "Patient/_history?_at=2026-11-21&_count=2",
        "Patient?_total=estimate&_count=3",
        "Patient?_summary=count",
        "Patient?_total=accurate&_count=3",
        "Patient?_total=none&_count=2&_sort=_id",
        "Patient/$everything?_count=5",
        "Observation?_explain=true&_count=2",
        "Patient?_filter=not(gender%20eq%20male)&_count=5",
        // What is wrong is told alike, whatever is there.
        "Patient?_sort=nothing",
        "Observation?subject:Patient.nothing=1",
        "?_type=Patient,Observation,Encounter&_summary=count",
        "metadata",
    ];
    urls.into_iter().map(Request::get).collect()
}

/// So many requests that write, or try to: by id, by criteria, by patches, and only if there is none; about what is hidden and what is not; in batches and in transactions.
pub fn writing(all: &[Told], seed: u64, count: usize) -> Vec<Request> {
    let mut random = Random::new(seed, 5 << 50);
    let often: Vec<&Told> = all.iter().filter(|told| WRITTEN.contains(&told.kind.name())).collect();
    let any = |random: &mut Random| if random.chance(70) { often[random.below(often.len())] } else { &all[random.below(all.len())] };
    (0..count).map(|_| one(any(&mut random), any(&mut random), &mut random)).collect()
}

/// A write of a resource as it is, or of another one under its name.
fn one(told: &Told, other: &Told, random: &mut Random) -> Request {
    let (kind, place) = (told.kind.name(), told.place.clone());
    let id = place.rsplit('/').next().unwrap_or_default().to_owned();
    let mut body = if random.chance(50) && other.kind == told.kind { other.last.clone() } else { told.last.clone() };
    if let Some(members) = body.as_object_mut() {
        members.set("id", id.as_str());
    }
    let patch = || {
        object! { "resourceType": "Parameters", "parameter": array![object! { "name": "operation", "part": array![
            object! { "name": "type", "valueCode": "add" },
            object! { "name": "path", "valueString": kind },
            object! { "name": "name", "valueString": "language" },
            object! { "name": "value", "valueCode": "de" },
        ] }] }
    };
    let by_id = format!("{kind}?_id={id}");
    let (method, url, if_none_exist, body) = match random.below(10) {
        0..3 => ("PUT", place, None, Some(body)),
        3 => ("DELETE", place, None, None),
        4 => ("PUT", by_id, None, Some(body)),
        5 => ("DELETE", by_id, None, None),
        6 => ("POST", kind.to_owned(), Some(format!("_id={id}")), Some(body)),
        7 => ("PATCH", place, None, Some(patch())),
        8 => ("PATCH", by_id, None, Some(patch())),
        _ => ("POST", kind.to_owned(), None, Some(body)),
    };
    let via = if random.chance(40) { Via::Transaction } else { Via::Batch };
    Request { via, method, url, if_none_exist, body }
}
