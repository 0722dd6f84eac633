//! Which built-in resources have stored ones in their place.

use std::collections::HashSet;

use store::entry::Param;
use store::query::{Filter, Page, Query, Subject, Test};

use super::shelf::Shelf;
use crate::operation::tree;
use crate::{Context, Error};

/// About how many built-in resources the store is asked at once.
const CHUNK: usize = 200;

/// The ids of those that a search might find and in whose place a stored one stands: with the same id, or the same canonical address.
pub(super) async fn replaced(ctx: &Context, subject: &Subject, shelf: &Shelf) -> Result<Vec<Box<str>>, Error> {
    let kind = subject.kind;
    let any = Query { count: 1, ..Query::new(ctx.tenant, kind, Filter::everything()) };
    if ctx.store().search(&any).await?.matches.is_empty() {
        return Ok(Vec::new());
    }
    let all = Query { count: u32::MAX, ..Query::over(ctx.tenant, vec![subject.clone()]) };
    let found: HashSet<Box<str>> = shelf.search(all).await?.matches.into_iter().map(|version| version.key.id).collect();
    let candidates: Vec<_> = shelf.sources().iter().filter(|source| found.contains(source.id())).collect();
    let mut replaced = Vec::new();
    for some in candidates.chunks(CHUNK) {
        let (ids, urls) = stored(ctx, subject, some.iter().map(|source| (source.id(), source.url().into_owned())).collect()).await?;
        let stands = some.iter().filter(|source| ids.contains(source.id()) || urls.contains(&*source.url()));
        replaced.extend(stands.map(|source| source.id().into()));
    }
    Ok(replaced)
}

/// The ids and addresses of the stored resources that have one of these ids or addresses.
async fn stored(ctx: &Context, subject: &Subject, asked: Vec<(&str, String)>) -> Result<(HashSet<Box<str>>, HashSet<String>), Error> {
    let url = Param::of(subject.kind.name(), "url");
    let ids = Filter::Id(asked.iter().map(|(id, _)| (*id).into()).collect());
    let urls = asked.into_iter().map(|(_, address)| Filter::Match(url, Test::Uri { uri: address.into(), version: None }));
    let filter = Filter::Any([ids].into_iter().chain(urls).collect());
    let mut query = Query { count: CHUNK as u32, ..Query::new(ctx.tenant, subject.kind, filter) };
    let (mut ids, mut urls) = (HashSet::new(), HashSet::new());
    loop {
        let answer = ctx.store().search(&query).await?;
        for version in answer.matches {
            urls.extend(tree(&version)?.text("url").map(str::to_owned));
            ids.insert(version.key.id);
        }
        match answer.next {
            Some(place) => query.page = Page::After(place),
            None => return Ok((ids, urls)),
        }
    }
}
