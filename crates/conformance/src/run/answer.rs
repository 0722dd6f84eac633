//! What an answer says.

use fhir::{Value, json};

use crate::resources::pool::BASE;

/// An answer to a search, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The resources that match: `Patient/1`.
    pub matches: Vec<String>,
    /// Those that were brought along.
    pub included: Vec<String>,
    /// How many match in all.
    pub total: Option<u64>,
    /// The parameters of the next page.
    pub next: Option<Vec<(String, String)>>,
    /// The parameters of the page before.
    pub prev: Option<Vec<(String, String)>>,
}

impl Answer {
    /// Reads the text of a Bundle; nothing is in it when it is none.
    pub(super) fn read(body: &[u8]) -> Self {
        let Ok(bundle) = json::parse(body) else { return Self::default() };
        let of_mode = |mode: &str| -> Vec<String> {
            let in_mode = |entry: &&Value| entry.get("search").and_then(|search| search.text("mode")) == Some(mode);
            bundle.list("entry").filter(in_mode).filter_map(name).collect()
        };
        let link = |relation: &str| {
            let link = bundle.list("link").find(|link| link.text("relation") == Some(relation))?;
            search::url::query_pairs(link.text("url")?.split_once('?')?.1).ok()
        };
        let total = bundle.get("total").and_then(Value::as_number).and_then(|total| total.parse().ok());
        Self { matches: of_mode("match"), included: of_mode("include"), total, next: link("next"), prev: link("prev") }
    }
}

/// `Patient/1`; of a contained resource with its place: `Patient/1#c1`.
fn name(entry: &Value) -> Option<String> {
    let address = entry.text("fullUrl")?;
    Some(address.strip_prefix(BASE).and_then(|rest| rest.strip_prefix('/')).unwrap_or(address).to_owned())
}
