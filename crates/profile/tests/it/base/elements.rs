//! Every element of a resource with its type, found without the walk that is tested.

use fhir::definitions::{Type, TypeKind, definitions};
use fhir::{Severity, Value};
use fhirpath::{Context, Item};
use profile::base::{Constraint, constraints};

/// An element: where it is, its type and its value, and the resources around it.
pub struct Found<'a> {
    pub path: String,
    /// The path in the definition of the type that has it: `Organization.telecom`.
    pub declared: String,
    pub kind: &'static Type,
    pub value: &'a Value,
    resource: &'a Value,
    root: &'a Value,
}

/// All elements that are objects, and the single primitives that have invariants of their own.
pub fn elements(resource: &Value) -> Vec<Found<'_>> {
    let mut found = Vec::new();
    if let Some(kind) = resource.resource_type().and_then(|name| definitions().type_by_name(name)) {
        walk(Found { path: kind.name.to_owned(), declared: String::new(), kind, value: resource, resource, root: resource }, &mut found);
    }
    found
}

fn walk<'a>(here: Found<'a>, found: &mut Vec<Found<'a>>) {
    let object = here.value.as_object();
    for (name, value) in object.into_iter().flat_map(|object| object.iter()) {
        let Some((element, of)) = here.kind.member(name.strip_prefix('_').unwrap_or(name)) else { continue };
        let declared = definitions().get(of.id);
        for (index, item) in value.each().enumerate() {
            let index = if value.as_array().is_some() { format!("[{index}]") } else { String::new() };
            let path = format!("{}.{}{index}", here.path, element.name);
            let nested = item.resource_type().filter(|_| declared.kind == TypeKind::Resource);
            let (kind, resource, root) = match nested.map(|name| definitions().type_by_name(name)) {
                Some(Some(kind)) => (kind, item, if element.name == "contained" { here.root } else { item }),
                Some(None) => continue,
                None => (declared, here.resource, here.root),
            };
            let declared_path = format!("{}.{}", here.kind.name, element.name);
            if item.as_object().is_some() || (declared_path == "ElementDefinition.max" && !name.starts_with('_')) {
                walk(Found { path, declared: declared_path, kind, value: item, resource, root }, found);
            }
        }
    }
    found.push(here);
}

/// The key and the place of each invariant that does not hold by its expression; those that the expression cannot tell are left out.
pub fn broken(resource: &Value, keys: impl Fn(&Constraint) -> bool) -> Vec<(&'static str, String)> {
    let mut broken = Vec::new();
    for found in elements(resource) {
        let ancestors: Vec<&str> =
            std::iter::successors(Some(found.kind), |kind| kind.base.map(|base| definitions().get(base))).map(|kind| kind.name).collect();
        let applies = |constraint: &&Constraint| {
            let is_own = constraint.path.trim_end_matches("[x]") == found.declared && definitions().type_by_name(constraint.path).is_none();
            (is_own || ancestors.contains(&constraint.path)) && constraint.severity != Severity::Information && keys(constraint)
        };
        for constraint in constraints().iter().filter(applies) {
            let context = Context::default()
                .with_resource(Item::resource(found.resource))
                .with_root_resource(Item::resource(found.root))
                .with_casts_of_collections();
            let expression = fhirpath::Expression::parse(constraint.expression).expect("the expression can be parsed");
            if let Ok(false) = expression.is_true(&context, &Item::element(found.value, found.kind.id)) {
                broken.push((constraint.key, found.path.clone()));
            }
        }
    }
    broken.sort();
    broken.dedup();
    broken
}

/// The key and the place of each invariant of which `base::check` says that it does not hold.
pub fn reported(resource: &Value) -> Vec<(String, String)> {
    let mut issues = Vec::new();
    profile::base::check(resource, &profile::base::Options::default(), &mut issues);
    let key = |text: &str| text.strip_prefix("the invariant ")?.split_once(" does not hold").map(|(key, _)| key.to_owned());
    let mut reported: Vec<_> = issues.iter().filter_map(|issue| Some((key(&issue.diagnostics)?, issue.expression.clone()))).collect();
    reported.sort();
    reported.dedup();
    reported
}
