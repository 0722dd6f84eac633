//! How terms are searched for: `typedSearchTerm` in the grammar.

use super::Cursor;
use crate::error::Error;
use crate::tree::SearchTerm;

impl<'a> Cursor<'a> {
    /// Whether a search term is next, or a parenthesis with one behind it.
    pub(super) fn sees_search_term(&mut self) -> Result<bool, Error> {
        let start = self.at;
        if self.peek() == Some(b'(') {
            self.at += 1;
            self.blanks()?;
        }
        let sees = (self.peek() == Some(b'"') && !self.sees_alternate()) || self.sees_kind()?;
        self.at = start;
        Ok(sees)
    }

    fn sees_kind(&mut self) -> Result<bool, Error> {
        if !self.sees_word("match") && !self.sees_word("wild") {
            return Ok(false);
        }
        let start = self.at;
        self.at += self.letters().len();
        self.blanks()?;
        let sees = self.peek() == Some(b':');
        self.at = start;
        Ok(sees)
    }

    /// `"hea att"`, `match:"hea att"`, `wild:"heart*"`.
    pub(super) fn search_term(&mut self) -> Result<SearchTerm, Error> {
        let mut is_wild = false;
        if self.peek() != Some(b'"') {
            is_wild = self.one_of(&[("match", false), ("wild", true)]).ok_or_else(|| self.unexpected("a quotation mark"))?;
            self.blanks()?;
            self.wants(":", "\":\"")?;
            self.blanks()?;
        }
        let start = self.at;
        let text = self.quoted(is_wild)?;
        if is_wild {
            return match text {
                "" => Err(self.error(start, "something to search for is missing between the quotation marks")),
                pattern => Ok(SearchTerm::Wild(pattern.into())),
            };
        }
        let words: Vec<Box<str>> = text.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty()).map(unescaped).collect();
        match words.is_empty() {
            true => Err(self.error(start, "something to search for is missing between the quotation marks")),
            false => Ok(SearchTerm::Match(words)),
        }
    }

    /// A text in quotation marks, its backslashes resolved.
    pub(crate) fn text_value(&mut self) -> Result<Box<str>, Error> {
        let start = self.at;
        match self.quoted(false)? {
            "" => Err(self.error(start, "the text between the quotation marks is missing")),
            text => Ok(unescaped(text)),
        }
    }

    /// What stands between quotation marks, with its backslashes. They may stand before quotation marks and themselves, in patterns before stars too.
    fn quoted(&mut self, is_wild: bool) -> Result<&'a str, Error> {
        self.wants("\"", "a quotation mark")?;
        let start = self.at;
        let bytes = self.text.as_bytes();
        loop {
            match (bytes.get(self.at), bytes.get(self.at + 1)) {
                (Some(b'"'), _) => {
                    self.at += 1;
                    return Ok(&self.text[start..self.at - 1]);
                }
                (Some(b'\\'), Some(b'"' | b'\\')) => self.at += 2,
                (Some(b'\\'), Some(b'*')) if is_wild => self.at += 2,
                (Some(b'\\'), _) => {
                    return Err(self
                        .error(self.at, "a backslash stands only before a quotation mark or a backslash, in patterns before a star too"));
                }
                (Some(_), _) => self.at += 1,
                (None, _) => return Err(self.error(start - 1, "this text is not closed by a quotation mark")),
            }
        }
    }
}

fn unescaped(word: &str) -> Box<str> {
    let mut text = String::new();
    let mut characters = word.chars();
    while let Some(character) = characters.next() {
        text.extend(if character == '\\' { characters.next() } else { Some(character) });
    }
    text.into()
}
