//! Positions on Earth, for `near`.

use fhir::Value;
use fhirpath::Item;
use store::entry::EntryValue;

/// How many units of an entry make a degree.
const UNITS: f64 = 1e7;

/// Appends the point of a `Location.position`; nothing for one that is not on Earth.
pub(super) fn push(item: &Item<'_>, out: &mut Vec<EntryValue>) {
    let degrees = |name: &str| item.value()?.get(name).and_then(Value::as_number)?.parse().ok();
    if let (Some(latitude), Some(longitude)) = (degrees("latitude"), degrees("longitude")) {
        out.extend(point(latitude, longitude).map(|(lat, lon)| EntryValue::Point { lat, lon }));
    }
}

/// Latitude and longitude in the units of an entry; `None` beyond a pole or the date line.
pub(crate) fn point(latitude: f64, longitude: f64) -> Option<(i32, i32)> {
    let on_earth = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
    on_earth.then(|| ((latitude * UNITS).round() as i32, (longitude * UNITS).round() as i32))
}
