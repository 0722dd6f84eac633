//! `GET /fhir/Patient/12/_history`, `/fhir/Patient/_history`, `/fhir/_history`: 200 with a Bundle; 400, 404.

use interaction::HistoryRequest;
use store::query::Scope;

use crate::answer::Answer;
use crate::exchange::Exchange;
use crate::failure::Failure;

/// The versions of a resource.
pub(super) async fn of_instance(exchange: &Exchange) -> Result<Answer, Failure> {
    of(exchange, Scope::Instance(exchange.target().key()?)).await
}

/// The versions of all resources of a type.
pub(super) async fn of_type(exchange: &Exchange) -> Result<Answer, Failure> {
    of(exchange, Scope::Type(exchange.target().kind()?)).await
}

/// All versions.
pub(super) async fn of_all(exchange: &Exchange) -> Result<Answer, Failure> {
    of(exchange, Scope::System).await
}

async fn of(exchange: &Exchange, scope: Scope) -> Result<Answer, Failure> {
    let params = exchange.query()?;
    Ok(Answer::ok(interaction::history(&exchange.context(), HistoryRequest { scope, params }).await?))
}
