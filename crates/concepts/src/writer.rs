//! Making a table: facts about concepts go in in any order, a file comes out.
//!
//! The same facts give the same bytes. What is kept in memory is a few bytes for each concept, each edge of the hierarchy, each relationship and
//! each different word; texts and everything else wait in temporary files (`sorter.rs`, `spill.rs`).

mod gather;
mod hierarchy;
mod members;
mod relations;
pub(crate) mod sorter;
mod spill;
mod texts;
mod values;
mod words;

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::limits::{MAX_CODE_BYTES, MAX_NAMES, MAX_TEXT_BYTES};
use crate::table::layout::{FileWriter, Section};
use crate::table::records::Records;
use crate::table::slots;
use crate::{About, Coding, Failure, Property};

use sorter::Sorter;

/// What is told about a code. The order is that in which the facts of a code are read back.
#[derive(Clone, Copy)]
enum Fact {
    Exists,
    Inactive,
    Abstract,
    Designation,
    Parent,
    Value,
    Relation,
    Member,
}

/// How good a designation is: the order in which those of a concept stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// The display of the concept; of several the first one.
    Display,
    /// The one to show in its language.
    Preferred,
    /// Any other.
    Other,
}

/// A designation that is to be written.
#[derive(Clone, Copy, Debug)]
pub struct NewDesignation<'a> {
    /// Its language (BCP 47), or nothing.
    pub language: &'a str,
    /// What it is used for.
    pub usage: Option<&'a Coding>,
    /// How good it is.
    pub rank: Rank,
    /// The text.
    pub text: &'a str,
}

impl<'a> NewDesignation<'a> {
    /// A display without a use, in the code system's own language.
    pub fn display(text: &'a str) -> Self {
        Self { language: "", usage: None, rank: Rank::Display, text }
    }

    /// Another name, in the code system's own language.
    pub fn other(text: &'a str, usage: Option<&'a Coding>) -> Self {
        Self { language: "", usage, rank: Rank::Other, text }
    }
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Concepts.
    pub concepts: u64,
    /// Displays and designations.
    pub designations: u64,
    /// Values of properties.
    pub values: u64,
    /// Edges of the hierarchy.
    pub parents: u64,
    /// Relationships.
    pub relations: u64,
    /// Memberships in reference sets.
    pub members: u64,
    /// Facts about codes that are no concepts, or that point to such codes: left out.
    pub left_out: u64,
}

/// Collects the facts of a code system.
pub struct Writer {
    about: About,
    folder: PathBuf,
    facts: Sorter,
    sequence: u32,
    piece: Vec<u8>,
}

impl Writer {
    /// A table without concepts. Temporary files go to `folder`. What `about` says of languages and uses is made anew.
    pub fn new(about: About, folder: &Path) -> Self {
        let about = About { languages: vec!["".into()], uses: vec![Coding::default()], ..about };
        Self { about, folder: folder.to_owned(), facts: Sorter::new(folder), sequence: 0, piece: Vec::new() }
    }

    /// Says what the code system is. Its properties, languages and uses come from what is told of concepts.
    pub fn describe(&mut self, about: About) {
        let old = std::mem::take(&mut self.about);
        self.about = About { properties: old.properties, languages: old.languages, uses: old.uses, ..about };
    }

    /// What the code system says of itself: a loader learns its version from the source, perhaps late. Properties must be declared with
    /// [`Writer::declare`].
    pub fn about_mut(&mut self) -> &mut About {
        &mut self.about
    }

    /// Where temporary files go.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Declares a property, or finds it when it has been declared; its number is what [`Writer::value`] takes.
    ///
    /// # Errors
    /// [`Failure::Limit`] when there are too many.
    pub fn declare(&mut self, property: Property) -> Result<usize, Failure> {
        if let Some(place) = self.about.property(&property.code) {
            return Ok(place);
        }
        limit("kinds of property", self.about.properties.len() + 1, MAX_NAMES)?;
        self.about.properties.push(property);
        Ok(self.about.properties.len() - 1)
    }

    /// There is a concept with this code. Telling it twice changes nothing.
    ///
    /// # Errors
    /// That the code is empty, too long or has a NUL; that a temporary file cannot be written.
    pub fn concept(&mut self, code: &str) -> Result<(), Failure> {
        self.fact(code, Fact::Exists, |_| {})
    }

    /// The concept must not be used any more.
    ///
    /// # Errors
    /// As [`Writer::concept`].
    pub fn inactive(&mut self, code: &str) -> Result<(), Failure> {
        self.fact(code, Fact::Inactive, |_| {})
    }

    /// The concept only groups others.
    ///
    /// # Errors
    /// As [`Writer::concept`].
    pub fn not_selectable(&mut self, code: &str) -> Result<(), Failure> {
        self.fact(code, Fact::Abstract, |_| {})
    }

    /// A display or another name of the concept. An empty text is left out.
    ///
    /// # Errors
    /// As [`Writer::concept`]; [`Failure::Limit`] when the text is too long, or there are too many languages or uses.
    pub fn designation(&mut self, code: &str, designation: &NewDesignation<'_>) -> Result<(), Failure> {
        if designation.text.is_empty() {
            return Ok(());
        }
        check_text(designation.text)?;
        let language = number_of(&mut self.about.languages, |other| **other == *designation.language, || designation.language.into())?;
        let usage = match designation.usage {
            None => 0,
            Some(usage) => number_of(&mut self.about.uses, |other| other == usage, || usage.clone())?,
        };
        self.sequence += 1;
        let sequence = self.sequence;
        self.fact(code, Fact::Designation, |piece| {
            piece.push(designation.rank as u8);
            piece.extend_from_slice(&sequence.to_be_bytes());
            piece.extend_from_slice(&language.to_be_bytes());
            piece.extend_from_slice(&usage.to_be_bytes());
            piece.extend_from_slice(designation.text.as_bytes());
        })
    }

    /// `parent` is directly above the concept.
    ///
    /// # Errors
    /// As [`Writer::concept`].
    pub fn parent(&mut self, code: &str, parent: &str) -> Result<(), Failure> {
        check_code(parent)?;
        self.fact(code, Fact::Parent, |piece| piece.extend_from_slice(parent.as_bytes()))
    }

    /// The concept has a value for a property. An empty one is left out.
    ///
    /// # Errors
    /// As [`Writer::concept`]; [`Failure::Limit`] when the value is too long.
    pub fn value(&mut self, code: &str, property: usize, value: &str) -> Result<(), Failure> {
        if value.is_empty() {
            return Ok(());
        }
        check_text(value)?;
        self.fact(code, Fact::Value, |piece| {
            piece.extend_from_slice(&(property as u16).to_be_bytes());
            piece.extend_from_slice(value.as_bytes());
        })
    }

    /// A relationship of kind `kind`, which is a concept too, points from the concept to `target`.
    ///
    /// # Errors
    /// As [`Writer::concept`].
    pub fn relation(&mut self, code: &str, group: u32, kind: &str, target: NewTarget<'_>) -> Result<(), Failure> {
        check_code(kind)?;
        let (tag, target) = match target {
            NewTarget::Code(code) => (b'c', code),
            NewTarget::Value(value) => (b'v', value),
        };
        check_code(target)?;
        self.fact(code, Fact::Relation, |piece| {
            piece.extend_from_slice(&group.to_be_bytes());
            piece.extend_from_slice(kind.as_bytes());
            piece.extend_from_slice(&[0, tag]);
            piece.extend_from_slice(target.as_bytes());
        })
    }

    /// The concept is a member of the reference set `set`, which is a concept too.
    ///
    /// # Errors
    /// As [`Writer::concept`].
    pub fn member(&mut self, code: &str, set: &str) -> Result<(), Failure> {
        check_code(set)?;
        self.fact(code, Fact::Member, |piece| piece.extend_from_slice(set.as_bytes()))
    }

    fn fact(&mut self, code: &str, fact: Fact, fill: impl FnOnce(&mut Vec<u8>)) -> Result<(), Failure> {
        check_code(code)?;
        let mut piece = std::mem::take(&mut self.piece);
        piece.clear();
        piece.extend_from_slice(code.as_bytes());
        piece.extend_from_slice(&[0, fact as u8]);
        fill(&mut piece);
        let pushed = self.facts.push(&piece);
        self.piece = piece;
        pushed
    }

    /// Writes the table into an empty file and syncs it.
    ///
    /// # Errors
    /// That a file cannot be written ([`Failure::InputOutput`]), the hierarchy goes in a circle ([`Failure::Circle`]), or something is too
    /// large ([`Failure::Limit`]).
    pub fn finish(self, file: File) -> Result<Summary, Failure> {
        let Self { about, folder, facts, .. } = self;
        let at = || Failure::at(&folder);
        let mut summary = Summary::default();
        let mut gathered = gather::gather(facts.finish()?, &folder, &mut summary)?;
        let count = gathered.count();
        let mut out = FileWriter::new(file).map_err(at())?;
        out.bytes(Section::About, &about.to_bytes()).map_err(at())?;
        let codes = gathered.codes.finish().map_err(at())?;
        let records = Records::new(&codes).unwrap_or_default();
        let slots = slots::build((0..count).map(|concept| records.get(concept)), count, about.case_sensitive);
        out.bytes(Section::Codes, &codes).map_err(at())?;
        out.bytes(Section::CodeSlots, &slots).map_err(at())?;
        gathered.flags.write(&mut out).map_err(at())?;
        let find = |code: &str| slots::find(&slots, records, code, about.case_sensitive);
        hierarchy::write(gathered.parents.pieces()?, records, find, &folder, &mut out, &mut summary)?;
        relations::write(gathered.relations.pieces()?, count, find, &folder, &mut out, &mut summary)?;
        members::write(gathered.members.pieces()?, find, &folder, &mut out, &mut summary)?;
        words::write(gathered.words.finish()?, &gathered.display_lengths, &folder, &mut out)?;
        let properties = about.properties.len();
        let values = values::write(gathered.values.finish()?, properties, count, &folder, &mut out, &mut gathered.vocabulary)?;
        texts::write(gathered.vocabulary, gathered.texts.pieces()?, values, &folder, &mut out)?;
        out.finish(count as u32).map_err(at())?;
        Ok(summary)
    }
}

/// What a relationship points to.
#[derive(Clone, Copy, Debug)]
pub enum NewTarget<'a> {
    /// A concept.
    Code(&'a str),
    /// A concrete value.
    Value(&'a str),
}

fn check_code(code: &str) -> Result<(), Failure> {
    if code.is_empty() || code.contains('\0') {
        return Err(Failure::malformed("the code system", 0, "a code has at least one character, and no NUL"));
    }
    limit("bytes of a code", code.len(), MAX_CODE_BYTES)
}

fn check_text(text: &str) -> Result<(), Failure> {
    if text.contains('\0') {
        return Err(Failure::malformed("the code system", 0, "a text has no NUL"));
    }
    limit("bytes of a text", text.len(), MAX_TEXT_BYTES)
}

fn limit(what: &'static str, there: usize, most: usize) -> Result<(), Failure> {
    if there > most { Err(Failure::Limit { what, most: most as u64 }) } else { Ok(()) }
}

/// The place of a name in a short list, to which it is added when it is new.
fn number_of<T>(names: &mut Vec<T>, is_it: impl Fn(&T) -> bool, make: impl FnOnce() -> T) -> Result<u16, Failure> {
    if let Some(place) = names.iter().position(is_it) {
        return Ok(place as u16);
    }
    limit("languages or uses of designations", names.len() + 1, MAX_NAMES)?;
    names.push(make());
    Ok(names.len() as u16 - 1)
}
