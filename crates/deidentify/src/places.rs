//! What of an address may stay: the state, the country, and the first three digits of a ZIP code.

use fhir::{Object, Value};

/// The first three digits of ZIP codes whose area has 20,000 people or fewer (census of 2000, as the guidance of the Department of Health and Human Services lists them).
pub const FEW_PEOPLE: [&str; 17] =
    ["036", "059", "063", "102", "203", "556", "692", "790", "821", "823", "830", "831", "878", "879", "884", "890", "893"];

/// What stands for those.
const NOBODYS: &str = "000";

/// The codes of the states, the district and the territories of the USA.
const STATES: [&str; 56] = [
    "AK", "AL", "AR", "AS", "AZ", "CA", "CO", "CT", "DC", "DE", "FL", "GA", "GU", "HI", "IA", "ID", "IL", "IN", "KS", "KY", "LA", "MA",
    "MD", "ME", "MI", "MN", "MO", "MP", "MS", "MT", "NC", "ND", "NE", "NH", "NJ", "NM", "NV", "NY", "OH", "OK", "OR", "PA", "PR", "RI",
    "SC", "SD", "TN", "TX", "UT", "VA", "VI", "VT", "WA", "WI", "WV", "WY",
];

/// The names of the states.
const STATE_NAMES: [&str; 51] = [
    "Alabama",
    "Alaska",
    "Arizona",
    "Arkansas",
    "California",
    "Colorado",
    "Connecticut",
    "Delaware",
    "District of Columbia",
    "Florida",
    "Georgia",
    "Hawaii",
    "Idaho",
    "Illinois",
    "Indiana",
    "Iowa",
    "Kansas",
    "Kentucky",
    "Louisiana",
    "Maine",
    "Maryland",
    "Massachusetts",
    "Michigan",
    "Minnesota",
    "Mississippi",
    "Missouri",
    "Montana",
    "Nebraska",
    "Nevada",
    "New Hampshire",
    "New Jersey",
    "New Mexico",
    "New York",
    "North Carolina",
    "North Dakota",
    "Ohio",
    "Oklahoma",
    "Oregon",
    "Pennsylvania",
    "Rhode Island",
    "South Carolina",
    "South Dakota",
    "Tennessee",
    "Texas",
    "Utah",
    "Vermont",
    "Virginia",
    "Washington",
    "West Virginia",
    "Wisconsin",
    "Wyoming",
];

/// The texts that name the USA in an address.
const USA: [&str; 5] = ["US", "USA", "United States", "United States of America", "840"];

/// What stays of a ZIP code (`12345`, `12345-6789`): three digits, or `000` where few people live; `None` for anything else.
pub fn zip3(postal_code: &str) -> Option<&str> {
    let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    let (five, four) = postal_code.split_once('-').map_or((postal_code, None), |(five, four)| (five, Some(four)));
    if !digits(five, 5) || !four.is_none_or(|four| digits(four, 4)) {
        return None;
    }
    let three = five.get(..3)?;
    Some(if FEW_PEOPLE.contains(&three) { NOBODYS } else { three })
}

/// The texts of an address that stay: those of the USA, and elsewhere the country when it is a code of two or three letters.
pub(crate) fn address(address: &Object) -> Object {
    let text = |name: &str| address.get(name).and_then(Value::as_str);
    let country = text("country");
    let is_usa = country.is_none_or(|country| USA.contains(&country));
    let is_code = |country: &&str| matches!(country.len(), 2 | 3) && country.bytes().all(|byte| byte.is_ascii_uppercase());
    let mut out = Object::new();
    if is_usa {
        if let Some(state) = text("state").filter(|state| STATES.contains(state) || STATE_NAMES.contains(state)) {
            out.push("state", state);
        }
        if let Some(three) = text("postalCode").and_then(zip3) {
            out.push("postalCode", three);
        }
    }
    if let Some(country) = country.filter(|country| is_code(country) || USA.contains(country)) {
        out.push("country", country);
    }
    out
}
