//! `Observation/$lastn`: the newest observations of each code (<http://hl7.org/fhir/R4/observation-operation-lastn.html>).

mod groups;

use ::search::Search;
use ::search::parse;
use ::search::url::query_string;
use bytes::Bytes;
use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode};
use store::query::Version;

use super::limits::Budget;
use super::scan::{scan, tree};
use super::{Arguments, Call, Operation, Parameter, Reply, Right, Types};
use crate::bundle::{BundleText, EntryText};
use crate::summary::Selection;
use crate::{Context, Error, codes};
use groups::Groups;

pub(super) const OPERATION: Operation = Operation {
    code: "lastn",
    id: "Observation-lastn",
    name: "ObservationLastN",
    doc: "Answers the newest observations of each code among those that the search parameters find.",
    is_standard: true,
    system: false,
    on_type: true,
    on_instance: false,
    on_version: false,
    types: Types::Only(&["Observation"]),
    affects_state: false,
    takes_criteria: true,
    right: Right::Resources,
    parameters: &[
        Parameter::input("max", "positiveInt", 0, Some(1), "How many observations of each code; 1 when not given."),
        Parameter::output("return", "Bundle", 1, Some(1), "A Bundle of type searchset."),
    ],
    run: |ctx, call| Box::pin(run(ctx, call)),
};

/// Parameters that would contradict what the operation answers.
const NOT_HERE: [&str; 5] = ["_sort", "_count", "_page", "_total", "_summary=count"];

/// A Bundle of type searchset: the observations of a code together, newest first, and the codes by their newest observation.
///
/// [`Error::BadRequest`] names parameters that are unknown or malformed, and asks for a subject and a code or category;
/// [`Error::OperationTooLarge`] when more observations match than one call looks at.
async fn run(ctx: &Context, call: Call) -> Result<Reply, Error> {
    let kind = call.place.kind().ok_or(Error::BadId)?;
    check(&call.arguments.criteria)?;
    let search = ctx.understood(false, |registry, context| parse(registry, context, kind, &call.arguments.criteria)).await?;
    let max = call.arguments.number("max").unwrap_or(1);
    let mut groups = Groups::new(max as usize);
    let mut budget = Budget::new();
    let remedy = "narrow it by date, code or category";
    scan(ctx, &mut budget, search.query.subjects.clone(), remedy, |version| {
        let observation = tree(&version)?;
        groups.add(observation.get("code"), version);
        Ok(())
    })
    .await?;
    let found = groups.finish();
    let mut answered = Budget::new();
    for version in &found {
        answered.look(version.text().map_or(0, Bytes::len));
    }
    answered.check_answer(remedy)?;
    Ok(Reply::text(bundle(ctx, kind, &search, &found, &call.arguments)))
}

fn check(criteria: &[(String, String)]) -> Result<(), Error> {
    let mut issues = Vec::new();
    let code_of = |name: &str| name.split([':', '.']).next().unwrap_or_default().to_owned();
    let has = |wanted: &dyn Fn(&str) -> bool| criteria.iter().any(|(name, _)| wanted(&code_of(name)));
    let mut missing = |rule: &str| issues.push(Issue::error(codes::OPERATION_PARAMETER_MISSING, IssueCode::Required, "", rule));
    if !has(&|code| matches!(code, "patient" | "subject")) {
        missing("$lastn needs `patient` or `subject`: whose observations");
    }
    if !has(&|code| code == "category" || code == "code" || code.starts_with("code-") || code.starts_with("combo-code")) {
        missing("$lastn needs `category` or `code`: which observations");
    }
    let contradicts = |(name, value): &&(String, String)| NOT_HERE.iter().any(|not| not == name || *not == format!("{name}={value}"));
    for (name, _) in criteria.iter().filter(contradicts) {
        let rule = format!("`{name}` has no meaning with $lastn, which answers the newest of each code: leave it out");
        issues.push(Issue::error(codes::UNKNOWN_OPERATION_PARAMETER, IssueCode::NotSupported, "", rule));
    }
    for (name, _) in criteria.iter().filter(|(name, _)| name.starts_with("_include") || name.starts_with("_revinclude")) {
        let rule = format!("`{name}`: $lastn answers observations only");
        issues.push(Issue::error(codes::UNKNOWN_OPERATION_PARAMETER, IssueCode::NotSupported, "", rule));
    }
    if issues.is_empty() { Ok(()) } else { Err(Error::BadRequest(issues)) }
}

fn bundle(ctx: &Context, kind: ResourceType, search: &Search, found: &[Version], arguments: &Arguments) -> Bytes {
    let size = found.iter().map(|version| 160 + version.text().map_or(0, Bytes::len)).sum();
    let mut text = BundleText::new("searchset", size);
    text.total(found.len() as u64);
    let mut params = arguments.criteria.clone();
    params.extend(arguments.number("max").map(|max| ("max".to_owned(), max.to_string())));
    text.link("self", &format!("{}/{}/$lastn?{}", ctx.base_url, kind.name(), query_string(&params)));
    let selection = Selection::of(search);
    for version in found {
        let Some(whole) = version.text() else { continue };
        let part = selection.apply(kind, whole);
        let url = format!("{}/{}", ctx.base_url, version.key);
        let resource = Some(part.as_deref().map_or(&**whole, str::as_bytes));
        text.entry(EntryText { full_url: Some(&url), resource, search_mode: Some("match"), ..EntryText::default() });
    }
    text.finish()
}
