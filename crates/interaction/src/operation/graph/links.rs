//! Following the links of a GraphDefinition: by a FHIRPath to a reference, or by a search for what refers here.

use ::fhirpath::{Context as Surroundings, Expression, Item, Limits};
use ::search::parse_filter;
use ::search::url::query_pairs;
use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode, Value};
use store::commit::Key;
use store::query::{Page, Query};

use crate::operation::gathered::Gathered;
use crate::references::{Target, target};
use crate::{Context, Error, codes};

/// What one path may take.
const LIMITS: Limits = Limits { steps: 200_000, items: 10_000, text_bytes: 1 << 16 };

/// How many resources a search asks for at once.
const PAGE: u32 = 200;

/// Links that are still to be followed from a resource, and where they stand in the GraphDefinition.
struct Task<'d> {
    from: usize,
    links: &'d Value,
    place: String,
}

/// Adds what the definition leads to from the resource at `start`.
///
/// [`Error::Unprocessable`] names the link that cannot be followed, or leads to fewer or more than it says.
pub(in crate::operation) async fn follow(
    ctx: &Context,
    gathered: &mut Gathered<'_>,
    start: usize,
    definition: &Value,
) -> Result<(), Error> {
    let mut tasks = vec![Task { from: start, links: definition, place: "GraphDefinition".to_owned() }];
    while let Some(task) = tasks.pop() {
        for (index, link) in task.links.list("link").enumerate() {
            let place = format!("{}.link[{index}]", task.place);
            let found = follow_link(ctx, gathered, task.from, link, &place).await?;
            check_count(link, found.len(), &place)?;
            for (to, number, target) in found {
                tasks.push(Task { from: to, links: target, place: format!("{place}.target[{number}]") });
            }
        }
    }
    Ok(())
}

/// What a link leads to: the places of the resources, each with the target that it is by number and definition.
type Found<'d> = Vec<(usize, usize, &'d Value)>;

async fn follow_link<'d>(
    ctx: &Context,
    gathered: &mut Gathered<'_>,
    from: usize,
    link: &'d Value,
    place: &str,
) -> Result<Found<'d>, Error> {
    let mut found = Vec::new();
    if let Some(target) = link.list("target").find(|target| target.get("compartment").is_some()) {
        let kind = target.text("type").unwrap_or_default();
        let rule = format!("the compartment rules of a target ({kind}) are not supported yet: leave them out");
        return Err(refused(IssueCode::NotSupported, &format!("{place}.target"), rule));
    }
    if let Some(path) = link.text("path") {
        for key in referenced(ctx, gathered, from, path, place)? {
            let named = |target: &Value| target.text("type").is_some_and(|kind| kind == key.kind.name() || kind == "Resource");
            let Some((number, target)) = link.list("target").enumerate().find(|(_, target)| named(target)) else { continue };
            found.extend(gathered.fetch(&key).await?.map(|to| (to, number, target)));
        }
        return Ok(found);
    }
    for (number, target) in link.list("target").enumerate() {
        let at = format!("{place}.target[{number}]");
        for to in searched(ctx, gathered, from, target, &at).await? {
            found.push((to, number, target));
        }
    }
    Ok(found)
}

/// The resources of this server that the references at a path lead to.
fn referenced(ctx: &Context, gathered: &Gathered<'_>, from: usize, path: &str, place: &str) -> Result<Vec<Key>, Error> {
    let Some((_, resource)) = gathered.at(from) else { return Ok(Vec::new()) };
    let broken = |error: ::fhirpath::Error| refused(IssueCode::Invalid, &format!("{place}.path"), error.to_string());
    let expression = Expression::parse(path).map_err(broken)?;
    let surroundings = Surroundings::new(resource).with_limits(LIMITS);
    let items = expression.evaluate(&surroundings, &Item::resource(resource)).map_err(broken)?;
    let text = |item: &Item<'_>| {
        let value = item.value()?;
        value.text("reference").or(value.as_str()).map(str::to_owned)
    };
    let local = |text: String| match target(&text, &ctx.base_url) {
        Target::Local(key) => Some(key),
        _ => None,
    };
    Ok(items.iter().filter_map(text).filter_map(local).collect())
}

/// What a target's search finds, `{ref}` in its parameters standing for the resource it starts from.
async fn searched(ctx: &Context, gathered: &mut Gathered<'_>, from: usize, target: &Value, place: &str) -> Result<Vec<usize>, Error> {
    let Some(kind) = target.text("type").and_then(ResourceType::parse) else {
        return Err(refused(IssueCode::Value, &format!("{place}.type"), "a target names the type of its resources".to_owned()));
    };
    let Some(key) = gathered.at(from).map(|(key, _)| key.clone()) else { return Ok(Vec::new()) };
    let at = format!("{place}.params");
    let Some(params) = target.text("params").filter(|params| params.contains("{ref}")) else {
        let rule = "a link without a path has params that say how its resources refer here: patient={ref}".to_owned();
        return Err(refused(IssueCode::Required, &at, rule));
    };
    let placed = |issues: Vec<Issue>| {
        let place = |issue: Issue| Issue { expression: at.clone(), ..issue };
        Error::Unprocessable(issues.into_iter().map(place).collect())
    };
    let pairs = query_pairs(&params.replace("{ref}", &key.to_string())).map_err(placed)?;
    let filter =
        ctx.understood(false, |registry, context| parse_filter(registry, context, kind, &pairs)).await.map_err(|error| match error {
            Error::BadRequest(issues) => placed(issues),
            error => error,
        })?;
    let mut query = Query { count: PAGE, ..Query::new(ctx.tenant, kind, filter) };
    let mut found = Vec::new();
    loop {
        let answer = ctx.store().search(&query).await?;
        for version in &answer.matches {
            found.push(gathered.add(version)?);
        }
        match answer.next {
            Some(next) => query.page = Page::After(next),
            None => return Ok(found),
        }
    }
}

/// A link says how many resources it leads to.
fn check_count(link: &Value, count: usize, place: &str) -> Result<(), Error> {
    let least = link.get("min").and_then(Value::as_number).and_then(|min| min.parse().ok()).unwrap_or(0);
    let most = link.text("max").and_then(|max| max.parse().ok()).unwrap_or(usize::MAX);
    if (least..=most).contains(&count) {
        return Ok(());
    }
    let most = link.text("max").unwrap_or("*");
    let rule = format!("the link leads to {count} resources here, and must lead to {least} to {most}");
    Err(refused(IssueCode::BusinessRule, place, rule))
}

fn refused(code: IssueCode, place: &str, rule: String) -> Error {
    Error::Unprocessable(vec![Issue::error(codes::GRAPH, code, place, rule)])
}
