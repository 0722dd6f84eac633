//! Lines of the tables: how deep one is indented, its cells, and the facts behind them.

use fhir::{Value, json};

/// A line, read from its left end.
#[derive(Clone)]
pub(crate) struct Line {
    /// By how many tabs it is indented.
    pub(crate) depth: usize,
    cells: std::str::Split<'static, char>,
}

/// What stands behind the columns: what few lines have.
pub(crate) enum Fact {
    /// `.name=value`: a property of a concept.
    Property(&'static str, &'static str),
    /// `@language=text`: how a concept is displayed in a language.
    Display(&'static str, &'static str),
    /// `name=JSON`: a member of the resource or of the part that the line is about.
    Member(&'static str, Value),
}

impl Line {
    pub(crate) fn read(text: &'static str) -> Self {
        let cells = text.trim_start_matches('\t');
        Self { depth: text.len() - cells.len(), cells: cells.split('\t') }
    }

    /// The next cell; empty behind the last one.
    pub(crate) fn cell(&mut self) -> &'static str {
        self.cells.next().unwrap_or_default()
    }

    /// The cells that are left, as facts.
    pub(crate) fn facts(self) -> impl Iterator<Item = Fact> {
        self.cells.filter_map(fact)
    }
}

/// The lines of a part of a table.
pub(crate) fn lines(text: &'static str) -> impl Iterator<Item = Line> {
    text.lines().map(Line::read)
}

fn fact(cell: &'static str) -> Option<Fact> {
    let (name, value) = cell.split_once('=')?;
    Some(match (name.strip_prefix('.'), name.strip_prefix('@')) {
        (Some(property), _) => Fact::Property(property, value),
        (None, Some(language)) => Fact::Display(language, value),
        // A test goes through all of them.
        (None, None) => Fact::Member(name, json::parse(value.as_bytes()).ok()?),
    })
}
