//! What part of a record is asked for: `start`, `end`, `_since`, `_type`, `_count`.

use fhir::definitions::ResourceType;
use fhir::primitive::Temporal;
use fhir::{Issue, IssueCode};
use search::date;
use store::commit::Instant;
use store::entry::{Param, Span};
use store::query::{Compare, Filter, Test};

use crate::operation::Arguments;
use crate::{Error, codes};

/// What part of a record is asked for.
pub(super) struct Asked {
    start: Option<Span>,
    end: Option<Span>,
    since: Option<Span>,
    types: Option<Vec<ResourceType>>,
    /// How many resources a page has; `None`: as many as one answer may have.
    pub(super) count: Option<u32>,
    /// The token of the page.
    pub(super) page: Option<String>,
    /// The parameters as they were given, without the page, for links.
    pub(super) params: Vec<(String, String)>,
}

impl Asked {
    /// Reads the arguments. [`Error::BadRequest`] when a type is none of FHIR's, or `_count` is 0.
    pub(super) fn read(arguments: &Arguments) -> Result<Self, Error> {
        let types: Vec<&str> = arguments.all("_type").filter_map(|value| value.as_str()).flat_map(|list| list.split(',')).collect();
        let types: Option<Vec<_>> = if types.is_empty() { None } else { Some(types.into_iter().map(kind).collect::<Result<_, _>>()?) };
        let count = arguments.number("_count");
        if count == Some(0) {
            return Err(bad("`_count` is at least 1".to_owned()));
        }
        let text = |value: &fhir::Value| value.as_str().or(value.as_number()).unwrap_or_default().to_owned();
        let names = ["start", "end", "_since", "_type", "_count"];
        let params = names.into_iter().flat_map(|name| arguments.all(name).map(move |value| (name.to_owned(), text(value)))).collect();
        Ok(Self {
            start: span(arguments, "start"),
            end: span(arguments, "end"),
            since: span(arguments, "_since"),
            types,
            count,
            page: arguments.text(search::page::PARAMETER).map(str::to_owned),
            params,
        })
    }

    /// Whether resources of the type are asked for.
    pub(super) fn wants(&self, kind: ResourceType) -> bool {
        self.types.as_ref().is_none_or(|types| types.contains(&kind))
    }

    /// Whether what was written at this moment is asked for.
    pub(super) fn is_since(&self, written: Instant) -> bool {
        self.since.is_none_or(|since| written >= since.first)
    }

    /// Those that were written since then.
    pub(super) fn written(&self, filter: Filter) -> Filter {
        match self.since {
            Some(since) => Filter::All(vec![filter, Filter::LastUpdated(Compare::GreaterOrEqual, since)]),
            None => filter,
        }
    }

    /// Those that are about care in the time asked for, by the date of their type; one without a date always is.
    pub(super) fn in_time(&self, kind: ResourceType, filter: Filter) -> Filter {
        let Some(code) = date::natural(kind).filter(|_| self.start.is_some() || self.end.is_some()) else { return filter };
        let param = Param::of(kind.name(), code);
        let mut within = Vec::new();
        within.extend(self.start.map(|start| Filter::Match(param, Test::Date(Compare::GreaterOrEqual, start))));
        within.extend(self.end.map(|end| Filter::Match(param, Test::Date(Compare::LessOrEqual, end))));
        let without = Filter::Not(Box::new(Filter::Present(param)));
        Filter::All(vec![filter, Filter::Any(vec![without, Filter::All(within)])])
    }
}

fn span(arguments: &Arguments, name: &str) -> Option<Span> {
    let moment = Temporal::parse(arguments.text(name)?)?;
    Some(Span { first: moment.first_ms(), last: moment.last_ms() })
}

fn kind(name: &str) -> Result<ResourceType, Error> {
    ResourceType::parse(name).ok_or_else(|| {
        let remedy = match fhir::nearest(name, ResourceType::all().map(ResourceType::name)) {
            Some(near) => format!(": did you mean {near}?"),
            None => String::new(),
        };
        bad(format!("`_type` names what is no resource type of FHIR R4{remedy}"))
    })
}

fn bad(rule: String) -> Error {
    Error::BadRequest(vec![Issue::error(codes::BAD_OPERATION_PARAMETER, IssueCode::Value, "", rule)])
}
