//! URIs as codes: `urn:ietf:rfc:3986` (<https://www.rfc-editor.org/rfc/rfc3986>).

use std::borrow::Cow;

use crate::system::{About, Concept, System};

/// The system of all absolute URIs.
pub(super) struct Uris {
    about: About,
}

impl Uris {
    pub(super) fn new() -> Self {
        Self { about: About { name: Some("URIs".into()), ..About::new("urn:ietf:rfc:3986") } }
    }
}

/// A scheme, a colon, and characters that a URI may have.
fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_scheme = scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
    scheme.starts_with(|first: char| first.is_ascii_alphabetic()) && is_scheme && !rest.is_empty() && rest.bytes().all(is_allowed)
}

impl System for Uris {
    fn about(&self) -> &About {
        &self.about
    }

    fn find(&self, code: &str) -> Option<Concept> {
        is_uri(code).then(|| Concept::Expression(code.into()))
    }

    fn code<'a>(&'a self, concept: &'a Concept) -> Cow<'a, str> {
        super::expression(concept)
    }

    fn display<'a>(&'a self, _concept: &'a Concept) -> Option<Cow<'a, str>> {
        None
    }

    fn rows(&self) -> Option<u32> {
        None
    }
}
