//! The operators between values.

use super::Cursor;
use crate::error::Error;
use crate::tree::{At, Comparison, Not, Number};

impl Cursor<'_> {
    /// `=`, `!=`, `<`, `<=`, `>`, `>=`, and in the long syntax `<>` and `not =`.
    pub(crate) fn comparison(&mut self) -> Result<Comparison, Error> {
        let signs = [
            ("=", Comparison::Equal),
            ("!=", Comparison::NotEqual),
            ("<>", Comparison::NotEqual),
            ("<=", Comparison::LessOrEqual),
            ("<", Comparison::Less),
            (">=", Comparison::GreaterOrEqual),
            (">", Comparison::Greater),
        ];
        if let Some((sign, comparison)) = signs.iter().find(|(sign, _)| self.rest().starts_with(sign)) {
            self.at += sign.len();
            return Ok(*comparison);
        }
        if self.takes_long("not") {
            self.blanks()?;
            self.wants("=", "\"=\"")?;
            return Ok(Comparison::NotEqual);
        }
        self.miss("\"!=\"");
        Err(self.unexpected("\"=\""))
    }

    /// `=` or `!=`, with blanks before and behind.
    pub(super) fn equality(&mut self) -> Result<Not, Error> {
        self.blanks()?;
        let at = self.at;
        let not = match self.comparison()? {
            Comparison::Equal => false,
            Comparison::NotEqual => true,
            _ => return Err(self.error(at, "only = and != have a meaning here")),
        };
        self.blanks()?;
        Ok(not)
    }

    /// What stands behind `#`.
    pub(crate) fn number(&mut self) -> Result<Number, Error> {
        let start = self.at;
        if self.rest().starts_with(['-', '+']) {
            self.at += 1;
        }
        let whole = self.digits();
        if whole.is_empty() || (whole.len() > 1 && whole.starts_with('0')) {
            self.at -= whole.len();
            return Err(self.unexpected("a number, without zeros before it"));
        }
        let has_fraction = self.rest().starts_with('.') && self.rest().as_bytes().get(1).is_some_and(u8::is_ascii_digit);
        if has_fraction {
            self.at += 1;
            self.digits();
        }
        Ok(Number { text: self.text[start..self.at].into(), at: At(start) })
    }
}
