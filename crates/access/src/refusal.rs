//! What somebody is told whom no rule lets do something: which act, of which type, and where a rule would have to be. It never says whether a
//! resource is there.

use fhir::definitions::ResourceType;

use crate::grant::Act;

/// No rule allows the act with any resource of the type.
pub fn no_rule(act: Act, kind: ResourceType) -> Box<str> {
    format!(
        "no rule lets you {} {} resources: whoever manages access can add one to a role of yours, or your client asks for the scope",
        word(act),
        kind.name()
    )
    .into()
}

/// No rule allows the act with any resource of any type.
pub fn no_rule_at_all(act: Act) -> Box<str> {
    format!("no rule lets you {} resources of any type: whoever manages access can add one to a role of yours", word(act)).into()
}

/// The rules allow the act with some resources of the type, and not with this one.
pub fn not_this_one(act: Act, kind: ResourceType) -> Box<str> {
    format!(
        "the rules that let you {} {} resources do not hold for this one: whoever manages access can widen them",
        word(act),
        kind.name()
    )
    .into()
}

/// The rules allow the act with some resources of the type, and what was to be written is none of them.
pub fn not_like_this(act: Act, kind: ResourceType) -> Box<str> {
    format!(
        "what this would make is outside of the {} resources that your rules let you {}: correct what they go by, such as the patient it is about",
        kind.name(),
        word(act)
    )
    .into()
}

/// An element of the type may not be written.
pub fn element(kind: ResourceType, path: &str) -> Box<str> {
    format!("`{}.{path}` is not yours to write: leave it as it is, or out of a new resource", kind.name()).into()
}

/// Nothing may be found or ordered by an element that is hidden.
pub fn hidden_parameter(kind: ResourceType, code: &str) -> Box<str> {
    format!("the search parameter `{code}` of {} reads an element that is hidden from you: search without it", kind.name()).into()
}

/// No rule allows the operation, by its name without `$`.
pub fn no_operation(name: &str) -> Box<str> {
    format!("no rule lets you invoke ${name}: whoever manages access can add the operation to a role of yours").into()
}

/// What is no resource is not for clients.
pub fn inside_only(what: &str) -> Box<str> {
    format!("{what} are the server's own and are not told to clients").into()
}

fn word(act: Act) -> &'static str {
    match act {
        Act::Create => "create",
        Act::Read => "read",
        Act::Update => "update",
        Act::Delete => "delete",
        Act::Search => "search",
    }
}
