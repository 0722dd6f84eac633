//! `near`: locations within a distance (<http://hl7.org/fhir/R4/location.html#positional>).

use fhir::primitive::Decimal;
use fhir::{Issue, IssueCode};
use store::query::Test;

use crate::codes;
use crate::extract::position::point;
use crate::parse::clause::plain;
use crate::parse::escape::split;

/// How far is near when no distance is given, in millimetres: 50 km.
const DEFAULT_MM: u64 = 50_000_000;
/// Half of the Earth's circumference, in millimetres: all is within it.
const EVERYWHERE_MM: f64 = 20_100_000_000.0;

/// The units of length that people use, in millimetres.
const UNITS: [(&str, f64); 12] = [
    ("km", 1_000_000.0),
    ("m", 1_000.0),
    ("cm", 10.0),
    ("mm", 1.0),
    ("[mi_us]", 1_609_347.218_694),
    ("[mi_i]", 1_609_344.0),
    ("mi", 1_609_344.0),
    ("[nmi_i]", 1_852_000.0),
    ("[yd_i]", 914.4),
    ("[ft_i]", 304.8),
    ("ft", 304.8),
    ("[in_i]", 25.4),
];

/// The test of `latitude|longitude|distance|units`: distance and units may be left out, for 50 km, or the units alone, for km.
pub(super) fn test(name: &str, value: &str) -> Result<Test, Issue> {
    let parts = split(value, '|').into_iter().map(|part| plain(name, part)).collect::<Result<Vec<_>, _>>()?;
    let (latitude, longitude, distance, units) = match parts.as_slice() {
        [latitude, longitude] => (latitude, longitude, "", ""),
        [latitude, longitude, distance] => (latitude, longitude, distance.as_str(), ""),
        [latitude, longitude, distance, units] => (latitude, longitude, distance.as_str(), units.as_str()),
        _ => return Err(bad_near(name, "is written `latitude|longitude|distance|units`, as in `48.2|16.37|10|km`")),
    };
    let (Some(latitude), Some(longitude)) = (number(latitude), number(longitude)) else {
        return Err(bad_near(name, "begins with latitude and longitude in degrees, as in `48.2|16.37`"));
    };
    let Some((lat, lon)) = point(latitude, longitude) else {
        return Err(bad_near(name, "has a latitude from -90 to 90 and a longitude from -180 to 180"));
    };
    Ok(Test::Near { lat, lon, distance_mm: distance_mm(name, distance, units)? })
}

fn distance_mm(name: &str, distance: &str, units: &str) -> Result<u64, Issue> {
    if distance.is_empty() {
        return Ok(DEFAULT_MM);
    }
    let units = if units.is_empty() { "km" } else { units };
    let Some((_, unit)) = UNITS.iter().find(|(code, _)| *code == units) else {
        let known = UNITS.map(|(code, _)| code).join(", ");
        return Err(bad_near(name, &format!("has units that are none of {known}")));
    };
    match number(distance) {
        Some(distance) if distance >= 0.0 => Ok((distance * unit).min(EVERYWHERE_MM).round() as u64),
        _ => Err(bad_near(name, "has a distance that is a number from 0 on")),
    }
}

fn number(text: &str) -> Option<f64> {
    Decimal::parse(text).and_then(|_| text.parse().ok())
}

fn bad_near(name: &str, rule: &str) -> Issue {
    Issue::error(codes::BAD_NEAR, IssueCode::Value, "", format!("a value of `{name}` {rule}"))
}
