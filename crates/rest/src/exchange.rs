//! A request on its way through a handler: its head, its body, and what it wants to be answered.

use std::sync::Arc;

use bytes::Bytes;
use http::HeaderMap;
use http::request::Parts;
use interaction::{Context, Returning};

use crate::app::{App, PREFIX};
use crate::failure::Failure;
use crate::media_type::{Format, accepted};
use crate::preference::Preference;
use crate::target::Target;

/// A request.
pub(crate) struct Exchange {
    pub(crate) app: Arc<App>,
    pub(crate) head: Parts,
    /// Empty for interactions that read.
    pub(crate) body: Bytes,
}

/// How an answer is to be written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    pub(crate) format: Format,
    pub(crate) pretty: bool,
}

impl Exchange {
    /// The headers.
    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// What the path names.
    pub(crate) fn target(&self) -> Target<'_> {
        Target::of(self.head.uri.path(), PREFIX)
    }

    /// The parameters in the address.
    pub(crate) fn query(&self) -> Result<Vec<(String, String)>, Failure> {
        search::url::query_pairs(self.head.uri.query().unwrap_or_default()).map_err(Failure::BadQuery)
    }

    /// Refuses parameters that have no meaning here, for interactions that know only `_format` and `_pretty`.
    pub(crate) fn refuse_parameters(&self) -> Result<(), Failure> {
        if self.head.uri.query().is_none() {
            return Ok(());
        }
        let known = |(name, _): &(String, String)| matches!(name.as_str(), "_format" | "_pretty");
        if self.query()?.iter().all(known) {
            Ok(())
        } else {
            Err(Failure::UnknownParameter("this interaction knows the parameters _format and _pretty only"))
        }
    }

    /// What the interaction works with.
    pub(crate) fn context(&self) -> Context {
        self.app.context(&self.head)
    }

    /// What the client wants back for what it writes: the resource, when it does not say.
    pub(crate) fn returning(&self) -> Returning {
        Preference::of(self.headers()).returning.unwrap_or(Returning::Representation)
    }
}

/// How the answer to a request is to be written: by `_format` and `_pretty`, then Accept. [`Failure::NotAcceptable`] when the
/// client wants neither JSON nor XML.
pub(crate) fn style(head: &Parts) -> Result<Style, Failure> {
    let query = head.uri.query().filter(|query| query.contains("_format") || query.contains("_pretty"));
    // A query that is malformed is refused by whoever reads the rest of it.
    let params = query.map_or_else(Vec::new, |query| search::url::query_pairs(query).unwrap_or_default());
    let mut style = Style { format: Format::Json, pretty: false };
    let chosen = style.choose(&params)?;
    if let Some(accept) = head.headers.get(http::header::ACCEPT).filter(|_| !chosen) {
        style.format = accept.to_str().ok().and_then(accepted).ok_or(Failure::NotAcceptable)?;
    }
    Ok(style)
}

impl Style {
    /// Minds `_format` and `_pretty` among `params`, and says whether they name a format.
    pub(crate) fn choose(&mut self, params: &[(String, String)]) -> Result<bool, Failure> {
        let mut chosen = false;
        for (name, value) in params {
            match name.as_str() {
                "_format" => {
                    self.format = Format::of(value).ok_or(Failure::NotAcceptable)?;
                    chosen = true;
                }
                "_pretty" => match value.as_str() {
                    "true" => self.pretty = true,
                    "false" => self.pretty = false,
                    _ => return Err(Failure::UnknownParameter("`_pretty` is `true` or `false`")),
                },
                _ => {}
            }
        }
        Ok(chosen)
    }
}
