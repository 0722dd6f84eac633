//! Lists in pages: a cursor is the place of the last record looked at, so that records which come and go meanwhile shift nothing.

use fhir::{Object, Value};
use store::query::Place;

use crate::asked::Asked;
use crate::refusal::Refusal;

/// How many entries a page has when nobody says.
const USUAL: u32 = 50;
/// How many it has at most.
const MOST: u32 = 500;
/// The most keys of a place, and the most bytes of one.
const MOST_KEYS: usize = 4;
const MOST_KEY_BYTES: usize = 64;

/// Which page is asked for.
#[derive(Debug)]
pub(crate) struct Asking {
    pub(crate) count: u32,
    pub(crate) after: Option<Place>,
}

impl Asking {
    /// The page that the parameters `count` and `cursor` name.
    pub(crate) fn of(asked: &Asked) -> Result<Self, Refusal> {
        let count = match asked.param("count") {
            None => USUAL,
            Some(text) => {
                let count = text.parse().ok().filter(|count| (1..=MOST).contains(count));
                count.ok_or_else(|| Refusal::wrong("count", format!("it is a whole number from 1 to {MOST}")))?
            }
        };
        let after = asked
            .param("cursor")
            .map(|text| read(text).ok_or_else(|| Refusal::wrong("cursor", "it is none of this list: leave it out to begin anew")));
        Ok(Self { count, after: after.transpose()? })
    }
}

/// A page: its entries under a name, and the cursor of the next, when there may be more.
pub(crate) fn page(name: &'static str, entries: Vec<Value>, next: Option<&Place>) -> Value {
    let mut page = Object::from_iter([(name, Value::Array(entries))]);
    if let Some(place) = next {
        page.push("next", write(place));
    }
    page.into()
}

fn write(place: &Place) -> String {
    let key = |key: &Option<Vec<u8>>| key.as_ref().map_or_else(|| "-".to_owned(), |bytes| identity::secret::hex(bytes));
    let keys = place.keys.iter().map(|known| format!(".{}", key(known)));
    format!("{}{}", place.resource, keys.collect::<String>())
}

fn read(text: &str) -> Option<Place> {
    let mut parts = text.split('.');
    let resource = parts.next()?.parse().ok()?;
    let keys = parts.map(|part| if part == "-" { Some(None) } else { bytes(part).map(Some) }).collect::<Option<Vec<_>>>()?;
    (keys.len() <= MOST_KEYS).then_some(Place { keys, resource })
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    if digits.len() % 2 != 0 || digits.len() > 2 * MOST_KEY_BYTES || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    digits.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}
