//! What each interaction may answer: its statuses, what comes with them, and what they mean.
//!
//! Handlers answer these, a test holds them to it, and the documentation is made from them. What goes wrong before any interaction is
//! reached (a body that is too large, a format that nobody writes) is not in here: that is HTTP's.

use super::Interaction;

/// A status that an interaction may answer.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// What comes with it.
    pub content: Content,
    /// What it means, as the end of a sentence.
    pub doc: &'static str,
}

/// What comes with a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Nothing.
    Nothing,
    /// A resource of the type that the address names.
    Resource,
    /// The same, or what the Prefer header asks for in its place.
    Preferred,
    /// A resource of this type, `Resource` for any: a Bundle, a CapabilityStatement.
    One(&'static str),
    /// The answer to a GraphQL query: data, or what is wrong with the query.
    GraphQl,
    /// An OperationOutcome, whose issues say what is wrong, where, and what to do.
    Outcome,
}

const fn answer(status: u16, content: Content, doc: &'static str) -> Answer {
    Answer { status, content, doc }
}

const fn refusal(status: u16, doc: &'static str) -> Answer {
    answer(status, Content::Outcome, doc)
}

const BUNDLE: Content = Content::One("Bundle");
const SEARCHSET: Answer = answer(200, BUNDLE, "a Bundle of type searchset: a page of what matches, and what was asked to come along");
const HISTORY: Answer = answer(200, BUNDLE, "a Bundle of type history: versions, newest first");
const VERSION: Answer = answer(200, Content::Resource, "the resource");
const UNCHANGED: Answer = answer(304, Content::Nothing, "the client has this version already");
const MALFORMED: Answer = refusal(400, "a parameter, header or the body breaks a rule: the issues name every place");
const FORBIDDEN: Answer = refusal(403, "the rules for whoever asks, or the settings of the server, do not allow it");
const UNKNOWN_TYPE: Answer = refusal(404, "the type is none of FHIR R4");
const NOT_FOUND: Answer = refusal(404, "no such resource, version or type");
const GONE: Answer = refusal(410, "the resource was deleted");
const ID_REFUSED: Answer = refusal(405, "the resource does not exist, and this server lets no client choose ids");
const CONFLICT: Answer = refusal(409, "another changed the same at the same moment, or the resource is still referenced");
const CONDITION: Answer = refusal(412, "a condition does not hold: the version is not the current one, or several resources match");
const BROKEN_RULE: Answer = refusal(422, "a rule of this server is broken, such as that references lead somewhere");
const UNPATCHABLE: Answer = refusal(422, "the patch cannot be applied, or what comes out breaks a rule");
const NOT_BY_GET: Answer = refusal(405, "the operation changes something, or needs a body: it is invoked by POST");
const FULL: Answer = refusal(507, "the store is out of room");

impl Interaction {
    /// Every status that the interaction may answer, in ascending order.
    pub fn answers(self) -> &'static [Answer] {
        const CREATED: Answer = answer(201, Content::Preferred, "the resource was created");
        match self {
            Interaction::Capabilities => {
                const {
                    &[
                        answer(200, Content::One("Resource"), "what the server can do: a CapabilityStatement or TerminologyCapabilities"),
                        MALFORMED,
                    ]
                }
            }
            Interaction::Process => {
                const DONE: Answer = answer(200, BUNDLE, "a Bundle that says what became of each entry, in the same order");
                &[DONE, MALFORMED, FORBIDDEN, UNKNOWN_TYPE, ID_REFUSED, CONFLICT, CONDITION, BROKEN_RULE, FULL]
            }
            Interaction::SearchSystem | Interaction::SearchSystemPost => &[SEARCHSET, MALFORMED, FORBIDDEN],
            Interaction::HistorySystem => &[HISTORY, MALFORMED, FORBIDDEN],
            Interaction::SearchType | Interaction::SearchTypePost | Interaction::SearchCompartment | Interaction::SearchCompartmentPost => {
                &[SEARCHSET, MALFORMED, FORBIDDEN, UNKNOWN_TYPE]
            }
            Interaction::Create => {
                const THERE: Answer = answer(200, Content::Preferred, "If-None-Exist found the resource: nothing was created");
                &[THERE, CREATED, MALFORMED, FORBIDDEN, UNKNOWN_TYPE, CONFLICT, CONDITION, BROKEN_RULE, FULL]
            }
            Interaction::HistoryType => &[HISTORY, MALFORMED, FORBIDDEN, UNKNOWN_TYPE],
            Interaction::Read | Interaction::Vread => &[VERSION, UNCHANGED, MALFORMED, FORBIDDEN, NOT_FOUND, GONE],
            Interaction::Update | Interaction::ConditionalUpdate => {
                const UPDATED: Answer = answer(200, Content::Preferred, "the resource has a new version");
                &[UPDATED, CREATED, MALFORMED, FORBIDDEN, UNKNOWN_TYPE, ID_REFUSED, CONFLICT, CONDITION, BROKEN_RULE, FULL]
            }
            Interaction::Delete | Interaction::ConditionalDelete => {
                const DELETED: Answer = answer(204, Content::Nothing, "the resource is gone, or was never there");
                &[DELETED, MALFORMED, FORBIDDEN, UNKNOWN_TYPE, CONFLICT, CONDITION, FULL]
            }
            Interaction::Patch | Interaction::ConditionalPatch => {
                const PATCHED: Answer = answer(200, Content::Preferred, "the resource as the patch has left it");
                &[PATCHED, MALFORMED, FORBIDDEN, NOT_FOUND, CONFLICT, GONE, CONDITION, UNPATCHABLE, FULL]
            }
            Interaction::Operation => {
                const RESULT: Answer = answer(200, Content::One("Resource"), "what the operation gives: Parameters, or its one resource");
                &[RESULT, MALFORMED, FORBIDDEN, NOT_FOUND, NOT_BY_GET, CONFLICT, GONE, CONDITION, BROKEN_RULE, FULL]
            }
            Interaction::HistoryInstance => &[HISTORY, MALFORMED, FORBIDDEN, NOT_FOUND],
            Interaction::GraphQl | Interaction::GraphQlPost => {
                const DATA: Answer = answer(200, Content::GraphQl, "what the query selects, as `data`");
                const WRONG: Answer = answer(400, Content::GraphQl, "the query cannot be answered: `errors` say why");
                const REFUSED: Answer = answer(403, Content::GraphQl, "the rules for whoever asks do not allow it");
                const NO_INSTANCE: Answer = answer(404, Content::GraphQl, "no such resource or type");
                const DELETED: Answer = answer(410, Content::GraphQl, "the resource was deleted");
                &[DATA, WRONG, REFUSED, NO_INSTANCE, DELETED]
            }
        }
    }
}
