//! Documents: <http://hl7.org/fhir/R4/documents.html>.

use fhir::Value;

use super::Judge;
use super::reachable::reachable;
use super::references::{Step, each};
use super::resolve::{Found, Index};
use crate::codes;

/// What a Composition refers to and the document has to bring along (<http://hl7.org/fhir/R4/documents.html#content>). Sections nest.
const BROUGHT: [&str; 8] =
    ["subject", "encounter", "author", "attester.party", "custodian", "event.detail", "section.author", "section.focus"];

/// That what the Composition refers to is there, and nothing that has nothing to do with it.
pub(super) fn check(judge: &mut Judge<'_>, index: &Index<'_>) {
    let first = index.entries.first().and_then(|entry| entry.get("resource"));
    let Some(composition) = first.filter(|resource| resource.resource_type() == Some("Composition")) else { return };
    references(judge, index, composition);
    others(judge, index);
    unreachable(judge, index);
}

fn references(judge: &mut Judge<'_>, index: &Index<'_>, composition: &Value) {
    each(composition, &mut |reference, steps| {
        let names = Step::names(steps);
        let name = names.replace("section.section", "section").replace("section.section", "section");
        if BROUGHT.contains(&name.as_str()) || is_section_entry(&name) {
            let way = format!("entry[0].resource{}.reference", Step::text(steps));
            found(judge, index.find(reference, 0), &way, true);
        }
    });
}

fn is_section_entry(name: &str) -> bool {
    name.strip_suffix(".entry").is_some_and(|sections| sections.split('.').all(|name| name == "section"))
}

/// References between the other entries: they may leave the document, but must not miss what they mean.
fn others(judge: &mut Judge<'_>, index: &Index<'_>) {
    for (place, entry) in index.entries.iter().enumerate().skip(1) {
        let Some(resource) = entry.get("resource") else { continue };
        each(resource, &mut |reference, steps| {
            found(judge, index.find(reference, place), &format!("entry[{place}].resource{}.reference", Step::text(steps)), false);
        });
    }
}

/// What there is to say of a reference.
pub(super) fn found(judge: &mut Judge<'_>, found: Found, way: &str, is_needed: bool) {
    match found {
        Found::Entry(_) | Found::Elsewhere => {}
        Found::Nothing if !is_needed => {}
        Found::Nothing => judge.error(
            codes::BUNDLE_REFERENCE,
            way,
            "the Bundle must bring along what this refers to: add it as an entry with that fullUrl",
        ),
        Found::Several(count) => {
            judge.error(codes::BUNDLE_REFERENCE, way, format!("{count} entries have this fullUrl: give each its own, or name the version"));
        }
        Found::Disguised => {
            let text = "an entry has this type and id, but its fullUrl is another: relative references begin where the fullUrl of their own entry does; \
                        refer to the fullUrl";
            judge.error(codes::BUNDLE_REFERENCE, way, text);
        }
    }
}

fn unreachable(judge: &mut Judge<'_>, index: &Index<'_>) {
    let reachable = reachable(index);
    for (place, entry) in index.entries.iter().enumerate() {
        let kind = entry.get("resource").and_then(Value::resource_type);
        // A stylesheet is linked to, and no reference leads to it.
        if reachable.forwards[place] || matches!(kind, None | Some("Binary")) {
            continue;
        }
        let way = format!("entry[{place}]");
        if !reachable.both[place] {
            judge.error(codes::BUNDLE_UNREACHABLE, &way, "nothing connects this entry with the Composition: refer to it, or leave it out");
        } else if kind != Some("Provenance") {
            judge.warning(
                codes::BUNDLE_UNREACHABLE,
                &way,
                "the Composition does not lead to this entry: only Provenance may refer to others without being referred to",
            );
        }
    }
}
