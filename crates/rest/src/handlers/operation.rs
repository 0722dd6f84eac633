//! `POST /fhir/Patient/12/$everything` and its like, by GET where nothing is changed: 200 with what the operation answers; 400, 404, 405,
//! 409, 410, 412, 413, 415, 422.

use fhir::definitions::ResourceType;
use http::{Method, header};
use interaction::operation::{OperationRequest, Place, find, invoke, unknown as no_such_operation};
use interaction::{Error, is_id};
use store::commit::Key;

use crate::answer::Answer;
use crate::app::PREFIX;
use crate::body;
use crate::condition::if_match;
use crate::exchange::{Exchange, style};
use crate::failure::Failure;

/// What the operation in the address answers.
pub(super) async fn answer(mut exchange: Exchange) -> Result<Answer, Failure> {
    let (place, code) = address(&exchange)?;
    let operation = find(code, &place)?;
    let is_get = exchange.head.method == Method::GET;
    if is_get && !operation.by_get() {
        let why = if operation.affects_state { "it changes what is stored" } else { "it needs a body" };
        return Err(Error::OperationMethod(format!("${code} cannot be invoked by GET, because {why}: use POST")).into());
    }
    let mut style = style(&exchange.head)?;
    let (mut form, mut body) = (Vec::new(), None);
    if is_form(&exchange) {
        form = body::form(exchange.headers(), &exchange.body)?;
        style.choose(&form)?;
    } else if !exchange.body.is_empty() {
        body = Some(body::resource(exchange.headers(), &exchange.body)?);
    }
    let mut query = exchange.query_with(form)?;
    query.retain(|(name, _)| !matches!(name.as_str(), "_format" | "_pretty"));
    let context = exchange.context_with_language();
    let request = OperationRequest { operation, place, query, body, if_match: if_match(exchange.headers())? };
    let reply = invoke(&context, request).await?;
    let mut answer = Answer { style: Some(style), ..Answer::ok(reply.resource) };
    if let Some((version, at)) = reply.version {
        answer = answer.at_version(version, at);
    }
    Ok(match reply.location {
        Some(location) => answer.with(header::LOCATION, &format!("{}/{location}", context.base_url)),
        None => answer,
    })
}

fn is_form(exchange: &Exchange) -> bool {
    let content_type = exchange.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    content_type.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded")
}

/// What the address names: the router has matched its shape.
fn address(exchange: &Exchange) -> Result<(Place, &str), Failure> {
    let path = exchange.head.uri.path();
    let (before, code) = path.rsplit_once("/$").unwrap_or((path, ""));
    let rest = before.strip_prefix(PREFIX).unwrap_or(before).trim_start_matches('/');
    let segments: Vec<&str> = rest.split_terminator('/').collect();
    let mut target = exchange.target();
    let place = match *segments.as_slice() {
        [] => Place::System,
        [_] => Place::Type(target.kind()?),
        [_, _] => Place::Instance(target.key()?),
        _ => {
            let (key, version) = target.version()?;
            Place::Version(key, version)
        }
    };
    Ok((place, code))
}

/// Why there is no such operation, when a path that has no route (or not for its method) ends in the name of one: the name is
/// unknown, or known for other places.
pub(crate) fn unknown(path: &str) -> Option<Failure> {
    let (before, code) = path.strip_prefix(PREFIX)?.rsplit_once("/$")?;
    if code == "graphql" {
        // That is there, as an interaction.
        return None;
    }
    let segments: Vec<&str> = before.trim_start_matches('/').split_terminator('/').collect();
    let place = match *segments.as_slice() {
        [] => Some(Place::System),
        [kind] => ResourceType::parse(kind).map(Place::Type),
        [kind, id] if is_id(id) => ResourceType::parse(kind).map(|kind| Place::Instance(Key::new(kind, id))),
        _ => None,
    };
    let error = match place {
        // One that there is has the wrong method.
        Some(place) => find(code, &place).err()?,
        None => no_such_operation(code),
    };
    Some(Failure::Interaction(error))
}
