//! JSON as a stream: a visitor says of each member whether it wants to look inside, to have the value whole, or to pass it over.

use std::fmt;
use std::io::BufRead;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::Failure;

/// What a visitor wants of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    /// Its members; of an array, those of each element.
    Inside,
    /// It whole.
    Whole,
    /// Each element of the array that it is, whole.
    Each,
    /// Nothing.
    Nothing,
}

/// Is led through a document. A path has the names of the members from the top; arrays add nothing to it.
pub(super) trait Visit {
    /// What is wanted of a member.
    fn want(&self, path: &[String]) -> Want;
    /// An object begins whose members are wanted.
    fn enter(&mut self, _path: &[String]) {}
    /// Such an object ends.
    fn leave(&mut self, _path: &[String]) -> Result<(), Failure> {
        Ok(())
    }
    /// A value that was wanted.
    fn value(&mut self, path: &[String], value: Value) -> Result<(), Failure>;
}

/// Leads a visitor through a document.
///
/// # Errors
/// [`Failure::Malformed`] with the line when the text is no JSON, is nested too deeply, or the visitor does not like something; other failures
/// of the visitor.
pub(super) fn walk(reader: &mut dyn BufRead, file: &str, visit: &mut dyn Visit) -> Result<(), Failure> {
    let mut walk = Walk { visit, path: Vec::new(), failure: None };
    let mut json = serde_json::Deserializer::from_reader(reader);
    let walked = Seed(&mut walk).deserialize(&mut json).and_then(|()| json.end());
    let Err(error) = walked else { return Ok(()) };
    let line = error.line() as u64;
    Err(match walk.failure {
        Some(Failure::Malformed { rule, line: 0, .. }) => Failure::malformed(file, line, rule),
        Some(failure) => failure,
        None if error.is_io() => crate::source::unreadable(file, error.into()),
        None => Failure::malformed(file, line, error.to_string()),
    })
}

struct Walk<'a> {
    visit: &'a mut dyn Visit,
    path: Vec<String>,
    failure: Option<Failure>,
}

impl Walk<'_> {
    fn note<E: Error>(&mut self, done: Result<(), Failure>) -> Result<(), E> {
        done.map_err(|failure| {
            self.failure = Some(failure);
            E::custom("refused")
        })
    }
}

struct Seed<'a, 'b>(&'a mut Walk<'b>);

impl<'de> DeserializeSeed<'de> for Seed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let walk = self.0;
        match walk.visit.want(&walk.path) {
            Want::Inside => deserializer.deserialize_any(Inside(walk)),
            Want::Each => deserializer.deserialize_seq(Each(walk)),
            Want::Nothing => deserializer.deserialize_ignored_any(IgnoredAny).map(drop),
            Want::Whole => {
                let value = serde::Deserialize::deserialize(deserializer)?;
                let done = walk.visit.value(&walk.path, value);
                walk.note(done)
            }
        }
    }
}

struct Inside<'a, 'b>(&'a mut Walk<'b>);

impl<'de> Visitor<'de> for Inside<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or an array of objects")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let walk = self.0;
        walk.visit.enter(&walk.path);
        while let Some(name) = members.next_key::<String>()? {
            walk.path.push(name);
            members.next_value_seed(Seed(walk))?;
            walk.path.pop();
        }
        let done = walk.visit.leave(&walk.path);
        walk.note(done)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        while elements.next_element_seed(Seed(self.0))?.is_some() {}
        Ok(())
    }
}

struct Each<'a, 'b>(&'a mut Walk<'b>);

impl<'de> Visitor<'de> for Each<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        let walk = self.0;
        while let Some(value) = elements.next_element::<Value>()? {
            let done = walk.visit.value(&walk.path, value);
            walk.note(done)?;
        }
        Ok(())
    }
}

/// The text of a member.
pub(super) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The text of a member that must be there.
///
/// # Errors
/// [`Failure::Malformed`] when it is not.
pub(super) fn need<'a>(value: &'a Value, name: &str) -> Result<&'a str, Failure> {
    match text(value, name) {
        "" => Err(Failure::malformed("", 0, format!("each entry has a text {name}"))),
        text => Ok(text),
    }
}
