//! Responses: what an interaction answers, and what HTTP answers before it.

use fhir::definitions::ResourceType;
use fhir::{Object, Value, array, object};
use interaction::table::{Answer, Body, Content, Interaction, Row};

use super::component;
use super::operations::resource_content;

const fn refusal(status: u16, doc: &'static str) -> Answer {
    Answer { status, content: Content::Outcome, doc }
}

/// What any request may be answered.
const ALWAYS: [Answer; 7] = [
    refusal(401, "nobody is known to ask, and somebody has to be"),
    refusal(403, "whoever asks may not do this"),
    refusal(429, "it was asked more often than is allowed: Retry-After says when to try again"),
    refusal(406, "the answer is wanted in a format that the server does not write"),
    refusal(414, "the address is too long"),
    refusal(500, "the server failed: its log says why, under the request's id"),
    refusal(503, "the server is shutting down, or has more to write than it takes: try again in a moment"),
];

/// What a request with a body may be answered, too.
const WITH_BODY: [Answer; 3] = [
    refusal(408, "the body did not arrive in time"),
    refusal(413, "the body is too large"),
    refusal(415, "the body is in a format or encoding that the server does not read"),
];

/// Every answer that a request of this row may get, in ascending order: those of the interaction, and those that HTTP gives before it.
pub fn answers(row: &Row) -> Vec<Answer> {
    let has_body = row.interaction.body().is_some() || row.method == "POST";
    let with_body: &[Answer] = if has_body { &WITH_BODY } else { &[] };
    let mut answers: Vec<Answer> = row.interaction.answers().iter().chain(with_body).chain(&ALWAYS).copied().collect();
    if matches!(row.interaction, Interaction::GraphQl | Interaction::GraphQlPost) {
        // Whoever asks in GraphQL is also refused in it.
        answers.iter_mut().for_each(|answer| answer.content = Content::GraphQl);
    }
    // What an interaction says of a status goes before what is said of all.
    answers.sort_by_key(|answer| answer.status);
    answers.dedup_by_key(|answer| answer.status);
    answers
}

/// The responses met so far, each once: what it is, its name, its content.
#[derive(Default)]
pub(super) struct Responses(Vec<(Met, String, Value)>);

/// A status, what it means and what comes with it, and the type that it is about when it is about one.
type Met = (u16, &'static str, Content, Option<ResourceType>);

impl Responses {
    /// The responses of an operation, as references to components.
    pub(super) fn of(&mut self, row: &Row, kind: Option<ResourceType>) -> Value {
        let answers = answers(row).into_iter();
        answers.map(|answer| (answer.status.to_string(), component("responses", &self.name(answer, row, kind)))).collect::<Object>().into()
    }

    fn name(&mut self, answer: Answer, row: &Row, kind: Option<ResourceType>) -> String {
        let is_typed = matches!(answer.content, Content::Resource | Content::Preferred);
        let met: Met = (answer.status, answer.doc, answer.content, kind.filter(|_| is_typed));
        if let Some((_, name, _)) = self.0.iter().find(|(known, ..)| *known == met) {
            return name.clone();
        }
        let alike = self.0.iter().filter(|((status, _, _, kind), ..)| (*status, *kind) == (met.0, met.3)).count();
        let mut name = met.3.map_or_else(|| answer.status.to_string(), |kind| format!("{}.{}", kind.name(), answer.status));
        if alike > 0 {
            name = format!("{name}.{}", alike + 1);
        }
        self.0.push((met, name.clone(), response(answer, row, kind)));
        name
    }

    /// All of them.
    pub(super) fn into_components(self) -> Value {
        self.0.into_iter().map(|(_, name, value)| (name, value)).collect::<Object>().into()
    }
}

fn response(answer: Answer, row: &Row, kind: Option<ResourceType>) -> Value {
    let schema = |name: &str| component("schemas", name);
    let own = schema(kind.map_or("Resource", ResourceType::name));
    let content = match answer.content {
        Content::Nothing => None,
        Content::Resource => Some(content_of(kind, own)),
        Content::Preferred => Some(resource_content(object! { "anyOf": array![own, schema("OperationOutcome")] })),
        Content::One(name) => Some(resource_content(schema(name))),
        Content::GraphQl if answer.status < 400 => Some(graphql_content().into()),
        Content::GraphQl => Some(graphql_refusal(schema("OperationOutcome"))),
        Content::Outcome => Some(resource_content(schema("OperationOutcome"))),
    };
    let mut response = Object::from_iter([("description", Value::from(sentence(answer.doc))), ("headers", of_status(answer, row))]);
    if let Some(content) = content {
        response.push("content", content);
    }
    response.into()
}

/// A resource of a type. A Binary also goes as what it holds, in whatever media type that is (<http://hl7.org/fhir/R4/binary.html#rest>).
pub(super) fn content_of(kind: Option<ResourceType>, schema: Value) -> Value {
    let mut content = resource_content(schema);
    if let (Some("Binary"), Value::Object(content)) = (kind.map(ResourceType::name), &mut content) {
        content.push("*/*", object! {});
    }
    content
}

/// `data` is whatever the query selects.
fn graphql_content() -> Object {
    let errors = object! { "type": "array", "items": object! { "type": "object", "required": array!["message"] } };
    let schema = object! { "type": "object", "properties": object! { "data": object! {}, "errors": errors }, "required": array!["data"] };
    let types = ["application/json", "application/graphql-response+json"];
    types.into_iter().map(|media_type| (media_type, object! { "schema": schema.clone() })).collect()
}

/// The same with `errors`; or, when the request is refused before its query is read, as other requests are.
fn graphql_refusal(outcome: Value) -> Value {
    let mut content = graphql_content();
    if let Value::Object(other) = resource_content(outcome) {
        other.iter().for_each(|(media_type, value)| content.push(media_type.clone(), value.clone()));
    }
    content.into()
}

fn of_status(answer: Answer, row: &Row) -> Value {
    let mut names = vec!["X-Request-Id"];
    match answer.status {
        503 => names.push("Retry-After"),
        201 => names.extend(["ETag", "Last-Modified", "Location"]),
        304 => names.extend(["ETag", "Last-Modified"]),
        200 if matches!(answer.content, Content::Resource) => names.extend(["ETag", "Last-Modified"]),
        200 if matches!(row.interaction.body(), Some(Body::Resource | Body::Patch)) => names.extend(["ETag", "Last-Modified", "Location"]),
        _ => {}
    }
    names.into_iter().map(|name| (name, component("headers", name))).collect::<Object>().into()
}

/// The headers of answers.
pub(super) fn headers() -> Value {
    let header = |doc: &str| object! { "description": doc, "schema": object! { "type": "string" } };
    object! {
        "ETag": header("The version, as If-Match and If-None-Match take it: `W/\"3\"`."),
        "Last-Modified": header("When the version was written, to the second."),
        "Location": header("The address of the version that was written."),
        "Retry-After": header("After how many seconds to try again."),
        "X-Request-Id": header("The name of the request in the server's log: the one the client gave, or a new one."),
    }
}

fn sentence(doc: &str) -> String {
    let mut letters = doc.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}
