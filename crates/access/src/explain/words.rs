//! Explanations in sentences.

use fhir::definitions::ResourceType;

use super::Says;
use crate::compile::{Applied, Scoped, Source};
use crate::consent::Agreement;
use crate::policy::Effect;
use crate::{Act, Context, Principal};

/// Between what is true of a rule and what is true of it for one resource.
const FOR_THIS_ONE: &str = "; ";

/// The name of an act.
pub(super) fn act(act: Act) -> &'static str {
    match act {
        Act::Create => "create",
        Act::Read => "read",
        Act::Update => "update",
        Act::Delete => "delete",
        Act::Search => "search",
    }
}

pub(super) fn of_rule(applied: &Applied, says: Says, concerns: Option<bool>) -> String {
    let rule = applied.rule();
    let of = match &applied.source {
        Source::Role(assignment) => {
            let places: Vec<String> = assignment.facility.iter().chain(&assignment.department).map(|place| place.to_string()).collect();
            let at = if places.is_empty() { String::new() } else { format!(" at {}", places.join(", ")) };
            format!("the role {}{at}", assignment.role)
        }
        Source::User => format!("the user's own policy {}", applied.policy()),
    };
    let verb = if rule.effect == Effect::Allow { "allows" } else { "denies" };
    let does = match (says, applied.skipped) {
        (Says::DoesNotHold, Some(why)) => format!("would count, and does not hold: {}", why.in_words()),
        (Says::DoesNotHold, None) => "leads to nothing for this user".to_owned(),
        (Says::AllowsSome, _) => "allows it with the resources that it is about".to_owned(),
        _ => format!("{verb} it"),
    };
    with_concern(format!("`{}` of {of} {does}", rule.name), concerns)
}

pub(super) fn no_rule(asked: Act, kind: ResourceType, principal: &Principal) -> String {
    let roles: Vec<&str> = principal.roles.iter().map(|assignment| &*assignment.role).collect();
    let has = if roles.is_empty() { "the user has no role".to_owned() } else { format!("the roles are {}", roles.join(", ")) };
    format!(
        "no rule that holds lets {} be done with {}: {has}; a rule of a role or of the user's own would have to allow it",
        act(asked),
        kind.name()
    )
}

pub(super) fn of_scope(scoped: &Scoped, says: Says, concerns: Option<bool>) -> String {
    let does = match says {
        Says::DoesNotHold if !scoped.counts => match scoped.scope.context {
            Context::Patient => "does not count: no patient was chosen",
            Context::User => "does not count: the client acts for no user",
            Context::System => "does not count: the client acts for a user",
        },
        Says::DoesNotHold => "does not cover the type",
        Says::Allows => "covers it",
        _ => "covers it with some resources",
    };
    with_concern(format!("the client's scope `{}` {does}", scoped.scope), concerns)
}

pub(super) fn no_scope(asked: Act, kind: ResourceType) -> String {
    let letter = &act(asked)[..1];
    format!("no scope of the client covers it: it would have to ask for one such as `user/{}.{letter}`", kind.name())
}

pub(super) fn of_consents(agreement: &Agreement, kind: ResourceType, concerns: Option<bool>) -> String {
    let what = match agreement.needs_permission() {
        true => format!("the purpose of use needs a consent of the patient that permits it, for {}", kind.name()),
        false => format!("consents of some patients deny it, for {} of theirs", kind.name()),
    };
    with_concern(what, concerns)
}

fn with_concern(words: String, concerns: Option<bool>) -> String {
    match concerns {
        None => words,
        Some(true) => format!("{words}{FOR_THIS_ONE}it is about this one"),
        Some(false) => format!("{words}{FOR_THIS_ONE}it is not about this one"),
    }
}

/// A sentence without what is true of one resource.
pub(super) fn in_general(words: &str) -> String {
    let ends = ["it is about this one", "it is not about this one"];
    let end = ends.into_iter().find_map(|end| words.strip_suffix(end)?.strip_suffix(FOR_THIS_ONE));
    end.unwrap_or(words).to_owned()
}
