//! Whose record it is, and which resources belong to it: the compartment (<http://hl7.org/fhir/R4/compartmentdefinition.html>).

use fhir::definitions::{ResourceType, definitions};
use search::{ParameterKind, Registry};
use store::commit::Key;
use store::entry::Param;
use store::query::{Filter, Test};

/// Whose record is asked for.
#[derive(Clone, Debug)]
pub(super) enum Owners {
    /// That of one resource.
    One(Key),
    /// That of each Patient who is a member of a Group.
    Members(Key),
    /// That of every resource of a type.
    All(ResourceType),
}

impl Owners {
    /// The type of those whose record it is.
    pub(super) fn kind(&self) -> Option<ResourceType> {
        match self {
            Owners::One(key) => Some(key.kind),
            Owners::Members(_) => ResourceType::parse("Patient"),
            Owners::All(kind) => Some(*kind),
        }
    }

    /// The owners themselves.
    fn themselves(&self) -> Filter {
        match self {
            Owners::One(key) => Filter::Id(vec![key.id.clone()]),
            Owners::Members(group) => Filter::Has(group.kind, Param::of("Group", "member"), Box::new(Filter::Id(vec![group.id.clone()]))),
            Owners::All(_) => Filter::everything(),
        }
    }

    /// The resources of `kind` that refer to an owner by one of these parameters.
    fn referring(&self, owner: ResourceType, params: &[Param]) -> Filter {
        let refers = |&param: &Param| match self {
            Owners::One(key) => Filter::Match(param, Test::Local(key.to_string().into())),
            _ => Filter::Chain(param, vec![(owner, self.themselves())]),
        };
        Filter::Any(params.iter().map(refers).collect())
    }

    /// The resources of `kind` that belong to the record; `None` when none can.
    pub(super) fn belonging(&self, registry: &Registry, kind: ResourceType) -> Option<Filter> {
        let owner = self.kind()?;
        let referring = linking(registry, owner, kind);
        let linked = (!referring.is_empty()).then(|| self.referring(owner, &referring));
        match (kind == owner, linked) {
            (true, Some(linked)) => Some(Filter::Any(vec![self.themselves(), linked])),
            (true, None) => Some(self.themselves()),
            (false, linked) => linked,
        }
    }
}

/// The parameters by which a resource of `kind` belongs to one of type `owner`: those of the compartment, or where FHIR defines none all
/// that lead there.
pub(crate) fn linking(registry: &Registry, owner: ResourceType, kind: ResourceType) -> Vec<Param> {
    if !definitions().compartments().iter().any(|row| row.compartment == owner) {
        let leading = registry.parameters(kind).filter(|parameter| parameter.kind == ParameterKind::Reference && parameter.leads_to(owner));
        return leading.filter(|parameter| parameter.targets.len() < ResourceType::all().len()).map(|parameter| parameter.param).collect();
    }
    let rows = definitions().compartments().iter().filter(|row| row.compartment == owner && row.resource_type == kind);
    rows.flat_map(|row| &row.parameters).filter_map(|code| registry.get(kind, code)).map(|parameter| parameter.param).collect()
}

/// Whether resources of the type can be part of some patient's record.
pub(super) fn is_of_patients(kind: ResourceType) -> bool {
    definitions().compartments().iter().any(|row| row.compartment.name() == "Patient" && row.resource_type == kind)
}
