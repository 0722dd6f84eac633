//! Texts that are longer than what is indexed of them.

use ::search::Search;
use ::search::extract::cut_words;
use fhir::{Issue, IssueCode, Severity};
use store::query::{Filter, Query, Subject};

use crate::{Context, Error, codes};

/// A warning when a search asks for words of resources, and there are some of whose words not all are indexed: these may be missing in the answer.
///
/// A failure of the store.
pub(super) async fn left_out(ctx: &Context, search: &Search) -> Result<Option<Issue>, Error> {
    for code in ["_text", "_content"] {
        if !search.self_params.iter().any(|(name, _)| name == code) {
            continue;
        }
        let cut = |subject: &Subject| Subject { kind: subject.kind, filter: Filter::Present(cut_words(subject.kind, code)) };
        let subjects = search.query.subjects.iter().map(cut).collect();
        let found = ctx.store().search(&Query { count: 1, ..Query::over(search.query.tenant, subjects) }).await?;
        if !found.matches.is_empty() {
            let rule =
                format!("some resources have more words than are indexed for `{code}`: they are not found by what comes last in them");
            let issue = Issue::error(codes::WORDS_LEFT_OUT, IssueCode::Incomplete, "", rule);
            return Ok(Some(issue.with_severity(Severity::Warning)));
        }
    }
    Ok(None)
}
