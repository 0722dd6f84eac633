//! `GET /fhir/Patient?name=x`, `POST /fhir/Patient/_search`, the same of the whole system (`/fhir?_id=x`) and of a compartment
//! (`/fhir/Patient/12/Observation`): 200 with a Bundle; 400.

use interaction::table::Interaction;
use interaction::{CompartmentSearchRequest, SearchRequest, SystemSearchRequest, search, search_compartment, search_system};

use crate::answer::Answer;
use crate::body;
use crate::exchange::{Exchange, style};
use crate::failure::Failure;
use crate::preference::Preference;

/// The resources that match the parameters in the address.
pub(super) async fn answer(exchange: &Exchange, interaction: Interaction) -> Result<Answer, Failure> {
    let params = exchange.query()?;
    found(exchange, interaction, params).await
}

/// The same for parameters in a form, together with those in the address.
pub(super) async fn answer_form(mut exchange: Exchange, interaction: Interaction) -> Result<Answer, Failure> {
    let form = body::form(exchange.headers(), &exchange.body)?;
    let mut style = style(&exchange.head)?;
    style.choose(&form)?;
    let params = exchange.query_with(form)?;
    Ok(Answer { style: Some(style), ..found(&exchange, interaction, params).await? })
}

async fn found(exchange: &Exchange, interaction: Interaction, params: Vec<(String, String)>) -> Result<Answer, Failure> {
    let lenient = Preference::of(exchange.headers()).lenient;
    let context = exchange.context();
    let bundle = match interaction {
        Interaction::SearchSystem | Interaction::SearchSystemPost => {
            search_system(&context, SystemSearchRequest { params, lenient }).await?
        }
        Interaction::SearchCompartment | Interaction::SearchCompartmentPost => {
            let (owner, kind) = exchange.target().member()?;
            search_compartment(&context, CompartmentSearchRequest { owner, kind, params, lenient }).await?
        }
        _ => {
            let kind = exchange.target().kind()?;
            search(&context, SearchRequest { kind, params, lenient }).await?
        }
    };
    Ok(Answer::ok(bundle))
}
