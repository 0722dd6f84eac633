//! All resources that a filter finds, one page of the store after another.

use fhir::{Value, json};
use store::query::{Page, Query, Subject, Version};

use super::limits::Budget;
use crate::{Context, Error};

/// How many resources are asked for at once.
const PAGE: u32 = 500;

/// Shows `visit` each resource that passes, newest first by the date of its type. It sees changes that others make meanwhile
/// at most in part: each page is a snapshot.
///
/// [`Error::OperationTooLarge`] when that are more than the budget allows (`remedy` says what to narrow), a failure of the store, or
/// what `visit` refuses.
pub(super) async fn scan(
    ctx: &Context,
    budget: &mut Budget,
    subjects: Vec<Subject>,
    remedy: &str,
    mut visit: impl FnMut(Version) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut query = Query { count: PAGE, ..Query::over(ctx.tenant, subjects) };
    loop {
        let answer = ctx.store().search(&query).await?;
        for version in answer.matches {
            budget.look(0);
            visit(version)?;
        }
        budget.check_looking(remedy)?;
        match answer.next {
            Some(place) => query.page = Page::After(place),
            None => return Ok(()),
        }
    }
}

/// The tree of a version's text. [`Error::Engine`] when it is none, which no stored text is.
pub(crate) fn tree(version: &Version) -> Result<Value, Error> {
    let parsed = version.text().and_then(|text| json::parse(text).ok());
    parsed.ok_or_else(|| Error::Engine(format!("the text of a version of a {} is not JSON", version.key.kind.name())))
}
