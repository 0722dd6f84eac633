//! Every search parameter with every modifier, prefix and use: whether it is supported, and why not.

use fhir::definitions::{ResourceType, definitions};
use search::{Parameter, ParameterKind, Registry, SearchContext, codes};
use store::commit::Tenant;

/// The prefixes of FHIR (<http://hl7.org/fhir/R4/search.html#prefix>).
pub const PREFIXES: [&str; 9] = ["eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"];

/// The modifiers of FHIR (<http://hl7.org/fhir/R4/search.html#modifiers>).
pub const MODIFIERS: [&str; 12] =
    ["missing", "exact", "contains", "text", "not", "above", "below", "in", "not-in", "of-type", "identifier", "[type]"];

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

/// Whether a parameter can be used so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Support {
    /// It can.
    Yes,
    /// It cannot: FHIR does not give this kind of parameter such a use.
    Undefined,
    /// It cannot, for this reason.
    No(String),
}

/// The parameters that all types have, as those of one of them.
pub fn common(registry: &Registry) -> Vec<&'static Parameter> {
    let any = ResourceType::parse("Patient");
    any.into_iter().flat_map(|kind| registry.parameters(kind)).filter(|parameter| is_common(parameter)).collect()
}

/// Whether all types have the parameter.
pub fn is_common(parameter: &Parameter) -> bool {
    let bases = definitions().search_parameter(parameter.url).map(|definition| definition.bases.as_slice()).unwrap_or_default();
    parameter.code.starts_with('_') || bases.iter().any(|base| ["Resource", "DomainResource"].contains(base))
}

/// The parameters of a type that not all types have.
pub fn own(registry: &Registry, kind: ResourceType) -> impl Iterator<Item = &'static Parameter> + use<> {
    registry.parameters(kind).filter(|parameter| !is_common(parameter))
}

/// The forms that a kind of parameter is asked about.
pub fn forms(kind: ParameterKind) -> Vec<Form> {
    let mut forms = vec![Form::Value];
    if matches!(kind, ParameterKind::Date | ParameterKind::Number | ParameterKind::Quantity) {
        forms.extend(PREFIXES.map(Form::Prefix));
    }
    forms.extend(MODIFIERS.map(Form::Modifier));
    forms.extend([Form::Sort, Form::SortDescending]);
    if kind == ParameterKind::Reference {
        forms.extend([Form::Chain, Form::Has, Form::Include, Form::Revinclude]);
    }
    forms
}

/// The whole matrix.
pub fn cells(registry: &Registry) -> Vec<(Cell, Support)> {
    let mut cells = Vec::new();
    let mut add = |of: Option<ResourceType>, kind: ResourceType, parameter: &'static Parameter| {
        for form in forms(parameter.kind) {
            cells.push((Cell { kind: of, code: parameter.code, form }, support(registry, kind, parameter, form)));
        }
    };
    if let Some(patient) = ResourceType::parse("Patient") {
        common(registry).into_iter().for_each(|parameter| add(None, patient, parameter));
    }
    for kind in ResourceType::all() {
        own(registry, kind).for_each(|parameter| add(Some(kind), kind, parameter));
    }
    cells
}

/// Whether a parameter of a type can be used so: what the parser says of an example.
pub fn support(registry: &Registry, kind: ResourceType, parameter: &Parameter, form: Form) -> Support {
    let Some((searched, name, value)) = example(kind, parameter, form) else { return Support::Undefined };
    let context =
        SearchContext { tenant: Tenant(1), base_url: "", default_count: 20, max_count: 1000, lenient: false, now: crate::engines::START };
    match search::parse(registry, &context, searched, &[(name, value)]) {
        Ok(_) => Support::Yes,
        Err(issues) => match issues.first() {
            Some(issue) if issue.number == codes::UNKNOWN_MODIFIER => Support::Undefined,
            Some(issue) => Support::No(issue.diagnostics.replace(&format!("`{}`", parameter.code), "it").replace(" of it", "")),
            None => Support::Undefined,
        },
    }
}

/// The type searched, the name and the value of an example.
fn example(kind: ResourceType, parameter: &Parameter, form: Form) -> Option<(ResourceType, String, String)> {
    let code = parameter.code;
    let value = example_value(parameter);
    let target = parameter.targets.first();
    Some(match form {
        Form::Value => (kind, code.to_owned(), value),
        Form::Prefix(prefix) => (kind, code.to_owned(), format!("{prefix}{value}")),
        Form::Modifier("[type]") => {
            let target = target.map_or("Patient", |target| target.name());
            (kind, format!("{code}:{target}"), value)
        }
        Form::Modifier(modifier) => {
            let value = match modifier {
                "missing" => "true".to_owned(),
                "identifier" => "urn:system|code".to_owned(),
                "of-type" => "urn:system|code|value".to_owned(),
                _ => value,
            };
            (kind, format!("{code}:{modifier}"), value)
        }
        Form::Sort => (kind, "_sort".to_owned(), code.to_owned()),
        Form::SortDescending => (kind, "_sort".to_owned(), format!("-{code}")),
        Form::Chain => (kind, format!("{code}:{}._id", target?.name()), "1".to_owned()),
        Form::Has => (*target?, format!("_has:{}:{code}:_id", kind.name()), "1".to_owned()),
        Form::Include => (kind, "_include".to_owned(), format!("{}:{code}", kind.name())),
        Form::Revinclude => (*target?, "_revinclude".to_owned(), format!("{}:{code}", kind.name())),
    })
}

fn example_value(parameter: &Parameter) -> String {
    let simple = |kind: ParameterKind| match kind {
        ParameterKind::Date => "2024",
        ParameterKind::Number | ParameterKind::Quantity => "5",
        ParameterKind::Reference => "Patient/1",
        ParameterKind::Special => "1|1|1|km",
        _ => "code",
    };
    match parameter.kind {
        ParameterKind::Composite => parameter.components.iter().map(|part| simple(part.kind)).collect::<Vec<_>>().join("$"),
        ParameterKind::Reference => parameter.targets.first().map_or("1".to_owned(), |target| format!("{}/1", target.name())),
        kind => simple(kind).to_owned(),
    }
}
