//! `Bundle.link`: <http://hl7.org/fhir/R4/http.html#paging>.

use fhir::Value;

use super::Judge;
use crate::codes;

/// The relations of pages.
const PAGING: [&str; 5] = ["first", "previous", "prev", "next", "last"];

/// That only pages have links of pages, and each link is there once.
pub(super) fn check(judge: &mut Judge<'_>, bundle: &Value) {
    let relations: Vec<&str> = bundle.list("link").filter_map(|link| link.text("relation")).collect();
    for (index, relation) in relations.iter().enumerate() {
        let way = format!("link[{index}].relation");
        if PAGING.contains(relation) && !judge.kind.is_paged() && !judge.kind.is_response() {
            judge.error(codes::BUNDLE_LINK, &way, "only search results and histories have pages: leave the link out");
        }
        let is_page_or_self = PAGING.contains(relation) || *relation == "self";
        if is_page_or_self && relations[..index].contains(relation) {
            judge.error(codes::BUNDLE_LINK, &way, "another link has this relation: keep one of them");
        }
    }
}
