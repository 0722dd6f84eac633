//! Where one item is wanted (<http://hl7.org/fhirpath/N1/#singleton-evaluation-of-collections>).

use std::fmt::Display;

use crate::error::{Error, Result};
use crate::item::{Collection, Item, System};
use crate::text::Text;

/// The one item; `None` for an empty collection, an error for several. `what` says in the message whose items they are.
pub(crate) fn single<'i, 'a>(at: u32, what: impl Display, items: &'i [Item<'a>]) -> Result<Option<&'i Item<'a>>> {
    match items {
        [] => Ok(None),
        [item] => Ok(Some(item)),
        several => {
            Err(Error::execution(at, format!("{what} must be one item, and here are {}: choose one, as with first()", several.len())))
        }
    }
}

/// The truth of a collection: of its one boolean; one item that is none is true; `None` when empty.
pub(crate) fn boolean(at: u32, what: impl Display, items: &[Item<'_>]) -> Result<Option<bool>> {
    Ok(single(at, what, items)?.filter(|item| !item.is_absent()).map(|item| item.as_bool().unwrap_or(true)))
}

/// The text of the one string; `None` when empty, an error for anything else.
pub(crate) fn text_of<'a>(at: u32, what: impl Display, items: &[Item<'a>]) -> Result<Option<Text<'a>>> {
    let Some(item) = single(at, &what, items)? else { return Ok(None) };
    match item {
        Item::Node(node) => match node.value() {
            Some(fhir::Value::String(text)) => return Ok(Some(Text::Borrowed(text))),
            // A primitive that has only extensions.
            None if node.value().is_none() => return Ok(None),
            _ => {}
        },
        Item::System(System::String(text)) => return Ok(Some(text.clone())),
        Item::System(_) => {}
    }
    Err(Error::execution(at, format!("{what} must be a string, and it is of type {}", item.type_name())))
}

/// A collection of nothing or one item.
pub(crate) fn optional<'a>(item: Option<impl Into<Item<'a>>>) -> Collection<'a> {
    item.into_iter().map(Into::into).collect()
}
