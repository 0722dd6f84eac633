//! `docs/conformance/search.md`: the matrix as a page.

use std::fmt::Write;

use fhir::definitions::ResourceType;
use search::registry::support::{Modifier, PREFIXES, Refusal};
use search::{Parameter, ParameterKind, Registry};

use crate::matrix::{self, Form, Support};

/// Where the page is, from the folder of the repository.
pub const FILE: &str = "docs/conformance/search.md";

/// The kinds of parameters, in the order of FHIR's text.
const KINDS: [ParameterKind; 9] = [
    ParameterKind::Number,
    ParameterKind::Date,
    ParameterKind::String,
    ParameterKind::Token,
    ParameterKind::Reference,
    ParameterKind::Composite,
    ParameterKind::Quantity,
    ParameterKind::Uri,
    ParameterKind::Special,
];

const HEAD: &str = "# What can be searched by

Written by `cargo xtask conformance` from the table by which queries are understood. Each *yes* is a test: `crates/conformance` makes random
resources of every type and at least one search for each *yes* of this page, and every engine must give the reference engine's answer to the byte.

";

const READING: &str = "## How to read the tables

- **modifiers** are those that the parameter takes, after a colon: `name:exact=Ann`. One that is struck through is FHIR's and is not answered there:
  its number leads to the reason. One that is not there is not defined by FHIR for this parameter; it is refused by name.
- **prefixes** stand before a value: `date=ge2024`. *all* is `eq ne gt lt ge le sa eb ap`.
- `_text` and `_content` are answered where the server indexes words, which is a setting.
- **order** is `_sort`, both ways.
- References can also be chained (`subject:Patient.name=Ann`), chained in reverse (`_has:Observation:subject:code=x`), and followed by
  `_include` and `_revinclude`.
";

/// The page, of a server that indexes words.
pub fn page() -> String {
    let registry = &*Registry::standard().with_words(true);
    let mut page = HEAD.to_owned();
    counts(registry, &mut page);
    page.push_str(READING);
    reasons(&mut page);
    kinds(registry, &mut page);
    page.push_str("\n## Parameters of all types\n\n");
    table(registry, matrix::common(registry).into_iter(), &mut page);
    for kind in ResourceType::all() {
        let own: Vec<&Parameter> = matrix::own(registry, kind).collect();
        let _ = write!(page, "\n## {}\n\n", kind.name());
        match own.is_empty() {
            true => page.push_str("Only those of all types.\n"),
            false => table(registry, own.into_iter(), &mut page),
        }
    }
    page
}

/// How much of it there is.
fn counts(registry: &Registry, page: &mut String) {
    let cells = matrix::cells(registry);
    let yes = cells.iter().filter(|(_, support)| support.is_ok()).count();
    let no = cells.iter().filter(|(_, support)| matches!(support, Err(refusal) if *refusal != Refusal::Undefined)).count();
    let _ = writeln!(page, "{yes} uses of parameters are answered, {no} that FHIR defines are refused with a reason.\n");
}

/// The reasons, by number.
const REASONS: [Refusal; 3] = [Refusal::NoSystem, Refusal::NoHierarchy, Refusal::NoNamedQueries];

fn reasons(page: &mut String) {
    page.push_str("\nReasons:\n\n");
    for (number, refusal) in REASONS.iter().enumerate() {
        let _ = writeln!(page, "{}. {}", number + 1, refusal.reason());
    }
}

/// For each kind of parameter what can be asked of some parameter of it.
fn kinds(registry: &Registry, page: &mut String) {
    page.push_str("\n## Kinds of parameters\n\nWhat a parameter of each kind takes, as far as its elements have it.\n\n");
    page.push_str("| kind | parameters | modifiers | prefixes | order |\n|---|--:|---|---|---|\n");
    for kind in KINDS {
        let own = ResourceType::all().flat_map(|of| matrix::own(registry, of).collect::<Vec<_>>());
        let parameters: Vec<&Parameter> = matrix::common(registry)
            .into_iter()
            .chain(own)
            .filter(|each| each.kind == kind && matrix::support(registry, each, Form::Value).is_ok())
            .collect();
        let best = |form: Form| {
            let answers = parameters.iter().map(|parameter| matrix::support(registry, parameter, form));
            answers
                .min_by_key(|answer| match answer {
                    Ok(()) => 0,
                    Err(Refusal::Undefined) => 2,
                    Err(_) => 1,
                })
                .unwrap_or(Err(Refusal::Undefined))
        };
        let _ = writeln!(page, "| {} | {} | {} |", kind.code(), parameters.len(), uses(best));
    }
}

fn table<'p>(registry: &Registry, parameters: impl Iterator<Item = &'p Parameter>, page: &mut String) {
    page.push_str("| parameter | kind | values | modifiers | prefixes | order |\n|---|---|---|---|---|---|\n");
    for parameter in parameters {
        let support = |form: Form| matrix::support(registry, parameter, form);
        let name = match support(Form::Value) {
            Ok(()) => format!("`{}`", parameter.code),
            Err(refusal) => format!("~~`{}`~~{}", parameter.code, mark(refusal)),
        };
        let expression = parameter.expression.replace('|', "\\|");
        let values = if expression.is_empty() { "–".to_owned() } else { format!("`{expression}`") };
        let uses = if support(Form::Value).is_ok() { uses(support) } else { "– | – | –".to_owned() };
        let _ = writeln!(page, "| {name} | {} | {values} | {uses} |", parameter.kind.code());
    }
}

/// The columns of modifiers, prefixes and order.
fn uses(support: impl Fn(Form) -> Support) -> String {
    let shown = |code: &str, answer: Support| match answer {
        Ok(()) => Some(code.to_owned()),
        Err(Refusal::Undefined) => None,
        Err(refusal) => Some(format!("~~{code}~~{}", mark(refusal))),
    };
    let modifiers: Vec<String> =
        Modifier::ALL.iter().filter_map(|modifier| shown(modifier.code(), support(Form::Modifier(modifier.code())))).collect();
    let prefixes: Vec<&str> =
        PREFIXES.iter().filter(|(prefix, _)| support(Form::Prefix(prefix)).is_ok()).map(|(prefix, _)| *prefix).collect();
    let prefixes = if prefixes.len() == PREFIXES.len() { "all".to_owned() } else { prefixes.join(" ") };
    let order = if support(Form::Sort).is_ok() { "yes" } else { "no" };
    let prefixes = if prefixes.is_empty() { "–" } else { &prefixes };
    format!("{} | {prefixes} | {order}", modifiers.join(" "))
}

/// The number of a reason.
fn mark(refusal: Refusal) -> String {
    let number = REASONS.iter().position(|known| *known == refusal).map_or(0, |place| place + 1);
    format!("<sup>{number}</sup>")
}
