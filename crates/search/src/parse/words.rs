//! Words to search for: `:text`, `_text` and `_content` (<http://hl7.org/fhir/R4/search.html#content>).
//!
//! R4 leaves the language of `_text` and `_content` to the server. Here it is: words, all of which must be there; `wor*` for their beginnings;
//! `word~` for what is written like it; `"two words"` for words in a row; `and`, `or`, `not` and parentheses.

use fhir::{Issue, IssueCode};
use store::entry::Param;
use store::query::{Filter, Test};

use super::{all, any};
use crate::codes;
use crate::words::{MAX_PHRASE, row, whole, words};

/// The most words and signs that a value may have.
const MAX_PARTS: usize = 100;
/// How deep parentheses and `not` may be nested.
const MAX_DEPTH: usize = 10;
/// How much a word found with `~` is like the one asked for, at least, in thousandths.
const LEAST_LIKENESS: u16 = 700;

/// The filter of `:text`: the text has these words in a row, the last perhaps only begun.
pub(super) fn text(name: &str, param: Param, text: &str) -> Result<Filter, Issue> {
    let words = words(text);
    if words.is_empty() {
        let rule = format!("a value of `{name}:text` has no letter or digit to look for");
        return Err(Issue::error(codes::BAD_TEXT, IssueCode::Value, "", rule));
    }
    Ok(Filter::Match(param, Test::Contains(row(&words, false).into())))
}

/// The filter of a value of `_text` or `_content`.
pub(super) fn content(name: &str, param: Param, text: &str) -> Result<Filter, Issue> {
    let mut reader = Reader { name, param, parts: parts(name, text)?, next: 0 };
    let filter = reader.either(0)?;
    if reader.next < reader.parts.len() {
        return Err(bad(name, "has a `)` without a `(`"));
    }
    Ok(filter)
}

/// The words of a text one after the other; the last is a beginning unless `is_whole`.
fn in_a_row(name: &str, param: Param, text: &str, is_whole: bool) -> Result<Filter, Issue> {
    let words = words(text);
    if words.len() > MAX_PHRASE {
        return Err(bad(name, &format!("has more than {MAX_PHRASE} words in a row")));
    }
    let [leading @ .., last] = words.as_slice() else { return Err(bad(name, "has no letter or digit to look for")) };
    let last = if is_whole { Test::Exactly(whole(last)) } else { Test::StartsWith(last.as_str().into()) };
    let mut filters: Vec<Filter> = leading.iter().map(|word| Filter::Match(param, Test::Exactly(whole(word)))).collect();
    filters.push(Filter::Match(param, last));
    if words.len() > 1 {
        filters.push(Filter::Match(param, Test::Contains(row(&words, is_whole).into())));
    }
    Ok(all(filters))
}

/// A part of a value.
#[derive(Clone, Debug, PartialEq)]
enum Part {
    Open,
    Close,
    And,
    Or,
    Not,
    Word(String),
    Phrase(String),
}

fn parts(name: &str, text: &str) -> Result<Vec<Part>, Issue> {
    let mut parts = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (part, after) = match first {
            '(' => (Part::Open, &rest[1..]),
            ')' => (Part::Close, &rest[1..]),
            '"' => {
                let (phrase, after) = rest[1..].split_once('"').ok_or_else(|| bad(name, "has a quotation mark without its second"))?;
                (Part::Phrase(phrase.to_owned()), after)
            }
            _ => {
                let end = rest.find(|letter: char| letter.is_whitespace() || matches!(letter, '(' | ')' | '"')).unwrap_or(rest.len());
                let (word, after) = rest.split_at(end);
                let part = match word.to_ascii_lowercase().as_str() {
                    "and" => Part::And,
                    "or" => Part::Or,
                    "not" => Part::Not,
                    _ => Part::Word(word.to_owned()),
                };
                (part, after)
            }
        };
        parts.push(part);
        rest = after.trim_start();
        if parts.len() > MAX_PARTS {
            return Err(bad(name, &format!("has more than {MAX_PARTS} words and signs")));
        }
    }
    Ok(parts)
}

/// Reads the parts of a value from the first to the last.
struct Reader<'a> {
    name: &'a str,
    param: Param,
    parts: Vec<Part>,
    next: usize,
}

impl Reader<'_> {
    fn take(&mut self, part: &Part) -> bool {
        let is_next = self.parts.get(self.next) == Some(part);
        self.next += usize::from(is_next);
        is_next
    }

    /// `a or b`.
    fn either(&mut self, depth: usize) -> Result<Filter, Issue> {
        let mut filters = vec![self.both(depth)?];
        while self.take(&Part::Or) {
            filters.push(self.both(depth)?);
        }
        Ok(any(filters))
    }

    /// `a b` and `a and b`.
    fn both(&mut self, depth: usize) -> Result<Filter, Issue> {
        let mut filters = vec![self.one(depth)?];
        while self.take(&Part::And) || !matches!(self.parts.get(self.next), None | Some(Part::Or | Part::Close)) {
            filters.push(self.one(depth)?);
        }
        Ok(all(filters))
    }

    fn one(&mut self, depth: usize) -> Result<Filter, Issue> {
        if depth > MAX_DEPTH {
            return Err(bad(self.name, &format!("is nested more than {MAX_DEPTH} deep")));
        }
        let part = self.parts.get(self.next).cloned();
        self.next += 1;
        match part {
            Some(Part::Not) => Ok(Filter::Not(Box::new(self.one(depth + 1)?))),
            Some(Part::Open) => {
                let inner = self.either(depth + 1)?;
                if self.take(&Part::Close) { Ok(inner) } else { Err(bad(self.name, "has a `(` without its `)`")) }
            }
            Some(Part::Phrase(phrase)) => in_a_row(self.name, self.param, &phrase, true),
            Some(Part::Word(word)) => self.word(&word),
            _ => Err(bad(self.name, "misses a word beside `and`, `or`, `not` or in parentheses")),
        }
    }

    /// A word, perhaps with `*` or `~` after it. One with signs inside, `x-ray`, is several in a row.
    fn word(&self, word: &str) -> Result<Filter, Issue> {
        if let Some(begun) = word.strip_suffix('*') {
            return in_a_row(self.name, self.param, begun, false);
        }
        let Some(like) = word.strip_suffix('~') else { return in_a_row(self.name, self.param, word, true) };
        match words(like).as_slice() {
            [word] => Ok(Filter::Match(self.param, Test::Like { text: word.as_str().into(), least: LEAST_LIKENESS })),
            _ => Err(bad(self.name, "has a `~` that does not follow one word")),
        }
    }
}

fn bad(name: &str, rule: &str) -> Issue {
    let remedy = "write words, `begin*`, `like~`, \"words in a row\", with `and`, `or`, `not` and parentheses between them";
    Issue::error(codes::BAD_TEXT, IssueCode::Value, "", format!("a value of `{name}` {rule}: {remedy}"))
}
