//! The invariants of FHIR itself: all parse, fit the definitions, and hold on FHIR's own examples.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use fhir::Value;
use fhir::definitions::definitions;
use fhirpath::{Context, Expression, Item};

use published::KnownFailures;

/// An invariant of a type, or of an element of it that has no type of its own.
struct Invariant {
    key: String,
    path: String,
    is_error: bool,
    /// From a node of the type to what the invariant is asked of; `None` for the node itself.
    way: Option<Expression>,
    expression: Expression,
}

/// The invariants by the names of the types at which they stand.
type Invariants = HashMap<String, Vec<Invariant>>;

/// What went wrong with an invariant, each mistake once.
type Mistakes = BTreeMap<String, BTreeSet<String>>;

#[test]
fn invariants_hold_on_the_examples() {
    let (Some(examples), Some(invariants)) = (crate::examples::examples(), invariants()) else { return };
    let mut mistakes = Mistakes::new();
    let mut keys = BTreeSet::new();
    for invariant in invariants.values().flatten() {
        keys.insert(&invariant.key);
        mistakes.entry(format!("{} {}", invariant.key, invariant.path)).or_default();
    }
    assert!(keys.len() > 230 && mistakes.len() > 600, "only {} invariants are there, at {} places", keys.len(), mistakes.len());
    let places = mistakes.len();
    let children = Expression::parse("children()").expect("it parses");
    let mut walk = Walk { invariants: &invariants, children, evaluated: 0, mistakes };
    for (name, example) in &examples {
        walk.resource(name, Item::resource(example), &Item::resource(example));
    }
    let mut known = KnownFailures::read(include_str!("known_failures/invariants.txt"));
    for (name, mistakes) in walk.mistakes {
        let verdict = if mistakes.is_empty() { Ok(()) } else { Err(mistakes.into_iter().take(5).collect::<Vec<_>>().join("; ")) };
        known.report(&name, verdict);
    }
    println!("{} invariants at {places} places, evaluated {} times", keys.len(), walk.evaluated);
    known.finish("invariants");
}

#[test]
fn invariants_fit_the_definitions() {
    let Some(invariants) = invariants() else { return };
    let mut known = KnownFailures::read(include_str!("known_failures/invariant_types.txt"));
    for (name, of_type) in &invariants {
        for invariant in of_type.iter().filter(|invariant| invariant.way.is_none()) {
            let verdict = invariant.expression.check(name).map_err(|error| format!("{}: {error}", invariant.expression.text()));
            known.report(&format!("{} {}", invariant.key, invariant.path), verdict);
        }
    }
    known.finish("types of the invariants");
}

/// All invariants of the types and resources; `None` where the definitions are not here.
fn invariants() -> Option<Invariants> {
    let mut invariants = Invariants::new();
    for file in ["profiles-types.json.gz", "profiles-resources.json.gz"] {
        let text = published::gunzip(&published::data(&format!("fhir-r4/definitions/{file}"))?);
        let bundle = fhir::json::parse(&text).expect("the definitions are JSON");
        for definition in bundle.list("entry").filter_map(|entry| entry.get("resource")) {
            let is_structure = definition.resource_type() == Some("StructureDefinition");
            if is_structure && definition.text("derivation") != Some("constraint") {
                definition
                    .get("snapshot")
                    .into_iter()
                    .flat_map(|snapshot| snapshot.list("element"))
                    .for_each(|element| add(&mut invariants, element));
            }
        }
    }
    Some(invariants)
}

fn add(invariants: &mut Invariants, element: &Value) {
    let path = element.text("path").expect("an element has a path");
    // Types that are there only for other definitions, as MetadataResource, have no nodes.
    let Some((name, way)) = placed(path) else { return };
    for constraint in element.list("constraint") {
        let (Some(key), Some(text)) = (constraint.text("key"), constraint.text("expression")) else { continue };
        // Every element has these two from its type, where they are asked for already.
        if way.is_some() && matches!(key, "ele-1" | "ext-1") {
            continue;
        }
        let expression = Expression::parse(text).unwrap_or_else(|error| panic!("{key}: {text}: {error}"));
        let way = way.as_ref().map(|way| Expression::parse(way).expect("a path is an expression"));
        let is_error = constraint.text("severity") == Some("error");
        let invariant = Invariant { key: key.to_owned(), path: path.to_owned(), is_error, way, expression };
        invariants.entry(name.to_owned()).or_default().push(invariant);
    }
}

/// The type at which the path of an element begins, and the way from there: none where the element has a type of its own.
fn placed(path: &str) -> Option<(&str, Option<String>)> {
    let name = path.match_indices('.').map(|(at, _)| &path[..at]).chain([path]).rfind(|name| definitions().type_by_name(name).is_some());
    let name = name?;
    let way = path[name.len()..].trim_start_matches('.').trim_end_matches("[x]").replace("div", "`div`");
    Some((name, (!way.is_empty()).then_some(way)))
}

/// A walk over the nodes of the examples.
struct Walk<'i> {
    invariants: &'i Invariants,
    children: Expression,
    evaluated: usize,
    mistakes: Mistakes,
}

impl Walk<'_> {
    /// Judges a resource, and those inside it as their own.
    fn resource<'a>(&mut self, name: &str, resource: Item<'a>, root: &Item<'a>) {
        let context = Context::default().with_resource(resource.clone()).with_root_resource(root.clone()).with_casts_of_collections();
        self.node(name, &resource, &context, root);
    }

    fn node<'a>(&mut self, name: &str, node: &Item<'a>, context: &Context<'a>, root: &Item<'a>) {
        // The snapshot of a type repeats what its bases say.
        for invariant in self.invariants.get(node.type_name()).into_iter().flatten() {
            if let Err(mistake) = self.judge(invariant, node, context) {
                let mistake = format!("{mistake} on {name}");
                self.mistakes.entry(format!("{} {}", invariant.key, invariant.path)).or_default().insert(mistake);
            }
        }
        let children = self.children.evaluate(context, node).expect("it has children or not");
        for child in &children {
            match child.value().is_some_and(|value| value.resource_type().is_some()) {
                true => self.resource(name, child.clone(), root),
                false => self.node(name, child, context, root),
            }
        }
    }

    fn judge<'a>(&mut self, invariant: &Invariant, node: &Item<'a>, context: &Context<'a>) -> Result<(), String> {
        let elements = match &invariant.way {
            Some(way) => way.evaluate(context, node).map_err(|error| error.to_string())?,
            None => std::iter::once(node.clone()).collect(),
        };
        for element in &elements {
            self.evaluated += 1;
            let holds = invariant.expression.is_true(context, element).map_err(|error| error.to_string())?;
            if invariant.is_error && !holds {
                return Err("does not hold".to_owned());
            }
        }
        Ok(())
    }
}
