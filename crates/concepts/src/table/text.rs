//! Texts as sequences of words, so that a word that many texts share is written once.
//!
//! A text is cut at each single space. A piece that the vocabulary has is written as its number there plus one, so that frequent ones take one
//! byte; any other piece is written as a zero, its length and its bytes.

use std::cmp::Ordering;
use std::fmt;

use super::records::Records;
use super::varint;

/// A text of a table. It borrows from the mapped file: `to_string()` makes a text of it, and `==` compares it without one.
#[derive(Clone, Copy)]
pub struct Text<'a> {
    bytes: &'a [u8],
    vocabulary: Records<'a>,
}

impl<'a> Text<'a> {
    /// The text that these bytes are.
    pub(crate) fn new(bytes: &'a [u8], vocabulary: Records<'a>) -> Self {
        Self { bytes, vocabulary }
    }

    /// The pieces between the spaces.
    pub fn pieces(self) -> impl Iterator<Item = &'a str> {
        let mut bytes = self.bytes;
        std::iter::from_fn(move || {
            let piece = match varint::take(&mut bytes)? {
                0 => varint::take_bytes(&mut bytes)?,
                number => self.vocabulary.get(number as usize - 1),
            };
            // What the file holds was written from texts, and its checksum is right.
            Some(std::str::from_utf8(piece).unwrap_or_default())
        })
    }

    /// Appends it to a text.
    pub fn push_to(self, text: &mut String) {
        for (index, piece) in self.pieces().enumerate() {
            if index > 0 {
                text.push(' ');
            }
            text.push_str(piece);
        }
    }

    /// Its bytes, in order.
    fn utf8(self) -> impl Iterator<Item = u8> {
        self.pieces().enumerate().flat_map(|(index, piece)| (index > 0).then_some(b' ').into_iter().chain(piece.bytes()))
    }

    /// How it stands to a text in the order of bytes.
    pub fn compare(self, other: &str) -> Ordering {
        self.utf8().cmp(other.bytes())
    }
}

impl PartialEq<str> for Text<'_> {
    fn eq(&self, other: &str) -> bool {
        let mut rest = Some(other);
        for piece in self.pieces() {
            let Some(left) = rest.and_then(|left| left.strip_prefix(piece)) else { return false };
            rest = left.strip_prefix(' ');
            if rest.is_none() && !left.is_empty() {
                return false;
            }
        }
        // Between two pieces there was a space; after the last one there is none.
        rest.is_none() || (other.is_empty() && self.bytes.is_empty())
    }
}

impl PartialEq<&str> for Text<'_> {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, piece) in self.pieces().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            f.write_str(piece)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_string())
    }
}
