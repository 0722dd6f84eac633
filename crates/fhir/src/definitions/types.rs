//! Types and their elements.

use super::name_index::NameIndex;
use super::{PrimitiveType, ResourceType, ValueSetId};

/// The place of a type in [`Definitions::types`](super::Definitions::types).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(pub u16);

/// What kind of type a [`Type`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeKind {
    /// `Patient`, and the abstract `Resource` and `DomainResource`.
    Resource,
    /// `HumanName`, and the abstract `Element` and `BackboneElement`.
    Complex,
    /// `date`: its value is a JSON string, number or boolean.
    Primitive,
    /// The type of an element with elements of its own: `Patient.contact`, `Timing.repeat`.
    Backbone,
}

/// A type.
#[derive(Debug)]
pub struct Type {
    /// Its place in the tables.
    pub id: TypeId,
    /// `Patient`, `HumanName`, `date`, or the path of the element for a backbone: `Patient.contact`.
    pub name: &'static str,
    /// What kind of type it is.
    pub kind: TypeKind,
    /// Which resource type, when it is one that can be stored: not for the abstract ones.
    pub resource_type: Option<ResourceType>,
    /// Which primitive, when it is one.
    pub primitive: Option<PrimitiveType>,
    /// The type it specializes: `DomainResource` for `Patient`, `string` for `code`, `BackboneElement` for
    /// `Patient.contact`; `None` for `Element` and `Resource`.
    pub base: Option<TypeId>,
    /// Whether it is only there to be specialized.
    pub is_abstract: bool,
    /// Its elements, those of its bases included, in the order of the definition, which is XML's order.
    pub elements: Vec<Element>,
    /// For each member of JSON its element and which of the element's types it stands for.
    pub(super) members: Vec<(u16, u16)>,
    pub(super) members_by_name: NameIndex,
    /// The places of the elements that must be there.
    pub(super) required: Vec<u16>,
}

/// An element of a type.
#[derive(Clone, Debug)]
pub struct Element {
    /// Its name; a choice has it without `[x]`: `value`.
    pub name: &'static str,
    /// How many there must be at least.
    pub min: u32,
    /// How many there may be at most; `None` for `*`.
    pub max: Option<u32>,
    /// The types its value may have: one, or several for a choice. Empty where only the primitive's JSON value stands.
    pub types: Vec<ElementType>,
    /// Whether it is a choice (`value[x]`), whose JSON name ends in the type: `valueQuantity`.
    pub is_choice: bool,
    /// Whether it is part of `_summary=true`.
    pub is_summary: bool,
    /// Whether it is a modifier element.
    pub is_modifier: bool,
    /// Whether XML writes it as an attribute (`Element.id`, `Extension.url`).
    pub is_xml_attribute: bool,
    /// The value set its codes come from.
    pub binding: Option<Binding>,
}

/// One type that an element's value may have.
#[derive(Clone, Debug)]
pub struct ElementType {
    /// The type.
    pub id: TypeId,
    /// The member's name in JSON and XML with this type: `valueQuantity`, or the element's name when it is no choice.
    pub member: &'static str,
    /// For `Reference` and `canonical`: the names of the resource types it may point to; empty for any.
    pub targets: Vec<&'static str>,
}

/// Which codes an element may have.
#[derive(Clone, Debug)]
pub struct Binding {
    /// How strictly.
    pub strength: BindingStrength,
    /// The canonical address of the value set, without its version.
    pub value_set: &'static str,
    /// For a required binding, where its codes are: see [`Definitions::required_codes`](super::Definitions::required_codes).
    pub(super) required: Option<ValueSetId>,
}

/// How strictly codes are bound to a value set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the code of the same name")]
pub enum BindingStrength {
    Required,
    Extensible,
    Preferred,
    Example,
}

impl Type {
    /// The element and the type that the JSON member `name` stands for: `birthDate`, `valueQuantity`. Neither
    /// `resourceType` nor names with an underscore are found.
    pub fn member(&self, name: &str) -> Option<(&Element, &ElementType)> {
        self.member_place(name).map(|(_, element, kind)| (element, kind))
    }

    /// Like [`Type::member`], with the element's place in [`Type::elements`].
    pub fn member_place(&self, name: &str) -> Option<(usize, &Element, &ElementType)> {
        let found = self.members_by_name.find(name, |index| self.member_at(index).map_or("", |(_, _, kind)| kind.member))?;
        self.member_at(found)
    }

    /// The names of all members it may have in JSON, in order.
    pub fn member_names(&self) -> impl Iterator<Item = &'static str> {
        self.elements.iter().flat_map(|element| element.types.iter().map(|kind| kind.member))
    }

    /// The element of this name: `birthDate`, `value`.
    pub fn element(&self, name: &str) -> Option<&Element> {
        self.elements.iter().find(|element| element.name == name)
    }

    /// The places in [`Type::elements`] of those that must be there.
    pub(crate) fn required(&self) -> &[u16] {
        &self.required
    }

    fn member_at(&self, index: usize) -> Option<(usize, &Element, &ElementType)> {
        let (place, kind) = *self.members.get(index)?;
        let element = self.elements.get(usize::from(place))?;
        Some((usize::from(place), element, element.types.get(usize::from(kind))?))
    }
}

impl Element {
    /// Whether JSON has it as an array.
    pub fn is_list(&self) -> bool {
        self.max != Some(1)
    }
}

impl BindingStrength {
    /// The strength of this code: `required`.
    pub fn parse(code: &str) -> Option<Self> {
        Some(match code {
            "required" => Self::Required,
            "extensible" => Self::Extensible,
            "preferred" => Self::Preferred,
            "example" => Self::Example,
            _ => return None,
        })
    }
}
