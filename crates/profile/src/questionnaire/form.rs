//! A questionnaire by itself.

use std::collections::{HashMap, HashSet};

use fhir::Value;

use super::item::{Item, Kind, choice, choice_value};
use super::{Judge, MAX_DEPTH};
use crate::codes;

/// What is known of all items: their kind, and the place in the order in which they are read.
type Known<'a> = HashMap<&'a str, (Option<Kind>, usize)>;

pub(super) fn check(judge: &mut Judge<'_>, questionnaire: &Value, container: &Value, place: &str) {
    let mut known = Known::new();
    collect(Item(questionnaire), 0, &mut known);
    let contained: HashSet<&str> = [questionnaire, container]
        .iter()
        .flat_map(|resource| resource.list("contained"))
        .filter_map(|resource| resource.text("id"))
        .collect();
    walk(judge, &contained, Item(questionnaire), place, 0, &known);
}

fn collect<'a>(of: Item<'a>, depth: usize, known: &mut Known<'a>) {
    for item in of.items().filter(|_| depth <= MAX_DEPTH) {
        let place = known.len();
        if let Some(link_id) = item.link_id() {
            known.entry(link_id).or_insert((item.kind(), place));
        }
        collect(item, depth + 1, known);
    }
}

fn walk(judge: &mut Judge<'_>, contained: &HashSet<&str>, of: Item<'_>, place: &str, depth: usize, known: &Known<'_>) {
    for (index, item) in of.items().enumerate().filter(|_| depth <= MAX_DEPTH) {
        let place = format!("{place}.item[{index}]");
        conditions(judge, item, &place, known);
        if let Some(kind) = item.kind() {
            values(judge, item, kind, &place);
        }
        value_set(judge, contained, item, &place);
        walk(judge, contained, item, &place, depth + 1, known);
    }
}

/// That conditions ask about questions that there are, for answers that these may have.
fn conditions(judge: &mut Judge<'_>, item: Item<'_>, place: &str, known: &Known<'_>) {
    for (index, condition) in item.0.list("enableWhen").enumerate() {
        let place = format!("{place}.enableWhen[{index}]");
        let Some(question) = condition.text("question") else { continue };
        let Some((kind, at)) = known.get(question) else {
            judge.error(
                codes::QUESTIONNAIRE_CONDITION,
                &format!("{place}.question"),
                "the questionnaire has no item with this linkId: name one that it has",
            );
            continue;
        };
        if item.link_id() == Some(question) {
            judge.error(
                codes::QUESTIONNAIRE_CONDITION,
                &format!("{place}.question"),
                "an item cannot depend on its own answer: name another",
            );
        } else if item.link_id().and_then(|own| known.get(own)).is_some_and(|(_, own)| own < at) {
            judge.warning(
                codes::QUESTIONNAIRE_CONDITION,
                &format!("{place}.question"),
                "the item that this asks about comes later: let it come before",
            );
        }
        let operator = condition.text("operator").unwrap_or_default();
        let Some((ending, _)) = choice(condition, "answer") else { continue };
        if operator == "exists" {
            continue;
        }
        if let Some(kind) = kind.filter(|kind| !kind.values().contains(&ending)) {
            let values: Vec<String> = kind.values().iter().map(|value| format!("answer{value}")).collect();
            let text = match values.is_empty() {
                true => "groups and displays have no answers to ask about".to_owned(),
                false => format!("the answers to that question are of another type: write {}", values.join(" or ")),
            };
            judge.warning(codes::QUESTIONNAIRE_CONDITION, &place, text);
        }
        if operator.starts_with(['<', '>']) && matches!(ending, "Boolean" | "Coding" | "Reference") {
            judge.warning(codes::QUESTIONNAIRE_CONDITION, &format!("{place}.operator"), "such answers have no order: compare with = or !=");
        }
    }
}

/// That options and initial values are of the type of the item.
fn values(judge: &mut Judge<'_>, item: Item<'_>, kind: Kind, place: &str) {
    for name in ["answerOption", "initial"] {
        for (index, value) in item.0.list(name).enumerate() {
            let Some((ending, _)) = choice_value(value) else { continue };
            if kind.is_question() && !kind.values().contains(&ending) {
                let values: Vec<String> = kind.values().iter().map(|value| format!("value{value}")).collect();
                let text = format!("answers to this item are {}: so must this be", values.join(" or "));
                judge.warning(codes::QUESTIONNAIRE_VALUE, &format!("{place}.{name}[{index}].value"), text);
            }
        }
    }
}

/// That a value set that should be contained is there.
fn value_set(judge: &mut Judge<'_>, contained: &HashSet<&str>, item: Item<'_>, place: &str) {
    let Some(id) = item.0.text("answerValueSet").and_then(|address| address.strip_prefix('#')) else { return };
    if !contained.contains(id) {
        let text = "the questionnaire contains no value set with this id: add it to contained";
        judge.error(codes::QUESTIONNAIRE_VALUE, &format!("{place}.answerValueSet"), text);
    }
}
