//! The searches of a query. A cursor is the place of a page in the whole of its search: `40:name=x&_page=…`, so that nothing is remembered here.

use ::graphql::{Found, Limits, Page, Search};
use ::search::parse;
use ::search::url::{query_pairs, query_string};

use super::resource;
use crate::{Context, Error};

/// A page of what a search finds.
pub(super) async fn search(ctx: &Context, search: &Search, limits: &Limits) -> Result<Page, Error> {
    let (offset, params) = match &search.cursor {
        Some(cursor) => place(cursor)?,
        None => {
            let count = search.count.map(|count| ("_count".to_owned(), count.to_string()));
            (Some(0), search.parameters.iter().cloned().chain(count).collect())
        }
    };
    let mut parsed = ctx.understood(false, |registry, context| parse(registry, context, search.kind, &params)).await?;
    parsed.query.total |= search.total;
    parsed.query.count = parsed.query.count.min(u32::try_from(limits.matches).unwrap_or(u32::MAX));
    let answer = ctx.store().search(&parsed.query).await?;
    let mut matches = Vec::with_capacity(answer.matches.len());
    for (place, version) in answer.matches.iter().enumerate() {
        let score = answer.scores.get(place).map(|per_mille| format!("{}.{:03}", per_mille / 1000, per_mille % 1000));
        matches.push(Found { resource: resource(version)?, mode: Some("match"), score });
    }
    let after = offset.map(|offset| offset.saturating_add(matches.len() as u64));
    let before = offset.map(|offset| offset.saturating_sub(u64::from(parsed.query.count)));
    let seal = &ctx.server.page_seal;
    Ok(Page {
        total: answer.total,
        offset,
        size: parsed.query.count,
        first: Some(cursor(Some(0), &parsed.first_params())),
        previous: answer.prev.as_ref().map(|place| cursor(before, &parsed.prev_params(place, seal))),
        next: answer.next.as_ref().map(|place| cursor(after, &parsed.next_params(place, seal))),
        matches,
        ..Page::default()
    })
}

fn cursor(offset: Option<u64>, params: &[(String, String)]) -> String {
    let offset = offset.map(|offset| offset.to_string()).unwrap_or_default();
    format!("{offset}:{}", query_string(params))
}

/// How many matches come before the page, and the parameters of its search.
type Place = (Option<u64>, Vec<(String, String)>);

fn place(cursor: &str) -> Result<Place, Error> {
    let Some((offset, query)) = cursor.split_once(':') else {
        let rule = "the cursor is none that this server gave: take it as it is from first, next or another of a connection";
        let issue = fhir::Issue::error(crate::codes::BAD_CURSOR, fhir::IssueCode::Value, "", rule);
        return Err(Error::BadRequest(vec![issue]));
    };
    Ok((offset.parse().ok(), query_pairs(query).map_err(Error::BadRequest)?))
}
