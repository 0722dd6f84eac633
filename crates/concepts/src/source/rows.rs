//! A file of rows with columns: separated by commas with quotes (RFC 4180), by tabs, or by bars.

use std::io::BufRead;
use std::ops::Range;

use super::Lines;
use crate::Failure;
use crate::limits::MAX_LINE_BYTES;

/// How columns are separated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// By commas; a field in quotes may have commas, line ends and doubled quotes.
    Comma,
    /// By tabs; quotes mean nothing.
    Tab,
    /// By bars; quotes mean nothing.
    Bar,
}

/// The rows of a file.
pub struct Rows<'a> {
    lines: Lines<'a>,
    dialect: Dialect,
    header: Vec<String>,
    text: String,
    fields: Vec<Range<usize>>,
}

impl<'a> Rows<'a> {
    /// The rows of a file whose first row names the columns.
    ///
    /// # Errors
    /// That the file cannot be read or is empty.
    pub fn with_header(reader: &'a mut dyn BufRead, file: &'a str, dialect: Dialect) -> Result<Self, Failure> {
        Self::from_lines(Lines::new(reader, file), dialect)
    }

    /// As [`Rows::with_header`], from lines that may be in another encoding.
    pub fn from_lines(lines: Lines<'a>, dialect: Dialect) -> Result<Self, Failure> {
        let mut rows = Self::without_header(lines, dialect);
        if !rows.next()? {
            return Err(rows.malformed("the first row names the columns"));
        }
        rows.header = (0..rows.fields.len()).map(|column| rows.get(column).trim().to_owned()).collect();
        Ok(rows)
    }

    /// The rows of a file whose columns have no names. Rows may differ in length.
    pub fn without_header(lines: Lines<'a>, dialect: Dialect) -> Self {
        Self { lines, dialect, header: Vec::new(), text: String::new(), fields: Vec::new() }
    }

    /// The column of this name.
    ///
    /// # Errors
    /// [`Failure::Malformed`] when there is none.
    pub fn column(&self, name: &str) -> Result<usize, Failure> {
        self.column_if_any(name).ok_or_else(|| Failure::malformed(self.lines.file(), 1, format!("the column {name} is missing")))
    }

    /// The column of this name, if there is one; capital and small letters are the same.
    pub fn column_if_any(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|other| other.eq_ignore_ascii_case(name))
    }

    /// The names of the columns.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// Goes to the next row; whether there is one. Empty lines are passed over.
    ///
    /// # Errors
    /// That the file cannot be read, or a row has not as many columns as the first one, or a quote does not end.
    pub fn next(&mut self) -> Result<bool, Failure> {
        loop {
            self.text.clear();
            self.fields.clear();
            let Some(line) = self.lines.next()? else { return Ok(false) };
            if line.trim().is_empty() {
                continue;
            }
            match self.dialect {
                Dialect::Comma => {
                    let line = line.to_owned();
                    self.quoted(&line)?;
                }
                Dialect::Tab => self.separated('\t'),
                Dialect::Bar => self.separated('|'),
            }
            if !self.header.is_empty() && self.fields.len() != self.header.len() {
                return Err(self.malformed(format!("the row has {} columns, and the first row {}", self.fields.len(), self.header.len())));
            }
            return Ok(true);
        }
    }

    fn separated(&mut self, separator: char) {
        self.text.push_str(self.lines.text());
        let mut start = 0;
        for (end, _) in self.text.match_indices(separator) {
            self.fields.push(start..end);
            start = end + 1;
        }
        self.fields.push(start..self.text.len());
    }

    fn quoted(&mut self, line: &str) -> Result<(), Failure> {
        let mut rest = line.to_owned();
        let (mut in_quotes, mut start) = (false, 0);
        loop {
            let mut characters = rest.chars().peekable();
            while let Some(character) = characters.next() {
                match character {
                    '"' if in_quotes && characters.peek() == Some(&'"') => {
                        characters.next();
                        self.text.push('"');
                    }
                    '"' if in_quotes || self.text.len() == start => in_quotes = !in_quotes,
                    ',' if !in_quotes => {
                        self.fields.push(start..self.text.len());
                        start = self.text.len();
                    }
                    other => self.text.push(other),
                }
            }
            if !in_quotes {
                break;
            }
            self.text.push('\n');
            if self.text.len() > MAX_LINE_BYTES {
                return Err(self.malformed("a quote does not end"));
            }
            rest = match self.lines.next()? {
                Some(line) => line.to_owned(),
                None => return Err(self.malformed("a quote does not end")),
            };
        }
        self.fields.push(start..self.text.len());
        Ok(())
    }

    /// How many fields the row has.
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// A field of the row; empty when the row is shorter.
    pub fn get(&self, column: usize) -> &str {
        self.fields.get(column).map_or("", |field| &self.text[field.clone()])
    }

    /// A field of a column that the file may not have.
    pub fn get_if_any(&self, column: Option<usize>) -> &str {
        column.map_or("", |column| self.get(column))
    }

    /// A field that must not be empty.
    ///
    /// # Errors
    /// [`Failure::Malformed`] when it is.
    pub fn need(&self, column: usize) -> Result<&str, Failure> {
        let field = self.get(column);
        if field.is_empty() {
            let name = self.header.get(column).map_or_else(|| format!("{}", column + 1), Clone::clone);
            return Err(self.malformed(format!("the column {name} must have a value")));
        }
        Ok(field)
    }

    /// The failure of the row.
    pub fn malformed(&self, rule: impl Into<String>) -> Failure {
        self.lines.malformed(rule)
    }
}
