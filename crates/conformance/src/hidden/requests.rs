//! What is asked beside searches.

use fhir::Value;

use super::story::Told;
use crate::random::Random;

/// A request: its method, its address below the base, and its body.
pub type Request = (&'static str, String, Option<Value>);

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
    urls.into_iter().map(|url| ("GET", url, None)).collect()
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
    urls.into_iter().map(|url| ("GET", url.to_owned(), None)).collect()
}

/// So many requests that write, or try to.
pub fn writing(all: &[Told], seed: u64, count: usize) -> Vec<Request> {
    let mut random = Random::new(seed, 5 << 50);
    (0..count).map(|_| one(&all[random.below(all.len())], &mut random)).collect()
}

fn one(told: &Told, random: &mut Random) -> Request {
    let (kind, place) = (told.kind.name(), told.place.clone());
    let id = place.rsplit('/').next().unwrap_or_default().to_owned();
    let body = || Some(told.last.clone());
    match random.below(6) {
        0 | 1 => ("PUT", place, body()),
        2 => ("DELETE", place, None),
        3 => ("PUT", format!("{kind}?_id={id}"), body()),
        4 => ("DELETE", format!("{kind}?_id={id}"), None),
        _ => ("POST", kind.to_owned(), body()),
    }
}
