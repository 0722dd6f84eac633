//! `GET /fhir/Patient?name=x` and `POST /fhir/Patient/_search`: 200 with a Bundle; 400.

use interaction::SearchRequest;

use crate::answer::Answer;
use crate::body;
use crate::exchange::{Exchange, style};
use crate::failure::Failure;
use crate::preference::Preference;

/// The resources that match the parameters in the address.
pub(super) async fn answer(exchange: &Exchange) -> Result<Answer, Failure> {
    let params = exchange.query()?;
    found(exchange, params).await
}

/// The same for parameters in a form, together with those in the address.
pub(super) async fn answer_form(exchange: &Exchange) -> Result<Answer, Failure> {
    let mut params = exchange.query()?;
    let form = body::form(exchange.headers(), &exchange.body)?;
    let mut style = style(&exchange.head)?;
    style.choose(&form)?;
    params.extend(form);
    Ok(Answer { style: Some(style), ..found(exchange, params).await? })
}

async fn found(exchange: &Exchange, params: Vec<(String, String)>) -> Result<Answer, Failure> {
    let kind = exchange.target().kind()?;
    let lenient = Preference::of(exchange.headers()).lenient;
    let request = SearchRequest { kind, params, lenient };
    Ok(Answer::ok(interaction::search(&exchange.context(), request).await?))
}
