//! From HL7's table of search parameters to the parameters of each type.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

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
            let mut parameters: Vec<Parameter> = of_base(kind.name())
                .chain(inherited)
                .map(|definition| parameter(kind, &Definition::of(definition)))
                .chain(special::of(kind))
                .collect();
            parameters.sort_by(|left, right| left.code.cmp(&right.code));
            parameters.dedup_by(|left, right| left.code == right.code);
            TypeParameters { kind, parameters: parameters.into_iter().map(Arc::new).collect(), compiled: OnceLock::new() }
        })
        .collect()
}

/// What a parameter is made of: a line of HL7's table, or a resource that defines one.
pub(super) struct Definition<'a> {
    pub(super) code: Cow<'static, str>,
    pub(super) url: Cow<'static, str>,
    /// What the store's number is made of: the code, for HL7's.
    pub(super) name: Cow<'static, str>,
    pub(super) kind: ParameterKind,
    pub(super) targets: Vec<ResourceType>,
    pub(super) expression: Option<&'a str>,
    /// The parts of a composite: what defines each, and where its values are.
    pub(super) parts: Vec<(Definition<'a>, &'a str)>,
}

impl Definition<'static> {
    pub(super) fn of(definition: &'static SearchParameter) -> Self {
        let part = |part: &'static fhir::definitions::Component| {
            let of = Self::of(definitions().search_parameter(part.definition)?);
            let expression = own_element(definition, &of).unwrap_or(part.expression);
            Some((of, expression))
        };
        Self {
            code: definition.code.into(),
            url: definition.url.into(),
            name: definition.code.into(),
            kind: definition.kind,
            targets: definition.targets.iter().copied().filter_map(ResourceType::parse).collect(),
            expression: definition.expression,
            parts: definition.components.iter().filter_map(part).collect(),
        }
    }
}

pub(super) fn parameter(kind: ResourceType, definition: &Definition<'_>) -> Parameter {
    let built_in = matches!(&*definition.code, "_id" | "_lastUpdated");
    let branches = branches_of(kind, definition.expression);
    Parameter {
        code: definition.code.clone(),
        kind: definition.kind,
        url: definition.url.clone(),
        param: Param::of(kind.name(), &definition.name),
        targets: targets(definition, &branches),
        components: definition.parts.iter().map(|(part, expression)| component(kind, part, expression)).collect(),
        folds_case: !element::minds_case(&branches),
        implied_systems: element::implied_systems(&branches),
        origin: if built_in { Origin::Store } else { Origin::Expression },
        derived: Derived::of(kind, &definition.name),
        element_types: element::of(&branches),
        expression: if built_in { String::new() } else { joined(&branches) },
        is_custom: false,
    }
}

fn component(kind: ResourceType, definition: &Definition<'_>, expression: &str) -> Component {
    let branches = branches_of(kind, definition.expression);
    Component {
        kind: definition.kind,
        expression: joined(&operands(expression).collect::<Vec<_>>()),
        targets: targets(definition, &branches),
        folds_case: !element::minds_case(&branches),
        implied_systems: element::implied_systems(&branches),
    }
}

/// The one element below a composite's own that the definition of a component names. HL7's table has the expressions of the components of
/// `DocumentReference-relationship` exchanged (`code` for the reference `relatesto`, `target` for the token `relation`): their own definitions
/// say which is which.
fn own_element(composite: &SearchParameter, component: &Definition<'static>) -> Option<&'static str> {
    let element = component.expression?.strip_prefix(composite.expression?)?.strip_prefix('.')?;
    element.bytes().all(|byte| byte.is_ascii_alphanumeric()).then_some(element)
}

/// The parts of an expression that are about a type. A parameter that many types share has a branch for each: `Patient.name | Person.name`.
pub(super) fn branches_of(kind: ResourceType, expression: Option<&str>) -> Vec<&str> {
    let about = |branch: &&str| root(branch).is_none_or(|root| root == kind.name());
    expression.map(|expression| operands(expression).filter(about).collect()).unwrap_or_default()
}

/// The branches, corrected, as one expression.
pub(super) fn joined(branches: &[&str]) -> String {
    branches.iter().copied().map(corrected).collect::<Vec<_>>().join(" | ")
}

/// A branch as FHIRPath means it. HL7's table writes `as` where it wants the values of a type picked out of many, but `as` is for one value only: that
/// is `ofType`. And it writes a type with a capital that has none.
fn corrected(branch: &str) -> String {
    let cast = branch.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')?.split_once(" as "));
    let branch = cast.map_or_else(|| branch.replace(".as(", ".ofType("), |(path, kind)| format!("{path}.ofType({kind})"));
    branch.replace("(DateTime)", "(dateTime)")
}

/// The operands of `|` outside parentheses and texts.
pub(crate) fn operands(expression: &str) -> impl Iterator<Item = &str> {
    let (mut depth, mut is_text, mut is_escaped) = (0_usize, false, false);
    expression
        .split(move |letter| {
            match letter {
                _ if is_escaped => is_escaped = false,
                '\\' if is_text => is_escaped = true,
                '\'' => is_text = !is_text,
                '(' if !is_text => depth += 1,
                ')' if !is_text => depth = depth.saturating_sub(1),
                _ => {}
            }
            letter == '|' && depth == 0 && !is_text
        })
        .map(str::trim)
}

/// The resource type that a branch begins with, if it does.
fn root(branch: &str) -> Option<&str> {
    let name = branch.trim_start_matches('(').split(|letter: char| !letter.is_ascii_alphanumeric()).next()?;
    ResourceType::parse(name).map(|_| name)
}

/// The types that a reference parameter may lead to: those of its definition, which may be shared by many types, that its elements may lead to too.
fn targets(definition: &Definition<'_>, branches: &[&str]) -> Vec<ResourceType> {
    let mut targets = definition.targets.clone();
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
