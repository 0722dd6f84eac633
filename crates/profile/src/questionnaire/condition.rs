//! Conditions: which items of a response are enabled (<http://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen>).

use std::cell::Cell;
use std::cmp::Ordering;

use fhir::Value;
use fhirpath::{Context, Expression, Item as PathItem};

use super::MAX_DEPTH;
use super::item::{Item, choice, choice_value};
use super::values::{Typed, is_equal, order};

/// The extensions with a condition in FHIRPath: that of HL7's guide for structured data capture, and that of Finland's.
const EXPRESSIONS: [&str; 2] = [
    "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression",
    "http://phr.kanta.fi/StructureDefinition/fiphr-ext-questionnaire-enablewhen",
];

/// Whether an item is enabled; `None` when that cannot be told. `around` are the items of the response from the outermost (the response
/// itself) to the one that contains it: answers that are nearer count first.
pub(super) fn is_enabled(item: Item<'_>, around: &[&Value], budget: &Cell<u32>) -> Option<bool> {
    if let Some(expression) = expression(item) {
        return holds_on(expression, around);
    }
    let mut results = item.0.list("enableWhen").map(|condition| is_met(condition, around, budget)).peekable();
    if results.peek().is_none() {
        return Some(true);
    }
    let results: Vec<Option<bool>> = results.collect();
    let decisive = item.0.text("enableBehavior") == Some("any");
    // One that decides is enough; without it one that cannot be told leaves all open.
    if results.contains(&Some(decisive)) {
        return Some(decisive);
    }
    if results.contains(&None) { None } else { Some(!decisive) }
}

/// A condition in FHIRPath, in the extensions that have them.
fn expression(item: Item<'_>) -> Option<&str> {
    let (ending, value) = EXPRESSIONS.iter().find_map(|url| item.extensions(url).next())?;
    if ending == "Expression" { value.text("expression") } else { value.as_str() }
}

/// Whether an expression is true on the response; `None` when it cannot be evaluated, as where it needs what is outside.
fn holds_on(expression: &str, around: &[&Value]) -> Option<bool> {
    let response = around.first()?;
    let expression = Expression::parse(expression).ok()?;
    expression.is_true(&Context::new(response), &PathItem::resource(response)).ok()
}

fn is_met(condition: &Value, around: &[&Value], budget: &Cell<u32>) -> Option<bool> {
    let question = condition.text("question")?;
    let expected = choice(condition, "answer")?;
    let answers = answers(question, around, budget)?;
    match condition.text("operator")? {
        "exists" => Some(answers.is_empty() != expected.1.as_bool()?),
        // Nothing is neither equal nor unequal: R4 does not say what holds where there is no answer.
        "!=" if answers.is_empty() => None,
        "!=" => all_known(answers.iter().map(|answer| is_same(*answer, expected))).map(|any| !any),
        "=" => all_known(answers.iter().map(|answer| is_same(*answer, expected))),
        operator => all_known(answers.iter().map(|answer| order(*answer, expected).and_then(|order| holds(operator, order)))),
    }
}

/// Whether any is true; `None` when none is, and some cannot be told.
fn all_known(results: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let results: Vec<Option<bool>> = results.collect();
    if results.contains(&Some(true)) {
        Some(true)
    } else if results.contains(&None) {
        None
    } else {
        Some(false)
    }
}

fn is_same(answer: Typed<'_>, expected: Typed<'_>) -> Option<bool> {
    // A condition on a coding without a system means the code alone.
    if answer.0 == "Coding" && expected.0 == "Coding" && expected.1.get("system").is_none() {
        return Some(answer.1.text("code") == expected.1.text("code"));
    }
    if answer.0 != expected.0 { Some(false) } else { is_equal(answer, expected) }
}

fn holds(operator: &str, order: Ordering) -> Option<bool> {
    Some(match operator {
        ">" => order.is_gt(),
        "<" => order.is_lt(),
        ">=" => order.is_ge(),
        "<=" => order.is_le(),
        _ => return None,
    })
}

/// The answers to a question: those in the nearest item around that has any. `None` when the budget is used up.
fn answers<'a>(question: &str, around: &[&'a Value], budget: &Cell<u32>) -> Option<Vec<Typed<'a>>> {
    let mut found = Vec::new();
    for scope in around.iter().rev() {
        if scope.text("linkId") == Some(question) {
            found.extend(scope.list("answer").filter_map(choice_value));
        }
        collect(question, scope, 0, budget, &mut found)?;
        if !found.is_empty() {
            break;
        }
    }
    Some(found)
}

fn collect<'a>(question: &str, within: &'a Value, depth: usize, budget: &Cell<u32>, found: &mut Vec<Typed<'a>>) -> Option<()> {
    if depth > MAX_DEPTH {
        return Some(());
    }
    for item in within.list("item").chain(within.list("answer").flat_map(|answer| answer.list("item"))) {
        budget.set(budget.get().checked_sub(1)?);
        if item.text("linkId") == Some(question) {
            found.extend(item.list("answer").filter_map(choice_value));
        }
        collect(question, item, depth + 1, budget, found)?;
    }
    Some(())
}
