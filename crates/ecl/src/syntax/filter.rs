//! What stands in double braces behind a set.

use super::Cursor;
use crate::error::Error;
use crate::tree::{At, Comparison, Concepts, Filter, History, MemberFilter, Not, Operand, Time, VersionFilter};

/// What double braces begin with.
enum Braces {
    Member(Vec<MemberFilter>),
    Filter(Filter),
    History(History),
}

/// What filters of concepts and descriptions begin with.
const KEYWORDS: [&str; 12] = [
    "term",
    "language",
    "type",
    "typeId",
    "dialect",
    "dialectId",
    "id",
    "moduleId",
    "effectiveTime",
    "active",
    "definitionStatus",
    "definitionStatusId",
];

impl Cursor<'_> {
    /// Reads the filters and the supplement of a set: first those of members, then those of descriptions and concepts, then history.
    pub(super) fn filters(&mut self, operand: &mut Operand) -> Result<(), Error> {
        loop {
            let start = self.at;
            self.blanks()?;
            if !self.takes("{{", "\"{{\"") {
                self.at = start;
                return Ok(());
            }
            let at = self.at - 2;
            if operand.history.is_some() {
                return Err(self.error(at, "nothing can follow a supplement of history: put parentheses around it"));
            }
            self.blanks()?;
            match self.deeper(Self::braces)? {
                Braces::Member(_) if !operand.filters.is_empty() => {
                    return Err(self.error(at, "filters of members stand before those of descriptions and concepts"));
                }
                Braces::Member(filters) => operand.members.push(filters),
                Braces::Filter(filter) => operand.filters.push(filter),
                Braces::History(history) => operand.history = Some(history),
            }
            self.blanks()?;
            self.wants("}}", "\"}}\"")?;
        }
    }

    fn braces(&mut self) -> Result<Braces, Error> {
        if self.takes("+", "\"+\"") {
            self.blanks()?;
            return Ok(Braces::History(self.history()?));
        }
        self.miss("D");
        self.miss("C");
        self.miss("M");
        let (start, letters) = (self.at, self.letters());
        let is_keyword = |word: &str| KEYWORDS.iter().any(|keyword| word.eq_ignore_ascii_case(keyword));
        // No blank has to stand between the letter and the filter.
        let has_letter = letters.len() == 1 || (letters.len() > 1 && !is_keyword(letters) && is_keyword(&letters[1..]));
        let letter = if has_letter { &letters[..1] } else { "" };
        self.at += letter.len();
        self.blanks()?;
        match letter {
            "" | "d" | "D" => Ok(Braces::Filter(Filter::Description(self.with_commas(Self::description_filter)?))),
            "c" | "C" => Ok(Braces::Filter(Filter::Concept(self.with_commas(Self::concept_filter)?))),
            "m" | "M" => Ok(Braces::Member(self.with_commas(Self::member_filter)?)),
            _ => {
                self.at = start;
                Err(self.unexpected("a filter"))
            }
        }
    }

    fn with_commas<T>(&mut self, read: fn(&mut Self) -> Result<T, Error>) -> Result<Vec<T>, Error> {
        let mut filters = vec![read(self)?];
        loop {
            self.blanks()?;
            if !self.takes(",", "\",\"") {
                return Ok(filters);
            }
            self.blanks()?;
            filters.push(read(self)?);
        }
    }

    /// `HISTORY`, `HISTORY-MIN`, `HISTORY (…)`.
    fn history(&mut self) -> Result<History, Error> {
        if !self.takes_word("HISTORY") {
            return Err(self.unexpected("HISTORY"));
        }
        if self.takes("-", "\"-\"") || self.takes("_", "\"_\"") {
            let profiles = [("MIN", 0), ("MOD", 1), ("MAX", 2)];
            return match self.one_of(&profiles) {
                Some(0) => Ok(History::Minimum),
                Some(1) => Ok(History::Moderate),
                Some(_) => Ok(History::Maximum),
                None => Err(self.unexpected("MIN, MOD or MAX")),
            };
        }
        self.blanks()?;
        if !self.takes("(", "\"(\"") {
            return Ok(History::Maximum);
        }
        self.blanks()?;
        let subset = self.constraint()?;
        self.blanks()?;
        self.wants(")", "\")\"")?;
        Ok(History::Subset(Box::new(subset)))
    }

    /// `moduleId`, `effectiveTime`, `active`; `None` when none of them is next.
    pub(super) fn version_filter(&mut self) -> Result<Option<VersionFilter>, Error> {
        Ok(Some(if self.takes_word("moduleId") {
            VersionFilter::Module(self.equality()?, self.concepts()?)
        } else if self.takes_word("effectiveTime") {
            self.blanks()?;
            let comparison = self.comparison()?;
            self.blanks()?;
            VersionFilter::EffectiveTime(comparison, self.times()?)
        } else if self.takes_word("active") {
            VersionFilter::Active(self.equality()?, self.active()?)
        } else {
            return Ok(None);
        }))
    }

    fn active(&mut self) -> Result<Option<bool>, Error> {
        if self.takes("*", "\"*\"") || self.takes_long("any") {
            return Ok(None);
        }
        if let Some(active) = self.one_of(&[("true", true), ("false", false)]) {
            return Ok(Some(active));
        }
        match self.digits() {
            "1" => Ok(Some(true)),
            "0" => Ok(Some(false)),
            digits => {
                self.at -= digits.len();
                Err(self.unexpected("1 or 0"))
            }
        }
    }

    /// `"20200131"`, or several in parentheses.
    pub(super) fn times(&mut self) -> Result<Vec<Time>, Error> {
        self.one_or_more(Self::time)
    }

    fn time(&mut self) -> Result<Time, Error> {
        self.wants("\"", "a quotation mark")?;
        let start = self.at;
        let digits = self.digits();
        let time = match digits {
            "" => None,
            _ => Some(date(digits).ok_or_else(|| self.error(start, "a date is written as in \"20200131\""))?),
        };
        self.wants("\"", "a quotation mark")?;
        Ok(time)
    }

    /// A set of concepts: a constraint, or two or more concepts in parentheses.
    pub(super) fn concepts(&mut self) -> Result<Concepts, Error> {
        let listed = self.attempt(|cursor| {
            let list = cursor.in_parentheses(Self::concept_reference)?;
            if list.len() > 1 { Ok(list) } else { Err(cursor.unexpected("another concept")) }
        });
        match listed {
            Some(list) => Ok(Concepts::Listed(list)),
            None => Ok(Concepts::In(Box::new(self.operand()?))),
        }
    }

    /// `=` or `!=`, as [`Comparison`] says it.
    pub(super) fn is_not(comparison: Comparison) -> Option<Not> {
        match comparison {
            Comparison::Equal => Some(false),
            Comparison::NotEqual => Some(true),
            _ => None,
        }
    }

    pub(super) fn here(&self) -> At {
        At(self.at)
    }
}

/// A year, a month and a day that there may be.
fn date(digits: &str) -> Option<u32> {
    let number: u32 = digits.parse().ok().filter(|_| digits.len() == 8 && !digits.starts_with('0'))?;
    ((1..=12).contains(&(number / 100 % 100)) && (1..=31).contains(&(number % 100))).then_some(number)
}
