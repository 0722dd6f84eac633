//! `POST /fhir/Patient`: 201 with Location, ETag, Last-Modified and what Prefer asks for; 200 when If-None-Exist finds it there; 400, 412,
//! 413, 415, 422.

use http::HeaderName;
use interaction::CreateRequest;

use crate::answer::Answer;
use crate::exchange::Exchange;
use crate::failure::Failure;
use crate::handlers::binary;
use crate::handlers::written::written;

const IF_NONE_EXIST: HeaderName = HeaderName::from_static("if-none-exist");

/// A new resource.
pub(super) async fn answer(exchange: &Exchange) -> Result<Answer, Failure> {
    exchange.refuse_parameters()?;
    let kind = exchange.target().kind()?;
    let if_none_exist = match exchange.headers().get(IF_NONE_EXIST) {
        None => None,
        Some(value) => {
            let text = value.to_str().map_err(|_| Failure::BadHeader("If-None-Exist has search criteria, percent-encoded"))?;
            Some(text.to_owned())
        }
    };
    let resource = binary::resource(exchange, kind, None)?;
    let context = exchange.writing_context()?;
    let done = interaction::create(&context, CreateRequest { kind, resource, if_none_exist }).await?;
    Ok(written(exchange, &context.base_url, &done))
}
