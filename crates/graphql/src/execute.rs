//! Answering: rounds over what is loaded, and between them the loading of what they missed.

mod argument;
mod collect;
mod directive;
mod element;
mod field;
mod find;
mod loaded;
mod node;
mod out;
mod round;
mod schema;

use fhir::{Issue, IssueCode};

pub(crate) use argument::plain;

use crate::answer::Answer;
use crate::codes;
use crate::error::Error;
use crate::limits::Limits;
use crate::request::{Dialect, Request, Root};
use crate::source::Source;
use crate::syntax::parse;
use crate::validate::{Fragments, Variables, coerce, validate};
use loaded::{Loaded, Needs};
use round::Round;

/// What stays the same in all rounds.
struct Plan<'d> {
    fragments: Fragments<'d>,
    variables: Variables,
    limits: &'d Limits,
    dialect: Dialect,
    root: &'d Root,
}

/// Answers a request from its root.
///
/// Whatever is wrong with the request or with the data is in the answer.
///
/// # Errors
/// When the source fails.
pub async fn execute<S: Source>(
    source: &S,
    request: &Request,
    root: &Root,
    dialect: Dialect,
    limits: &Limits,
) -> Result<Answer, S::Failure> {
    let document = match parse(&request.query, limits) {
        Ok(document) => document,
        Err(error) => return Ok(Answer::refused(vec![error])),
    };
    let (operation, fragments) = match validate(&document, request.operation.as_deref(), &root.scope(), limits) {
        Ok(valid) => valid,
        Err(errors) => return Ok(Answer::refused(errors)),
    };
    let variables = match coerce(operation, &request.variables) {
        Ok(variables) => variables,
        Err(errors) => return Ok(Answer::refused(errors)),
    };
    let plan = Plan { fragments, variables, limits, dialect, root };
    let mut loaded = Loaded::default();
    loop {
        let needs = {
            let mut round = Round::new(&plan, &loaded);
            match round.run(&operation.selections) {
                Err(stop) => return Ok(Answer::refused(vec![*stop])),
                Ok(data) if round.needs.is_empty() => return Ok(Answer::new(data, round.errors, dialect)),
                Ok(_) => round.needs,
            }
        };
        if let Err(issue) = allowed(&loaded, &needs, limits) {
            return Ok(Answer::refused(vec![Error::from(issue)]));
        }
        loaded.load(source, needs).await?;
    }
}

/// Whether that much more may be read and searched.
fn allowed(loaded: &Loaded, needs: &Needs, limits: &Limits) -> Result<(), Issue> {
    let too_many = |rule: String| Err(Issue::error(codes::TOO_MANY_RESOURCES, IssueCode::TooCostly, "", rule));
    if loaded.searches() + needs.searches.len() > limits.searches {
        return too_many(format!("the query makes more than {} searches: ask for fewer resources, or in several queries", limits.searches));
    }
    if loaded.resources() + needs.references.len() > limits.resources {
        return too_many(format!(
            "the query reads more than {} resources: ask for fewer, with _count or narrower searches",
            limits.resources
        ));
    }
    Ok(())
}
