//! What is asked beside searches.

use fhir::{Value, object};

use super::actor::WRITTEN;
use super::story::Told;
use crate::random::Random;

/// A request, as an entry of a batch has it.
#[derive(Clone, Debug)]
pub struct Request {
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
        Self { method: "GET", url: url.into(), if_none_exist: None, body: None }
    }

    /// The entry of a batch.
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
    if told.kind.name() == "Patient" {
        urls.push(format!("{place}/$everything?_count=4"));
        urls.push(format!("{place}/*?_count=4"));
        urls.push(format!("Observation/$lastn?patient={place}"));
    }
    urls.into_iter().map(Request::get).collect()
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
        "?_type=Patient,Observation,Encounter&_summary=count",
        "metadata",
    ];
    urls.into_iter().map(Request::get).collect()
}

/// So many requests that write, or try to: by id, by criteria, and only if there is none; about what is hidden and what is not.
pub fn writing(all: &[Told], seed: u64, count: usize) -> Vec<Request> {
    let mut random = Random::new(seed, 5 << 50);
    let often: Vec<&Told> = all.iter().filter(|told| WRITTEN.contains(&told.kind.name())).collect();
    let mut any = |random: &mut Random| if random.chance(70) { often[random.below(often.len())] } else { &all[random.below(all.len())] };
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
    let (method, url, if_none_exist, body) = match random.below(8) {
        0..3 => ("PUT", place, None, Some(body)),
        3 => ("DELETE", place, None, None),
        4 => ("PUT", format!("{kind}?_id={id}"), None, Some(body)),
        5 => ("DELETE", format!("{kind}?_id={id}"), None, None),
        6 => ("POST", kind.to_owned(), Some(format!("_id={id}")), Some(body)),
        _ => ("POST", kind.to_owned(), None, Some(body)),
    };
    Request { method, url, if_none_exist, body }
}
