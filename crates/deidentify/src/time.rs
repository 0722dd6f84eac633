//! Dates and ages.

/// The age from which on nothing tells it: 89 is the last that may be told.
const HIDDEN_AGE: u16 = 90;

/// The year of a date, as FHIR's dates begin with it; `None` when there is none, or when it is so long ago that it tells of an age above 89.
pub(crate) fn year(text: &str, now: u16) -> Option<&str> {
    let digits = text.get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    let is_date = text.len() == 4 || text.as_bytes().get(4) == Some(&b'-');
    let year: u16 = digits.parse().ok()?;
    (is_date && year.saturating_add(HIDDEN_AGE) > now).then_some(digits)
}

/// Whether a measured time is an age above 89, by the code or the text of its unit. Without either, an Age is taken to be in years.
pub(crate) fn is_hidden_age(value: &str, unit: &str, is_age: bool) -> bool {
    let most = match unit {
        "a" | "a_j" | "a_g" | "a_t" | "yr" | "yrs" | "y" | "year" | "years" | "Year" | "Years" => 89.0,
        "mo" | "mo_j" | "mo_g" | "mo_s" | "month" | "months" => 89.0 * 12.0 + 11.0,
        "wk" | "week" | "weeks" if is_age => 90.0 * 365.0 / 7.0,
        "d" | "day" | "days" if is_age => 90.0 * 365.0,
        "h" | "min" | "s" | "ms" | "us" if is_age => return false,
        _ if is_age => 89.0,
        _ => return false,
    };
    // 89.5 years are 89 of age. What is no number is hidden.
    value.parse::<f64>().map_or(true, |value| value.trunc() > most)
}
