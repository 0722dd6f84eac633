//! `_summary` and `_elements`: part of a resource, marked as such (<http://hl7.org/fhir/R4/search.html#summary>).

use ::search::Search;
use ::search::parse::Summary;
use fhir::definitions::{ResourceType, definitions};
use fhir::{Object, Value, array, json, object};

/// Which part of each resource goes out.
pub(crate) enum Selection {
    /// All of it.
    Whole,
    /// The elements that FHIR marks as summary.
    Summary,
    /// The narrative, with `id`, `meta` and the mandatory elements.
    Text,
    /// All but the narrative.
    Data,
    /// These elements, and the mandatory ones.
    Elements(Vec<String>),
}

impl Selection {
    /// What a search asks for.
    pub(crate) fn of(search: &Search) -> Self {
        match search.summary {
            _ if !search.elements.is_empty() => Selection::Elements(search.elements.clone()),
            Summary::True => Selection::Summary,
            Summary::Text => Selection::Text,
            Summary::Data => Selection::Data,
            _ => Selection::Whole,
        }
    }

    /// The part of a resource's text that was asked for; `None` when that is all of it.
    pub(crate) fn apply(&self, kind: ResourceType, text: &str) -> Option<String> {
        if matches!(self, Selection::Whole) {
            return None;
        }
        let resource = json::parse(text.as_bytes()).ok()?;
        let members = resource.as_object()?;
        let kept = members.iter().filter(|(name, _)| self.keeps(kind, name)).map(|(name, value)| (name.clone(), value.clone()));
        let mut part = Object::from_iter(kept);
        mark(&mut part);
        Some(json::to_string(&Value::Object(part)))
    }

    fn keeps(&self, kind: ResourceType, member: &str) -> bool {
        let name = member.strip_prefix('_').unwrap_or(member);
        if matches!(name, "resourceType" | "id" | "meta") {
            return true;
        }
        let Some((element, _)) = definitions().resource(kind).member(name) else { return false };
        match self {
            Selection::Whole => true,
            Selection::Summary => element.is_summary,
            Selection::Text => name == "text" || element.min > 0,
            Selection::Data => name != "text",
            Selection::Elements(names) => element.min > 0 || names.iter().any(|asked| asked == element.name || asked == name),
        }
    }
}

/// Says in `meta.tag` that elements are missing, so that nobody takes the part for the whole and writes it back.
fn mark(part: &mut Object) {
    let tag = object! { "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED" };
    let Some(meta) = part.get_mut("meta").and_then(Value::as_object_mut) else {
        part.push("meta", object! { "tag": array![tag] });
        return;
    };
    match meta.get_mut("tag") {
        Some(Value::Array(tags)) => tags.push(tag),
        _ => meta.set("tag", array![tag]),
    }
}
