//! What profiles tell: `conformsTo`, `slice`, `elementDefinition` (<http://hl7.org/fhir/R4/fhirpath.html#functions>).

use fhir::definitions::TypeKind;

use super::Call;
use crate::context::Profiles;
use crate::error::Result;
use crate::item::{Collection, Item};
use crate::types;

/// Where the definitions of FHIR itself are.
const DEFINITIONS: &str = "http://hl7.org/fhir/StructureDefinition/";

/// Whether the one item conforms to a profile. Who the context's [`Profiles`] are is asked first; the types of FHIR itself are known without.
pub(super) fn conforms_to<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let Some(profile) = call.text_argument(0)? else { return Ok(Collection::new()) };
    let Some(item) = call.single()? else { return Ok(Collection::new()) };
    if let Some(conforms) = call.evaluator.context.profiles.and_then(|profiles| profiles.conforms(&profile, item)) {
        return call.one(conforms);
    }
    let name = profile.split('|').next().and_then(|url| url.strip_prefix(DEFINITIONS));
    match name.and_then(types::named).filter(|id| types::get(*id).kind != TypeKind::Backbone) {
        Some(wanted) => call.one(item.node().and_then(|node| node.type_id()).is_some_and(|id| types::is_a(id, wanted))),
        None => call.fail("conformsTo() knows no such profile"),
    }
}

/// The items that are in a slice of a profile; nothing when either is not known.
pub(super) fn slice<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let (Some(structure), Some(name)) = (call.text_argument(0)?, call.text_argument(1)?) else { return Ok(Collection::new()) };
    let profiles = profiles(call)?;
    call.charge(call.focus.len().saturating_mul(10))?;
    Ok(call.focus.iter().filter(|item| profiles.in_slice(&structure, &name, item) == Some(true)).cloned().collect())
}

/// The ElementDefinition of each item.
pub(super) fn element_definition<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let profiles = profiles(call)?;
    let path = |item: &Item<'a>| match call.evaluator.places().above(item) {
        Some((above, name)) if !item.node().is_some_and(|node| node.is_resource()) => format!("{}.{name}", above.type_name()),
        _ => item.type_name().to_owned(),
    };
    let id = types::named("ElementDefinition");
    let definition = |item: &Item<'a>| Some(Item::element(profiles.element_definition(&path(item))?, id?));
    call.charge(call.focus.len())?;
    Ok(call.focus.iter().filter_map(definition).collect())
}

fn profiles<'a>(call: &Call<'_, 'a>) -> Result<&'a dyn Profiles> {
    match call.evaluator.context.profiles {
        Some(profiles) => Ok(profiles),
        None => call.fail(&format!("{}() is not available here: no profiles are known", call.function.name)),
    }
}
