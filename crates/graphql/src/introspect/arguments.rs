//! The arguments of fields and directives.

use std::collections::BTreeSet;

use fhir::definitions::{ResourceType, TypeId, definitions};

use super::directive::Directive;
use super::meta::{InputMeta, Named, TypeUse};
use crate::schema::scalar_name;
use crate::validate::filter_elements;

/// Which arguments a field has.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Arguments {
    None,
    /// The filters of a list of elements of this type.
    Filters(TypeId),
    /// `optional` and `type`.
    Target,
    /// `id`.
    Id,
    /// The search parameters of a type, for a list.
    List(ResourceType),
    /// The same for a connection.
    Connection(ResourceType),
    /// A search for those that refer to a resource. It takes all search parameters of the type; the schema has only those that all types share.
    Referrers,
    /// Those of a field of introspection.
    Meta(&'static [&'static str]),
    /// That of a directive.
    Directive(&'static Directive),
}

/// The arguments one by one.
pub(super) fn inputs(arguments: Arguments) -> Vec<InputMeta> {
    match arguments {
        Arguments::None => Vec::new(),
        Arguments::Filters(id) => filters(id),
        Arguments::Target => {
            let about = "Whether a reference that leads nowhere is passed over.";
            vec![
                InputMeta { about: Some(about), ..input("optional", TypeUse::one(Named::Scalar("Boolean"))) },
                input("type", TypeUse::one(Named::Enum("ResourceType"))),
            ]
        }
        Arguments::Id => vec![input("id", TypeUse::required(Named::Scalar("ID")))],
        Arguments::List(kind) => {
            let mut inputs = searches(kind);
            inputs.push(input("_offset", TypeUse::one(Named::Scalar("Int"))));
            inputs
        }
        Arguments::Connection(kind) => {
            let about = "Where to go on, from first, previous, next or last of a connection: without any other argument.";
            let mut inputs = searches(kind);
            inputs.push(InputMeta { about: Some(about), ..input("cursor", TypeUse::one(Named::Scalar("String"))) });
            inputs
        }
        Arguments::Referrers => {
            let about = "The search parameter by which they refer to this resource.";
            let mut inputs = vec![InputMeta { about: Some(about), ..input("_reference", TypeUse::required(Named::Scalar("SearchValue"))) }];
            inputs.extend(shared());
            inputs
        }
        Arguments::Meta(names) => names.iter().map(|name| input(*name, TypeUse::one(Named::Scalar(if *name == "name" { "String" } else { "Boolean" })))).collect(),
        Arguments::Directive(directive) => {
            directive.argument.map(|(name, kind)| input(name, TypeUse::required(Named::Scalar(kind)))).into_iter().collect()
        }
    }
}

fn input(name: impl Into<std::borrow::Cow<'static, str>>, kind: TypeUse) -> InputMeta {
    InputMeta { name: name.into(), kind, about: None }
}

/// What every search has besides the parameters of its type.
fn shared() -> [InputMeta; 4] {
    let about = "A FHIRPath that holds for those that are wanted.";
    [
        input("_count", TypeUse::one(Named::Scalar("Int"))),
        input("_sort", TypeUse::many(Named::Scalar("SearchValue"))),
        input("_filter", TypeUse::one(Named::Scalar("String"))),
        InputMeta { about: Some(about), ..input("fhirpath", TypeUse::one(Named::Scalar("String"))) },
    ]
}

fn searches(kind: ResourceType) -> Vec<InputMeta> {
    let applies = |bases: &[&str]| bases.iter().any(|base| *base == kind.name() || *base == "Resource" || *base == "DomainResource");
    let parameters = definitions().search_parameters().iter().filter(|parameter| applies(&parameter.bases) && parameter.code != "_query");
    let names: BTreeSet<&'static str> = parameters.map(|parameter| parameter.code).collect();
    let mut inputs: Vec<InputMeta> =
        names.into_iter().map(|code| input(code.replace('-', "_"), TypeUse::many(Named::Scalar("SearchValue")))).collect();
    inputs.extend(shared());
    inputs
}

fn filters(id: TypeId) -> Vec<InputMeta> {
    let of = definitions().get(id);
    let mut inputs = vec![
        input("fhirpath", TypeUse::one(Named::Scalar("String"))),
        input("_count", TypeUse::one(Named::Scalar("Int"))),
        input("_offset", TypeUse::one(Named::Scalar("Int"))),
    ];
    // An extension has fifty kinds of values: they can be filtered by, and are not listed at each of the places that have extensions.
    let named = |name: &&str| of.name != "Extension" || *name == "url";
    for name in filter_elements(of).filter(named) {
        if let Some((_, kind)) = of.member(name) {
            inputs.push(input(name, TypeUse::many(Named::Scalar(scalar_name(definitions().get(kind.id))))));
        }
    }
    inputs
}
