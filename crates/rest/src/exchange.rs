//! A request on its way through a handler: its head, its body, and what it wants to be answered.

use std::sync::Arc;

use bytes::Bytes;
use fhir::definitions::ResourceType;
use fhir::json;
use fhir::primitive::instant_text;
use http::header::ACCEPT_LANGUAGE;
use http::request::Parts;
use http::{HeaderMap, HeaderName};
use interaction::{Context, Returning, Selection, as_of};
use store::commit::Instant;

use crate::app::{App, PREFIX};
use crate::failure::Failure;
use crate::media_type::{Format, accepted};
use crate::preference::Preference;
use crate::target::Target;

const X_PROVENANCE: HeaderName = HeaderName::from_static("x-provenance");

/// A request.
pub(crate) struct Exchange {
    pub(crate) app: Arc<App>,
    pub(crate) head: Parts,
    /// Empty for interactions that read.
    pub(crate) body: Bytes,
    /// The moment that it asks about; `None`: now.
    pub(crate) as_of: Option<Instant>,
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

    /// The parameters in the address, without `_asOf`.
    pub(crate) fn query(&self) -> Result<Vec<(String, String)>, Failure> {
        let mut params = search::url::query_pairs(self.head.uri.query().unwrap_or_default()).map_err(Failure::BadQuery)?;
        if self.as_of.is_some() {
            params.retain(|(name, _)| name != as_of::PARAMETER);
        }
        Ok(params)
    }

    /// The parameters in the address and in a form; `_asOf` may stand in either.
    pub(crate) fn query_with(&mut self, form: Vec<(String, String)>) -> Result<Vec<(String, String)>, Failure> {
        let mut params = self.query()?;
        // What the address says stands for a form that says it again, or otherwise.
        params.extend(self.as_of.map(|moment| (as_of::PARAMETER.to_owned(), instant_text(moment))));
        params.extend(form);
        self.as_of = as_of::take(&mut params, self.app.server.clock.now())?;
        Ok(params)
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

    /// Which part of a resource of a type is asked for. Other parameters than `_summary`, `_elements`, `_format` and `_pretty` are refused.
    pub(crate) fn selection(&self, kind: ResourceType) -> Result<Selection, Failure> {
        if self.head.uri.query().is_none() {
            return Ok(Selection::Whole);
        }
        let params = self.query()?;
        let known = |(name, _): &(String, String)| matches!(name.as_str(), "_format" | "_pretty" | "_summary" | "_elements");
        if !params.iter().all(known) {
            return Err(Failure::UnknownParameter("a read knows the parameters _format, _pretty, _summary, _elements and _asOf only"));
        }
        Ok(Selection::of_params(Some(kind), &params)?)
    }

    /// The search criteria in the address: all parameters that do not say how to answer.
    pub(crate) fn criteria(&self) -> Result<String, Failure> {
        let mut params = self.query()?;
        params.retain(|(name, _)| !matches!(name.as_str(), "_format" | "_pretty"));
        Ok(search::url::query_string(&params))
    }

    /// What the interaction works with.
    pub(crate) fn context(&self) -> Context {
        let context = self.app.context(&self.head);
        match self.as_of {
            Some(moment) => context.at(moment),
            None => context,
        }
    }

    /// The same for what has names in several languages: operations, alone or in a Bundle.
    pub(crate) fn context_with_language(&self) -> Context {
        match self.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()) {
            Some(languages) => self.context().with_language(languages),
            None => self.context(),
        }
    }

    /// The same for the write of one resource, with the Provenance that comes in its head.
    pub(crate) fn writing_context(&self) -> Result<Context, Failure> {
        let context = self.context();
        let mut values = self.headers().get_all(X_PROVENANCE).iter();
        match (values.next(), values.next()) {
            (None, _) => Ok(context),
            (Some(text), None) => {
                let provenance = json::parse(text.as_bytes());
                let provenance =
                    provenance.map_err(|_| Failure::BadHeader("X-Provenance has a Provenance resource in JSON, in one line"))?;
                Ok(context.with_provenance(provenance)?)
            }
            (Some(_), Some(_)) => Err(Failure::BadHeader("X-Provenance is given once: send other Provenances in a transaction")),
        }
    }

    /// What the client wants back for what it writes: the resource, when it does not say.
    pub(crate) fn returning(&self) -> Returning {
        Preference::of(self.headers()).returning.unwrap_or(Returning::Representation)
    }
}

/// How the answer to a request is to be written: by `_format` and `_pretty`, then Accept. [`Failure::NotAcceptable`] when the
/// client wants neither JSON nor XML; a Binary has a format of its own, and its address takes any Accept.
pub(crate) fn style(head: &Parts) -> Result<Style, Failure> {
    let (mut style, chosen) = chosen_style(head)?;
    if let Some(accept) = head.headers.get(http::header::ACCEPT).filter(|_| !chosen) {
        match accept.to_str().ok().and_then(accepted) {
            Some(format) => style.format = format,
            None if is_binary(head.uri.path()) => {}
            None => return Err(Failure::NotAcceptable),
        }
    }
    Ok(style)
}

/// What `_format` and `_pretty` in the address say, and whether they name a format.
pub(crate) fn chosen_style(head: &Parts) -> Result<(Style, bool), Failure> {
    let query = head.uri.query().filter(|query| query.contains("_format") || query.contains("_pretty"));
    // A query that is malformed is refused by whoever reads the rest of it.
    let params = query.map_or_else(Vec::new, |query| search::url::query_pairs(query).unwrap_or_default());
    let mut style = Style { format: Format::Json, pretty: false };
    let chosen = style.choose(&params)?;
    Ok((style, chosen))
}

/// Whether the path is that of a Binary or of a version of one.
fn is_binary(path: &str) -> bool {
    path.strip_prefix(PREFIX).is_some_and(|path| path.starts_with("/Binary/"))
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
