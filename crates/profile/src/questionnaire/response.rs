//! The items of a response beside those of its questionnaire, level by level.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use fhir::{Severity, Value};

use super::condition::is_enabled;
use super::item::{Item, Kind};
use super::{Judge, MAX_DEPTH, Surroundings, answer, constraint, options};
use crate::codes;

/// How many items the conditions of one response look at together: beyond that none can be told.
const CONDITION_STEPS: u32 = 2_000_000;

/// What is known during the walk.
pub(super) struct Walk<'w, 'a> {
    pub(super) surroundings: &'w Surroundings<'w>,
    pub(super) response: &'a Value,
    pub(super) questionnaire: &'a Value,
    /// How bad it is when an answer is missing: nobody has to have answered everything before the end.
    missing: Severity,
    /// The linkIds of the whole questionnaire.
    known: HashSet<&'a str>,
    /// How many items conditions may still look at, so that no questionnaire makes the walk slow.
    budget: Cell<u32>,
}

/// An item of the response, and where it stands.
struct Answered<'a> {
    item: &'a Value,
    place: String,
}

pub(super) fn check<'a>(judge: &mut Judge<'_>, response: &'a Value, questionnaire: &'a Value, surroundings: &Surroundings<'_>) {
    let is_finished = matches!(response.text("status"), Some("completed" | "amended"));
    let missing = if is_finished { Severity::Error } else { Severity::Warning };
    let mut known = HashSet::new();
    link_ids(questionnaire, 0, &mut known);
    subject(judge, response, questionnaire);
    let walk = Walk { surroundings, response, questionnaire, missing, known, budget: Cell::new(CONDITION_STEPS) };
    walk.level(judge, Item(questionnaire), response, "QuestionnaireResponse", &mut Vec::new());
}

fn link_ids<'a>(of: &'a Value, depth: usize, known: &mut HashSet<&'a str>) {
    for item in of.list("item").filter(|_| depth <= MAX_DEPTH) {
        known.extend(item.text("linkId"));
        link_ids(item, depth + 1, known);
    }
}

/// That the subject is of a type that the questionnaire is for.
fn subject(judge: &mut Judge<'_>, response: &Value, questionnaire: &Value) {
    let types: Vec<&str> = questionnaire.list("subjectType").filter_map(Value::as_str).collect();
    let Some(subject) = response.get("subject").and_then(|subject| subject.text("reference")) else { return };
    let relative = subject.split_once('/').filter(|(kind, _)| kind.starts_with(|first: char| first.is_ascii_uppercase()));
    if let Some((kind, _)) = relative
        && !types.is_empty()
        && !types.contains(&kind)
    {
        let text = format!("the questionnaire is for subjects of the type {}", types.join(" or "));
        judge.warning(codes::RESPONSE_SUBJECT, "QuestionnaireResponse.subject", text);
    }
}

impl<'a> Walk<'_, 'a> {
    /// The items below `parent`, an item, an answer or the response itself, against those below `question`. `around` is what contains
    /// `parent`, from the response on.
    fn level(&self, judge: &mut Judge<'_>, question: Item<'a>, parent: &'a Value, place: &str, around: &mut Vec<&'a Value>) {
        if around.len() > MAX_DEPTH {
            return;
        }
        let questions: Vec<Item<'a>> = question.items().collect();
        let answered: Vec<Answered<'a>> =
            parent.list("item").enumerate().map(|(index, item)| Answered { item, place: format!("{place}.item[{index}]") }).collect();
        let own = self.places(judge, &questions, &answered);
        around.push(parent);
        for (question, own) in questions.into_iter().zip(own) {
            self.question(judge, question, &own, place, around);
        }
        around.pop();
    }

    /// The items of the response for each question: that each is one of the questionnaire, at its level and in its order.
    fn places<'i>(&self, judge: &mut Judge<'_>, questions: &[Item<'a>], answered: &'i [Answered<'a>]) -> Vec<Vec<&'i Answered<'a>>> {
        let mut own = vec![Vec::new(); questions.len()];
        let by_id: HashMap<&str, usize> =
            questions.iter().enumerate().filter_map(|(at, question)| Some((question.link_id()?, at))).collect();
        let mut last = 0;
        for answered in answered {
            let Answered { item, place } = answered;
            let Some(link_id) = item.text("linkId") else { continue };
            match by_id.get(link_id) {
                Some(found) => {
                    own[*found].push(answered);
                    if *found < last {
                        let text = "the items of a response are in the order of the questionnaire: move this one";
                        judge.error(codes::RESPONSE_STRUCTURE, place, text);
                    }
                    last = *found;
                }
                None if self.known.contains(link_id) => {
                    judge.error(codes::RESPONSE_STRUCTURE, place, "the questionnaire has this item at another level: nest it as it does");
                }
                None => judge.error(codes::RESPONSE_STRUCTURE, place, "the questionnaire has no item with this linkId: leave it out"),
            }
        }
        own
    }

    /// All items of the response for one question.
    fn question(&self, judge: &mut Judge<'_>, question: Item<'a>, own: &[&Answered<'a>], place: &str, around: &mut Vec<&'a Value>) {
        let enabled = is_enabled(question, around, &self.budget);
        if enabled == Some(false) {
            return disabled(judge, own);
        }
        if own.is_empty() {
            return self.absent(judge, question, enabled, place);
        }
        if own.len() > 1 && !question.is("repeats") {
            judge.error(codes::RESPONSE_REPEATS, &own[1].place, "this item does not repeat: keep one of them");
        }
        options::occurs(judge, question, own.iter().map(|answered| answered.item), &own[0].place);
        for answered in own {
            self.item(judge, question, answered, around);
        }
    }

    fn absent(&self, judge: &mut Judge<'_>, question: Item<'_>, enabled: Option<bool>, place: &str) {
        if question.is("required") && enabled == Some(true) && question.kind() != Some(Kind::Display) {
            self.required(judge, question, place);
        }
    }

    fn required(&self, judge: &mut Judge<'_>, question: Item<'_>, place: &str) {
        let text = format!("the item {:?} is required: answer it", question.link_id().unwrap_or_default());
        judge.report(codes::RESPONSE_REQUIRED, self.missing, place, text);
    }

    fn item(&self, judge: &mut Judge<'_>, question: Item<'a>, answered: &Answered<'a>, around: &mut Vec<&'a Value>) {
        let Answered { item, place } = answered;
        let Some(kind) = question.kind() else { return };
        if let (Some(stated), Some(text)) = (item.text("text"), question.0.text("text"))
            && stated != text
        {
            judge.warning(
                codes::RESPONSE_TEXT,
                &format!("{place}.text"),
                "the text is not the one of the questionnaire: copy it, or leave it out",
            );
        }
        constraint::check(judge, self, question, item, place);
        if !kind.is_question() {
            if item.get("answer").is_some() {
                let text =
                    format!("an item of the type {} has no answers: nest its items in item", question.0.text("type").unwrap_or_default());
                judge.error(codes::RESPONSE_STRUCTURE, place, text);
            }
            return self.level(judge, question, item, place, around);
        }
        if item.get("item").is_some() {
            judge.error(
                codes::RESPONSE_STRUCTURE,
                &format!("{place}.item"),
                "items below a question stand in its answers: move them into answer.item",
            );
        }
        self.answers(judge, question, item, place, around);
    }

    fn answers(&self, judge: &mut Judge<'_>, question: Item<'a>, item: &'a Value, place: &str, around: &mut Vec<&'a Value>) {
        let answers: Vec<&'a Value> = item.list("answer").collect();
        if answers.is_empty() && question.is("required") {
            self.required(judge, question, place);
        }
        if answers.len() > 1 && !question.is("repeats") {
            judge.error(codes::RESPONSE_REPEATS, &format!("{place}.answer[1]"), "this question takes one answer: keep one of them");
        }
        options::exclusive(judge, question, &answers, place);
        around.push(item);
        for (index, given) in answers.into_iter().enumerate() {
            let place = format!("{place}.answer[{index}]");
            answer::check(judge, self, question, given, &place);
            self.level(judge, question, given, &place, around);
        }
        around.pop();
    }
}

/// Items that are not enabled have no answers, nor has what is below them.
fn disabled(judge: &mut Judge<'_>, items: &[&Answered<'_>]) {
    for Answered { item, place } in items {
        if has_answer(item, 0) {
            judge.error(codes::RESPONSE_DISABLED, place, "the conditions of this item are not met, so it has no answer: leave it out");
        }
    }
}

fn has_answer(item: &Value, depth: usize) -> bool {
    item.get("answer").is_some() || depth <= MAX_DEPTH && item.list("item").any(|inner| has_answer(inner, depth + 1))
}
