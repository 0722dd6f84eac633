//! Nodes of the resource's tree, and the way from one to its children.

use std::sync::atomic::{AtomicU32, Ordering};

use fhir::Value;
use fhir::definitions::{Element, ElementType, PrimitiveType, Type, TypeId, TypeKind};
use fhir::value::Object;

use crate::item::{Collection, System};
use crate::number;
use crate::syntax::tree::Member;
use crate::temporal;
use crate::text::Text;
use crate::types;

/// A node: a resource, a complex value or a primitive, with its type.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    value: Option<&'a Value>,
    sibling: Option<&'a Value>,
    type_id: Option<TypeId>,
    /// Whether the definitions say that its type is `System.String`: ids, and the addresses of extensions.
    is_system_string: bool,
}

impl<'a> Node<'a> {
    pub(crate) fn resource(value: &'a Value) -> Self {
        let type_id = value.resource_type().and_then(types::named);
        Self { value: Some(value), sibling: None, type_id, is_system_string: false }
    }

    pub(crate) fn plain(value: &'a Value) -> Self {
        Self { value: Some(value), sibling: None, type_id: None, is_system_string: false }
    }

    /// A node of a known type whose content is out of reach: what `resolve()` gives where nothing is fetched.
    pub(crate) fn stub(type_id: TypeId) -> Self {
        Self { value: None, sibling: None, type_id: Some(type_id), is_system_string: false }
    }

    /// A node that an expression made.
    pub(crate) fn made(value: Option<&'a Value>, sibling: Option<&'a Value>, type_id: TypeId) -> Self {
        Self { value, sibling, type_id: Some(type_id), is_system_string: false }
    }

    /// Its JSON value; `None` for a primitive that has only extensions.
    pub fn value(&self) -> Option<&'a Value> {
        self.value
    }

    /// The `_name` member that stands beside a primitive and holds its id and extensions.
    pub fn sibling(&self) -> Option<&'a Value> {
        self.sibling
    }

    /// Its FHIR type; `None` for a node without types.
    pub fn type_id(&self) -> Option<TypeId> {
        self.type_id
    }

    /// The definition of its type.
    pub fn definition(&self) -> Option<&'static Type> {
        self.type_id.map(types::get)
    }

    /// Which primitive it is.
    pub(crate) fn primitive(&self) -> Option<PrimitiveType> {
        self.definition()?.primitive
    }

    /// Its text, when it is a string and no date or time, whose texts can differ where they are equal.
    pub(crate) fn plain_text(&self) -> Option<&'a str> {
        match (self.value?, self.primitive()) {
            (_, Some(PrimitiveType::Date | PrimitiveType::DateTime | PrimitiveType::Instant | PrimitiveType::Time)) => None,
            (Value::String(text), _) => Some(text),
            _ => None,
        }
    }

    /// The name of its type: `Patient`, `date`, `Patient.contact`; `Any` for a node without types.
    pub fn type_name(&self) -> &'static str {
        self.definition().map_or("Any", |definition| definition.name)
    }

    /// Whether the definitions give it the type `System.String`.
    pub(crate) fn is_system_string(&self) -> bool {
        self.is_system_string
    }

    /// Whether it is a resource, at the root, contained, or in a Bundle.
    pub(crate) fn is_resource(&self) -> bool {
        match self.definition() {
            Some(definition) => definition.kind == TypeKind::Resource,
            None => self.value.and_then(Value::resource_type).is_some(),
        }
    }

    /// Whether it is a `Quantity` or one of its kinds, such as `Age`.
    pub(crate) fn is_quantity(&self) -> bool {
        self.type_id.is_some_and(|id| types::is_a(id, types::quantity()))
    }

    /// Whether a name at the beginning of an expression names its type or one that its type specializes.
    pub(crate) fn is_named(&self, member: &Member) -> bool {
        match (self.type_id, member.named_type) {
            (Some(id), Some(named)) => types::is_a(id, named),
            (Some(_), None) => false,
            (None, _) => self.value.and_then(Value::resource_type) == Some(&member.name),
        }
    }

    /// The members that hold its children: of a primitive, those of its sibling.
    fn object(&self) -> Option<&'a Object> {
        self.value.and_then(Value::as_object).or_else(|| self.sibling?.as_object())
    }

    /// Puts its children of that name into `out`.
    pub(crate) fn push_member(&self, member: &Member, out: &mut Collection<'a>) {
        self.push_named(&member.name, &member.found, out);
    }

    /// The same, with the place for what is found kept apart.
    pub(crate) fn push_named(&self, name: &str, found: &AtomicU32, out: &mut Collection<'a>) {
        let Some(id) = self.type_id else {
            if let Some(object) = self.object() {
                push_values(object, name, None, out);
            }
            return;
        };
        let Some(object) = self.object() else { return };
        let Some(element) = find_element(id, name, found) else {
            if let Some((element, choice)) = types::get(id).member(name) {
                // The name that JSON has for a choice, as in `valueQuantity`.
                push_values(object, choice.member, Some(Target::of(element, choice)), out);
            } else if name == "resourceType" {
                // JSON's own and no element, but expressions ask for it.
                push_values(object, name, None, out);
            }
            return;
        };
        let choice = if element.is_choice { choice_in(object, element) } else { element.types.first() };
        if let Some(choice) = choice {
            push_values(object, choice.member, Some(Target::of(element, choice)), out);
        }
    }

    /// Puts all its children into `out`, in the order of the JSON.
    pub(crate) fn push_children(&self, out: &mut Collection<'a>) {
        self.each_child(&mut |child| out.push(child.node.into()));
    }

    /// Calls `visit` with each of its children, in the order of the JSON.
    pub(crate) fn each_child(&self, visit: &mut impl FnMut(Child<'a>)) {
        for object in [self.value, self.sibling].into_iter().flatten().filter_map(Value::as_object) {
            for (name, _) in object.iter() {
                let primitive = name.strip_prefix('_').unwrap_or(name);
                let is_sibling_of_value = primitive.len() < name.len() && object.get(primitive).is_some();
                if is_sibling_of_value || (&**name == "resourceType" && self.is_resource()) {
                    continue;
                }
                let (name, target) = match self.definition() {
                    None => (primitive, None),
                    Some(definition) => match definition.member(primitive) {
                        Some((element, choice)) => (element.name, Some(Target::of(element, choice))),
                        None => continue,
                    },
                };
                each_value(object, primitive, target, &mut |index, node| visit(Child { name, index, node }));
            }
        }
    }

    /// The System value that its primitive type converts to; `None` for complex nodes and absent values.
    pub(crate) fn system(&self) -> Option<System<'a>> {
        match self.value? {
            Value::Bool(truth) => Some(System::Boolean(*truth)),
            Value::Number(text) => {
                let is_decimal = text.contains(['.', 'e', 'E']) || self.primitive() == Some(PrimitiveType::Decimal);
                match (is_decimal, text.parse::<i32>(), text.parse::<i64>()) {
                    (false, Ok(integer), _) => Some(System::Integer(integer)),
                    (false, _, Ok(long)) => Some(System::Long(long)),
                    _ => number::decimal(text).map(System::Decimal),
                }
            }
            Value::String(text) => {
                let parsed = match self.primitive() {
                    Some(PrimitiveType::Date) => temporal::date(text).map(System::Date),
                    Some(PrimitiveType::DateTime | PrimitiveType::Instant) => temporal::date_time(text).map(System::DateTime),
                    Some(PrimitiveType::Time) => temporal::time(text).map(System::Time),
                    _ => None,
                };
                Some(parsed.unwrap_or(System::String(Text::Borrowed(text))))
            }
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }
}

/// The element of that name in a type. The last answer is kept in `found`, a place in the expression: most expressions meet one type only.
fn find_element(id: TypeId, name: &str, found: &AtomicU32) -> Option<&'static Element> {
    let elements = &types::get(id).elements;
    let known = found.load(Ordering::Relaxed);
    if known != Member::NOTHING && known >> 16 == u32::from(id.0) {
        return elements.get((known & 0xFFFF) as usize);
    }
    let index = elements.iter().position(|element| element.name == name);
    if let Some(Ok(index)) = index.map(u16::try_from) {
        found.store(u32::from(id.0) << 16 | u32::from(index), Ordering::Relaxed);
    }
    elements.get(index?)
}

/// The type that the value of a choice has here.
fn choice_in(object: &Object, element: &'static Element) -> Option<&'static ElementType> {
    object.iter().find_map(|(name, _)| {
        let member = name.strip_prefix('_').unwrap_or(name);
        let may_be_meant = member.len() > element.name.len() && member.starts_with(element.name);
        may_be_meant.then(|| element.types.iter().find(|choice| choice.member == member))?
    })
}

/// A child of a node.
pub(crate) struct Child<'a> {
    /// The name of its element, or of the JSON member of a node without types.
    pub(crate) name: &'a str,
    /// Its place, where JSON has an array.
    pub(crate) index: Option<usize>,
    pub(crate) node: Node<'a>,
}

/// Puts the values of the JSON member `name` into `out`, each with what stands beside it in `_name`.
fn push_values<'a>(object: &'a Object, name: &str, target: Option<Target>, out: &mut Collection<'a>) {
    each_value(object, name, target, &mut |_, node| out.push(node.into()));
}

fn each_value<'a>(object: &'a Object, name: &str, target: Option<Target>, visit: &mut impl FnMut(Option<usize>, Node<'a>)) {
    let mut visit = |index, value, sibling| node_of(value, sibling, target).into_iter().for_each(|node| visit(index, node));
    match value_and_sibling(object, name) {
        (None, None) => {}
        (Some(Value::Array(values)), sibling) => {
            let siblings = sibling.and_then(Value::as_array).unwrap_or_default();
            for index in 0..values.len().max(siblings.len()) {
                visit(Some(index), values.get(index), siblings.get(index));
            }
        }
        (None, Some(Value::Array(siblings))) => {
            siblings.iter().enumerate().for_each(|(index, sibling)| visit(Some(index), None, Some(sibling)));
        }
        (value, sibling) => visit(None, value, sibling),
    }
}

/// The members `name` and `_name`, found in one go.
fn value_and_sibling<'a>(object: &'a Object, name: &str) -> (Option<&'a Value>, Option<&'a Value>) {
    let (mut value, mut sibling) = (None, None);
    for (key, found) in object.iter() {
        if key.len() == name.len() {
            if **key != *name {
                continue;
            }
            value = Some(found);
            let first = found.as_array().map_or(Some(found), <[Value]>::first);
            // Only primitives have siblings: where the value is an object there is none to look for.
            if matches!(first, Some(Value::Object(_))) {
                break;
            }
        } else if key.len() == name.len() + 1 && key.strip_prefix('_') == Some(name) {
            sibling = Some(found);
        }
    }
    (value, sibling)
}

fn node_of<'a>(value: Option<&'a Value>, sibling: Option<&'a Value>, target: Option<Target>) -> Option<Node<'a>> {
    let value = value.filter(|value| !matches!(value, Value::Null));
    let sibling = sibling.filter(|sibling| !matches!(sibling, Value::Null));
    if value.is_none() && sibling.is_none() {
        return None;
    }
    Some(match (value, target) {
        (Some(value), Some(Target { is_resource: true, .. })) => Node::resource(value),
        (value, target) => {
            let is_system_string = target.is_some_and(|target| target.is_system_string);
            Node { value, sibling, type_id: target.map(|target| target.type_id), is_system_string }
        }
    })
}

/// What a member leads to.
#[derive(Clone, Copy)]
struct Target {
    type_id: TypeId,
    /// Whether it is any resource, whose type its `resourceType` names.
    is_resource: bool,
    is_system_string: bool,
}

impl Target {
    fn of(element: &Element, choice: &ElementType) -> Self {
        let definition = types::get(choice.id);
        let is_resource = definition.is_abstract && definition.kind == TypeKind::Resource;
        Self { type_id: choice.id, is_resource, is_system_string: element.is_xml_attribute || element.name == "id" }
    }
}
