//! The file: a header, and the sections that it names.
//!
//! ```text
//! magic (8) | format (4) | sections (4) | concepts (4) | zero (4) | length of the file (8)
//! for each section: offset (8) | length (8) | checksum (8)
//! checksum of all that (8)
//! the sections, one right after the other
//! ```
//!
//! Numbers are little-endian, checksums are XXH3 with 64 bits. Every byte of the file is under one checksum, so that no damage goes unseen.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;

use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use crate::Failure;

const MAGIC: [u8; 8] = *b"WARD-CON";
/// Is another one whenever the file is built in another way.
const FORMAT: u32 = 1;

macro_rules! sections {
    ($($(#[$doc:meta])* $name:ident = $title:literal,)*) => {
        /// The parts of a file, in no order that matters.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Section { $($(#[$doc])* $name,)* }

        /// All of them.
        pub const SECTIONS: &[(Section, &str)] = &[$((Section::$name, $title),)*];
    };
}

sections! {
    /// What the code system is: see `about`.
    About = "description",
    /// Records: the codes, sorted by their bytes. A concept's number is its place here.
    Codes = "codes",
    /// Slots of four bytes: which concept has a code, by the code's hash.
    CodeSlots = "index of codes",
    /// A bit for each concept that is inactive, then one for each that is abstract.
    Flags = "status flags",
    /// Records: the words that texts are made of, the most frequent first.
    Vocabulary = "vocabulary",
    /// Records, one a concept: its designations.
    Designations = "designations",
    /// Records, one a concept: its parents.
    Parents = "parents",
    /// Records, one a concept: its children.
    Children = "children",
    /// Four bytes a concept: its rank; then the concepts by rank.
    Ranks = "ranks",
    /// Records, one a concept: the ranges of ranks below it.
    Ranges = "ranges of descendants",
    /// Four bytes a property: where its values begin; and where they end.
    PropertyValues = "list of properties",
    /// Records: the values of all properties, sorted.
    Values = "values of properties",
    /// Records, one a value: the concepts that have it.
    ValueConcepts = "concepts by value",
    /// Records, one a concept: its values.
    ConceptValues = "values by concept",
    /// Four bytes each: the concepts that are kinds of relationship.
    RelationKinds = "kinds of relationship",
    /// Records, one a concept: its relationships.
    Relations = "relationships",
    /// Records, one a kind: the relationships of that kind.
    RelationsByKind = "relationships by kind",
    /// Records: the concrete values of relationships, sorted.
    RelationValues = "values of relationships",
    /// Four bytes each: the concepts that are reference sets.
    MemberSets = "list of reference sets",
    /// Records, one a reference set: its members.
    Members = "members of reference sets",
    /// Records: the normalised words of all texts, sorted.
    Words = "words",
    /// Records, one a word: the concepts with it.
    WordConcepts = "concepts by word",
    /// A byte a concept: how many words its display has.
    DisplayLengths = "lengths of displays",
}

const COUNT: usize = SECTIONS.len();
const FIXED_BYTES: usize = 32;
/// The bytes before the first section.
pub const HEADER_BYTES: usize = FIXED_BYTES + COUNT * 24 + 8;

/// What the header of a file says.
pub struct Header {
    /// How many concepts there are.
    pub concepts: u32,
    places: [Range<u64>; COUNT],
    checksums: [u64; COUNT],
}

impl Header {
    /// Where a section stands.
    pub fn place(&self, section: Section) -> Range<usize> {
        let place = &self.places[section as usize];
        place.start as usize..place.end as usize
    }

    /// Reads the header of a file.
    ///
    /// # Errors
    /// That it is no table, has another format, or is damaged or cut.
    pub fn read(file: &mut File, path: &Path) -> Result<Self, Failure> {
        let no_table = |rule: &str| Failure::NoTable { path: path.to_owned(), rule: rule.to_owned() };
        let damaged = || Failure::Damaged { path: path.to_owned(), part: "header" };
        let mut bytes = [0; HEADER_BYTES];
        file.read_exact(&mut bytes).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => no_table("it is shorter than any concept table"),
            _ => Failure::at(path)(error),
        })?;
        if bytes[..8] != MAGIC {
            return Err(no_table("it is no concept table"));
        }
        if number(&bytes, 8) as u32 != FORMAT || number(&bytes, 12) as u32 as usize != COUNT {
            return Err(no_table("it was written by another version of Ward"));
        }
        if xxh3_64(&bytes[..HEADER_BYTES - 8]) != number(&bytes, HEADER_BYTES - 8) {
            return Err(damaged());
        }
        let entry = |index: usize, part: usize| number(&bytes, FIXED_BYTES + index * 24 + part * 8);
        let header = Self {
            concepts: number(&bytes, 16) as u32,
            places: std::array::from_fn(|index| entry(index, 0)..entry(index, 0).saturating_add(entry(index, 1))),
            checksums: std::array::from_fn(|index| entry(index, 2)),
        };
        let length = file.metadata().map_err(Failure::at(path))?.len();
        if length != number(&bytes, 24) || !header.is_gapless(length) {
            return Err(damaged());
        }
        Ok(header)
    }

    /// Whether the sections fill the file, none over another.
    fn is_gapless(&self, length: u64) -> bool {
        let mut end = HEADER_BYTES as u64;
        self.in_order().iter().all(|&index| {
            let place = &self.places[index];
            let follows = place.start == end;
            end = place.end;
            follows
        }) && end == length
    }

    fn in_order(&self) -> [usize; COUNT] {
        let mut order: [usize; COUNT] = std::array::from_fn(|index| index);
        order.sort_by_key(|&index| (self.places[index].start, self.places[index].end));
        order
    }

    /// Reads the whole file and compares every section with its checksum. It reads instead of mapping, so that memory stays free.
    ///
    /// # Errors
    /// The first part that is damaged.
    pub fn verify(&self, file: &mut File, path: &Path) -> Result<(), Failure> {
        file.seek(SeekFrom::Start(HEADER_BYTES as u64)).map_err(Failure::at(path))?;
        let mut buffer = vec![0; 256 << 10];
        for index in self.in_order() {
            let mut hash = Xxh3::new();
            let mut left = self.places[index].end - self.places[index].start;
            while left > 0 {
                let most = buffer.len().min(left as usize);
                file.read_exact(&mut buffer[..most]).map_err(Failure::at(path))?;
                hash.update(&buffer[..most]);
                left -= most as u64;
            }
            if hash.digest() != self.checksums[index] {
                return Err(Failure::Damaged { path: path.to_owned(), part: SECTIONS[index].1 });
            }
        }
        Ok(())
    }
}

/// The eight bytes at a place, as a number.
fn number(bytes: &[u8], at: usize) -> u64 {
    let mut word = [0; 8];
    word.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(word)
}

/// Writes a file: section after section, the header last.
pub struct FileWriter {
    out: BufWriter<File>,
    at: u64,
    hash: Xxh3,
    /// Offset, length and checksum of each section; one that is never written is empty.
    entries: [(u64, u64, u64); COUNT],
}

impl FileWriter {
    /// Begins an empty file.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn new(file: File) -> io::Result<Self> {
        let mut out = BufWriter::with_capacity(256 << 10, file);
        out.write_all(&[0; HEADER_BYTES])?;
        Ok(Self { out, at: HEADER_BYTES as u64, hash: Xxh3::new(), entries: [(HEADER_BYTES as u64, 0, xxh3_64(&[])); COUNT] })
    }

    /// Writes a section as `fill` does it.
    ///
    /// # Errors
    /// What `fill` says.
    pub fn section<E>(&mut self, section: Section, fill: impl FnOnce(&mut Self) -> Result<(), E>) -> Result<(), E> {
        let start = self.at;
        self.hash = Xxh3::new();
        fill(self)?;
        self.entries[section as usize] = (start, self.at - start, self.hash.digest());
        Ok(())
    }

    /// Writes a section that is in memory.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn bytes(&mut self, section: Section, bytes: &[u8]) -> io::Result<()> {
        self.section(section, |out| out.write_all(bytes))
    }

    /// Writes the header and syncs.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn finish(mut self, concepts: u32) -> io::Result<()> {
        let mut header = Vec::with_capacity(HEADER_BYTES);
        header.extend_from_slice(&MAGIC);
        header.extend_from_slice(&FORMAT.to_le_bytes());
        header.extend_from_slice(&(COUNT as u32).to_le_bytes());
        header.extend_from_slice(&u64::from(concepts).to_le_bytes());
        header.extend_from_slice(&self.at.to_le_bytes());
        for (offset, length, checksum) in self.entries {
            for number in [offset, length, checksum] {
                header.extend_from_slice(&number.to_le_bytes());
            }
        }
        header.extend_from_slice(&xxh3_64(&header).to_le_bytes());
        self.out.seek(SeekFrom::Start(0))?;
        self.out.write_all(&header)?;
        self.out.flush()?;
        self.out.get_ref().sync_all()
    }
}

impl Write for FileWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.at += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
