//! `GET /fhir/$graphql?query={…}` and `POST /fhir/$graphql`, also on a type or a resource: 200 with `data`; 400, 404 and 410 with `errors`.
//!
//! The answer is `application/json` by FHIR's rules, and `application/graphql-response+json` by GraphQL's when Accept names that: then what
//! a resource does not have is null, and data may come beside errors, with 200.

use ::graphql::{Answer as Selected, Dialect, Error, Request};
use fhir::{Issue, json};
use http::{HeaderValue, Method, StatusCode, header};
use interaction::{GraphQlRequest, GraphQlTarget, as_of, graphql};

use crate::answer::Answer;
use crate::app::PREFIX;
use crate::exchange::Exchange;
use crate::failure::Failure;

const JSON: &str = "application/json";
const GRAPHQL_JSON: &str = "application/graphql-response+json";

/// What a query selects.
pub(super) async fn answer(mut exchange: Exchange) -> Result<Answer, Failure> {
    let mut params = exchange.query()?;
    let moment = as_of::take(&mut params, exchange.app.server.clock.now());
    let dialect = dialect(&exchange);
    let (status, selected) = match (request(&exchange, &params)?, moment) {
        (Err(issue), _) => (400, Selected::refused(vec![Error::from(issue)])),
        (_, Err(error)) => refused(error)?,
        (Ok(request), Ok(moment)) => {
            exchange.as_of = moment;
            match selected(&exchange, request, dialect).await {
                // Without data nothing was done; with data GraphQL's own clients look at the errors beside it.
                Ok(selected) => (if selected.data.is_none() { 400 } else { 200 }, selected),
                Err(error) => refused(error)?,
            }
        }
    };
    let pretty = params.iter().any(|(name, value)| name == "_pretty" && value == "true");
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    let media_type = HeaderValue::from_static(if dialect == Dialect::GraphQl { GRAPHQL_JSON } else { JSON });
    let text = if pretty { json::pretty(&selected.to_value()) } else { selected.to_json() };
    Ok(Answer { content: Some((media_type, text.into())), ..Answer::empty(status) })
}

async fn selected(exchange: &Exchange, request: Request, dialect: Dialect) -> Result<Selected, interaction::Error> {
    let target = target(exchange)?;
    graphql(&exchange.context(), GraphQlRequest { target, request, dialect }).await
}

/// An instance that is not there is told in GraphQL's way; a server that fails, in HTTP's.
fn refused(error: interaction::Error) -> Result<(u16, Selected), Failure> {
    let outcome = match error.clone().outcome() {
        outcome if outcome.status < 500 => outcome,
        _ => return Err(error.into()),
    };
    Ok((outcome.status, Selected::refused(outcome.issues.into_iter().map(Error::from).collect())))
}

fn dialect(exchange: &Exchange) -> Dialect {
    let accept = exchange.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    if accept.contains(GRAPHQL_JSON) { Dialect::GraphQl } else { Dialect::Fhir }
}

fn target(exchange: &Exchange) -> Result<GraphQlTarget, interaction::Error> {
    let rest = exchange.head.uri.path().strip_prefix(PREFIX).unwrap_or_default();
    Ok(match rest.matches('/').count() {
        0 | 1 => GraphQlTarget::System,
        2 => GraphQlTarget::Type(exchange.target().kind()?),
        _ => GraphQlTarget::Instance(exchange.target().key()?),
    })
}

/// The query, from the address or the body; an issue when it is in neither as GraphQL writes it.
fn request(exchange: &Exchange, params: &[(String, String)]) -> Result<Result<Request, Issue>, Failure> {
    let known = ["query", "operationName", "variables", "_format", "_pretty"];
    if params.iter().any(|(name, _)| !known.contains(&name.as_str())) {
        return Err(Failure::UnknownParameter(
            "$graphql knows the parameters query, operationName, variables, _asOf, _format and _pretty only",
        ));
    }
    let param = |wanted: &str| params.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    if exchange.head.method != Method::POST {
        return Ok(Request::from_parameters(param("query"), param("operationName"), param("variables")));
    }
    let content_type = exchange.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let wanted = Failure::UnsupportedMediaType { wanted: "application/json or application/graphql" };
    match media_type.as_str() {
        "application/json" | "application/graphql+json" => Ok(Request::from_json(&exchange.body)),
        "application/graphql" => match std::str::from_utf8(&exchange.body) {
            Ok(query) => Ok(Request::from_parameters(Some(query), param("operationName"), param("variables"))),
            Err(_) => Err(wanted),
        },
        _ => Err(wanted),
    }
}
