//! Dates as HTTP writes them: `Sat, 21 Nov 2026 08:00:00 GMT` (RFC 9110, 5.6.7).

use fhir::primitive::{days_from_civil, instant_text};
use http::HeaderValue;

const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A moment in milliseconds since 1970, to the second.
pub(crate) fn header(ms: i64) -> Option<HeaderValue> {
    // `2026-11-21T08:00:00.000Z`, for years of four digits.
    let instant = instant_text(ms);
    let (date, time) = instant.split_once('T')?;
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?.parse::<usize>().ok()?, parts.next()?);
    let weekday = DAYS.get(usize::try_from(ms.div_euclid(86_400_000).rem_euclid(7)).ok()?)?;
    let month = MONTHS.get(month.checked_sub(1)?)?;
    HeaderValue::from_str(&format!("{weekday}, {day} {month} {year} {} GMT", time.get(..8)?)).ok()
}

/// The moment that a header names, in seconds since 1970; `None` when it is malformed, as then it must be passed over.
pub(crate) fn parse(text: &str) -> Option<i64> {
    let (_, rest) = text.trim().split_once(", ")?;
    let mut parts = rest.split(' ');
    let day: u8 = parts.next()?.parse().ok()?;
    let name = parts.next()?;
    let month = MONTHS.iter().position(|month| *month == name)? as u8 + 1;
    let year: i32 = parts.next()?.parse().ok()?;
    let mut clock = parts.next()?.split(':').map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    let valid = (1..=31).contains(&day) && (0..24).contains(&hour) && (0..60).contains(&minute) && (0..=60).contains(&second);
    let known = (1..=9999).contains(&year) && parts.next() == Some("GMT");
    (valid && known).then(|| days_from_civil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second)
}
