//! The answers that a question offers, and how many it takes.

use fhir::Value;

use super::Judge;
use super::item::{Item, Kind, choice_value, extensions};
use super::response::Walk;
use super::values::{Typed, is_equal};
use crate::codes;

const EXCLUSIVE: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive";
const MIN_OCCURS: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-minOccurs";
const MAX_OCCURS: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-maxOccurs";

/// That an answer is one of the options, or a code of the value set.
pub(super) fn check(judge: &mut Judge<'_>, walk: &Walk<'_, '_>, question: Item<'_>, answer: Typed<'_>, place: &str) {
    let is_open = question.kind() == Some(Kind::OpenChoice);
    if is_open && answer.0 == "String" {
        return;
    }
    let options: Vec<Typed<'_>> = question.0.list("answerOption").filter_map(choice_value).collect();
    if !options.is_empty() {
        if options.iter().all(|option| option.0 != answer.0) {
            judge.error(
                codes::RESPONSE_OPTION,
                place,
                format!("no option of the question is of this type: they are value{}", options[0].0),
            );
        } else if options.iter().filter(|option| option.0 == answer.0).all(|option| is_equal(answer, *option) == Some(false)) {
            judge.error(codes::RESPONSE_OPTION, place, "this is none of the options of the question: choose one of its answerOption");
        }
        return;
    }
    let Some(value_set) = question.0.text("answerValueSet") else {
        if question.kind() == Some(Kind::Choice) && answer.0 == "String" {
            judge.error(codes::RESPONSE_OPTION, place, "a choice without options of strings is answered with a coding");
        }
        return;
    };
    let found = match answer {
        ("Coding", coding) => contains(walk, value_set, coding.text("system"), coding.text("code").unwrap_or_default()),
        ("String", text) if question.kind() != Some(Kind::Choice) => contains(walk, value_set, None, text.as_str().unwrap_or_default()),
        ("String", _) => Some(false),
        _ => None,
    };
    if found == Some(false) {
        judge.error(codes::RESPONSE_OPTION, place, format!("the answer is not in the value set {value_set}: choose one of its codes"));
    }
}

/// Whether a value set has a code: one that the questionnaire contains, or one that the terminology knows; `None` when nobody can tell.
pub(super) fn contains(walk: &Walk<'_, '_>, value_set: &str, system: Option<&str>, code: &str) -> Option<bool> {
    if let Some(id) = value_set.strip_prefix('#') {
        let mut contained = [walk.questionnaire, walk.response].into_iter().flat_map(|resource| resource.list("contained"));
        let set = contained.find(|resource| resource.text("id") == Some(id))?;
        return enumerated(set, system, code);
    }
    walk.surroundings.terminology?.member_of(value_set, system, code)
}

/// Whether a code is in a value set that lists all its codes.
fn enumerated(set: &Value, system: Option<&str>, code: &str) -> Option<bool> {
    if let Some(expansion) = set.get("expansion") {
        return Some(is_in_expansion(expansion, system, code));
    }
    let compose = set.get("compose").filter(|compose| compose.get("exclude").is_none())?;
    let mut is_complete = true;
    for include in compose.list("include") {
        let is_system = system.is_none() || include.text("system") == system;
        if is_system && include.list("concept").any(|concept| concept.text("code") == Some(code)) {
            return Some(true);
        }
        is_complete &= include.get("concept").is_some() || !is_system && include.get("valueSet").is_none();
    }
    is_complete.then_some(false)
}

fn is_in_expansion(of: &Value, system: Option<&str>, code: &str) -> bool {
    of.list("contains").any(|concept| {
        let is_same = concept.text("code") == Some(code) && (system.is_none() || concept.text("system") == system);
        is_same || is_in_expansion(concept, system, code)
    })
}

/// That an option that excludes the others is the only answer.
pub(super) fn exclusive(judge: &mut Judge<'_>, question: Item<'_>, answers: &[&Value], place: &str) {
    if answers.len() < 2 {
        return;
    }
    let is_exclusive = |option: &&Value| extensions(option, EXCLUSIVE).any(|(_, value)| value.as_bool() == Some(true));
    for option in question.0.list("answerOption").filter(is_exclusive).filter_map(choice_value) {
        let is_chosen =
            |answer: &&Value| choice_value(answer).is_some_and(|answer| answer.0 == option.0 && is_equal(answer, option) == Some(true));
        if let Some(index) = answers.iter().position(is_chosen) {
            let place = format!("{place}.answer[{index}]");
            judge.error(codes::RESPONSE_OPTION, &place, "this option excludes all others: keep it alone, or leave it out");
        }
    }
}

/// That there are as many answers, or groups, as the extensions minOccurs and maxOccurs say. `items` are the response's for the question.
pub(super) fn occurs<'a>(judge: &mut Judge<'_>, question: Item<'_>, items: impl Iterator<Item = &'a Value>, place: &str) {
    let limit = |url| question.extensions(url).find_map(|(_, value)| value.as_number()?.parse::<usize>().ok());
    let (min, max) = (limit(MIN_OCCURS), limit(MAX_OCCURS));
    if min.is_none() && max.is_none() {
        return;
    }
    let count = match question.kind() {
        Some(kind) if kind.is_question() => items.map(|item| item.list("answer").count()).sum(),
        _ => items.count(),
    };
    if let Some(min) = min.filter(|min| count < *min) {
        judge.error(codes::RESPONSE_REPEATS, place, format!("at least {min} are needed, and there are {count}"));
    }
    if let Some(max) = max.filter(|max| count > *max) {
        judge.error(codes::RESPONSE_REPEATS, place, format!("at most {max} are allowed, and there are {count}"));
    }
}
