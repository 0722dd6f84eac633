//! `ValueSet/$expand` (<http://hl7.org/fhir/R4/valueset-operation-expand.html>).

mod collect;
mod collected;
mod exclude;
mod notes;
mod render;

use std::sync::Arc;

use fhir::{Object, Value};

use crate::engine::Terminology;
use crate::error::TerminologyError;
use crate::language::Languages;
use crate::messages;
use crate::request::{ExpandRequest, Options};
use crate::session::Session;
use crate::system::SearchText;
use crate::value_set::ValueSet;

pub(crate) use collect::{Collector, newest_versions_first};
use collected::Collected;
use notes::Notes;
use render::Renderer;
pub(crate) use render::add_listed;

/// The largest page that is given out.
const LARGEST_PAGE: usize = 10_000;

/// Elements of a value set that its expansion does not repeat, unless the definition is asked for.
const DEFINITION: [&str; 8] = ["compose", "purpose", "description", "contact", "copyright", "publisher", "extension", "contained"];

/// Expands a value set: the ValueSet with its `expansion`. What R4 has no element for, the properties of concepts, stands in the extensions that
/// FHIR has for R5's elements.
///
/// # Errors
/// When the value set, or one that it includes, or one of its code systems cannot be found; when it includes itself; when a filter cannot be worked
/// with; when a supplement is missing; when there are too many codes: more than [`crate::Limits::expansion`] without `count`.
pub fn expand(engine: &Terminology<'_>, request: ExpandRequest) -> Result<Value, TerminologyError> {
    let mut session = Session::new(*engine, request.options);
    let value_set = session.subject(&request.value_set)?;
    adopt(&mut session.options, &value_set)?;
    session.require(&value_set.supplements);
    let text = session.options.filter.as_deref().and_then(SearchText::parse);
    if !value_set.has_compose && value_set.resource.get("expansion").is_some() {
        return Ok((*value_set.resource).clone());
    }
    let mut notes = Notes::default();
    echo(&mut notes, &session.options);
    notes.warn_of_itself(&value_set.maturity, value_set.canonical());
    let collected = Collector::new(&session, text).collect(&value_set)?;
    session.check_supplements()?;
    notes.append(&collected.notes);
    let page = page(&collected, &session, &value_set)?;
    let mut renderer = Renderer::new(&session, &collected, &mut notes);
    let contains = if collected.nests(&session.options) { renderer.nested() } else { renderer.flat(page) };
    let properties = renderer.properties();
    for (name, canonical) in session.applied_rules() {
        notes.add(name, "valueUri", canonical.into());
    }
    let mut expansion = Object::new();
    let extensions = [collected.unclosed_extensions(), properties].concat();
    if !extensions.is_empty() {
        expansion.push("extension", extensions);
    }
    expansion.push("identifier", request.identifier);
    expansion.push("timestamp", request.timestamp);
    if !collected.is_unclosed() {
        expansion.push("total", collected.items.len() as u64);
    }
    session.options.offset.into_iter().for_each(|offset| expansion.push("offset", offset as u64));
    if !notes.is_empty() {
        expansion.push("parameter", notes.values());
    }
    if !contains.is_empty() {
        expansion.push("contains", contains);
    }
    Ok(with_expansion(&value_set, expansion, session.options.include_definition == Some(true)))
}

/// Takes over what a value set says of its own expansion, and its language when the request has none.
pub(crate) fn adopt(options: &mut Options, value_set: &Arc<ValueSet>) -> Result<(), TerminologyError> {
    for (name, value) in &value_set.parameters {
        options.set(name, Some(value), false)?;
    }
    if options.request_language.is_none() {
        options.request_language = value_set.language.as_deref().and_then(Languages::parse);
    }
    Ok(())
}

/// The parameters of the request, as the expansion repeats them.
fn echo(notes: &mut Notes, options: &Options) {
    let flags = [
        ("excludeNested", options.exclude_nested),
        ("versionsMatch", options.versions_match.filter(|matches| *matches)),
        ("activeOnly", options.active_only),
        ("includeDesignations", options.include_designations),
        ("includeDefinition", options.include_definition),
        ("excludeNotForUI", options.exclude_not_for_ui),
        ("excludePostCoordinated", options.exclude_post_coordinated),
    ];
    for (name, flag) in flags {
        flag.into_iter().for_each(|flag| notes.add(name, "valueBoolean", flag.into()));
    }
    options.filter.iter().for_each(|filter| notes.add("filter", "valueString", filter.as_str().into()));
    options.languages().into_iter().for_each(|languages| notes.add("displayLanguage", "valueCode", languages.text().into()));
    options.designations.iter().for_each(|wanted| notes.add("designation", "valueString", wanted.as_str().into()));
    options.excluded_systems.iter().for_each(|system| notes.add("exclude-system", "valueCanonical", system.as_str().into()));
    options.offset.into_iter().for_each(|offset| notes.add("offset", "valueInteger", (offset as u64).into()));
    options.count.into_iter().for_each(|count| notes.add("count", "valueInteger", (count as u64).into()));
}

/// Which of the codes go out.
fn page(collected: &Collected, session: &Session<'_>, value_set: &ValueSet) -> Result<std::ops::Range<usize>, TerminologyError> {
    let length = collected.items.len();
    let start = session.options.offset.unwrap_or(0).min(length);
    let end = session.options.count.map_or(length, |count| start.saturating_add(count).min(length));
    // What stands in for a grammar is as long as it is.
    let is_paged = session.options.count.is_some() || collected.is_unclosed();
    let most = if is_paged { LARGEST_PAGE } else { session.engine.limits.expansion };
    if end - start > most {
        return Err(TerminologyError::too_costly(messages::too_costly(&value_set.canonical(), most)));
    }
    Ok(start..end)
}

/// The value set as it goes out.
fn with_expansion(value_set: &ValueSet, expansion: Object, with_definition: bool) -> Value {
    let Some(resource) = value_set.resource.as_object() else { return Value::Null };
    let is_kept = |name: &str| {
        !matches!(name, "id" | "meta" | "text" | "expansion") && (with_definition || !DEFINITION.contains(&name.trim_start_matches('_')))
    };
    let mut answer: Object = resource.iter().filter(|(name, _)| is_kept(name)).map(|(name, value)| (name.clone(), value.clone())).collect();
    answer.push("expansion", expansion);
    answer.into()
}
