//! What the engine asks of a code system, wherever its concepts are kept: in a CodeSystem resource, in a table on disk, or in a grammar.
//!
//! Nothing here allocates for each concept: a concept is a row number, text is borrowed, and lists are handed out one by one.

pub mod filter;
mod grammar;
pub mod property;
pub mod resource;
pub mod rows;
mod supplement;
mod text;

use std::borrow::Cow;

use fhir::Value;

pub use filter::{Filter, Operator, Unsupported};
pub(crate) use grammar::grammars;
pub use property::{Property, PropertyValue};
pub use rows::Rows;
pub(crate) use supplement::Supplemented;
pub use text::SearchText;

/// A concept of one code system, meaningful with that system alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Concept {
    /// A row of a system that lists its concepts.
    Row(u32),
    /// A code of a system that has a grammar and no list.
    Expression(Box<str>),
}

impl Concept {
    /// The row, in a system that lists its concepts.
    pub fn row(&self) -> Option<u32> {
        match self {
            Concept::Row(row) => Some(*row),
            Concept::Expression(_) => None,
        }
    }
}

/// How much of a code system is here: `CodeSystem.content`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// All of it.
    Complete,
    /// Some of it.
    Fragment,
    /// A few concepts, as examples.
    Example,
    /// Nothing.
    NotPresent,
    /// Additions to another system.
    Supplement,
}

impl Content {
    /// The content that a code names; `None` for another text.
    pub fn parse(code: &str) -> Option<Self> {
        Some(match code {
            "complete" => Content::Complete,
            "fragment" => Content::Fragment,
            "example" => Content::Example,
            "not-present" => Content::NotPresent,
            "supplement" => Content::Supplement,
            _ => return None,
        })
    }

    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Content::Complete => "complete",
            Content::Fragment => "fragment",
            Content::Example => "example",
            Content::NotPresent => "not-present",
            Content::Supplement => "supplement",
        }
    }
}

/// How ripe a conformance resource is, for the warnings about it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Maturity {
    /// `status`: `draft`, `active`, `retired` or `unknown`.
    pub status: Option<Box<str>>,
    /// The standards status of the extension of that name: `withdrawn`, `deprecated`, `draft`, …
    pub standards_status: Option<Box<str>>,
    /// `experimental`.
    pub is_experimental: bool,
}

/// A property that a code system defines.
#[derive(Clone, Debug, PartialEq)]
pub struct PropertyDefinition {
    /// What it is called in the system.
    pub code: Box<str>,
    /// What it is, formally.
    pub uri: Option<Box<str>>,
}

/// What a code system says of itself.
#[derive(Clone, Debug)]
pub struct About {
    /// The address.
    pub url: Box<str>,
    /// The version.
    pub version: Option<Box<str>>,
    /// The name for machines.
    pub name: Option<Box<str>>,
    /// The language of displays and definitions, where they do not say.
    pub language: Option<Box<str>>,
    /// The value set of all its concepts.
    pub value_set: Option<Box<str>>,
    /// How much of it is here.
    pub content: Content,
    /// Whether `a` and `A` are different codes.
    pub is_case_sensitive: bool,
    /// Whether a version has to be named with each code: codes mean other things in other versions.
    pub needs_version: bool,
    /// How ripe it is.
    pub maturity: Maturity,
    /// The properties that it defines.
    pub properties: Vec<PropertyDefinition>,
    /// The value set that is shown in place of a list, for a grammar.
    pub stand_in: Option<Box<str>>,
    /// The supplements that are in force, `url|version`.
    pub supplements: Vec<Box<str>>,
}

impl About {
    /// A complete, case sensitive system of this address that says nothing more of itself.
    pub fn new(url: &str) -> Self {
        Self {
            url: url.into(),
            version: None,
            name: None,
            language: None,
            value_set: None,
            content: Content::Complete,
            is_case_sensitive: true,
            needs_version: false,
            maturity: Maturity { status: Some("active".into()), ..Maturity::default() },
            properties: Vec::new(),
            stand_in: None,
            supplements: Vec::new(),
        }
    }

    /// `url|version`, or the address alone.
    pub fn canonical(&self) -> String {
        crate::canonical(&self.url, self.version.as_deref())
    }
}

/// What is known of a concept's use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// It groups others and may not be chosen.
    pub is_abstract: bool,
    /// It may not be used any more.
    pub is_inactive: bool,
    /// It should not be used any more.
    pub is_deprecated: bool,
}

/// What a designation is for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Usage<'a> {
    /// It is the display.
    Display,
    /// It does not say.
    Unstated,
    /// A `Coding`.
    Coding(&'a Value),
    /// A coding, part by part.
    Code {
        /// Its system.
        system: &'a str,
        /// Its code.
        code: &'a str,
    },
}

/// One name of a concept.
#[derive(Clone, Copy, Debug)]
pub struct Designation<'a> {
    /// Its language; `None` when nothing says.
    pub language: Option<&'a str>,
    /// What it is for.
    pub usage: Usage<'a>,
    /// The name.
    pub value: &'a str,
    /// Its status when that is not `active`.
    pub status: Option<&'a str>,
    /// Its extensions.
    pub extensions: &'a [Value],
    /// The supplement that it comes from, `url|version`.
    pub source: Option<&'a str>,
}

/// A code system.
///
/// The methods that take a [`Concept`] take one that [`System::find`] or an iteration of the same system gave.
pub trait System: Send + Sync {
    /// What it says of itself.
    fn about(&self) -> &About;

    /// The concept of a code; upper and lower case are the same where the system says so. `None` when there is none.
    fn find(&self, code: &str) -> Option<Concept>;

    /// The code, as the system writes it.
    fn code<'a>(&'a self, concept: &'a Concept) -> Cow<'a, str>;

    /// The display; `None` when it has none.
    fn display<'a>(&'a self, concept: &'a Concept) -> Option<Cow<'a, str>>;

    /// The definition; `None` when it has none.
    fn definition<'a>(&'a self, _concept: &'a Concept) -> Option<Cow<'a, str>> {
        None
    }

    /// Whether it is abstract, inactive, deprecated.
    fn flags(&self, _concept: &Concept) -> Flags {
        Flags::default()
    }

    /// Its status, in the words of the system: `retired`; `None` when nothing says.
    fn status<'a>(&'a self, _concept: &'a Concept) -> Option<Cow<'a, str>> {
        None
    }

    /// Its names, the display first.
    fn designations(&self, concept: &Concept, each: &mut dyn FnMut(Designation<'_>)) {
        if let Some(display) = self.display(concept) {
            let language = self.about().language.as_deref();
            each(Designation { language, usage: Usage::Display, value: &display, status: None, extensions: &[], source: None });
        }
    }

    /// Its properties, without the hierarchy.
    fn properties(&self, _concept: &Concept, _each: &mut dyn FnMut(Property<'_>)) {}

    /// Its extensions, where it comes from a resource.
    fn extensions(&self, _concept: &Concept, _each: &mut dyn FnMut(&Value)) {}

    /// The concepts right above a row.
    fn parents(&self, _row: u32, _each: &mut dyn FnMut(u32)) {}

    /// The concepts right below a row.
    fn children(&self, _row: u32, _each: &mut dyn FnMut(u32)) {}

    /// How many rows there are: all numbers below it are concepts, in the order of the system. `None` for a grammar.
    fn rows(&self) -> Option<u32>;

    /// Whether any concept stands below another.
    fn has_hierarchy(&self) -> bool {
        false
    }

    /// Everything below a row, without it.
    fn descendants(&self, row: u32) -> Rows {
        rows::below(self, row)
    }

    /// Whether `ancestor` stands above `descendant`, at any distance; not when they are the same.
    fn is_above(&self, ancestor: u32, descendant: u32) -> bool {
        rows::is_above(self, ancestor, descendant)
    }

    /// The rows that a filter lets through.
    ///
    /// # Errors
    /// When the system does not know the property or the operator, or the value is none for it.
    fn select(&self, filter: &Filter) -> Result<Rows, Unsupported> {
        filter::select(self, filter)
    }

    /// Whether a filter lets a code of a grammar through; `Err` as for [`System::select`]. The text of the error within says why not.
    ///
    /// # Errors
    /// When the system has no such filter.
    fn passes(&self, _concept: &Concept, _filter: &Filter) -> Result<Result<(), String>, Unsupported> {
        Err(Unsupported::Filter)
    }

    /// The rows whose code, display or other names have the words of a text, each as the beginning of a word.
    fn search(&self, text: &SearchText) -> Rows {
        text::search(self, text)
    }

    /// The rows of a search in the order to show them, the best first; `None` for the order of the system.
    fn ranked(&self, _text: &SearchText, _rows: &Rows) -> Option<Vec<u32>> {
        None
    }
}
