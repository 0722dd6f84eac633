//! `GET /fhir/Patient/12/_history/3`: 200 with the version, ETag and Last-Modified; 304, 404, 410.

use interaction::VreadRequest;

use crate::answer::Answer;
use crate::exchange::Exchange;
use crate::failure::Failure;
use crate::handlers::read::version_or_304;

/// A certain version of a resource.
pub(super) async fn answer(exchange: &Exchange) -> Result<Answer, Failure> {
    let (key, version) = exchange.target().version()?;
    let selection = exchange.selection(key.kind)?;
    let version = interaction::vread(&exchange.context(), VreadRequest { key, version }).await?;
    version_or_304(exchange, version, &selection)
}
