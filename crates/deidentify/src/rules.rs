//! What becomes of each data type, as data. A type that is not in the table is removed, with all that is in it.

use fhir::definitions::{PrimitiveType, Type, TypeKind, definitions};

/// What becomes of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// It is removed.
    Remove,
    /// It stays: a truth value, a number.
    Keep,
    /// A code stays when it is of the value set that the element is bound to, or of the form of a language, country or currency.
    Code,
    /// Of a date the year stays, unless it tells of an age above 89.
    Year,
    /// Its elements are judged one by one.
    Within,
    /// A code with its system stays when the system is well known.
    Coding,
    /// A measurement stays with the code of its unit; an age above 89 becomes "90 or more".
    Quantity,
    /// The state, the country and three digits of the ZIP code.
    Address,
    /// It leads to the pseudonym.
    Reference,
    /// Only race, ethnicity and sex at birth.
    Extension,
    /// Only labels and tags of well-known systems.
    Meta,
    /// A resource of its own.
    Resource,
}

/// The complex data types of which something stays.
const COMPLEX: [(&str, Rule); 15] = [
    ("Address", Rule::Address),
    ("CodeableConcept", Rule::Within),
    ("Coding", Rule::Coding),
    ("Dosage", Rule::Within),
    ("Dosage.doseAndRate", Rule::Within),
    ("Extension", Rule::Extension),
    ("Meta", Rule::Meta),
    ("Money", Rule::Within),
    ("Period", Rule::Within),
    ("Quantity", Rule::Quantity),
    ("Range", Rule::Within),
    ("Ratio", Rule::Within),
    ("Reference", Rule::Reference),
    ("Timing", Rule::Within),
    ("Timing.repeat", Rule::Within),
];

/// Elements of resources that do not stay though others of their kind do.
const REMOVED: [&str; 2] = [
    // Latitude and longitude.
    "Location.position",
    // What stands in it is named by a text.
    "Parameters.parameter",
];

/// The types of resources of which nothing stays.
pub const REMOVED_RESOURCES: [&str; 2] = ["Binary", "MolecularSequence"];

/// What becomes of an element of this type.
pub fn rule(of: &Type) -> Rule {
    match of.kind {
        TypeKind::Primitive => of.primitive.map_or(Rule::Remove, primitive),
        TypeKind::Resource => Rule::Resource,
        TypeKind::Complex => complex(of),
        TypeKind::Backbone if REMOVED.contains(&of.name) => Rule::Remove,
        TypeKind::Backbone => backbone(of),
    }
}

fn primitive(kind: PrimitiveType) -> Rule {
    match kind {
        PrimitiveType::Boolean
        | PrimitiveType::Decimal
        | PrimitiveType::Integer
        | PrimitiveType::PositiveInt
        | PrimitiveType::UnsignedInt => Rule::Keep,
        PrimitiveType::Code => Rule::Code,
        PrimitiveType::Date | PrimitiveType::DateTime => Rule::Year,
        PrimitiveType::Base64Binary
        | PrimitiveType::Canonical
        | PrimitiveType::Id
        | PrimitiveType::Instant
        | PrimitiveType::Markdown
        | PrimitiveType::Oid
        | PrimitiveType::String
        | PrimitiveType::Time
        | PrimitiveType::Uri
        | PrimitiveType::Url
        | PrimitiveType::Uuid
        | PrimitiveType::Xhtml => Rule::Remove,
    }
}

/// The rule of a complex type; that of its base when it is one with bounds, as an Age is a Quantity.
fn complex(of: &Type) -> Rule {
    let of_name = |name: &str| COMPLEX.iter().find(|(named, _)| *named == name).map(|(_, rule)| *rule);
    let base = of.base.map(|base| definitions().get(base).name).filter(|base| *base == "Quantity");
    of_name(of.name).or_else(|| of_name(base?)).unwrap_or(Rule::Remove)
}

/// The elements of a resource that have elements are judged one by one; those of a data type when the table names them.
fn backbone(of: &Type) -> Rule {
    let root = of.name.split('.').next().unwrap_or_default();
    let is_of_resource = definitions().type_by_name(root).is_some_and(|root| root.kind == TypeKind::Resource);
    let is_listed = COMPLEX.iter().any(|(named, _)| *named == of.name);
    if is_of_resource || is_listed { Rule::Within } else { Rule::Remove }
}
