//! `GET /fhir/Patient?name=x`, `GET /fhir?_type=Patient,Group`, `GET /fhir/Patient/12/Observation`, and `POST …/_search` for each: 200 with
//! a Bundle; 400, 404.

use fhir::definitions::ResourceType;
use interaction::{SearchRequest, SearchScope};

use crate::answer::Answer;
use crate::body;
use crate::exchange::{Exchange, style};
use crate::failure::Failure;
use crate::handlers::operation;
use crate::preference::Preference;

/// The resources of a type that match the parameters in the address, or in a form.
pub(super) async fn of_type(exchange: &Exchange) -> Result<Answer, Failure> {
    of(exchange, SearchScope::Type(exchange.target().kind()?)).await
}

/// The same for the resources of several types.
pub(super) async fn of_system(exchange: &Exchange) -> Result<Answer, Failure> {
    of(exchange, SearchScope::System).await
}

/// The same for the resources in the compartment of one.
pub(super) async fn of_compartment(exchange: &Exchange) -> Result<Answer, Failure> {
    let mut target = exchange.target();
    let path = exchange.head.uri.path();
    if let Some(failure) = operation::unknown(path) {
        return Err(failure);
    }
    let owner = target.key()?;
    match target.segment() {
        "*" => of(exchange, SearchScope::Compartment(owner, None)).await,
        name => match ResourceType::parse(name) {
            Some(kind) => of(exchange, SearchScope::Compartment(owner, Some(kind))).await,
            None => Err(Failure::UnknownPath),
        },
    }
}

/// Parameters in a form go together with those in the address, and may say how the answer is to be written.
async fn of(exchange: &Exchange, scope: SearchScope) -> Result<Answer, Failure> {
    let mut params = exchange.query()?;
    let mut style = style(&exchange.head)?;
    if exchange.head.method == http::Method::POST {
        let form = body::form(exchange.headers(), &exchange.body)?;
        style.choose(&form)?;
        params.extend(form);
    }
    let lenient = Preference::of(exchange.headers()).lenient;
    let request = SearchRequest { scope, params, lenient };
    Ok(Answer { style: Some(style), ..Answer::ok(interaction::search(&exchange.context(), request).await?) })
}
