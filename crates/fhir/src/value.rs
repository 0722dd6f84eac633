//! The JSON tree of a resource.
//!
//! It is JSON as FHIR writes it: member order is kept, a number is its text, and the extensions of a primitive stay
//! where JSON has them, in the member with an underscore before its name ([`Object::sibling`]).

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

/// One JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`: in FHIR only inside the arrays of repeating primitives.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as the text it was written with: `1.0` stays `1.0`.
    Number(Box<str>),
    /// A string, unescaped.
    String(Box<str>),
    /// An array.
    Array(Vec<Value>),
    /// An object.
    Object(Object),
}

/// The members of a JSON object, in the order in which they were written. Names are unique.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Object {
    members: Vec<(Name, Value)>,
}

/// The name of a member. Names that FHIR defines are shared, others are owned.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(Cow<'static, str>);

impl Value {
    /// The member `name` of an object; `None` for another kind of value or an absent member.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.as_object()?.get(name)
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The text of a number.
    pub fn as_number(&self) -> Option<&str> {
        match self {
            Value::Number(text) => Some(text),
            _ => None,
        }
    }

    /// The truth value of a boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(truth) => Some(*truth),
            _ => None,
        }
    }

    /// The items of an array.
    pub fn as_array(&self) -> Option<&[Value]> {
        match self {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The members of an object.
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Value::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The members of an object, to change them.
    pub fn as_object_mut(&mut self) -> Option<&mut Object> {
        match self {
            Value::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The items of an array, the value itself when it is none, nothing for `null`.
    pub fn each(&self) -> impl Iterator<Item = &Value> {
        match self {
            Value::Array(items) => items.as_slice().iter(),
            Value::Null => [].iter(),
            single => std::slice::from_ref(single).iter(),
        }
    }

    /// The text of the string member `name`.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// The items of the member `name`: none when it is absent.
    pub fn list(&self, name: &str) -> impl Iterator<Item = &Value> {
        self.get(name).into_iter().flat_map(Value::each)
    }

    /// The `resourceType` of a resource.
    pub fn resource_type(&self) -> Option<&str> {
        self.text("resourceType")
    }

    /// What kind of JSON value this is, in words for a message.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        }
    }
}

impl Object {
    /// An object without members.
    pub fn new() -> Self {
        Self::default()
    }

    /// An object without members and with room for `capacity` of them.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { members: Vec::with_capacity(capacity) }
    }

    /// The value of the member `name`.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.members.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The value of the member `name`, to change it.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        self.members.iter_mut().find(|(key, _)| *key == *name).map(|(_, value)| value)
    }

    /// The member `_name`, in which FHIR's JSON keeps the id and the extensions of the primitive `name`.
    pub fn sibling(&self, name: &str) -> Option<&Value> {
        self.members.iter().find(|(key, _)| key.strip_prefix('_') == Some(name)).map(|(_, value)| value)
    }

    /// Sets the member `name`, in its place when it exists and at the end otherwise.
    pub fn set(&mut self, name: impl Into<Name>, value: impl Into<Value>) {
        let (name, value) = (name.into(), value.into());
        match self.get_mut(&name) {
            Some(place) => *place = value,
            None => self.members.push((name, value)),
        }
    }

    /// Adds a member at the end. The caller knows that there is none of that name yet.
    pub fn push(&mut self, name: impl Into<Name>, value: impl Into<Value>) {
        self.members.push((name.into(), value.into()));
    }

    /// Puts a member at `index`. The caller knows that there is none of that name yet.
    pub fn insert_at(&mut self, index: usize, name: impl Into<Name>, value: impl Into<Value>) {
        self.members.insert(index, (name.into(), value.into()));
    }

    /// Takes the member `name` out.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let index = self.members.iter().position(|(key, _)| key == name)?;
        Some(self.members.remove(index).1)
    }

    /// The members in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&Name, &Value)> + ExactSizeIterator {
        self.members.iter().map(|(name, value)| (name, value))
    }

    /// The members in order, their values to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&Name, &mut Value)> {
        self.members.iter_mut().map(|(name, value)| (&*name, value))
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there are no members.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }
}

impl<N: Into<Name>, V: Into<Value>> FromIterator<(N, V)> for Object {
    /// An object of these members. The caller knows that their names are unique.
    fn from_iter<I: IntoIterator<Item = (N, V)>>(members: I) -> Self {
        Self { members: members.into_iter().map(|(name, value)| (name.into(), value.into())).collect() }
    }
}

impl Deref for Name {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&'static str> for Name {
    fn from(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }
}

impl From<String> for Name {
    fn from(name: String) -> Self {
        Self(Cow::Owned(name))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::String(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::String(text.into())
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Value::Bool(truth)
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Value::Number(number.to_string().into())
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Self {
        Value::Array(items)
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Value::Object(object)
    }
}

/// Builds an [`Object`] value: `object! { "resourceType": "Patient", "active": true }`.
#[macro_export]
macro_rules! object {
    ($($name:literal : $value:expr),* $(,)?) => {
        $crate::Value::Object(<$crate::Object as FromIterator<($crate::Name, $crate::Value)>>::from_iter([
            $(($crate::Name::from($name), $crate::Value::from($value))),*
        ]))
    };
}

/// Builds an array value: `array!["Anna", "Maria"]`.
#[macro_export]
macro_rules! array {
    ($($value:expr),* $(,)?) => { $crate::Value::Array(vec![$($crate::Value::from($value)),*]) };
}
