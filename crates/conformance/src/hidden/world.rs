//! The two databases, each on every engine, and what they answer to the actor.

use std::collections::BTreeMap;
use std::sync::Arc;

use access::Grant;
use fhir::{array, json, object};
use interaction::{Context, GraphQlRequest, GraphQlTarget, Returning};
use search::Registry;
use store::commit::Instant;

use super::actor::Actor;
use super::requests::{Request, Via};
use super::story::{Told, story};
use crate::engines::{self, Engines};
use crate::queries::Data;
use crate::resources::pool::BASE;

/// How many pages are gone through.
const PAGES: usize = 3;

/// How many differences are looked at before asking ends.
const ENOUGH: usize = 5;

/// A database with what is hidden from an actor, and one without.
pub struct World {
    /// Who asks.
    pub actor: Actor,
    /// What there is, hidden or not.
    pub told: Vec<Told>,
    /// The search parameters.
    pub registry: Arc<Registry>,
    /// The values that searches ask for: those that are hidden, too.
    pub data: Data,
    whole: Engines,
    seen: Engines,
}

/// What was asked, and what came of it.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// How many requests were made of each database on each engine.
    pub requests: usize,
    /// How many of them were answered with something.
    pub found: usize,
    /// How many were refused.
    pub refused: usize,
    /// For each way in which a request looks for something: how many of them found something, and the answers to how many differ.
    pub ways: BTreeMap<&'static str, (usize, usize)>,
    /// Where the answers differ, for the first of them: the request, and both.
    pub differences: Vec<String>,
}

impl Seen {
    /// Whether enough differences were found.
    pub fn is_full(&self) -> bool {
        self.differences.len() >= ENOUGH
    }
}

impl World {
    /// The databases of `seed`.
    ///
    /// # Panics
    /// When the engines differ, or refuse a resource.
    pub async fn new(seed: u64) -> Self {
        let actor = Actor::new(seed);
        let (steps, told) = story(seed, &actor);
        let (whole, seen) = (Engines::new(), Engines::new());
        for step in steps {
            if step.is_hidden {
                seen.pause();
            } else {
                seen.transaction(step.entries.clone()).await;
            }
            whole.transaction(step.entries).await;
        }
        let registry = Registry::with_bases([BASE]).with_words(true);
        let mut data = Data::new(&registry);
        for kind in fhir::definitions::ResourceType::all() {
            let (resources, is_whole) = engines::current(&whole, kind).await;
            data.add(kind, resources, is_whole);
        }
        Self { actor, told, registry, data, whole, seen }
    }

    /// Lets time pass for both.
    pub fn pause(&self) {
        self.whole.pause();
        self.seen.pause();
    }

    /// Asks both databases on every engine the same, page by page, and notes whether an answer differs.
    pub async fn ask(&self, grant: &Arc<Grant>, at: Option<Instant>, request: &Request, seen: &mut Seen) {
        let mut first: Option<(String, Vec<String>)> = None;
        for (database, engines) in [("all", &self.whole), ("what is seen", &self.seen)] {
            for (engine, context) in &engines.servers {
                let context = context.clone().acting(grant.clone());
                let context = at.map_or(context.clone(), |moment| context.at(moment));
                let pages = pages(&context, request).await;
                let name = format!("{database}, {engine}");
                match &first {
                    None => {
                        seen.requests += 1;
                        let found = [r#""search""#, r#""status":"200"#, "\"id\""].iter().any(|mark| pages[0].contains(mark));
                        seen.found += usize::from(found);
                        ways(request, at).into_iter().for_each(|way| seen.ways.entry(way).or_default().0 += usize::from(found));
                        seen.refused += usize::from(pages[0].contains("\"OperationOutcome\""));
                        first = Some((name, pages));
                    }
                    Some((other, expected)) if *expected != pages => {
                        ways(request, at).into_iter().for_each(|way| seen.ways.entry(way).or_default().1 += 1);
                        if !seen.is_full() {
                            seen.differences.push(told(request, at, (other, expected), (&name, &pages)));
                        }
                        return;
                    }
                    Some(_) => {}
                }
            }
        }
    }
}

/// The ways in which a request looks for something.
fn ways(request: &Request, at: Option<Instant>) -> Vec<&'static str> {
    if request.via == Via::GraphQl {
        return vec!["graphql"];
    }
    let url = request.url.as_str();
    const WAYS: [(&str, &str); 14] = [
        ("_include", "include"),
        ("_revinclude", "revinclude"),
        ("iterate", "iterate"),
        ("_has", "_has"),
        ("_text", "text"),
        ("_content", "content"),
        ("_sort", "sort"),
        ("_total", "total"),
        ("_summary=count", "count"),
        ("_contained", "contained"),
        ("/_history/", "vread"),
        ("/$everything", "everything"),
        ("/$meta", "meta"),
        ("_list=", "list"),
    ];
    let mut ways: Vec<_> = WAYS.into_iter().filter(|(mark, _)| url.contains(mark)).map(|(_, way)| way).collect();
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let is_chain = |param: &str| {
        param.split('=').next().is_some_and(|name| name.contains('.') && !name.starts_with("_has") && !name.contains("nclude"))
    };
    if query.split('&').any(is_chain) {
        ways.push("chain");
    }
    ways.push(match (path.split('/').count(), path.ends_with("_history")) {
        (_, true) => "history",
        (1, _) if path.is_empty() => "system",
        (1, _) => "type",
        (2, _) => "read",
        _ if query.is_empty() => "version",
        _ => "compartment",
    });
    ways.extend(at.map(|_| "past"));
    ways
}

/// Where two answers differ, in as much text as is needed to see it.
fn told(request: &Request, at: Option<Instant>, (one, left): (&str, &[String]), (other, right): (&str, &[String])) -> String {
    let (left, right) = (left.join("\n"), right.join("\n"));
    let same = left.bytes().zip(right.bytes()).take_while(|(left, right)| left == right).count();
    let cut = |text: &str| String::from_utf8_lossy(&text.as_bytes()[same.saturating_sub(200)..text.len().min(same + 400)]).into_owned();
    format!(
        "{} {} {:?} {at:?}\n--- {one}\n{}\n--- {other}\n{}\n",
        request.method,
        request.url,
        request.if_none_exist,
        cut(&left),
        cut(&right)
    )
}

/// The answers to a request, page after page and one page back, without the tokens of pages: those have the numbers of rows in them, sealed.
pub async fn pages(context: &Context, request: &Request) -> Vec<String> {
    let mut texts = Vec::new();
    let (mut next, mut last_prev) = (Some(request.clone()), None);
    while let Some(request) = next.take().filter(|_| texts.len() < PAGES) {
        let answer = one(context, &request).await;
        let page = |relation| link(&answer, relation).map(Request::get);
        (next, last_prev) = (page("next"), page("previous").or_else(|| page("prev")));
        texts.push(without_tokens(&answer));
    }
    if let Some(request) = last_prev {
        texts.push(without_tokens(&one(context, &request).await));
    }
    texts
}

/// What a Bundle with one entry is answered with, or a query.
async fn one(context: &Context, request: &Request) -> String {
    let kind = match request.via {
        Via::Batch => "batch",
        Via::Transaction => "transaction",
        Via::GraphQl => return by_graphql(context, &request.url).await,
    };
    let bundle = object! { "resourceType": "Bundle", "type": kind, "entry": array![request.entry()] };
    match interaction::process(context, bundle, Returning::Representation).await {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) => json::to_string(&fhir::outcome::operation_outcome(&error.outcome().issues)),
    }
}

async fn by_graphql(context: &Context, query: &str) -> String {
    let request = graphql::Request { query: query.to_owned(), operation: None, variables: fhir::Object::new() };
    let request = GraphQlRequest { target: GraphQlTarget::System, request, dialect: graphql::Dialect::Fhir };
    match interaction::graphql(context, request).await {
        Ok(answer) => format!("{answer:?}"),
        Err(error) => json::to_string(&fhir::outcome::operation_outcome(&error.outcome().issues)),
    }
}

/// Where a link of the Bundle in the answer leads, below the base.
fn link(answer: &str, relation: &str) -> Option<String> {
    let answer = json::parse(answer.as_bytes()).ok()?;
    let bundle = answer.list("entry").next()?.get("resource")?.clone();
    let link = bundle.list("link").find(|link| link.text("relation") == Some(relation))?;
    Some(link.text("url")?.strip_prefix(BASE)?.trim_start_matches('/').to_owned())
}

fn without_tokens(text: &str) -> String {
    let mut parts = text.split("_page=");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str("_page=*");
        out.push_str(part.trim_start_matches(|letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_'));
    }
    out
}
