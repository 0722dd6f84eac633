//! The questionnaire that a response answers.

use std::ops::Deref;
use std::sync::Arc;

use fhir::Value;
use fhir::canonical::Canonical;
use fhir::library::Library;

use super::Judge;
use crate::codes;

/// What a canonical address may lead to that is no questionnaire.
const OTHERS: [&str; 4] = ["ValueSet", "CodeSystem", "StructureDefinition", "ConceptMap"];

/// A questionnaire that was found.
pub(super) enum Found<'a> {
    /// In the response itself.
    Contained(&'a Value),
    /// In the library.
    Known(Arc<Value>),
}

impl Deref for Found<'_> {
    type Target = Value;
    fn deref(&self) -> &Value {
        match self {
            Found::Contained(questionnaire) => questionnaire,
            Found::Known(questionnaire) => questionnaire,
        }
    }
}

/// The questionnaire, contained or in the library.
pub(super) fn find<'a>(judge: &mut Judge<'_>, response: &'a Value, library: &dyn Library) -> Option<Found<'a>> {
    const PLACE: &str = "QuestionnaireResponse.questionnaire";
    let Some(address) = response.text("questionnaire") else {
        judge.warning(
            codes::QUESTIONNAIRE_UNKNOWN,
            "QuestionnaireResponse",
            "the response does not say which questionnaire it answers, so its answers were not judged",
        );
        return None;
    };
    let canonical = Canonical::parse(address);
    let is_questionnaire = |resource: &&Value| resource.resource_type() == Some("Questionnaire");
    let contained = || response.list("contained").filter(is_questionnaire);
    let local = address.strip_prefix('#');
    let found = match local {
        Some(id) => contained().find(|resource| resource.text("id") == Some(id)),
        None => contained().find(|resource| resource.text("url") == Some(canonical.url) && canonical.accepts(resource.text("version"))),
    };
    if let Some(found) = found {
        return Some(Found::Contained(found));
    }
    if local.is_none()
        && let Some(found) = library.find("Questionnaire", &canonical)
    {
        return Some(Found::Known(found));
    }
    match OTHERS.into_iter().find(|kind| library.find(kind, &canonical).is_some()) {
        Some(kind) => judge.error(codes::QUESTIONNAIRE_UNKNOWN, PLACE, format!("this is the address of a {kind}: name a Questionnaire")),
        None => judge.warning(
            codes::QUESTIONNAIRE_UNKNOWN,
            PLACE,
            "the questionnaire is not known here, so the answers were not judged: store it first",
        ),
    }
    None
}
