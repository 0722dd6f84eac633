//! A concept table, open for reading.

pub(crate) mod ascending;
mod designations;
mod hierarchy;
pub(crate) mod layout;
mod mapping;
mod members;
mod properties;
pub(crate) mod records;
mod relations;
pub(crate) mod search;
pub(crate) mod slots;
mod text;
pub(crate) mod varint;

use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};

use layout::{Header, SECTIONS, Section};
use mapping::Mapping;
use records::Records;

use crate::{About, Concept, ConceptSet, Failure};

pub use ascending::Ascending;
pub use designations::Designation;
pub use properties::Value;
pub use relations::{Relation, Target};
pub use search::{Found, Search};
pub use text::Text;

/// A code system in a mapped file.
///
/// A [`Concept`] is the place of its code in the order of codes, from 0 to [`Table::len`]; it has a meaning for this table only. What takes a
/// concept panics when there is none of that number. Nothing here reads from disk by itself or takes a lock, and a table may be used by any
/// number of threads.
#[derive(Debug)]
pub struct Table {
    path: PathBuf,
    mapping: Mapping,
    places: [Range<usize>; SECTIONS.len()],
    about: About,
    count: u32,
}

/// The sections that are no [`Records`].
const PLAIN: [Section; 8] = [
    Section::About,
    Section::CodeSlots,
    Section::Flags,
    Section::Ranks,
    Section::PropertyValues,
    Section::RelationKinds,
    Section::MemberSets,
    Section::DisplayLengths,
];

impl Table {
    /// Opens a table: reads the file once to compare it with its checksums, and maps it. No part of it stays in memory for that.
    ///
    /// # Errors
    /// That the file cannot be read, is no table ([`Failure::NoTable`]), or is not what was written ([`Failure::Damaged`]).
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let mut file = File::open(path).map_err(Failure::at(path))?;
        let header = Header::read(&mut file, path)?;
        header.verify(&mut file, path)?;
        let mapping = Mapping::new(&file).map_err(Failure::at(path))?;
        let places = std::array::from_fn(|index| header.place(SECTIONS[index].0));
        let mut table = Self { path: path.to_owned(), mapping, places, about: About::default(), count: header.concepts };
        let damaged = |part: Section| Failure::Damaged { path: path.to_owned(), part: SECTIONS[part as usize].1 };
        for &(section, _) in SECTIONS {
            let bytes = table.bytes(section);
            if !PLAIN.contains(&section) && !bytes.is_empty() && Records::new(bytes).is_none() {
                return Err(damaged(section));
            }
        }
        table.about = About::from_bytes(table.bytes(Section::About)).ok_or_else(|| damaged(Section::About))?;
        if table.codes().len() != table.count as usize {
            return Err(damaged(Section::Codes));
        }
        Ok(table)
    }

    /// Where its file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How long its file is.
    pub fn file_bytes(&self) -> u64 {
        self.mapping.len() as u64
    }

    /// The parts of its file and how many bytes each has.
    pub fn parts(&self) -> impl Iterator<Item = (&'static str, usize)> + '_ {
        SECTIONS.iter().map(|&(section, title)| (title, self.places[section as usize].len()))
    }

    /// What the code system says of itself.
    pub fn about(&self) -> &About {
        &self.about
    }

    /// How many concepts there are.
    pub fn len(&self) -> u32 {
        self.count
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// All concepts.
    pub fn all(&self) -> ConceptSet {
        ConceptSet::range(0..self.count)
    }

    /// The concept with this code; in a code system that is not case-sensitive, whatever the case of ASCII letters.
    pub fn find(&self, code: &str) -> Option<Concept> {
        slots::find(self.bytes(Section::CodeSlots), self.codes(), code, self.about.case_sensitive)
    }

    /// The code of a concept.
    pub fn code(&self, concept: Concept) -> &str {
        // Codes were written from texts, and the checksum is right.
        std::str::from_utf8(self.codes().get(concept as usize)).unwrap_or_default()
    }

    /// The concepts whose codes begin with `prefix`, by their bytes.
    pub fn codes_starting_with(&self, prefix: &str) -> Range<Concept> {
        let range = self.codes().starting_with(prefix.as_bytes());
        range.start as Concept..range.end as Concept
    }

    /// Whether the concept must not be used any more.
    pub fn is_inactive(&self, concept: Concept) -> bool {
        self.flag(0, concept)
    }

    /// Whether the concept only groups others, and must not be chosen itself.
    pub fn is_abstract(&self, concept: Concept) -> bool {
        self.flag(1, concept)
    }

    /// All inactive concepts.
    pub fn inactive(&self) -> ConceptSet {
        ConceptSet::from_ascending((0..self.count).filter(|&concept| self.is_inactive(concept)))
    }

    /// All abstract concepts.
    pub fn abstracts(&self) -> ConceptSet {
        ConceptSet::from_ascending((0..self.count).filter(|&concept| self.is_abstract(concept)))
    }

    fn flag(&self, which: usize, concept: Concept) -> bool {
        assert!(concept < self.count, "the table has {} concepts, not {concept}", self.count);
        let bytes = self.bytes(Section::Flags);
        let start = which * bytes.len() / 2;
        bytes[start + concept as usize / 8] & (1 << (concept % 8)) != 0
    }

    fn codes(&self) -> Records<'_> {
        self.records(Section::Codes)
    }

    fn bytes(&self, section: Section) -> &[u8] {
        &self.mapping[self.places[section as usize].clone()]
    }

    /// The records of a section; none when nothing was written there.
    fn records(&self, section: Section) -> Records<'_> {
        Records::new(self.bytes(section)).unwrap_or_default()
    }

    /// A record of a section in which a table without such things has none at all.
    fn record(&self, section: Section, index: u32) -> &[u8] {
        let records = self.records(section);
        if records.len() == 0 { &[] } else { records.get(index as usize) }
    }

    /// The numbers of a section of four bytes each.
    fn numbers(&self, section: Section) -> Numbers<'_> {
        Numbers(self.bytes(section))
    }
}

/// Numbers of four bytes.
#[derive(Clone, Copy)]
struct Numbers<'a>(&'a [u8]);

impl<'a> Numbers<'a> {
    fn len(self) -> usize {
        self.0.len() / 4
    }

    #[inline]
    fn get(self, index: usize) -> u32 {
        let bytes = &self.0[index * 4..index * 4 + 4];
        u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
    }

    fn iter(self) -> impl Iterator<Item = u32> + use<'a> {
        (0..self.len()).map(move |index| self.get(index))
    }
}
