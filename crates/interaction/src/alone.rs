//! Whether a resource that is in no store by now passes a filter.

use std::borrow::Cow;
use std::convert::Infallible;

use fhir::Value;
use fhir::definitions::ResourceType;
use store::commit::Key;
use store::entry::Param;
use store::matches::{Candidate, Others, passes};
use store::query::Filter;

use crate::Context;

/// Whether the resource passes, as `key` and as if it were written now. Criteria that lead over others find none.
pub(crate) fn passes_alone(ctx: &Context, key: &Key, resource: &Value, filter: &Filter) -> bool {
    let entries = ctx.server.registry().extract(key.kind, resource).entries;
    let candidate = Candidate { key: Cow::Borrowed(key), last_updated: ctx.now(), entries: Cow::Owned(entries) };
    let Ok(passes) = passes(filter, &candidate, &Nobody);
    passes
}

/// No other resources.
pub(crate) struct Nobody;

impl Others for Nobody {
    type Error = Infallible;

    fn resource(&self, _: &Key) -> Result<Option<Candidate<'_>>, Infallible> {
        Ok(None)
    }

    fn referring(&self, _: ResourceType, _: Param, _: &str) -> Result<Vec<Candidate<'_>>, Infallible> {
        Ok(Vec::new())
    }
}
