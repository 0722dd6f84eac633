//! Text of the resource, borrowed, or text that an expression made, shared.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// A string value: cheap to clone either way.
#[derive(Clone)]
pub enum Text<'a> {
    /// From the resource.
    Borrowed(&'a str),
    /// From the expression, or computed.
    Shared(Arc<str>),
}

impl Deref for Text<'_> {
    type Target = str;
    fn deref(&self) -> &str {
        match self {
            Text::Borrowed(text) => text,
            Text::Shared(text) => text,
        }
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl From<String> for Text<'_> {
    fn from(text: String) -> Self {
        Text::Shared(text.into())
    }
}
