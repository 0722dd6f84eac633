//! `PATCH /fhir/Patient/12` and `PATCH /fhir/Patient?identifier=x`: 200 with Location, ETag, Last-Modified and what Prefer asks for; 400,
//! 404, 409, 410, 412, 413, 415 with Accept-Patch, 422.

use ::patch::Patch;
use ::patch::merge_patch::MergePatch;
use http::header;
use interaction::{PatchRequest, PatchTarget};

use crate::answer::Answer;
use crate::body;
use crate::condition::if_match;
use crate::exchange::Exchange;
use crate::failure::Failure;
use crate::handlers::written::written;
use crate::media_type::Format;

/// A new version of the resource that the address names.
pub(super) async fn of_instance(exchange: &Exchange) -> Result<Answer, Failure> {
    exchange.refuse_parameters()?;
    let key = exchange.target().key()?;
    answer(exchange, PatchTarget::Instance(key)).await
}

/// A new version of the resource that the criteria in the address choose.
pub(super) async fn of_matching(exchange: &Exchange) -> Result<Answer, Failure> {
    let kind = exchange.target().kind()?;
    answer(exchange, PatchTarget::Matching(kind, exchange.criteria()?)).await
}

async fn answer(exchange: &Exchange, target: PatchTarget) -> Result<Answer, Failure> {
    let if_match = if_match(exchange.headers())?;
    let patch = patch(exchange)?;
    let context = exchange.writing_context()?;
    let done = interaction::patch(&context, PatchRequest { target, patch, if_match }).await?;
    Ok(written(exchange, &context.base_url, &done))
}

/// Understands the body as a patch in the language of its Content-Type.
fn patch(exchange: &Exchange) -> Result<Patch, Failure> {
    let content_type = exchange.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_special =
        ["application/json-patch+json", "application/xml-patch+xml", "application/merge-patch+json"].contains(&media_type.as_str());
    if !is_special && Format::of(content_type).is_none() {
        return Err(Failure::UnsupportedPatch);
    }
    if exchange.body.iter().all(u8::is_ascii_whitespace) {
        return Err(Failure::EmptyBody);
    }
    let read = match media_type.as_str() {
        "application/json-patch+json" => Patch::json(&exchange.body),
        "application/xml-patch+xml" => Patch::xml(&exchange.body),
        "application/merge-patch+json" => Patch::merge(&exchange.body),
        _ => {
            let document = body::resource(exchange.headers(), &exchange.body)?;
            // Clients that say no more than JSON mean the part that changes, unless it is the resource that FHIR has for patches.
            match media_type == "application/json" && document.resource_type() != Some("Parameters") {
                true => MergePatch::read(document).map(Patch::Merge),
                false => Patch::parameters(&document),
            }
        }
    };
    read.map_err(Failure::MalformedPatch)
}
