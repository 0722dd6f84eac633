//! `_list`: what is in a List (<http://hl7.org/fhir/R4/search.html#list>).

use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode};
use store::entry::Param;
use store::query::Filter;

use super::any;
use super::clause::plain;
use crate::codes;
use crate::reference::is_id;

/// The filter of `_list=42`, also written `_list=List/42`: resources that an item of the List refers to.
pub(super) fn filter(values: &[&str]) -> Result<Filter, Issue> {
    let Some(list) = ResourceType::parse("List") else { return Ok(any(Vec::new())) };
    let mut ids = Vec::with_capacity(values.len());
    for value in values {
        let id = plain("_list", value)?;
        let id = id.strip_prefix("List/").unwrap_or(&id);
        if id.starts_with('$') {
            let rule = "`_list` takes the id of a List: functional lists such as `$current-problems` are not kept by this server, \
                        since FHIR leaves it to each server what is current";
            return Err(Issue::error(codes::FUNCTIONAL_LIST, IssueCode::NotSupported, "", rule));
        }
        if !is_id(id) {
            return Err(Issue::error(
                codes::BAD_REFERENCE,
                IssueCode::Value,
                "",
                "a value of `_list` is no id of a List: write `_list=42`",
            ));
        }
        ids.push(id.into());
    }
    Ok(Filter::Has(list, Param::of(list.name(), "item"), Box::new(Filter::Id(ids))))
}
