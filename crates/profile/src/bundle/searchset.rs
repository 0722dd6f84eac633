//! Search results: <http://hl7.org/fhir/R4/search.html>.

use fhir::Value;
use fhir::definitions::ResourceType;

use super::Judge;
use crate::codes;

/// That the results are what was searched for, and can be read again.
pub(super) fn check(judge: &mut Judge<'_>, bundle: &Value, entries: &[&Value]) {
    let own = bundle.list("link").find(|link| link.text("relation") == Some("self")).and_then(|link| link.text("url"));
    if own.is_none() {
        judge.warning(codes::BUNDLE_LINK, "", "search results say what was searched for: add a link with the relation self");
    }
    let searched = own.and_then(searched_type);
    for (index, entry) in entries.iter().enumerate() {
        let mode = entry.get("search").and_then(|search| search.text("mode"));
        let way = format!("entry[{index}]");
        if mode.is_none() {
            judge.warning(codes::BUNDLE_ENTRY, &way, "search results say why they are there: add search.mode");
        }
        let Some(resource) = entry.get("resource") else { continue };
        let Some(kind) = resource.resource_type().filter(|kind| *kind != "OperationOutcome") else { continue };
        let way = format!("{way}.resource");
        if resource.get("id").is_none() {
            judge.error(codes::BUNDLE_ENTRY, &way, "a search finds what is stored, and that has an id: add it");
        }
        if let (Some("match"), Some(searched)) = (mode, searched)
            && kind != searched.name()
        {
            judge.error(
                codes::BUNDLE_ENTRY,
                &way,
                format!("the search was for {searched}: other types are included, search.mode include", searched = searched.name()),
            );
        }
    }
}

/// The type in the address of a search: `http://server/Patient?name=…`.
fn searched_type(url: &str) -> Option<ResourceType> {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    if query.contains("_type=") {
        return None;
    }
    ResourceType::parse(path.trim_end_matches("/_search").rsplit('/').next()?)
}
