//! Every search parameter with every modifier, prefix and use: whether it is supported, and why not.

use std::borrow::Cow;

use fhir::definitions::ResourceType;
use search::registry::support::{Feature, Modifier, PREFIXES, Refusal};
use search::{Parameter, ParameterKind, Registry};

/// How a parameter is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Form {
    /// `name=value`
    Value,
    /// `name=gt5`
    Prefix(&'static str),
    /// `name:exact=value`; `[type]` stands for the name of a resource type.
    Modifier(&'static str),
    /// `_sort=name`
    Sort,
    /// `_sort=-name`
    SortDescending,
    /// `name:Type.other=value`
    Chain,
    /// `_has:Type:name:other=value`
    Has,
    /// `_include=Type:name`
    Include,
    /// `_revinclude=Type:name`
    Revinclude,
}

/// A place in the matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cell {
    /// The type whose parameter it is; `None` for a parameter of all types.
    pub kind: Option<ResourceType>,
    /// The parameter.
    pub code: &'static str,
    /// How it is used.
    pub form: Form,
}

/// Whether a parameter can be used so, or why not.
pub type Support = Result<(), Refusal>;

/// The parameters that all types have, as those of one of them.
pub fn common(registry: &Registry) -> Vec<&Parameter> {
    let any = ResourceType::parse("Patient");
    any.into_iter().flat_map(|kind| registry.parameters(kind)).filter(|parameter| is_common(registry, parameter)).collect()
}

/// Whether all types have the parameter.
pub fn is_common(registry: &Registry, parameter: &Parameter) -> bool {
    parameter.code.starts_with('_')
        && ["Basic", "Patient"]
            .iter()
            .all(|name| ResourceType::parse(name).is_some_and(|kind| registry.get(kind, &parameter.code).is_some()))
}

/// The parameters of a type that not all types have.
pub fn own(registry: &Registry, kind: ResourceType) -> impl Iterator<Item = &Parameter> {
    registry.parameters(kind).filter(|parameter| !is_common(registry, parameter))
}

/// The forms that a parameter is asked about.
pub fn forms(parameter: &Parameter) -> Vec<Form> {
    let mut forms = vec![Form::Value];
    if is_ordered(parameter.kind) || parameter.components.iter().any(|component| is_ordered(component.kind)) {
        forms.extend(PREFIXES.map(|(prefix, _)| Form::Prefix(prefix)));
    }
    forms.extend(Modifier::ALL.map(|modifier| Form::Modifier(modifier.code())));
    forms.extend([Form::Sort, Form::SortDescending]);
    if parameter.kind == ParameterKind::Reference {
        forms.extend([Form::Chain, Form::Has, Form::Include, Form::Revinclude]);
    }
    forms
}

/// Whether values of this kind have an order that prefixes ask about.
pub fn is_ordered(kind: ParameterKind) -> bool {
    matches!(kind, ParameterKind::Date | ParameterKind::Number | ParameterKind::Quantity)
}

/// The whole matrix.
pub fn cells(registry: &Registry) -> Vec<(Cell, Support)> {
    let mut cells = Vec::new();
    let mut add = |of: Option<ResourceType>, parameter: &Parameter| {
        for form in forms(parameter) {
            // The table is of HL7's and Ward's own, whose codes are known to the program.
            let Cow::Borrowed(code) = parameter.code else { continue };
            cells.push((Cell { kind: of, code, form }, support(registry, parameter, form)));
        }
    };
    common(registry).into_iter().for_each(|parameter| add(None, parameter));
    for kind in ResourceType::all() {
        own(registry, kind).for_each(|parameter| add(Some(kind), parameter));
    }
    cells
}

/// Whether a parameter can be used so.
pub fn support(registry: &Registry, parameter: &Parameter, form: Form) -> Support {
    let feature = match form {
        Form::Value => Feature::Value,
        Form::Prefix(prefix) => Feature::Prefix(prefix),
        Form::Modifier(modifier) => match Modifier::ALL.into_iter().find(|known| known.code() == modifier) {
            Some(modifier) => Feature::Modifier(modifier),
            None => return Err(Refusal::Undefined),
        },
        Form::Sort | Form::SortDescending => Feature::Sort,
        Form::Chain | Form::Has => Feature::Chain,
        Form::Include | Form::Revinclude => Feature::Include,
    };
    registry.answers(parameter, feature)
}
