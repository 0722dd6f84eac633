//! One handler per interaction: what it reads from HTTP, and what HTTP says to its answer.

mod binary;
mod capabilities;
mod create;
mod delete;
mod graphql;
mod history;
mod operation;
mod patch;
mod process;
mod read;
mod search;
mod update;
mod vread;
mod written;

pub(crate) use operation::unknown as unknown_operation;

use interaction::Error;
use interaction::table::Interaction;

use crate::answer::Answer;
use crate::exchange::Exchange;
use crate::failure::Failure;

/// Answers a request by the handler of its interaction.
pub(crate) async fn answer(exchange: Exchange, interaction: Interaction) -> Result<Answer, Failure> {
    match interaction {
        Interaction::Capabilities => capabilities::answer(&exchange),
        Interaction::Process => process::answer(&exchange).await,
        Interaction::SearchSystem | Interaction::SearchType | Interaction::SearchCompartment => {
            search::answer(&exchange, interaction).await
        }
        Interaction::SearchSystemPost | Interaction::SearchTypePost | Interaction::SearchCompartmentPost => {
            search::answer_form(exchange, interaction).await
        }
        Interaction::ConditionalUpdate => update::answer_conditional(&exchange).await,
        Interaction::ConditionalDelete => delete::answer_conditional(&exchange).await,
        Interaction::Create => create::answer(&exchange).await,
        Interaction::Read => read::answer(&exchange).await,
        Interaction::Vread => vread::answer(&exchange).await,
        Interaction::Update => update::answer(&exchange).await,
        Interaction::Patch => patch::of_instance(&exchange).await,
        Interaction::ConditionalPatch => patch::of_matching(&exchange).await,
        Interaction::Delete => delete::answer(&exchange).await,
        Interaction::Operation => operation::answer(exchange).await,
        Interaction::GraphQl | Interaction::GraphQlPost => graphql::answer(exchange).await,
        Interaction::HistoryInstance => history::of_instance(&exchange).await,
        Interaction::HistoryType => history::of_type(&exchange).await,
        Interaction::HistorySystem => history::of_all(&exchange).await,
    }
}

fn not_supported(remedy: &str) -> Failure {
    Failure::Interaction(Error::NotSupported(remedy.to_owned()))
}
