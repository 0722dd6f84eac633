//! From HL7's table of search parameters to the parameters of each type.

use std::collections::HashMap;
use std::sync::OnceLock;

use fhir::definitions::{ResourceType, SearchParameter, definitions};
use store::entry::Param;

use super::{Component, Derived, Origin, Parameter, ParameterKind, TypeParameters, element, special};

/// The parameters of every type, sorted by type and code.
pub(super) fn load() -> Vec<TypeParameters> {
    let mut by_base: HashMap<&str, Vec<&'static SearchParameter>> = HashMap::new();
    for definition in definitions().search_parameters().iter().filter(|definition| !special::is_special(definition.code)) {
        for base in &definition.bases {
            by_base.entry(base).or_default().push(definition);
        }
    }
    let of_base = |base: &str| by_base.get(base).into_iter().flatten().copied();
    ResourceType::all()
        .map(|kind| {
            let inherited = of_base("Resource").chain(of_base("DomainResource"));
            let mut parameters: Vec<Parameter> =
                of_base(kind.name()).chain(inherited).map(|definition| parameter(kind, definition)).chain(special::of(kind)).collect();
            parameters.sort_by_key(|parameter| parameter.code);
            parameters.dedup_by_key(|parameter| parameter.code);
            TypeParameters { kind, parameters, compiled: OnceLock::new() }
        })
        .collect()
}

fn parameter(kind: ResourceType, definition: &'static SearchParameter) -> Parameter {
    let built_in = matches!(definition.code, "_id" | "_lastUpdated");
    let branches = branches_of(kind, definition);
    Parameter {
        code: definition.code,
        kind: definition.kind,
        url: definition.url,
        param: Param::of(kind.name(), definition.code),
        targets: targets(definition, &branches),
        components: definition.components.iter().filter_map(|part| component(kind, definition, part.definition, part.expression)).collect(),
        folds_case: !element::minds_case(&branches),
        implied_systems: element::implied_systems(&branches),
        origin: if built_in { Origin::Store } else { Origin::Expression },
        derived: Derived::of(kind, definition.code),
        element_types: element::of(&branches),
        expression: if built_in { String::new() } else { branches.iter().copied().map(corrected).collect::<Vec<_>>().join(" | ") },
    }
}

fn component(kind: ResourceType, of: &SearchParameter, url: &str, expression: &'static str) -> Option<Component> {
    let definition = definitions().search_parameter(url)?;
    let branches = branches_of(kind, definition);
    let expression = own_element(of, &branches).unwrap_or(expression);
    let implied_systems = element::implied_systems(&branches);
    let (targets, folds_case) = (targets(definition, &branches), !element::minds_case(&branches));
    let expression = operands(expression).map(corrected).collect::<Vec<_>>().join(" | ");
    Some(Component { kind: definition.kind, expression, targets, folds_case, implied_systems })
}

/// The one element below a composite's own that the definition of a component names. HL7's table has the expressions of the components of
/// `DocumentReference-relationship` exchanged (`code` for the reference `relatesto`, `target` for the token `relation`): their own definitions
/// say which is which.
fn own_element(of: &SearchParameter, branches: &[&'static str]) -> Option<&'static str> {
    let [branch] = branches else { return None };
    let element = branch.strip_prefix(of.expression?)?.strip_prefix('.')?;
    element.bytes().all(|byte| byte.is_ascii_alphanumeric()).then_some(element)
}

/// The parts of an expression that are about a type. A parameter that many types share has a branch for each: `Patient.name | Person.name`.
fn branches_of(kind: ResourceType, definition: &SearchParameter) -> Vec<&'static str> {
    let about = |branch: &&str| root(branch).is_none_or(|root| root == kind.name());
    definition.expression.map(|expression| operands(expression).filter(about).collect()).unwrap_or_default()
}

/// A branch as FHIRPath means it. HL7's table writes `as` where it wants the values of a type picked out of many, but `as` is for one value only: that
/// is `ofType`. And it writes a type with a capital that has none.
fn corrected(branch: &str) -> String {
    let cast = branch.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')?.split_once(" as "));
    let branch = cast.map_or_else(|| branch.replace(".as(", ".ofType("), |(path, kind)| format!("{path}.ofType({kind})"));
    branch.replace("(DateTime)", "(dateTime)")
}

/// The operands of `|` outside parentheses.
pub(crate) fn operands(expression: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_usize;
    expression
        .split(move |letter| {
            match letter {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            letter == '|' && depth == 0
        })
        .map(str::trim)
}

/// The resource type that a branch begins with, if it does.
fn root(branch: &str) -> Option<&str> {
    let name = branch.trim_start_matches('(').split(|letter: char| !letter.is_ascii_alphanumeric()).next()?;
    ResourceType::parse(name).map(|_| name)
}

/// The types that a reference parameter may lead to: those of its definition, which may be shared by many types, that its elements may lead to too.
fn targets(definition: &SearchParameter, branches: &[&str]) -> Vec<ResourceType> {
    let mut targets: Vec<ResourceType> = definition.targets.iter().copied().filter_map(ResourceType::parse).collect();
    if targets.is_empty() && definition.kind == ParameterKind::Reference {
        targets = ResourceType::all().collect();
    }
    let of_elements: Option<Vec<Vec<ResourceType>>> = branches.iter().map(|branch| element::targets(branch)).collect();
    if let Some(of_elements) = of_elements.map(|lists| lists.concat())
        && targets.iter().any(|target| of_elements.contains(target))
    {
        targets.retain(|target| of_elements.contains(target));
    }
    targets.sort_unstable();
    targets
}
