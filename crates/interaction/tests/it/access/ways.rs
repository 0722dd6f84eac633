//! The ways in: every interaction, alone and as an entry of a batch and of a transaction.

use bytes::Bytes;
use fhir::definitions::ResourceType;
use fhir::{Value, array, json, object};
use interaction::table::Interaction;
use interaction::{
    CompartmentSearchRequest, ConditionalDeleteRequest, ConditionalUpdateRequest, Context, CreateRequest, DeleteRequest, Error,
    GraphQlRequest, GraphQlTarget, HistoryRequest, Mode, PatchRequest, PatchTarget, ReadRequest, Returning, SearchRequest,
    SystemSearchRequest, UpdateRequest, VreadRequest, Written, capabilities, conditional_delete, conditional_update, create, delete,
    graphql, history, patch, process, read, search, search_compartment, search_system, update, vread,
};
use store::commit::Key;
use store::query::Scope;

use super::samples::{kind, sample};

/// What is told: a status, and a body in which the ids that are asked about have one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub status: u16,
    pub body: String,
}

impl Told {
    pub fn ok(status: u16, body: impl AsRef<[u8]>) -> Self {
        Self { status, body: String::from_utf8_lossy(body.as_ref()).into_owned() }
    }

    pub fn of(answer: Result<Told, Error>) -> Self {
        answer.unwrap_or_else(|error| {
            let outcome = error.outcome();
            Self { status: outcome.status, body: json::to_string(&fhir::outcome::operation_outcome(&outcome.issues)) }
        })
    }

    /// With another id in the place of this one.
    pub fn renamed(self, from: &str, to: &str) -> Self {
        Self { body: self.body.replace(from, to), ..self }
    }
}

fn text(body: Bytes) -> Told {
    Told::ok(200, body)
}

fn written(written: Written) -> Told {
    Told::ok(written.status(), written.text())
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The resource that a request about an id brings: it is about the patient of that name, or about `own`.
pub fn brought(of: ResourceType, id: &str) -> Value {
    let mut resource = sample(of, id, if id == "other" { "other" } else { "own" });
    resource.as_object_mut().expect("an object").set("language", "de");
    resource
}

fn german() -> Value {
    object! { "resourceType": "Parameters", "parameter": array![object! { "name": "operation", "part": array![
        object! { "name": "type", "valueCode": "replace" },
        object! { "name": "path", "valueString": "language" },
        object! { "name": "value", "valueCode": "de" },
    ] }] }
}

fn language_patch() -> ::patch::Patch {
    let text = r#"[{"op":"add","path":"/language","value":"de"}]"#;
    ::patch::Patch::json(text.as_bytes()).expect("a patch")
}

/// What an interaction tells that is about `of/id`, where it is about one resource or its criteria.
pub async fn alone(ctx: &Context, interaction: Interaction, of: ResourceType, id: &str) -> Told {
    use Interaction::*;
    let (key, criteria) = (Key::new(of, id), format!("_id={id}"));
    let owner = Key::new(kind("Patient"), id);
    let by_id = pairs(&[("_id", id)]);
    let told = async {
        Ok(match interaction {
            Capabilities => text(capabilities(ctx, Mode::Full)),
            Process => text(process(ctx, object! { "resourceType": "Bundle", "type": "batch" }, Returning::Minimal).await?),
            HistorySystem => text(history(ctx, HistoryRequest { scope: Scope::System, params: Vec::new() }).await?),
            HistoryType => text(history(ctx, HistoryRequest { scope: Scope::Type(of), params: Vec::new() }).await?),
            HistoryInstance => text(history(ctx, HistoryRequest { scope: Scope::Instance(key), params: Vec::new() }).await?),
            SearchSystem | SearchSystemPost => {
                let params = pairs(&[("_id", "own,other,none"), ("_type", &format!("{},Patient", of.name()))]);
                text(search_system(ctx, SystemSearchRequest { params, lenient: false }).await?)
            }
            SearchType => text(search(ctx, SearchRequest { kind: of, params: by_id, lenient: false }).await?),
            SearchTypePost => {
                let params = pairs(&[("_id", "own,other,none"), ("_total", "accurate")]);
                text(search(ctx, SearchRequest { kind: of, params, lenient: false }).await?)
            }
            SearchCompartment => {
                let request = CompartmentSearchRequest { owner, kind: Some(of), params: Vec::new(), lenient: false };
                text(search_compartment(ctx, request).await?)
            }
            SearchCompartmentPost => {
                let request = CompartmentSearchRequest { owner, kind: None, params: Vec::new(), lenient: false };
                text(search_compartment(ctx, request).await?)
            }
            Read => text(read(ctx, ReadRequest { key }).await?.text().cloned().unwrap_or_default()),
            Vread => text(vread(ctx, VreadRequest { key, version: 1 }).await?.text().cloned().unwrap_or_default()),
            Create => {
                let first = written(create(ctx, CreateRequest { kind: of, resource: brought(of, "own"), if_none_exist: None }).await?);
                let request = CreateRequest { kind: of, resource: brought(of, "own"), if_none_exist: Some(criteria) };
                let again = written(create(ctx, request).await?);
                Told::ok(again.status, first.body + &again.body)
            }
            Update => written(update(ctx, UpdateRequest { key, resource: brought(of, id), if_match: None, if_absent: false }).await?),
            ConditionalUpdate => {
                let mut resource = brought(of, "own");
                resource.as_object_mut().expect("an object").remove("id");
                let request = ConditionalUpdateRequest { kind: of, criteria, resource, if_match: None, if_absent: false };
                written(conditional_update(ctx, request).await?)
            }
            Patch => {
                let request = PatchRequest { target: PatchTarget::Instance(key), patch: language_patch(), if_match: None };
                written(patch(ctx, request).await?)
            }
            ConditionalPatch => {
                let request = PatchRequest { target: PatchTarget::Matching(of, criteria), patch: language_patch(), if_match: None };
                written(patch(ctx, request).await?)
            }
            Delete => Told::ok(204, format!("{:?}", delete(ctx, DeleteRequest { key, if_match: None }).await?)),
            ConditionalDelete => {
                let request = ConditionalDeleteRequest { kind: of, criteria, if_match: None };
                Told::ok(204, format!("{:?}", conditional_delete(ctx, request).await?))
            }
            GraphQl => asked(ctx, GraphQlTarget::Instance(key), "{ id language }".to_owned()).await?,
            GraphQlPost => {
                let query = format!("{{ {}List(_id: \"{id}\") {{ id language }} }}", of.name());
                asked(ctx, GraphQlTarget::System, query).await?
            }
            // They have a matrix of their own.
            Operation => Told::ok(200, ""),
        })
    };
    Told::of(told.await)
}

async fn asked(ctx: &Context, target: GraphQlTarget, query: String) -> Result<Told, Error> {
    let request = ::graphql::Request { query, operation: None, variables: fhir::Object::new() };
    let answer = graphql(ctx, GraphQlRequest { target, request, dialect: ::graphql::Dialect::Fhir }).await?;
    Ok(Told::ok(200, format!("{answer:?}")))
}

/// The entry that asks the same; `None` for what is not asked for in an entry.
fn entry(interaction: Interaction, of: ResourceType, id: &str) -> Option<Value> {
    use Interaction::*;
    let (name, criteria) = (of.name(), format!("{}?_id={id}", of.name()));
    let get = |url: String| Some(object! { "request": object! { "method": "GET", "url": url } });
    let with = |method: &str, url: String, resource: Value| {
        Some(object! { "resource": resource, "request": object! { "method": method, "url": url } })
    };
    match interaction {
        // What stands in an entry of its own, or is asked for by GET alone.
        Process | GraphQl | GraphQlPost | Operation => None,
        Capabilities => get("metadata".to_owned()),
        HistorySystem => get("_history".to_owned()),
        HistoryType => get(format!("{name}/_history")),
        HistoryInstance => get(format!("{name}/{id}/_history")),
        SearchSystem | SearchSystemPost => get(format!("?_id=own,other,none&_type={name},Patient")),
        SearchType => get(criteria),
        SearchTypePost => with("POST", format!("{name}/_search?_id=own,other,none"), Value::Null).map(without_resource),
        SearchCompartment => get(format!("Patient/{id}/{name}")),
        SearchCompartmentPost => get(format!("Patient/{id}/*")),
        Read => get(format!("{name}/{id}")),
        Vread => get(format!("{name}/{id}/_history/1")),
        Create => with("POST", name.to_owned(), brought(of, "own")).map(|mut entry| {
            let request = entry.as_object_mut().and_then(|entry| entry.get_mut("request")).and_then(Value::as_object_mut);
            request.expect("a request").set("ifNoneExist", format!("_id={id}"));
            entry
        }),
        Update => with("PUT", format!("{name}/{id}"), brought(of, id)),
        ConditionalUpdate => {
            let mut resource = brought(of, "own");
            resource.as_object_mut().expect("an object").remove("id");
            with("PUT", criteria, resource)
        }
        Patch => with("PATCH", format!("{name}/{id}"), german()),
        ConditionalPatch => with("PATCH", criteria, german()),
        Delete => get(format!("{name}/{id}")).map(deleting),
        ConditionalDelete => get(criteria).map(deleting),
    }
}

fn without_resource(mut entry: Value) -> Value {
    entry.as_object_mut().expect("an object").remove("resource");
    entry
}

fn deleting(mut entry: Value) -> Value {
    let request = entry.as_object_mut().and_then(|entry| entry.get_mut("request")).and_then(Value::as_object_mut);
    request.expect("a request").set("method", "DELETE");
    entry
}

/// What a Bundle of the kind tells with that entry alone: the status of a batch is that of its entry.
pub async fn bundled(ctx: &Context, bundle: &str, interaction: Interaction, of: ResourceType, id: &str) -> Option<Told> {
    let entry = entry(interaction, of, id)?;
    let bundle = object! { "resourceType": "Bundle", "type": bundle, "entry": array![entry] };
    let answer = process(ctx, bundle, Returning::Representation).await;
    Some(Told::of(answer.map(|body| {
        let parsed = json::parse(&body).expect("JSON");
        let status = parsed.list("entry").next().and_then(|entry| entry.get("response")?.text("status")).expect("a status");
        Told::ok(status[..3].parse().expect("a number"), &body)
    })))
}
