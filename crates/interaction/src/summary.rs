//! `_summary` and `_elements`: part of a resource, marked as such (<http://hl7.org/fhir/R4/search.html#summary>).

use ::search::Search;
use ::search::parse::Summary;
use bytes::Bytes;
use fhir::definitions::{ResourceType, Type, definitions};
use fhir::{Issue, IssueCode, Object, Value, array, json, object};

use crate::{Error, codes};

/// Which part of each resource goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// All of it.
    Whole,
    /// The elements that FHIR marks as summary, and the mandatory ones, at every depth.
    Summary,
    /// The narrative, with `id`, `meta` and the mandatory elements.
    Text,
    /// All but the narrative.
    Data,
    /// These elements, and the mandatory ones.
    Elements(Vec<String>),
}

impl Selection {
    /// What `_summary` and `_elements` among the parameters of a read or a history ask for; other parameters are passed over. The names in
    /// `_elements` are those of top-level elements of `kind`, with or without the type before them; any when `kind` is `None`.
    ///
    /// [`Error::BadRequest`] for an unknown value or element, and for `_summary=count`, which only counts matches.
    pub fn of_params(kind: Option<ResourceType>, params: &[(String, String)]) -> Result<Self, Error> {
        let mut selection = Selection::Whole;
        if let Some(name) = ["_summary", "_elements"].into_iter().find(|name| params.iter().filter(|(other, _)| other == name).count() > 1)
        {
            return Err(refused(format!("`{name}` is given more than once: give it once")));
        }
        for (name, value) in params {
            let chosen = match (name.as_str(), value.as_str()) {
                ("_summary", "false") => Selection::Whole,
                ("_summary", "true") => Selection::Summary,
                ("_summary", "text") => Selection::Text,
                ("_summary", "data") => Selection::Data,
                ("_summary", _) => return Err(refused("`_summary` is `true`, `text`, `data` or `false` here".to_owned())),
                ("_elements", names) => Selection::Elements(elements(kind, names)?),
                _ => continue,
            };
            // `_elements` goes before `_summary`, as in a search.
            if !matches!(selection, Selection::Elements(_)) {
                selection = chosen;
            }
        }
        Ok(selection)
    }

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

    /// The part of a resource's JSON text that was asked for: the text itself when that is all of it.
    pub fn apply_to(&self, kind: ResourceType, text: &Bytes) -> Bytes {
        self.apply(kind, text).map_or_else(|| text.clone(), Bytes::from)
    }

    /// The part of a resource's text that was asked for; `None` when that is all of it.
    pub(crate) fn apply(&self, kind: ResourceType, text: &[u8]) -> Option<String> {
        if matches!(self, Selection::Whole) {
            return None;
        }
        let resource = json::parse(text).ok()?;
        let mut part = Object::new();
        for (name, value) in resource.as_object()?.iter().filter(|(name, _)| self.keeps(kind, name)) {
            let of = if matches!(self, Selection::Summary) { member_type(definitions().resource(kind), name) } else { None };
            part.push(name.clone(), of.map_or_else(|| value.clone(), |of| summary(value, of)));
        }
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
            Selection::Summary => element.is_summary || element.min > 0,
            Selection::Text => name == "text" || element.min > 0,
            Selection::Data => name != "text",
            Selection::Elements(names) => element.min > 0 || names.iter().any(|asked| asked == element.name || asked == name),
        }
    }
}

/// The type of a member, when it has members of its own to choose from.
fn member_type(of: &'static Type, name: &str) -> Option<&'static Type> {
    let (_, kind) = of.member(name)?;
    let found = definitions().get(kind.id);
    (found.primitive.is_none() && !found.is_abstract && found.resource_type.is_none()).then_some(found)
}

/// The summary elements of a value of a type. The depth is bounded by that of the parser.
fn summary(value: &Value, of: &'static Type) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().map(|item| summary(item, of)).collect()),
        Value::Object(members) => {
            let mut part = Object::new();
            for (name, value) in members.iter() {
                let known = of.member(name.strip_prefix('_').unwrap_or(name));
                // An id of an element, and what the definitions do not know, is no more than a name.
                if known.is_none_or(|(element, _)| element.is_summary || element.min > 0 || element.name == "id") {
                    let of = member_type(of, name);
                    part.push(name.clone(), of.map_or_else(|| value.clone(), |of| summary(value, of)));
                }
            }
            // An element is never empty.
            if part.is_empty() { value.clone() } else { part.into() }
        }
        other => other.clone(),
    }
}

fn elements(kind: Option<ResourceType>, names: &str) -> Result<Vec<String>, Error> {
    let mut found = Vec::new();
    for name in names.split(',') {
        let qualified = kind.and_then(|kind| name.strip_prefix(kind.name())?.strip_prefix('.'));
        let name = qualified.unwrap_or(name);
        let known = |kind: ResourceType| {
            let definition = definitions().resource(kind);
            definition.element(name).is_some() || definition.member(name).is_some()
        };
        if name.is_empty() || kind.is_some_and(|kind| !known(kind)) {
            let near = kind.and_then(|kind| fhir::nearest(name, definitions().resource(kind).member_names()));
            let near = near.map(|near| format!(": did you mean `{near}`?")).unwrap_or_default();
            return Err(refused(format!(
                "`_elements` names the top-level elements to send, separated by commas, and one is unknown{near}"
            )));
        }
        found.push(name.to_owned());
    }
    Ok(found)
}

fn refused(remedy: String) -> Error {
    Error::BadRequest(vec![Issue::error(codes::BAD_SELECTION, IssueCode::Value, "", remedy)])
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
