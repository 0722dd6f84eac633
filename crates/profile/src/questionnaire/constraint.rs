//! Invariants that a questionnaire has for its items: the extension questionnaire-constraint.

use fhir::Value;
use fhirpath::{Context, Expression, Item as PathItem};

use super::Judge;
use super::item::{Item, choice_value};
use super::response::Walk;
use crate::codes;

const URL: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-constraint";

/// That the invariants of the question hold on the item of the response.
pub(super) fn check<'a>(judge: &mut Judge<'_>, walk: &Walk<'_, 'a>, question: Item<'a>, item: &'a Value, place: &str) {
    for constraint in question.0.list("extension").filter(|extension| extension.text("url") == Some(URL)) {
        let part = |name: &str| {
            let found = constraint.list("extension").find(|extension| extension.text("url") == Some(name));
            found.and_then(choice_value).and_then(|(_, value)| value.as_str())
        };
        let (Some(expression), key) = (part("expression"), part("key").unwrap_or_default()) else { continue };
        match holds(walk, question, item, expression) {
            Some(true) => {}
            Some(false) => {
                let text =
                    format!("the invariant {key} of the questionnaire does not hold: {} ({expression})", part("human").unwrap_or_default());
                match part("severity") {
                    Some("warning") => judge.warning(codes::RESPONSE_CONSTRAINT, place, text),
                    _ => judge.error(codes::RESPONSE_CONSTRAINT, place, text),
                }
            }
            None => {
                judge.warning(codes::RESPONSE_CONSTRAINT, place, format!("the invariant {key} of the questionnaire cannot be evaluated"))
            }
        }
    }
}

fn holds<'a>(walk: &Walk<'_, 'a>, question: Item<'a>, item: &'a Value, expression: &str) -> Option<bool> {
    let expression = Expression::parse(expression).ok()?;
    let kind = fhir::definitions::definitions().type_by_name("QuestionnaireResponse.item")?;
    let context = Context::new(walk.response)
        .with_variable("questionnaire", [PathItem::resource(walk.questionnaire)])
        .with_variable("qitem", [PathItem::plain(question.0)]);
    expression.is_true(&context, &PathItem::element(item, kind.id)).ok()
}
