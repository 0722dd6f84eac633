//! What collections hold: nodes of the resource's tree, and values of the System types.

use std::borrow::Cow;
use std::sync::Arc;

use fhir::Value;
use fhir::definitions::TypeId;
use fhir::primitive::Temporal;
use rust_decimal::Decimal;
use smallvec::SmallVec;

use crate::node::Node;
use crate::quantity::Quantity;
use crate::temporal;
use crate::text::Text;
use crate::types::{SystemType, TypeInfo};

/// The items that an expression gives, in order. One or two stand in it without an allocation.
pub type Collection<'a> = SmallVec<[Item<'a>; 2]>;

/// One item of a collection. Cloning it copies no part of the tree.
#[derive(Clone, Debug)]
pub enum Item<'a> {
    /// A node of the tree.
    Node(Node<'a>),
    /// A value that was computed or written in the expression.
    System(System<'a>),
}

/// A value of a System type (<http://hl7.org/fhirpath/N1/#types-and-reflection>).
#[derive(Clone, Debug)]
pub enum System<'a> {
    /// `System.Boolean`.
    Boolean(bool),
    /// `System.String`.
    String(Text<'a>),
    /// `System.Integer`.
    Integer(i32),
    /// `System.Long`, from the drafts after 2.0.
    Long(i64),
    /// `System.Decimal`.
    Decimal(Decimal),
    /// `System.Date`: a precision of a day at most.
    Date(Temporal),
    /// `System.DateTime`.
    DateTime(Temporal),
    /// `System.Time`: only hour, minute, second and fraction mean something.
    Time(Temporal),
    /// `System.Quantity`.
    Quantity(Arc<Quantity>),
    /// What `type()` gives: `System.SimpleTypeInfo` or `System.ClassInfo`.
    Type(TypeInfo),
}

impl<'a> Item<'a> {
    /// The root node of a resource. Its type is the one that `resourceType` names; without a known one it is like [`Item::plain`].
    pub fn resource(value: &'a Value) -> Self {
        Item::Node(Node::resource(value))
    }

    /// A node of a known type, `HumanName` or `date`, with its JSON value: an element taken out of a resource by other means than a path.
    pub fn element(value: &'a Value, type_id: TypeId) -> Self {
        Item::Node(Node::made(Some(value), None, type_id))
    }

    /// A node of a primitive type with what JSON has beside it in the member `_name`: either may be absent.
    pub fn primitive(value: Option<&'a Value>, sibling: Option<&'a Value>, type_id: TypeId) -> Self {
        Item::Node(Node::made(value, sibling, type_id))
    }

    /// A node of any JSON, without types: its members are found by their JSON names, and its values are System values.
    pub fn plain(value: &'a Value) -> Self {
        Item::Node(Node::plain(value))
    }

    /// The name of its type: `Patient`, `CodeableConcept`, `date`, `Patient.contact` for FHIR's; `Boolean`, `DateTime` for System's;
    /// `Any` for an untyped node.
    pub fn type_name(&self) -> &'static str {
        match self {
            Item::Node(node) => node.type_name(),
            Item::System(value) => value.system_type().name(),
        }
    }

    /// The node, when it is one.
    pub fn node(&self) -> Option<&Node<'a>> {
        match self {
            Item::Node(node) => Some(node),
            Item::System(_) => None,
        }
    }

    /// The JSON value of a node; `None` for a System value, and for a primitive that has only extensions.
    pub fn value(&self) -> Option<&'a Value> {
        self.node()?.value()
    }

    /// The System value: of a node, the one that its primitive type converts to; `None` for complex nodes and absent values.
    pub fn system(&self) -> Option<System<'a>> {
        match self {
            Item::Node(node) => node.system(),
            Item::System(value) => Some(value.clone()),
        }
    }

    /// The value that operators work on: the System value, or the quantity that a `Quantity` of FHIR stands for.
    pub(crate) fn operand(&self) -> Option<System<'a>> {
        match self {
            Item::System(value) => Some(value.clone()),
            Item::Node(node) if node.is_quantity() => Some(System::Quantity(Arc::new(Quantity::from_fhir(node.value()?)?))),
            Item::Node(node) => node.system(),
        }
    }

    /// Whether it is a primitive that has extensions and no value.
    pub(crate) fn is_absent(&self) -> bool {
        self.node().is_some_and(|node| node.value().is_none() && node.sibling().is_some())
    }

    /// The text of a primitive or System value, as `toString()` gives it: a node's as it is written. `None` for complex nodes.
    pub fn as_string(&self) -> Option<Cow<'a, str>> {
        match self {
            Item::Node(node) => match node.value()? {
                Value::String(text) => Some(Cow::Borrowed(text)),
                Value::Number(text) => Some(Cow::Borrowed(text)),
                Value::Bool(truth) => Some(Cow::Borrowed(if *truth { "true" } else { "false" })),
                _ => None,
            },
            Item::System(value) => Some(value.text()),
        }
    }

    /// The truth value of a boolean node or System value.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Item::Node(node) => node.value()?.as_bool(),
            Item::System(System::Boolean(truth)) => Some(*truth),
            Item::System(_) => None,
        }
    }
}

impl<'a> System<'a> {
    /// Its type.
    pub fn system_type(&self) -> SystemType {
        match self {
            System::Boolean(_) => SystemType::Boolean,
            System::String(_) => SystemType::String,
            System::Integer(_) => SystemType::Integer,
            System::Long(_) => SystemType::Long,
            System::Decimal(_) => SystemType::Decimal,
            System::Date(_) => SystemType::Date,
            System::DateTime(_) => SystemType::DateTime,
            System::Time(_) => SystemType::Time,
            System::Quantity(_) => SystemType::Quantity,
            System::Type(info) if info.is_class() => SystemType::ClassInfo,
            System::Type(_) => SystemType::SimpleTypeInfo,
        }
    }

    /// It as text, as `toString()` gives it.
    pub fn text(&self) -> Cow<'a, str> {
        match self {
            System::Boolean(true) => Cow::Borrowed("true"),
            System::Boolean(false) => Cow::Borrowed("false"),
            System::String(Text::Borrowed(text)) => Cow::Borrowed(text),
            System::String(text) => Cow::Owned(text.to_string()),
            System::Integer(integer) => Cow::Owned(integer.to_string()),
            System::Long(long) => Cow::Owned(long.to_string()),
            System::Decimal(decimal) => Cow::Owned(decimal.to_string()),
            System::Date(date) => Cow::Owned(temporal::date_text(date)),
            System::DateTime(date_time) => Cow::Owned(temporal::date_time_text(date_time)),
            System::Time(time) => Cow::Owned(temporal::time_text(time)),
            System::Quantity(quantity) => Cow::Owned(quantity.to_string()),
            System::Type(info) => Cow::Owned(format!("{}.{}", info.namespace(), info.name())),
        }
    }
}

impl<'a> From<System<'a>> for Item<'a> {
    fn from(value: System<'a>) -> Self {
        Item::System(value)
    }
}

impl<'a> From<Node<'a>> for Item<'a> {
    fn from(node: Node<'a>) -> Self {
        Item::Node(node)
    }
}

impl From<bool> for Item<'_> {
    fn from(truth: bool) -> Self {
        Item::System(System::Boolean(truth))
    }
}

impl From<i32> for Item<'_> {
    fn from(integer: i32) -> Self {
        Item::System(System::Integer(integer))
    }
}

impl From<Decimal> for Item<'_> {
    fn from(decimal: Decimal) -> Self {
        Item::System(System::Decimal(decimal))
    }
}

impl<'a> From<Text<'a>> for Item<'a> {
    fn from(text: Text<'a>) -> Self {
        Item::System(System::String(text))
    }
}

impl From<String> for Item<'_> {
    fn from(text: String) -> Self {
        Item::System(System::String(text.into()))
    }
}

impl From<Quantity> for Item<'_> {
    fn from(quantity: Quantity) -> Self {
        Item::System(System::Quantity(Arc::new(quantity)))
    }
}
