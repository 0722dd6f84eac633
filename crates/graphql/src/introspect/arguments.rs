//! The arguments of fields and directives.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::OnceLock;

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
    /// The same for a search for those that refer to a resource.
    Referrers(ResourceType),
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
        Arguments::Referrers(kind) => {
            let mut inputs = vec![input("_reference", TypeUse::required(Named::Scalar("SearchValue")))];
            inputs.extend(searches(kind).into_iter().filter(|input| input.name != "_id"));
            inputs
        }
        Arguments::Meta(names) => {
            names.iter().map(|name| input(*name, TypeUse::one(Named::Scalar(if *name == "name" { "String" } else { "Boolean" })))).collect()
        }
        Arguments::Directive(directive) => {
            directive.argument.map(|(name, kind)| input(name, TypeUse::required(Named::Scalar(kind)))).into_iter().collect()
        }
    }
}

fn input(name: impl Into<Cow<'static, str>>, kind: TypeUse) -> InputMeta {
    InputMeta { name: name.into(), kind, about: None }
}

/// The search parameters of a type, and what every search has besides.
fn searches(kind: ResourceType) -> Vec<InputMeta> {
    let mut inputs: Vec<InputMeta> =
        parameters(kind).iter().map(|name| input(name.as_str(), TypeUse::many(Named::Scalar("SearchValue")))).collect();
    inputs.extend([
        input("_count", TypeUse::one(Named::Scalar("Int"))),
        input("_sort", TypeUse::many(Named::Scalar("SearchValue"))),
        input("_filter", TypeUse::one(Named::Scalar("String"))),
        input("fhirpath", TypeUse::one(Named::Scalar("String"))),
    ]);
    inputs
}

/// The names of the search parameters of a type, as GraphQL writes them, sorted.
fn parameters(kind: ResourceType) -> &'static [String] {
    static PARAMETERS: OnceLock<Vec<Vec<String>>> = OnceLock::new();
    let all = PARAMETERS.get_or_init(|| ResourceType::all().map(named_parameters).collect());
    all.get(kind.index()).map_or(&[], Vec::as_slice)
}

fn named_parameters(kind: ResourceType) -> Vec<String> {
    let applies = |bases: &[&str]| bases.iter().any(|base| *base == kind.name() || *base == "Resource" || *base == "DomainResource");
    let parameters = definitions().search_parameters().iter().filter(|parameter| applies(&parameter.bases) && parameter.code != "_query");
    let names: BTreeSet<String> = parameters.map(|parameter| parameter.code.replace('-', "_")).collect();
    names.into_iter().collect()
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
