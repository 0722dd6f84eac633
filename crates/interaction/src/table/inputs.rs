//! What each interaction reads: query parameters, headers, a body. The documentation is made from this.

use super::Interaction;

/// A query parameter or a request header.
#[derive(Clone, Copy, Debug)]
pub struct Input {
    /// Its name.
    pub name: &'static str,
    /// What values it takes.
    pub values: Values,
    /// What it is for, in a sentence.
    pub doc: &'static str,
}

/// What values an input takes.
#[derive(Clone, Copy, Debug)]
pub enum Values {
    /// A text.
    Text,
    /// A text, and it may be given several times.
    Several,
    /// A whole number from 0 on.
    Count,
    /// A date or moment.
    Moment,
    /// One of these.
    OneOf(&'static [&'static str]),
}

/// What an interaction takes as its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// A resource of the type that the address names.
    Resource,
    /// A resource of this type.
    One(&'static str),
    /// The parameters of a search, as a form.
    Form,
    /// A patch in one of its languages.
    Patch,
    /// A GraphQL query: its text, or JSON with the text and its variables.
    GraphQl,
}

const fn input(name: &'static str, values: Values, doc: &'static str) -> Input {
    Input { name, values, doc }
}

use Values::{Count, Moment, OneOf, Several, Text};

/// Taken everywhere: how the answer is written.
const STYLE: [Input; 2] = [
    input("_format", Text, "The format of the answer, before the Accept header: `json`, `xml` or a media type."),
    input("_pretty", OneOf(&["true", "false"]), "Whether the answer is indented for people."),
];

const CAPABILITIES: [Input; 5] = [
    PART[0],
    PART[1],
    PART[2],
    PART[3],
    input("mode", OneOf(&["full", "normative", "terminology"]), "Which statement: `terminology` for the TerminologyCapabilities."),
];

/// Asked of what reads the state of the resources.
const AS_OF: Input = input(
    "_asOf",
    Moment,
    "The past moment whose state is asked about: an instant, or a date for its end. What was written since costs time.",
);

/// What part of a resource is sent.
const PART: [Input; 4] = [
    STYLE[0],
    STYLE[1],
    input("_summary", OneOf(&["true", "text", "data", "false"]), "Which part of the resource comes back."),
    input("_elements", Text, "The only elements that come back beside the mandatory ones, separated by commas."),
];

const READ: [Input; 5] = [PART[0], PART[1], PART[2], PART[3], AS_OF];
const OPERATION: [Input; 3] = [STYLE[0], STYLE[1], AS_OF];

const HISTORY: [Input; 9] = [
    STYLE[0],
    STYLE[1],
    input("_count", Count, "How many versions a page has at most."),
    input("_since", Moment, "Only versions written at this moment or later."),
    input("_at", Moment, "Only versions that were current at some time in this moment, day, month or year."),
    input("_sort", OneOf(&["-_lastUpdated", "none"]), "The order: newest first is the only one."),
    input("_summary", OneOf(&["true", "text", "data", "count", "false"]), "Which part of each version comes back."),
    input("_elements", Text, "The only elements that come back beside the mandatory ones, separated by commas."),
    PAGE,
];

const PAGE: Input = input("_page", Text, "Where a page begins, as the `next` link of the page before has it.");

/// How a search is to be answered; what is looked for is up to the type.
const SEARCH: [Input; 14] = [
    STYLE[0],
    STYLE[1],
    input("_count", Count, "How many resources a page has at most; 0 asks for the total only."),
    input("_sort", Text, "The order: search parameters separated by commas, each with `-` before it for descending."),
    input("_total", OneOf(&["none", "estimate", "accurate"]), "Whether to count all that match."),
    input("_summary", OneOf(&["true", "text", "data", "count", "false"]), "Which part of each resource comes back."),
    input("_elements", Text, "The only elements that come back beside the mandatory ones, separated by commas."),
    input(
        "_include",
        Several,
        "References to follow from what is found: `Observation:subject`, with `:iterate` also from what came along.",
    ),
    input("_revinclude", Several, "References to what is found to follow back: `Provenance:target`."),
    input("_contained", OneOf(&["false", "true", "both"]), "Whether resources inside others are looked for."),
    input("_containedType", OneOf(&["container", "contained"]), "What comes back for those: the resource around, or it alone."),
    input("_explain", OneOf(&["true", "false"]), "Whether the answer says how it was found."),
    AS_OF,
    PAGE,
];

/// The same where several types are searched.
const SEARCH_MANY: [Input; 15] = {
    let mut inputs = [input("_type", Several, "The types searched, separated by commas."); 15];
    let mut place = 0;
    while place < SEARCH.len() {
        inputs[place + 1] = SEARCH[place];
        place += 1;
    }
    inputs
};
const QUERY: Input = input("query", Text, "The text of the GraphQL query.");
const OPERATION_NAME: Input = input("operationName", Text, "Which of the operations in it is meant, when it has several.");
const VARIABLES: Input = input("variables", Text, "The values of its variables, as a JSON object.");
const GRAPHQL: [Input; 6] = [STYLE[0], STYLE[1], AS_OF, QUERY, OPERATION_NAME, VARIABLES];

const PREFER: Input = input("Prefer", Several, "`return=minimal`, `return=representation` or `return=OperationOutcome`: what comes back.");
const HANDLING: Input = input("Prefer", Several, "`handling=lenient`: unknown parameters are passed over and reported, and not refused.");
const IF_MATCH: Input = input("If-Match", Text, "The version that must be the current one, as the ETag header names it: `W/\"3\"`.");
const ACCEPT_LANGUAGE: Input = input("Accept-Language", Text, "The languages in which the operations of terminology tell names.");
const IF_NEW: Input = input("If-None-Match", Text, "`*`: only if the resource does not exist.");
const IF_NONE_EXIST: Input = input("If-None-Exist", Text, "Search criteria: the resource is created only if nothing matches them.");
const X_PROVENANCE: Input =
    input("X-Provenance", Text, "A Provenance in JSON, without a target: it is stored together with what is written, and about it.");
const IF_CHANGED: Input = input("If-None-Match", Text, "Versions that the client has, as the ETag header names them.");
const IF_CHANGED_SINCE: Input = input("If-Modified-Since", Text, "The resource is sent only if it was written after this moment.");

impl Interaction {
    /// The query parameters it takes, without those that a type is searched by.
    pub fn parameters(self) -> &'static [Input] {
        match self {
            Interaction::Capabilities => &CAPABILITIES,
            Interaction::SearchType | Interaction::SearchTypePost => &SEARCH,
            Interaction::GraphQl | Interaction::GraphQlPost => &GRAPHQL,
            _ if self.is_search_of_many() => &SEARCH_MANY,
            Interaction::Read => &READ,
            Interaction::Vread => &PART,
            Interaction::Operation => &OPERATION,
            Interaction::HistorySystem | Interaction::HistoryType | Interaction::HistoryInstance => &HISTORY,
            _ => &STYLE,
        }
    }

    /// The request headers that it minds, beside those of every request.
    pub fn headers(self) -> &'static [Input] {
        match self {
            Interaction::Read | Interaction::Vread => &[IF_CHANGED, IF_CHANGED_SINCE],
            Interaction::Create => &[IF_NONE_EXIST, PREFER, X_PROVENANCE],
            Interaction::Update | Interaction::ConditionalUpdate => &[IF_MATCH, IF_NEW, PREFER, X_PROVENANCE],
            Interaction::Delete | Interaction::ConditionalDelete => &[IF_MATCH],
            Interaction::Operation => &[IF_MATCH, ACCEPT_LANGUAGE],
            Interaction::Patch | Interaction::ConditionalPatch => &[IF_MATCH, PREFER, X_PROVENANCE],
            Interaction::Process => &[PREFER, ACCEPT_LANGUAGE],
            Interaction::SearchType | Interaction::SearchTypePost => &[HANDLING],
            _ if self.is_search_of_many() => &[HANDLING],
            _ => &[],
        }
    }

    /// The body that it takes; `None` when it takes none.
    pub fn body(self) -> Option<Body> {
        match self {
            Interaction::Process => Some(Body::One("Bundle")),
            Interaction::Create | Interaction::Update | Interaction::ConditionalUpdate => Some(Body::Resource),
            Interaction::SearchTypePost | Interaction::SearchSystemPost | Interaction::SearchCompartmentPost => Some(Body::Form),
            Interaction::Patch | Interaction::ConditionalPatch => Some(Body::Patch),
            Interaction::GraphQlPost => Some(Body::GraphQl),
            _ => None,
        }
    }

    /// Whether it looks for resources of several types.
    fn is_search_of_many(self) -> bool {
        matches!(
            self,
            Interaction::SearchSystem | Interaction::SearchSystemPost | Interaction::SearchCompartment | Interaction::SearchCompartmentPost
        )
    }

    /// Whether it may be asked about a moment that is past.
    pub fn takes_as_of(self) -> bool {
        self.parameters().iter().any(|input| input.name == AS_OF.name)
    }

    /// Whether it looks for resources by search parameters.
    pub fn is_search(self) -> bool {
        self == Interaction::SearchType
    }

    /// Whether it takes the search parameters of its type beside what it is told by others: in a form, or as a condition.
    pub fn takes_criteria(self) -> bool {
        matches!(
            self,
            Interaction::SearchTypePost | Interaction::ConditionalUpdate | Interaction::ConditionalDelete | Interaction::ConditionalPatch
        )
    }
}
