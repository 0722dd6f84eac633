//! Messages: <http://hl7.org/fhir/R4/messaging.html>.

use fhir::Value;

use super::Judge;
use super::document::found;
use super::reachable::reachable;
use super::references::{Step, each};
use super::resolve::Index;
use crate::codes;

/// That the focus of the message is in it.
pub(super) fn check(judge: &mut Judge<'_>, index: &Index<'_>) {
    let first = index.entries.first().and_then(|entry| entry.get("resource"));
    let Some(header) = first.filter(|resource| resource.resource_type() == Some("MessageHeader")) else { return };
    each(header, &mut |reference, steps| {
        if Step::names(steps) == "focus" {
            found(judge, index.find(reference, 0), &format!("entry[0].resource{}.reference", Step::text(steps)), true);
        }
    });
    let reachable = reachable(index);
    for (place, entry) in index.entries.iter().enumerate() {
        if !reachable.both[place] && entry.get("resource").and_then(Value::resource_type).is_some() {
            judge.warning(
                codes::BUNDLE_UNREACHABLE,
                &format!("entry[{place}]"),
                "nothing connects this entry with the MessageHeader: is it needed?",
            );
        }
    }
}
