//! A place in the text, and what the rules ask of it.

use crate::error::{Error, ErrorKind};
use crate::limits::MAX_DEPTH;

/// A place in the text, and what has been looked for there in vain.
pub(crate) struct Cursor<'a> {
    pub(crate) text: &'a str,
    pub(crate) at: usize,
    depth: usize,
    has_comments: bool,
    /// The farthest place where something was looked for, and what.
    missed: (usize, Vec<&'static str>),
}

/// So much of the text is said in an error.
const MAX_SAID: usize = 20;

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0, depth: 0, has_comments: true, missed: (0, Vec::new()) }
    }

    /// For a grammar without comments.
    pub(crate) fn without_comments(text: &'a str) -> Self {
        Self { has_comments: false, ..Self::new(text) }
    }

    pub(crate) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.at == self.text.len()
    }

    /// Notes what could have stood here.
    pub(crate) fn miss(&mut self, what: &'static str) {
        if self.missed.0 != self.at {
            self.missed = (self.at, Vec::new());
        }
        if !self.missed.1.contains(&what) {
            self.missed.1.push(what);
        }
    }

    /// What stands here is not what the grammar wants.
    pub(crate) fn unexpected(&mut self, wanted: &'static str) -> Error {
        self.miss(wanted);
        let found = match self.rest().char_indices().map(|(at, character)| at + character.len_utf8()).take(MAX_SAID).last() {
            None => "the text ends here".to_owned(),
            Some(end) => format!("this is not understood: {:?}", &self.rest()[..end]),
        };
        Error { expected: self.missed.1.clone(), ..Error::new(ErrorKind::Syntax, self.at, found) }
    }

    pub(crate) fn error(&self, at: usize, message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Syntax, at, message)
    }

    /// Blanks and comments, as many as there are.
    pub(crate) fn blanks(&mut self) -> Result<(), Error> {
        loop {
            let blanks = self.rest().bytes().take_while(|byte| b" \t\r\n".contains(byte)).count();
            self.at += blanks;
            if let Some(comment) = self.rest().strip_prefix("/*").filter(|_| self.has_comments) {
                let end = comment.find("*/").ok_or_else(|| self.error(self.at, "this comment is not closed by \"*/\""))?;
                self.at += end + 4;
            } else if blanks == 0 {
                return Ok(());
            }
        }
    }

    /// Takes a sign, if it is next. `said` is what an error names it by.
    pub(crate) fn takes(&mut self, sign: &str, said: &'static str) -> bool {
        let is_next = self.rest().starts_with(sign);
        if is_next {
            self.at += sign.len();
        } else {
            self.miss(said);
        }
        is_next
    }

    /// Takes a sign that has to be next.
    pub(crate) fn wants(&mut self, sign: &str, said: &'static str) -> Result<(), Error> {
        if self.takes(sign, said) { Ok(()) } else { Err(self.unexpected(said)) }
    }

    /// The letters that are next.
    pub(crate) fn letters(&self) -> &'a str {
        let rest = self.rest();
        &rest[..rest.bytes().take_while(u8::is_ascii_alphabetic).count()]
    }

    /// Whether a word is next, in letters of any case, and not the beginning of an alias such as `any-scheme#1`.
    pub(crate) fn sees_word(&self, word: &str) -> bool {
        let after = || self.text.as_bytes().get(self.at + word.len());
        self.letters().eq_ignore_ascii_case(word) && !after().is_some_and(|byte| byte.is_ascii_digit() || *byte == b'#')
    }

    /// Takes a word, as [`Cursor::sees_word`] sees it.
    pub(crate) fn takes_word(&mut self, word: &'static str) -> bool {
        let is_next = self.sees_word(word);
        if is_next {
            self.at += word.len();
        } else {
            self.miss(word);
        }
        is_next
    }

    /// Takes a word of the long syntax, if it is next, of which errors say nothing.
    pub(crate) fn takes_long(&mut self, word: &str) -> bool {
        let is_next = self.sees_word(word);
        self.at += if is_next { word.len() } else { 0 };
        is_next
    }

    /// Takes one of some words, and says which.
    pub(crate) fn one_of<T: Copy>(&mut self, words: &[(&'static str, T)]) -> Option<T> {
        words.iter().find(|(word, _)| self.takes_word(word)).map(|(_, meaning)| *meaning)
    }

    /// The digits that are next, taken.
    pub(crate) fn digits(&mut self) -> &'a str {
        let rest = self.rest();
        let digits = &rest[..rest.bytes().take_while(u8::is_ascii_digit).count()];
        self.at += digits.len();
        digits
    }

    /// Reads on, one bracket deeper.
    pub(crate) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        if self.depth == MAX_DEPTH {
            return Err(Error::limit(self.at, format!("brackets are nested deeper than {MAX_DEPTH}")));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// Reads what may be there; where it is not, the cursor stays where it was.
    pub(crate) fn attempt<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Error>) -> Option<T> {
        let start = self.at;
        let result = read(self).ok();
        if result.is_none() {
            self.at = start;
        }
        result
    }

    /// One or more in parentheses, with blanks between them.
    pub(crate) fn in_parentheses<T>(&mut self, mut read: impl FnMut(&mut Self) -> Result<T, Error>) -> Result<Vec<T>, Error> {
        self.wants("(", "\"(\"")?;
        let mut list = Vec::new();
        loop {
            self.blanks()?;
            if !list.is_empty() && self.takes(")", "\")\"") {
                return Ok(list);
            }
            list.push(read(self)?);
        }
    }

    /// One, or one or more in parentheses.
    pub(crate) fn one_or_more<T>(&mut self, mut read: impl FnMut(&mut Self) -> Result<T, Error>) -> Result<Vec<T>, Error> {
        match self.peek() {
            Some(b'(') => self.in_parentheses(read),
            _ => Ok(vec![read(self)?]),
        }
    }
}
