//! The way to providers outside: the same that all addresses take which others have written.

use std::sync::Arc;

use federation::ask::{Ask, MOST_BYTES, Question};
use oauth::client::fetch::{Document, Fetch};
use rest::outgoing::{Asked, Outgoing};
use store::contract::Pending;

/// Asks providers outside.
pub struct Outside(pub Arc<Outgoing>);

impl Fetch for Outside {
    fn fetch<'a>(&'a self, uri: &'a str) -> Pending<'a, Result<Document, String>> {
        self.0.fetch(uri)
    }
}

impl Ask for Outside {
    fn ask<'a>(&'a self, question: Question<'a>) -> Pending<'a, Result<Vec<u8>, String>> {
        Box::pin(async move {
            let Question { address, authorization, form } = question;
            let asked = Asked { address, authorization: authorization.map(|text| text.expose()), form: form.map(|text| text.expose()) };
            self.0.ask(asked, MOST_BYTES).await.map(|got| got.body).map_err(|error| error.to_string())
        })
    }
}
