//! Media types: `urn:ietf:bcp:13` (<https://www.rfc-editor.org/info/bcp13>).

use std::borrow::Cow;

use crate::system::{About, Concept, System};

const TYPES: [&str; 11] =
    ["application", "audio", "chemical", "example", "font", "haptics", "image", "message", "model", "multipart", "text"];

/// The system of all media types, with parameters or without.
pub(super) struct MediaTypes {
    about: About,
}

impl MediaTypes {
    pub(super) fn new() -> Self {
        // RFC 2045 has types and subtypes in either case.
        Self { about: About { name: Some("MimeTypes".into()), is_case_sensitive: false, ..About::new("urn:ietf:bcp:13") } }
    }
}

fn is_media_type(text: &str) -> bool {
    let (essence, parameters) = text.split_once(';').map_or((text, None), |(essence, parameters)| (essence.trim_end(), Some(parameters)));
    let Some((kind, subtype)) = essence.split_once('/') else { return false };
    let is_token = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&byte));
    let is_kind =
        TYPES.iter().any(|known| known.eq_ignore_ascii_case(kind)) || kind == "video" || (kind.starts_with("x-") && is_token(kind));
    let is_parameter = |text: &str| text.split_once('=').is_some_and(|(name, value)| is_token(name.trim()) && !value.trim().is_empty());
    is_kind && is_token(subtype) && parameters.is_none_or(|parameters| parameters.split(';').all(is_parameter))
}

impl System for MediaTypes {
    fn about(&self) -> &About {
        &self.about
    }

    fn find(&self, code: &str) -> Option<Concept> {
        is_media_type(code).then(|| Concept::Expression(code.into()))
    }

    fn code<'a>(&'a self, concept: &'a Concept) -> Cow<'a, str> {
        super::expression(concept)
    }

    fn display<'a>(&'a self, concept: &'a Concept) -> Option<Cow<'a, str>> {
        Some(super::expression(concept))
    }

    fn rows(&self) -> Option<u32> {
        None
    }
}
